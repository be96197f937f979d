// Main: one viewer for each mounted element; what Streamlit calls on every rerun with new data.

const viewers = new WeakMap(); // the component's element -> its viewer, which so survives reruns

function createViewer(parent) {
  const root = parent.querySelector(".viewer");
  const find = (selector) => root.querySelector(selector);
  const viewer = {
    root,
    parts: {
      toolbar: find(".toolbar"),
      stage: find(".stage"),
      divider: find(".divider"),
      readout: find(".readout"),
      spoken: find(".spoken"),
      scale: find(".bar canvas"),
      ticks: find(".ticks"),
      facts: find(".facts"),
      warning: find(".warning"),
      note: find(".note"),
      strip: find(".strip"),
      help: find("dialog"),
    },
    panels: Object.fromEntries(
      [...root.querySelectorAll(".panel")].map((figure) => [
        figure.dataset.panel,
        { canvas: figure.querySelector("canvas"), chip: figure.querySelector(".chip") },
      ]),
    ),
    scene: null, // decoded; null until the first one is
    display: null, // settings, as Python's Display
    ticket: null, // of the last settings taken from Python
    view: null,
    cursor: null, // image pixel under the pointer or the crosshair: {x, y, panel, byKey}
    divider: 0.5, // place of the swipe divider, 0..1 of the panel
    flipped: false,
    decoding: 0, // counts the data that arrived
  };

  let frame = 0;
  let controlsToo = false;
  viewer.redraw = (controls = false) => {
    if (!viewer.scene) return;
    controlsToo ||= controls;
    frame ||= requestAnimationFrame(() => {
      if (controlsToo) paintControls(viewer);
      paintPictures(viewer);
      frame = 0;
      controlsToo = false;
    });
  };
  viewer.flip = (flipped) => {
    if (viewer.flipped === flipped) return;
    viewer.flipped = flipped;
    viewer.redraw();
  };
  let timer = 0;
  viewer.change = (settings, delay = 0) => {
    viewer.display = { ...viewer.display, ...settings };
    if (viewer.display.map === "layer") viewer.display.layer = chosenLayer(viewer).name;
    keepCursorVisible(viewer);
    viewer.redraw(true);
    clearTimeout(timer);
    timer = setTimeout(() => {
      if (root.isConnected) viewer.report({ ...viewer.display, ticket: viewer.ticket });
    }, delay);
  };

  createToolbar(viewer);
  createPointer(viewer);
  createKeyboard(viewer);
  new ResizeObserver(() => viewer.redraw()).observe(viewer.parts.stage);
  return viewer;
}

/** After a tap no pointer leaves, so that the cursor may be on a panel that the new layout does not show. */
function keepCursorVisible(viewer) {
  const { cursor } = viewer;
  if (cursor && !shownPanels(viewer).includes(cursor.panel)) cursor.panel = "map";
}

/** What follows the settings: toolbar, caption, strip and the attributes that tests and benchmarks read. */
function paintControls(viewer) {
  const source = shownSource(viewer);
  Object.assign(viewer.root.dataset, {
    mode: viewer.display.mode,
    map: source.kind === "layer" ? "layer" : source.name,
    layer: chosenLayer(viewer).name,
    mean: statisticsOf(source.plane).mean,
  });
  paintToolbar(viewer);
  paintCaption(viewer);
  paintStrip(viewer);
}

/** What follows the pointer as well. */
function paintPictures(viewer) {
  const { root, view } = viewer;
  root.toggleAttribute("data-flipped", viewer.flipped);
  root.toggleAttribute("data-zoomed", view.zoom > 1);
  root.dataset.view = [view.zoom, view.x, view.y].join(" ");
  paintPanels(viewer);
  paintReadout(viewer);
}

async function update(viewer, data) {
  const started = performance.now();
  if (data.ticket !== viewer.ticket) {
    viewer.ticket = data.ticket;
    viewer.display = data.display;
    keepCursorVisible(viewer);
    viewer.redraw(true);
  }
  const turn = ++viewer.decoding;
  const scene = await decodeScene(data, viewer.scene);
  if (turn !== viewer.decoding) return; // newer data came while this was decoded
  const resized = viewer.scene?.width !== scene.width || viewer.scene?.height !== scene.height;
  viewer.scene = scene;
  if (resized) {
    viewer.view = wholeView(scene);
    viewer.cursor = null;
    viewer.root.style.setProperty("--aspect", scene.width / scene.height);
  }
  paintScale(viewer.parts.scale, scene.table);
  paintControls(viewer);
  paintPictures(viewer);
  viewer.root.dataset.painted = scene.key; // tests and benchmarks wait for it
  viewer.root.dataset.latency = Math.round(performance.now() - started); // milliseconds
}

export default function ({ data, parentElement, setStateValue }) {
  if (!viewers.has(parentElement)) viewers.set(parentElement, createViewer(parentElement));
  const viewer = viewers.get(parentElement);
  viewer.report = (display) => setStateValue("display", display);
  return update(viewer, data);
}
