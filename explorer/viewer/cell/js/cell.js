// A cell by hand. The point moves at once; its numbers come from Python, and while they are on their way no other
// place is asked for but the last.

const states = new WeakMap(); // the component's element -> its state
const PATIENCE = 3000; // ms after which an answer is waited for no longer

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".cell");
  if (isOld(root, data)) return;
  if (!states.has(root)) start(root);
  const state = states.get(root);
  state.send = setTriggerValue;
  receive(root, state, data);
}

function start(root) {
  const state = { data: null, plane: null, place: [0, 0], followed: null, asked: null, wanted: null, since: 0, timer: 0 };
  states.set(root, state);
  listenToPoint(root, (row, column) => move(root, row, column));
  root.querySelector("select").addEventListener("change", (event) => state.send("layer", event.target.value));
  root.addEventListener("click", (event) => {
    const { channel, show } = event.target.closest("button")?.dataset ?? {};
    if (channel !== undefined) follow(root, Number(channel));
    if (show !== undefined) reveal(root, Number(show));
  });
  for (const kind of ["pointerover", "pointerout"]) root.addEventListener(kind, (event) => light(root, kind === "pointerover" ? event : null));
  new ResizeObserver(() => drawLines(root)).observe(root);
}

/** What Python sent: another picture, layer or place, or the numbers that were asked for. */
async function receive(root, state, data) {
  const isOther = !state.data || state.data.key !== data.key || state.data.layer !== data.layer || state.data.colours !== data.colours;
  if (isOther) {
    const plane = await decodePlane(data.plane);
    if (newest.get(root) !== data.number) return;
    const bytes = bytesOf(data.colours);
    const colours = Object.assign(colourTable(bytes), { bytes: [...bytes] });
    Object.assign(state, { plane, colours, end: Math.max(...plane.values) || 1, place: data.place, wanted: null });
  }
  const isBuilt = state.data && state.data.terms.length === data.terms.length && !state.data.rest === !data.rest;
  state.data = data;
  state.followed = data.followed ?? state.followed;
  if (!isBuilt) buildTerms(root, data);
  drawPictures(root, state);
  if (isOther) drawMap(root, state);
  settle(root, state, data);
  drawPoint(root, state);
  drawField(root, state);
  paintTerms(root, state);
  show(root, data.shown);
  say(root, state);
  drawLines(root);
  root.dataset.latency = Math.round(performance.now() - state.since);
  root.dataset.ready = `${data.layer} ${data.place}`;
}

/** An answer has come: ask for where the point is now, or else go where Python has it. */
function settle(root, state, data) {
  clearTimeout(state.timer);
  state.asked = null;
  const { wanted } = state;
  state.wanted = null;
  if (wanted && String(wanted) !== String(data.place)) ask(root, state, wanted);
  else state.place = data.place;
}

function move(root, row, column) {
  const state = states.get(root);
  if (!state.plane || (row === state.place[0] && column === state.place[1])) return;
  state.place = [row, column];
  drawPoint(root, state);
  drawLines(root);
  if (state.asked) state.wanted = state.place;
  else ask(root, state, state.place);
}

function ask(root, state, place) {
  state.asked = place;
  state.since = performance.now();
  state.send("move", { layer: state.data.layer, row: place[0], column: place[1] });
  state.timer = setTimeout(() => ((state.asked = null), state.wanted && ask(root, state, state.wanted)), PATIENCE);
}

function follow(root, channel) {
  const state = states.get(root);
  state.followed = channel;
  paintTerms(root, state);
  state.send("follow", { channel });
}

function reveal(root, step) {
  show(root, step);
  states.get(root).send("show", step);
}

/** Steps up to one are seen; the others keep their room. */
function show(root, shown) {
  root.dataset.shown = shown;
  for (const part of root.querySelectorAll("[data-step]")) {
    const step = Number(part.dataset.step);
    part.classList.toggle("is-hidden", step > shown);
    part.classList.toggle("is-now", step === shown);
  }
}

/** The part of the formula and the step that belong to each other are lit together. */
function light(root, event) {
  const step = event?.target.closest?.("[data-step]")?.dataset.step;
  for (const part of root.querySelectorAll("[data-step]")) part.classList.toggle("is-lit", part.dataset.step === step);
}

/** For who cannot see it: where the point is, and what came out. */
function say(root, { data }) {
  const [row, column] = data.place;
  const where = `${data.layer}, row ${row + 1} of ${data.plane.rows}, column ${column + 1} of ${data.plane.columns}`;
  root.querySelector(".map .frame").ariaLabel = `Map of ${where}: ${total(data.value)}. The arrow keys move the place.`;
  const text = `${where}: ${total(data.value)}`;
  const said = root.querySelector(".said");
  if (said.textContent !== text) said.textContent = text;
}
