// Sweep: one viewer for each mounted element; what Streamlit calls on every rerun with new data.

const viewers = new WeakMap(); // the component's element -> its viewer, which so survives reruns

function createViewer(parent) {
  const root = parent.querySelector(".viewer");
  const viewer = {
    root,
    parts: Object.fromEntries([...root.querySelectorAll("[data-part]")].map((part) => [part.dataset.part, part])),
    data: null,
    display: null, // settings, as Python's SweepDisplay
    ticket: null, // of the last settings taken from Python
    at: 0, // the playhead's place
    point: null, // the one at the playhead, or null while it is to come
    flipped: false, // whether the reference is seen in the picture's place
    decoded: new Map(),
    painting: 0, // counts what was asked to be shown
    asked: 0,
  };
  let timer = 0;
  const report = () => root.isConnected && viewer.report({ ...viewer.display, ticket: viewer.ticket });
  viewer.change = (settings) => {
    const before = JSON.stringify(viewer.display);
    const old = viewer.display.sweep;
    viewer.display = { ...viewer.display, ...settings };
    if (JSON.stringify(viewer.display) === before) return;
    if (viewer.display.sweep !== old) paintLayersAfter(viewer);
    paintAt(viewer);
    clearTimeout(timer);
    timer = setTimeout(report, REST);
  };
  createControls(viewer);
  new ResizeObserver(() => viewer.data && paintCharts(viewer)).observe(viewer.parts.charts);
  return viewer;
}

function paintCharts(viewer) {
  paintCurves(viewer);
  paintLayers(viewer);
}

function paintLayersAfter(viewer) {
  place(viewer);
  paintLayers(viewer);
}

/** Where the playhead stands: where it was put, or as near to the middle as points have come. */
function place(viewer) {
  const { data, display } = viewer;
  const last = data.steps.length - 1;
  const own = data.points.filter(({ sweep }) => sweep === display.sweep);
  const come = Math.max(0, ...own.map((point) => point.place));
  viewer.at = display.at === null ? Math.min(Math.floor(last / 2), come) : Math.min(display.at, last);
  viewer.point = own.find((point) => point.place === viewer.at) ?? null;
}

/** What follows the playhead: its lines, its numbers, the picture and the map. */
function paintAt(viewer) {
  viewer.asked = performance.now();
  place(viewer);
  const { data, parts, display } = viewer;
  paintPlayhead(viewer, parts.curves);
  paintPlayhead(viewer, parts.layers);
  paintControls(viewer);
  paintLayersLegend(viewer);
  const values = data.lines
    .filter(({ sweep }) => sweep === display.sweep)
    .map(({ short, places, texts }) => [short, texts[places.indexOf(viewer.at)]])
    .filter(([, text]) => text !== undefined);
  const numbers = values.map(([metric, text]) => element("span", "number", [element("small", "", `${metric} `), text]));
  parts.at.textContent = data.steps[viewer.at];
  parts.numbers.replaceChildren(...numbers);
  const said = values.map(([metric, text]) => `${metric} ${text}`).join(", ");
  parts.playhead.setAttribute("aria-valuetext", `${data.steps[viewer.at]}: ${said || "to come"}`);
  paintSeen(viewer);
}

function update(viewer, data) {
  if (data.ticket !== viewer.ticket) {
    viewer.ticket = data.ticket;
    viewer.display = data.display;
  }
  viewer.data = data;
  viewer.table = colourTable(bytesOf(data.colours));
  if (viewer.display.sweep >= data.labels.length) viewer.display = { ...viewer.display, sweep: 0 };
  if (!data.layers.includes(viewer.display.layer)) viewer.display = { ...viewer.display, layer: "" };
  const { parts, root } = viewer;
  root.style.setProperty("--aspect", data.width / data.height);
  parts.axisStart.textContent = data.ends[0];
  parts.axisName.textContent = data.axis;
  parts.axisEnd.textContent = data.ends[1];
  parts.caption.textContent = data.note;
  paintScale(parts.ramp, viewer.table, 1);
  root.dataset.painted = data.key; // tests wait for it
  place(viewer);
  paintLegend(viewer);
  paintCharts(viewer);
  paintAt(viewer);
}

export default function ({ data, parentElement, setStateValue, setTriggerValue }) {
  if (!viewers.has(parentElement)) viewers.set(parentElement, createViewer(parentElement));
  const viewer = viewers.get(parentElement);
  viewer.report = (display) => setStateValue("display", display);
  viewer.open = (point) => setTriggerValue("open", point);
  update(viewer, data);
}
