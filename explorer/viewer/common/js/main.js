// Main: one viewer for each mounted element; what Streamlit calls on every rerun with new data.
//
// A component brings its own decodeScene, createControls, completeDisplay, shownPanels, drawPanel, panelText,
// outlinedPlane, paintControls, paintLabels, paintReadout and composeView, startGesture and settingsForKey, and
// CROSSHAIR_PANEL.

const VIEW_PAUSE = 700; // milliseconds after which a view that rests is reported: a wheel's tick is no run of the page

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
    asked: null, // settings with another view, until there is a scene to see it on
    cursor: null, // image pixel under the pointer or the crosshair: {x, y, panel, byKey}
    gesture: null, // the drag that the component has taken, from startGesture
    flipped: false,
    decoding: 0, // counts the data that arrived
    written: {}, // panel -> the values that stand in its cells, each with its pixel
    followers: [], // what a component paints with each view, before the panels
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
  createReports(viewer);
  createControls(viewer);
  createKeyboard(viewer);
  listenToZoom(viewer);
  new ResizeObserver(() => viewer.redraw()).observe(viewer.parts.stage);
  return viewer;
}

/** How settings and view get to Python: each change at once, or after a rest. */
function createReports(viewer) {
  const report = () => {
    if (!viewer.root.isConnected) return;
    viewer.display = { ...viewer.display, ...viewSettings(viewer) };
    viewer.report({ ...viewer.display, ticket: viewer.ticket });
  };
  let timer = 0;
  viewer.change = (settings, delay = 0) => {
    viewer.display = completeDisplay(viewer, { ...viewer.display, ...settings });
    keepCursorVisible(viewer);
    viewer.redraw(true);
    clearTimeout(timer);
    timer = setTimeout(report, delay);
  };
  let rest = 0;
  viewer.reportView = () => {
    if (viewer.display?.zoom === undefined) return; // a component whose links hold no view
    clearTimeout(rest);
    rest = setTimeout(() => {
      if (!isSameView(viewer.display, { ...viewer.display, ...viewSettings(viewer) })) report();
    }, VIEW_PAUSE);
  };
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
  viewer.followers.forEach((paint) => paint(viewer));
  paintLabels(viewer);
  paintPanels(viewer);
  paintZoom(viewer);
  paintReadout(viewer);
}

async function update(viewer, data) {
  const started = performance.now();
  if (data.ticket !== viewer.ticket) {
    viewer.ticket = data.ticket;
    // A page that asks for something else says again which view it knows of; the user may have moved on since.
    if (data.display.zoom !== undefined && !isSameView(data.display, viewer.display)) viewer.asked = data.display;
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
  if (viewer.asked) viewer.view = viewFrom(scene, viewer.asked);
  else if (resized) viewer.reportView(); // whole, of which the page does not know
  viewer.asked = null;
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
