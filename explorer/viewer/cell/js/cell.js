// A cell by hand. What the user does is seen at once, and its numbers come from Python. Each message says all that is
// chosen, and has a number: an answer to an older one changes no choice. While a place's numbers are on their way no
// other place is asked for but the last.

const states = new WeakMap(); // the component's element -> its state
const PATIENCE = 3000; // ms after which a message without an answer is sent anew

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".cell");
  if (isOld(root, data)) return;
  if (!states.has(root)) start(root, data);
  const state = states.get(root);
  state.send = setTriggerValue;
  receive(root, state, data);
}

function start(root, { heard }) {
  states.set(root, { data: null, plane: null, place: [0, 0], told: heard, heard, isBehind: false, since: 0, timer: 0 });
  listenToPoint(root, (row, column) => move(root, row, column));
  root.querySelector("select").addEventListener("change", (event) => choose(root, { layer: event.target.value }));
  root.addEventListener("click", (event) => {
    const { channel, show: step } = event.target.closest("button")?.dataset ?? {};
    if (channel !== undefined) choose(root, { channel: Number(channel) });
    if (step !== undefined) choose(root, { shown: Number(step) });
  });
  root.querySelector(".terms").addEventListener("keydown", (event) => alongChannels(root, event));
  for (const kind of ["pointerover", "pointerout"]) root.addEventListener(kind, (event) => light(root, kind === "pointerover" ? event : null));
  new ResizeObserver(() => resize(root)).observe(root);
}

/** What Python sent: another picture, layer or place, or the numbers that were asked for. */
async function receive(root, state, data) {
  const isOther = !state.data || state.data.key !== data.key || state.data.layer !== data.layer || state.data.colours !== data.colours;
  if (isOther) {
    const plane = await decodePlane(data.plane);
    if (newest.get(root) !== data.number) return;
    const bytes = bytesOf(data.colours);
    const colours = Object.assign(colourTable(bytes), { bytes: [...bytes] });
    Object.assign(state, { plane, colours, end: Math.max(...plane.values) || 1, place: data.place });
  }
  state.data = data;
  settle(root, state, data);
  drawPictures(root, state);
  if (isOther) drawMap(root, state);
  drawPoint(root, state);
  drawField(root, state);
  paintTerms(root, state);
  show(root, state.shown);
  say(root, state);
  drawLines(root);
  root.dataset.latency = Math.round(performance.now() - state.since);
  root.dataset.ready = `${data.layer} ${data.place}`;
}

/** Take the choices that Python has, unless a message that says others is still on its way. */
function settle(root, state, data) {
  state.heard = data.heard;
  if (state.heard < state.told) return;
  clearTimeout(state.timer);
  const { layer, followed, shown, isChosen, place } = data;
  Object.assign(state, { layer, channel: followed, shown, isChosen: state.isBehind || isChosen });
  if (!state.isBehind) state.place = place;
  else if (state.place[0] !== place[0] || state.place[1] !== place[1]) tell(root, state);
  state.isBehind = false;
}

function resize(root) {
  const state = states.get(root);
  if (state.data) paintTerms(root, state);
  drawLines(root);
}

function move(root, row, column) {
  const state = states.get(root);
  if (!state.plane || (row === state.place[0] && column === state.place[1])) return;
  Object.assign(state, { place: [row, column], isChosen: true });
  drawPoint(root, state);
  drawLines(root);
  if (state.heard < state.told) state.isBehind = true;
  else tell(root, state);
}

/** Take a choice, which is seen at once where the browser has all that it takes. */
function choose(root, choice) {
  const state = states.get(root);
  if (!state.plane) return;
  Object.assign(state, choice);
  if ("channel" in choice) paintTerms(root, state);
  if ("shown" in choice) show(root, state.shown);
  tell(root, state);
}

function tell(root, state) {
  const { place: [row, column], plane: { rows, columns }, layer, channel, shown, isChosen } = state;
  const place = isChosen ? { x: (column + 0.5) / columns, y: (row + 0.5) / rows } : { x: null, y: null };
  state.told += 1;
  state.since = performance.now();
  state.send("see", { number: state.told, layer, channel, shown, ...place });
  clearTimeout(state.timer);
  state.timer = setTimeout(() => root.isConnected && state.heard < state.told && tell(root, state), PATIENCE);
}

/** The channels are one stop of the Tab key; the arrows, Home and End go along them. */
function alongChannels(root, event) {
  const buttons = [...root.querySelectorAll(".head button")];
  const place = buttons.indexOf(event.target);
  const last = buttons.length - 1;
  const ends = { Home: 0, End: last };
  if (place < 0 || !(event.key in ends || event.key in ARROWS)) return;
  const step = event.key in ARROWS ? ARROWS[event.key][0] + ARROWS[event.key][1] : 0;
  buttons[ends[event.key] ?? Math.min(Math.max(place + step, 0), last)].focus();
  event.preventDefault();
  event.stopPropagation();
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
