// Zoom: the factor beside the pictures, the buttons Fit and 1:1, and the view as settings that links carry.

/** CSS pixels of an image pixel at 1:1, where it takes one pixel of the screen. */
function actualScale() {
  return 1 / (window.devicePixelRatio || 1);
}

/** The size of a panel, on which the view is seen. */
function panelSize(viewer, panel = shownPanels(viewer)[0]) {
  const { canvas } = viewer.panels[panel];
  return { width: canvas.clientWidth, height: canvas.clientHeight };
}

/** Pixels of the screen for one of the image: "4.0×". */
function factorText(factor) {
  return `${factor.toFixed(factor < 0.995 ? 2 : factor < 9.95 ? 1 : 0)}×`;
}

/** One pixel of the screen for one of the image, around the middle of the view; small images get smaller. */
function showActual(viewer) {
  const size = panelSize(viewer);
  setView(viewer, size, { ...viewer.view, zoom: actualScale() / placement(viewer, size).fit });
}

function listenToZoom(viewer) {
  viewer.parts.zoom?.addEventListener("click", ({ target }) => {
    const { zoom } = target.closest("button")?.dataset ?? {};
    if (!zoom || !viewer.scene) return;
    if (viewer.cursor && !viewer.cursor.byKey) viewer.cursor = null; // a finger's, under which the view moves
    if (zoom === "fit") resetView(viewer);
    else showActual(viewer);
  });
}

/** The factor, and which of the two buttons it is that of. */
function paintZoom(viewer) {
  const { zoom } = viewer.parts;
  if (!zoom) return;
  const { width, height } = viewer.scene;
  const factor = placement(viewer, panelSize(viewer)).scale / actualScale();
  const output = zoom.querySelector("output");
  output.textContent = factorText(factor);
  const percent = Math.round(100 * factor);
  output.title = `${percent}%: pixels of the screen for one pixel of the ${width} × ${height} that are shown`;
  const [fit, actual] = zoom.querySelectorAll("button");
  fit.setAttribute("aria-pressed", viewer.view.zoom === 1);
  actual.setAttribute("aria-pressed", Math.abs(factor - 1) < 0.005);
}

/**
 * The view as it travels with the settings: the zoom over that of the whole image, and the middle as a part of the
 * sides, which so mean the same in another window and at another measured size.
 */
function viewSettings({ view, scene, display }) {
  if (display?.zoom === undefined || !scene) return {}; // a component whose links hold none
  if (view.zoom === 1) return { zoom: 1, middle_x: 0.5, middle_y: 0.5 };
  const part = (at, side) => Number(Math.min(Math.max(at / side, 0), 1).toFixed(5));
  return {
    zoom: Number(view.zoom.toFixed(3)),
    middle_x: part(view.x, scene.width),
    middle_y: part(view.y, scene.height),
  };
}

function isSameView(one, other) {
  return ["zoom", "middle_x", "middle_y"].every((name) => Math.abs(one?.[name] - other?.[name]) < 2e-3);
}

/** The view that settings ask for on a scene. */
function viewFrom({ width, height }, { zoom, middle_x: x, middle_y: y }) {
  return { zoom, x: x * width, y: y * height };
}
