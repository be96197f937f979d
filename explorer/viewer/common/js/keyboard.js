// Keyboard: hold-to-flip, crosshair, pan and zoom, help, and the keys that change a setting (settingsForKey).

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const STREAMLIT_KEYS = ["r", "c"]; // rerun and clear cache: they must not leave the viewer

function createKeyboard(viewer) {
  const { root } = viewer;
  root.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !viewer.scene) return;
    const handled = keyPressed(viewer, event);
    if (handled) event.preventDefault();
    if (handled || STREAMLIT_KEYS.includes(event.key.toLowerCase())) event.stopPropagation();
  });
  root.addEventListener("keyup", (event) => {
    if (event.key.toLowerCase() === "f") viewer.flip(false);
  });
  root.addEventListener("focusout", () => viewer.flip(false));
}

/** Do what a key asks for; whether it asked for something. */
function keyPressed(viewer, event) {
  const { key, target, shiftKey } = event;
  const { parts, panels } = viewer;
  if (parts.help.open) {
    if (key === "?") parts.help.close();
    return key === "?";
  }
  if (target.matches("select, input[type=number]")) return false;
  if (viewer.gesture) {
    if (key === "Escape") viewer.gesture.cancel();
    return true; // a drag is ended or given up before anything else
  }
  const settings = settingsForKey(viewer, key);
  const { canvas } = panels[viewer.cursor?.panel ?? CROSSHAIR_PANEL];
  const size = { width: canvas.clientWidth, height: canvas.clientHeight };

  // What lies under a resting pointer changes with the view, and no event tells.
  const movesView = ["0", "+", "=", "-", "p", "P"].includes(key) || (key in ARROWS && viewer.view.zoom > 1 && !shiftKey);
  if (movesView && viewer.cursor && !viewer.cursor.byKey) viewer.cursor = null;

  if (key === "?") parts.help.showModal();
  else if (settings) viewer.change(settings);
  else if (key.toLowerCase() === "f") viewer.flip(true);
  else if (key === "0") resetView(viewer);
  else if (key.toLowerCase() === "p") showActual(viewer);
  else if (key === "+" || key === "=") zoomAt(viewer, size, size.width / 2, size.height / 2, 1.25);
  else if (key === "-") zoomAt(viewer, size, size.width / 2, size.height / 2, 0.8);
  else if (key in ARROWS && target === parts.stage) {
    const [dx, dy] = ARROWS[key];
    if (viewer.view.zoom > 1 && !shiftKey) panBy(viewer, size, -40 * dx, -40 * dy);
    else moveCrosshair(viewer, dx, dy);
  } else if (key === "Escape" && viewer.cursor) {
    viewer.cursor = null;
    viewer.redraw();
  } else return false;
  return true;
}

/** To the middle of the next outlined cell; the first press puts the crosshair in the middle of the view. */
function moveCrosshair(viewer, dx, dy) {
  const { scene, view, cursor } = viewer;
  const plane = outlinedPlane(viewer);
  const from = cursor ?? { x: Math.floor(view.x), y: Math.floor(view.y), panel: CROSSHAIR_PANEL };
  const { row, column } = cellAt(scene, plane, from);
  const middle = (cell, cells, size) =>
    Math.floor(((Math.min(Math.max(cell, 0), cells - 1) + 0.5) * size) / cells);
  viewer.cursor = {
    x: middle(column + (cursor ? dx : 0), plane.columns, scene.width),
    y: middle(row + (cursor ? dy : 0), plane.rows, scene.height),
    panel: from.panel,
    byKey: true,
  };
  viewer.redraw();
}

/** Tell a screen reader the values under the crosshair, at a pixel, once they were asked for by a key. */
function speak({ cursor, parts }, readings, { x, y } = cursor) {
  if (!cursor.byKey) return;
  const spoken = readings.map(({ name, text }) => `${name} ${text}`).join(", ");
  parts.spoken.textContent = `x ${x}, y ${y}: ${spoken}`;
}
