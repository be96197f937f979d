// Drawing: pictures and maps at the view, with the outline of the cell under the pointer.

/** Returns what draws an image on a panel's context at the view, its own pixels crisp from a magnification on. */
function drawerOf(viewer, context, size) {
  const { scene } = viewer;
  const { scale, left, top } = placement(viewer, size);
  const width = scene.width * scale;
  const height = scene.height * scale;
  return (image, crispFrom) => {
    // Magnified pixels stay pixels; a map's cells always do, a photograph's once they are large enough to see.
    context.imageSmoothingEnabled = width / image.width < crispFrom;
    context.imageSmoothingQuality = "high";
    context.drawImage(image, left, top, width, height);
  };
}

/** A map, coloured for the overlay that is set, over the grey photograph. */
function drawMap({ scene, display }, draw, canvas, crispFrom) {
  if (display.overlay < 1) draw(scene.grey, 2);
  draw(canvas, crispFrom);
}

/** A rectangle's outline is white within black, so that it is seen on any picture; the white may be dashed. */
function outline(context, rectangle, dash = []) {
  context.lineWidth = 3.5;
  context.strokeStyle = "rgb(0 0 0 / 0.85)";
  context.strokeRect(...rectangle);
  context.lineWidth = 1.5;
  context.strokeStyle = "#fff";
  context.setLineDash(dash);
  context.strokeRect(...rectangle);
  context.setLineDash([]);
}

function outlineCell(viewer, context, { scale, left, top }) {
  const { scene, cursor } = viewer;
  const { rows, columns } = outlinedPlane(viewer);
  const cellWidth = scene.width / columns;
  const cellHeight = scene.height / rows;
  const width = cellWidth * scale;
  const height = cellHeight * scale;
  const x = left + Math.floor((cursor.x + 0.5) / cellWidth) * width;
  const y = top + Math.floor((cursor.y + 0.5) / cellHeight) * height;
  const grow = Math.max(0, 7 - Math.min(width, height)) / 2; // never too small to see
  outline(context, [x - grow, y - grow, width + 2 * grow, height + 2 * grow]);
}

/** A map in numbers: its mean, and its largest value with its place on the image. */
function mapWords(scene, title, plane) {
  const { mean, maximum, row, column } = statisticsOf(plane);
  const x = Math.floor(((column + 0.5) * scene.width) / plane.columns);
  const y = Math.floor(((row + 0.5) * scene.height) / plane.rows);
  return `Map of ${title}: mean ${numberText(mean)}, largest ${numberText(maximum)} at x ${x}, y ${y}`;
}

/** A photograph by its role, name and size. */
function photographWords({ names, width, height }, picture) {
  const role = picture === "reference" ? "Reference" : "Distorted";
  return `${role}${names[picture] ? `, ${names[picture]}` : ""}, ${width} × ${height} pixels`;
}

/** Draw all panels that are shown, each at its size on the screen. */
function paintPanels(viewer) {
  const ratio = window.devicePixelRatio || 1;
  viewer.written = {};
  for (const panel of shownPanels(viewer)) {
    const { canvas } = viewer.panels[panel];
    const size = { width: canvas.clientWidth, height: canvas.clientHeight };
    const [width, height] = [Math.round(size.width * ratio), Math.round(size.height * ratio)];
    if (canvas.width !== width) canvas.width = width;
    if (canvas.height !== height) canvas.height = height;
    const context = canvas.getContext("2d");
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, size.width, size.height);
    drawPanel(viewer, panel, context, size);
    if (viewer.cursor) outlineCell(viewer, context, placement(viewer, size));
    canvas.setAttribute("aria-label", panelText(viewer, panel));
    canvas.dataset.values = (viewer.written[panel] ?? []).join("; "); // what is legible there, for those who cannot see
  }
}
