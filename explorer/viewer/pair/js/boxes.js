// Boxes: regions of the image as given, where they lie on a panel, and what a drag makes of them.
//
// A box is [x, y, width, height] in whole pixels of the image as given, as in Python's RegionDisplay.

const GRAB = 8; // CSS pixels around an edge within which it is taken hold of

/** Whether the settings are those of a viewer with boxes. */
function hasBoxes({ display }) {
  return display.boxes !== undefined;
}

function drawsBoxes({ display }) {
  return display.tool === "draw";
}

function boxName(place) {
  return String.fromCharCode("A".charCodeAt(0) + place);
}

function boxTexts(viewer) {
  if (!hasBoxes(viewer)) return [];
  return shownBoxes(viewer).boxes.map(
    ([x, y, width, height], i) => `Box ${boxName(i)}: x ${x}, y ${y}, ${width} × ${height}`,
  );
}

/** {boxes, chosen} as they are seen: while a drag goes on as it would leave them, else as in the settings. */
function shownBoxes({ draft, display }) {
  return draft ?? display;
}

/** The image's corner on a panel, and the CSS pixels that a pixel as given takes across and down. */
function givenPlacement(viewer, size) {
  const { scene } = viewer;
  const { scale, left, top } = placement(viewer, size);
  return { left, top, across: (scale * scene.width) / scene.given[0], down: (scale * scene.height) / scene.given[1] };
}

/** The point of the image as given at a place of a panel; beside the image it lies beyond its edges. */
function pointAsGiven(viewer, { px, py, ...size }) {
  const { left, top, across, down } = givenPlacement(viewer, size);
  return [(px - left) / across, (py - top) / down];
}

/** Along an axis, the whole pixels as given of which at least a part is shown: a cropped picture may cut one. */
function sideAsGiven({ given }, axis) {
  return Math.ceil(given[axis] - 1e-6);
}

/** A box in CSS pixels of a panel. */
function boxOnPanel({ left, top, across, down }, [x, y, width, height]) {
  return [left + x * across, top + y * down, width * across, height * down];
}

/** Where a place lies along a span: -1 at its start, 0 within it, 1 at its end; null beside it. */
function partOfSpan(at, start, length) {
  const inside = Math.min(GRAB, length / 4); // small boxes can still be moved
  if (at < start - GRAB || at > start + length + GRAB) return null;
  if (at < start + inside) return -1;
  return at > start + length - inside ? 1 : 0;
}

/** The chosen box's edge or corner at a place of a panel, as its parts across and down; null for none. */
function edgesAt(viewer, { px, py, ...size }) {
  const { boxes, chosen } = viewer.display;
  if (!boxes.length) return null;
  const [left, top, width, height] = boxOnPanel(givenPlacement(viewer, size), boxes[chosen]);
  const edges = [partOfSpan(px, left, width), partOfSpan(py, top, height)];
  return edges.includes(null) || edges.every((part) => part === 0) ? null : edges;
}

/** The smallest box at a place of a panel, so that each one can be reached; -1 for none. */
function boxAt(viewer, at) {
  const [column, row] = pointAsGiven(viewer, at);
  const { boxes } = viewer.display;
  return boxes.reduce((best, box, i) => {
    const [x, y, width, height] = box;
    const holds = column >= x && column < x + width && row >= y && row < y + height;
    return holds && (best < 0 || width * height < boxes[best][2] * boxes[best][3]) ? i : best;
  }, -1);
}

/** From one edge to another along a side: [start, length] in whole pixels, at least one, within the side. */
function spanBetween(one, other, side) {
  const held = [one, other].map((edge) => Math.min(Math.max(edge, 0), side)).sort((a, b) => a - b);
  const [start, end] = held.map(Math.round);
  return end > start ? [start, end - start] : [Math.min(Math.floor(held[0]), side - 1), 1];
}

function movedSpan(start, length, by, side) {
  return [Math.max(0, Math.min(Math.round(start + by), side - length)), length];
}

/** With one end moved, which may pass the other one. */
function resizedSpan(part, start, length, by, side) {
  if (part === 0) return [start, length];
  const end = start + length;
  return part < 0 ? spanBetween(start + by, end, side) : spanBetween(start, end + by, side);
}

/** A box from its spans across and down. */
function boxOf([x, width], [y, height]) {
  return [x, y, width, height];
}
