// Marks: the hot spots that all candidates have, by their numbers.

const MARK = 9; // CSS pixels from a mark's middle to its edge; less on small panels

function hasMarks({ scene, display }) {
  const { map } = display;
  return display.spots && scene.spots.length > 0 && (map === "combined" || map === "layer");
}

function markTexts(viewer, { candidate }) {
  if (!hasMarks(viewer) || !candidate) return [];
  return candidate.spots.map((share, i) => `Hot spot ${i + 1}: ${share} of its distance`);
}

function marksOn(viewer, size) {
  const { scale, left, top } = placement(viewer, size);
  const { width, height } = viewer.scene;
  return viewer.scene.spots.map(([x, y]) => [left + x * width * scale, top + y * height * scale]);
}

function drawMarks(viewer, context, size) {
  if (!hasMarks(viewer)) return;
  const radius = size.width < 260 ? MARK - 2 : MARK;
  const font = getComputedStyle(viewer.root).getPropertyValue("--st-font") || "sans-serif";
  marksOn(viewer, size).forEach(([x, y], i) => {
    context.beginPath();
    context.arc(x, y, radius - 1, 0, 2 * Math.PI);
    context.fillStyle = "rgb(0 0 0 / 0.62)";
    context.fill();
    for (const [width, colour] of [[3, "rgb(0 0 0 / 0.5)"], [1.5, "#fff"]]) {
      context.lineWidth = width;
      context.strokeStyle = colour;
      context.stroke();
    }
    context.fillStyle = "#fff";
    context.font = `600 ${radius + 1}px ${font}`;
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.fillText(i + 1, x, y + 0.5);
    context.textAlign = "start";
  });
}

/** Number of the hot spot under the pointer, from 0; -1 for none. */
function markAt(viewer) {
  const { cursor, panels } = viewer;
  if (!hasMarks(viewer) || !cursor) return -1;
  const { canvas } = panels[cursor.panel];
  const size = { width: canvas.clientWidth, height: canvas.clientHeight };
  const { scale, left, top } = placement(viewer, size);
  const [px, py] = [left + (cursor.x + 0.5) * scale, top + (cursor.y + 0.5) * scale];
  return marksOn(viewer, size).findIndex(([x, y]) => Math.hypot(px - x, py - y) <= MARK);
}
