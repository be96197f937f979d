// Arrange: very wide pictures one above the other, very tall ones close together with all maps beside them.

const WIDE = 3; // width over height from which pictures fill a column better than a row
const TALL = 0.4; // likewise, up to which they leave most of a row empty
const WIDE_PART = 0.27; // of the window's height, for one picture of a column
const TALL_PART = 0.78; // likewise for a tall one
const NARROW = 116; // CSS pixels that a panel's label needs
const PANELS_PART = 0.62; // of the row, for tall panels; the rest is the strip's

function shapeOf({ width, height }) {
  const aspect = width / height;
  return aspect >= WIDE ? "wide" : aspect <= TALL ? "tall" : "";
}

/** Give the panels their shape, and tall ones their width; the style sheet does the rest. */
function arrangePanels(viewer) {
  const { root, scene } = viewer;
  const shape = shapeOf(scene);
  root.dataset.shape = shape;
  const style = (name, value) => (value ? root.style.setProperty(name, value) : root.style.removeProperty(name));
  if (shape === "") return ["--highest", "--narrow"].forEach((name) => style(name, null));
  if (shape === "wide") {
    style("--narrow", null);
    return style("--highest", `${Math.max(110, WIDE_PART * window.innerHeight)}px`);
  }
  const isPhone = root.clientWidth <= 560;
  const count = shownPanels(viewer).length;
  const room = (isPhone ? root.clientWidth : PANELS_PART * root.clientWidth) - 60 - 10 * (count - 1);
  const wanted = (TALL_PART * window.innerHeight * scene.width) / scene.height;
  const width = Math.min(Math.max(isPhone ? 60 : NARROW, wanted), room / count);
  style("--narrow", `${Math.floor(width)}px`);
  style("--highest", `${Math.round(Math.min(TALL_PART * window.innerHeight, (width * scene.height) / scene.width))}px`);
}
