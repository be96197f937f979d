// Needles: what is moved is asked for, one thing at a time, and what comes is shown.

const states = new WeakMap(); // the component's element -> its state
const PATIENCE = 5000; // milliseconds after which what was asked is asked anew
const REST = 700; // milliseconds without a move after which the page writes the link

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".needles");
  if (isOld(root, data)) return;
  if (!states.has(root)) states.set(root, start(root, data));
  const state = states.get(root);
  Object.assign(state, { data, send: setTriggerValue });
  take(state);
}

function start(root, data) {
  const part = (selector) => root.querySelector(selector);
  const state = {
    root,
    data,
    parts: {
      grid: part(".grid"),
      modes: part("[data-part=modes]"),
      maps: part("[data-part=maps]"),
      said: part(".said"),
      scale: part(".scale"),
      ramp: part(".scale canvas"),
      end: part(".scale .end"),
      note: part(".note"),
      gauges: part(".gauges"),
    },
    kept: new Map(), // key -> what was decoded
    asked: null, // what is to be shown: {mode, map, moved, amounts}
    waits: 0, // the serial whose answer is to come; 0 for none
    isNew: false, // whether something was moved since
    isUnsaid: false, // whether the page has not heard of what rests
    painting: 0,
    flipped: null,
  };
  createControls(state);
  return state;
}

/** Show what came. While something else is asked for, what the user has chosen stays chosen. */
function take(state) {
  const { data, root, parts } = state;
  hold(state);
  const isAnswer = state.waits && data.answers >= state.waits;
  if (isAnswer) {
    clearTimeout(state.patience);
    state.waits = 0;
    root.dataset.latency = Math.round(performance.now() - state.toldAt); // milliseconds
  }
  const isFree = !state.waits && !state.isNew;
  if (isFree || !state.asked) {
    const amounts = Object.fromEntries(data.sliders.map(({ key, amount }) => [key, amount]));
    const map = state.isUnsaid && state.asked ? state.asked.map : data.map;
    state.asked = { mode: data.mode, map, moved: "", amounts };
  } else {
    // In step with the one that is moved, the others follow.
    for (const { key, amount } of data.sliders) if (key !== state.asked.moved) state.asked.amounts[key] = amount;
  }
  state.table = colourTable(bytesOf(data.colours));
  paintScale(parts.ramp, state.table, 1);
  root.style.setProperty("--aspect", data.width / data.height);
  root.classList.toggle("is-stale", data.isStale);
  parts.said.textContent = data.sentence;
  paintControls(state);
  paintGauges(state);
  paintPanels(state);
  if (state.isNew && !state.waits) tell(state);
  else if (lacks(state) && !state.waits) tell(state); // as in an element that Streamlit has made anew
  else if (isAnswer) restSoon(state);
}

/** Take a slider's amount. */
function move(state, key, amount) {
  ask(state, { moved: key, amounts: { ...state.asked.amounts, [key]: amount } });
}

/** Choose another kind of map: all of them are here. */
function choose(state, map) {
  state.asked.map = map;
  state.isUnsaid = true;
  paintControls(state);
  paintPanels(state);
  restSoon(state);
}

function ask(state, wanted) {
  Object.assign(state.asked, wanted);
  state.isNew = state.isUnsaid = true;
  paintControls(state);
  if (!state.waits) tell(state);
}

function tell(state, rests = false) {
  const { asked, kept, data } = state;
  clearTimeout(state.rest);
  clearTimeout(state.patience);
  state.isNew = false;
  state.waits = Math.max(Date.now(), state.waits + 1, data.answers + 1);
  state.patience = setTimeout(() => {
    state.waits = 0;
    if (state.root.isConnected) tell(state, rests);
  }, PATIENCE);
  state.toldAt = performance.now();
  state.send("moved", { ...asked, serial: state.waits, held: [...kept.keys()], rests });
}

/** Once nothing has moved for a while, let the page write the link. */
function restSoon(state) {
  clearTimeout(state.rest);
  if (!state.isUnsaid) return;
  state.rest = setTimeout(() => {
    if (state.waits || state.isNew || !state.root.isConnected) return;
    state.isUnsaid = false;
    tell(state, true);
  }, REST);
}
