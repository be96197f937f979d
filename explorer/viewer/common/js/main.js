// Main: one viewer for each mounted element; what Streamlit calls on every rerun with new data.
//
// A component brings its own decodeScene, createControls, completeDisplay, shownPanels, drawPanel, panelText,
// outlinedPlane, paintControls, paintLabels, paintReadout and composeView, startGesture and settingsForKey, and
// CROSSHAIR_PANEL.

const viewers = new WeakMap(); // the component's element -> its viewer, which so survives reruns

function createViewer(parent) {
  const root = parent.querySelector(".viewer");
  const viewer = {
    root,
    parts: Object.fromEntries([...root.querySelectorAll("[data-part]")].map((part) => [part.dataset.part, part])),
    panels: panelsIn(root),
    scene: null, // decoded; null until the first one is
    display: null, // settings, as Python's Display
    ticket: null, // of the last settings taken from Python
    view: null,
    cursor: null, // image pixel under the pointer or the crosshair: {x, y, panel, byKey}
    gesture: null, // the drag that the component has taken, from startGesture
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
    viewer.display = completeDisplay(viewer, { ...viewer.display, ...settings });
    keepCursorVisible(viewer);
    viewer.redraw(true);
    clearTimeout(timer);
    timer = setTimeout(() => {
      if (root.isConnected) viewer.report({ ...viewer.display, ticket: viewer.ticket });
    }, delay);
  };

  createControls(viewer);
  createKeyboard(viewer);
  new ResizeObserver(() => viewer.redraw()).observe(viewer.parts.stage);
  return viewer;
}

/** The panels' canvases and labels, by name. */
function panelsIn(root) {
  return Object.fromEntries(
    [...root.querySelectorAll(".panel[data-panel]")].map((panel) => [
      panel.dataset.panel,
      { canvas: panel.querySelector("canvas"), chip: panel.querySelector(".chip") },
    ]),
  );
}

/** After a tap no pointer leaves, so that the cursor may be on a panel that the new layout does not show. */
function keepCursorVisible(viewer) {
  const { cursor } = viewer;
  if (cursor && viewer.scene && !shownPanels(viewer).includes(cursor.panel)) cursor.panel = CROSSHAIR_PANEL;
}

/** What follows the pointer as well. */
function paintPictures(viewer) {
  const { root, view } = viewer;
  root.toggleAttribute("data-flipped", viewer.flipped);
  root.toggleAttribute("data-zoomed", view.zoom > 1);
  root.dataset.view = [view.zoom, view.x, view.y].join(" ");
  paintLabels(viewer);
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
  paintControls(viewer);
  explainWords(viewer, data.words);
  keepCursorVisible(viewer);
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
