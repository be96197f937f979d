// Panels: pictures and maps drawn at the view, with the outline of the cell under the pointer.

/** Which pictures a panel shows, and its label. */
function panelContent(viewer, panel) {
  const { display, flipped } = viewer;
  if (panel === "map") return { kind: "map", title: mapTitle(viewer) };
  if (panel === "distorted") return { kind: "picture", picture: "distorted", title: "Distorted" };
  if (flipped) return { kind: "picture", picture: "distorted", title: "Distorted" };
  if (display.mode === "swipe") return { kind: "swipe", title: "Reference" };
  const hint = display.mode === "flip" ? " · hold to flip" : "";
  return { kind: "picture", picture: "reference", title: `Reference${hint}` };
}

function mapTitle(viewer) {
  const source = shownSource(viewer);
  const smooth = viewer.display.cells === "smooth" && source.kind !== "pixel";
  return source.title + (smooth ? " · smoothed, for looking only" : "");
}

/** The panels that the mode shows, from left to right. */
function shownPanels({ display }) {
  return display.mode === "side" ? ["reference", "distorted", "map"] : ["reference", "map"];
}

/** Draw a panel's content on a context whose unit is a CSS pixel. */
function drawPanel(viewer, panel, context, size) {
  const { scene, display } = viewer;
  const { scale, left, top } = placement(viewer, size);
  const width = scene.width * scale;
  const height = scene.height * scale;
  const draw = (image, crispFrom) => {
    // Magnified pixels stay pixels; a map's cells always do, a photograph's once they are large enough to see.
    context.imageSmoothingEnabled = width / image.width < crispFrom;
    context.imageSmoothingQuality = "high";
    context.drawImage(image, left, top, width, height);
  };
  const content = panelContent(viewer, panel);

  context.clearRect(0, 0, size.width, size.height);
  if (content.kind === "picture") {
    draw(scene[content.picture].bitmap, 2);
  } else if (content.kind === "swipe") {
    draw(scene.reference.bitmap, 2);
    context.save();
    context.beginPath();
    context.rect(viewer.divider * size.width, 0, size.width, size.height);
    context.clip();
    context.clearRect(0, 0, size.width, size.height);
    draw(scene.distorted.bitmap, 2);
    context.restore();
  } else {
    if (display.overlay < 1) draw(scene.grey, 2);
    context.globalAlpha = display.overlay;
    draw(colouredCanvas(viewer, shownSource(viewer)), display.cells === "smooth" ? Infinity : 1);
    context.globalAlpha = 1;
  }
  if (viewer.cursor) outlineCell(viewer, context, { scale, left, top });
}

/** The outline is white within black, so that it is seen on any picture. */
function outlineCell(viewer, context, { scale, left, top }) {
  const { scene, cursor } = viewer;
  const { rows, columns } = outlinedPlane(shownSource(viewer));
  const cellWidth = scene.width / columns;
  const cellHeight = scene.height / rows;
  let width = cellWidth * scale;
  let height = cellHeight * scale;
  let x = left + Math.floor((cursor.x + 0.5) / cellWidth) * width;
  let y = top + Math.floor((cursor.y + 0.5) / cellHeight) * height;
  const grow = Math.max(0, 7 - Math.min(width, height)) / 2; // never too small to see
  [x, y, width, height] = [x - grow, y - grow, width + 2 * grow, height + 2 * grow];
  context.lineWidth = 3.5;
  context.strokeStyle = "rgb(0 0 0 / 0.85)";
  context.strokeRect(x, y, width, height);
  context.lineWidth = 1.5;
  context.strokeStyle = "#fff";
  context.strokeRect(x, y, width, height);
}

/** What a panel shows, in words and numbers. */
function panelText(viewer, panel) {
  const { scene } = viewer;
  const content = panelContent(viewer, panel);
  const pixels = `${scene.width} × ${scene.height} pixels`;
  if (content.kind === "map") {
    const source = shownSource(viewer);
    const { mean, maximum, row, column } = statisticsOf(source.plane);
    const x = Math.floor(((column + 0.5) * scene.width) / source.plane.columns);
    const y = Math.floor(((row + 0.5) * scene.height) / source.plane.rows);
    return `Map of ${source.title}: mean ${numberText(mean)}, largest ${numberText(maximum)} at x ${x}, y ${y}`;
  }
  const name = (picture) => (scene.names[picture] ? `, ${scene.names[picture]}` : "");
  if (content.kind === "swipe") {
    const part = Math.round(100 * viewer.divider);
    return `Left ${part}%: reference${name("reference")}; right: distorted${name("distorted")}; ${pixels}`;
  }
  return `${content.picture === "reference" ? "Reference" : "Distorted"}${name(content.picture)}, ${pixels}`;
}

function paintPanels(viewer) {
  const ratio = window.devicePixelRatio || 1;
  for (const panel of shownPanels(viewer)) {
    const { canvas, chip } = viewer.panels[panel];
    const size = { width: canvas.clientWidth, height: canvas.clientHeight };
    const [width, height] = [Math.round(size.width * ratio), Math.round(size.height * ratio)];
    if (canvas.width !== width) canvas.width = width;
    if (canvas.height !== height) canvas.height = height;
    const context = canvas.getContext("2d");
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    drawPanel(viewer, panel, context, size);
    chip.textContent = panelContent(viewer, panel).title;
    canvas.setAttribute("aria-label", panelText(viewer, panel));
  }
  const divided = viewer.parts.divider;
  divided.style.left = `${100 * viewer.divider}%`;
  divided.setAttribute("aria-valuenow", Math.round(100 * viewer.divider));
  divided.setAttribute("aria-valuetext", `reference on the left ${Math.round(100 * viewer.divider)}%`);
}

/** The colour bar's numbers and the sentence below the pictures. */
function paintCaption(viewer) {
  const { scene, display, parts } = viewer;
  const source = shownSource(viewer);
  const ticks = tickTexts(scaleEnd(viewer, source));
  parts.ticks.replaceChildren(
    ...ticks.map((text) => Object.assign(document.createElement("span"), { textContent: text })),
  );
  parts.facts.textContent = factsText(viewer);
  const lpips = source.kind !== "pixel";
  parts.warning.textContent =
    display.scale === "layer" && lpips ? "Each map on its own scale: colours are not comparable between layers" : "";
  parts.note.textContent = lpips ? scene.note : "";
}

function factsText(viewer) {
  const source = shownSource(viewer);
  const { rows, columns } = source.plane;
  const end = scaleEnd(viewer, source);
  const clipped = clippedPart(source.plane, end);
  const mean = numberText(statisticsOf(source.plane).mean);
  return [
    source.title,
    source.kind === "layer" ? `${columns} × ${rows} cells` : `${columns} × ${rows} pixels`,
    source.kind === "combined" ? `mean ${viewer.scene.score.toFixed(4)}, the score` : `mean ${mean}`,
    `${scaleText(viewer, source)} 0 – ${endText(end)}`,
    ...(clipped ? [`${percentText(clipped)} clipped`] : []),
  ].join(" · ");
}
