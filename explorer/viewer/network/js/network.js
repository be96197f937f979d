// A picture in a network: its layers as blocks, the strongest channels of one, and what a cell sees.

const states = new WeakMap(); // the component's element -> {data, send, tiles, place, channel}
const STEPS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };
const MIDDLE = { across: 0.5, down: 0.5 };

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".network");
  if (isOld(root, data)) return;
  if (!states.has(root)) start(root);
  const state = states.get(root);
  state.send = (name) => setTriggerValue("layer", name);
  if (state.data?.key === data.key) return; // nothing new: the focus and the place stay
  show(root, state, data);
}

function start(root) {
  states.set(root, { data: null, send: null, planes: [], place: { ...MIDDLE }, channel: null });
  followPhotograph(root);
  followMore(root);
  const laying = new ResizeObserver(() => (layBlocks(root), layTiles(root)));
  for (const each of [root, root.querySelector(".tiles")]) laying.observe(each);
}

/** Decode all maps, then draw them at once; what came meanwhile is drawn instead. */
async function show(root, state, data) {
  state.data = data;
  const [planes, faces] = await Promise.all([
    Promise.all(data.strongest.map(({ plane }) => decodePlane(plane))),
    Promise.all(data.layers.map(({ face }) => decodePlane(face))),
  ]);
  if (state.data !== data) return;
  const colours = colourTable(data.colours);
  Object.assign(state, { planes, faces, colours });
  if (!data.strongest.some(({ channel }) => channel === state.channel)) state.channel = null;
  if (state.opened !== data.chosen) state.channel = null;
  state.opened = data.chosen;
  drawPhotograph(root, state);
  buildBlocks(root, state);
  buildTiles(root, state);
  layBlocks(root);
  layTiles(root);
  lookAt(root, state);
  root.dataset.painted = data.key;
}

function openedLayer({ data }) {
  return data.layers.find(({ name }) => name === data.chosen);
}

/** The cell at the place: {row, column}. */
function cellOf(state) {
  const { rows, columns } = openedLayer(state);
  const at = (part, count) => Math.min(Math.floor(part * count), count - 1);
  return { row: at(state.place.down, rows), column: at(state.place.across, columns) };
}

/** Show what one cell sees, and its values, everywhere. */
function lookAt(root, state) {
  const cell = cellOf(state);
  markPhotograph(root, state, cell);
  markBlocks(root, state);
  markTiles(root, state, cell);
}

/** Go to the place of a pointer on a picture of the whole grid. */
function goTo(root, state, picture, event) {
  const box = picture.getBoundingClientRect();
  const part = (at, start, length) => Math.min(Math.max((at - start) / length, 0), 1);
  state.place = { across: part(event.clientX, box.left, box.width), down: part(event.clientY, box.top, box.height) };
  lookAt(root, state);
}

/** Arrows go from cell to cell; they must not leave the component, where they would turn the page. */
function moveCell(root, state, event) {
  const step = STEPS[event.key];
  if (!step) return;
  event.preventDefault();
  event.stopPropagation();
  const { rows, columns } = openedLayer(state);
  const { row, column } = cellOf(state);
  const next = (at, by, count) => (Math.min(Math.max(at + by, 0), count - 1) + 0.5) / count;
  state.place = { across: next(column, step[1], columns), down: next(row, step[0], rows) };
  lookAt(root, state);
}

/** A group of buttons is one stop of the Tab key; arrows, Home and End go along it. */
function goAlong(event, buttons) {
  const last = buttons.length - 1;
  const step = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 }[event.key];
  const place = buttons.indexOf(event.currentTarget);
  const to = { Home: 0, End: last }[event.key] ?? (step && Math.min(Math.max(place + step, 0), last));
  if (to === undefined) return;
  event.preventDefault();
  event.stopPropagation();
  buttons[to].focus();
}
