// Panels: what the three panels of a pair show, their labels and the sentence below them.

/** Which pictures a panel shows, its label, and what can be done there (on the screen alone). */
function panelContent(viewer, panel) {
  const { display, flipped } = viewer;
  if (panel === "map") return { kind: "map", title: mapTitle(viewer) };
  if (panel === "distorted") return { kind: "picture", picture: "distorted", title: "Distorted" };
  if (flipped) return { kind: "picture", picture: "distorted", title: "Distorted" };
  if (display.mode === "swipe") return { kind: "swipe", title: "Reference" };
  const byKey = matchMedia("(pointer: coarse)").matches ? "choose Pan, then hold to flip" : "hold F to flip";
  const hint = drawsBoxes(viewer) ? byKey : "hold to flip";
  return { kind: "picture", picture: "reference", title: "Reference", hint: display.mode === "flip" ? hint : "" };
}

function mapTitle(viewer) {
  const source = shownSource(viewer);
  const smooth = viewer.display.cells === "smooth" && source.kind !== "pixel";
  return source.title + (smooth ? " · smoothed, for looking only" : "");
}

/** The panel where the crosshair starts. */
const CROSSHAIR_PANEL = "map";

/** The panels that the mode shows, from left to right. */
function shownPanels({ display }) {
  return display.mode === "side" ? ["reference", "distorted", "map"] : ["reference", "map"];
}

/** Draw a panel's content on a context whose unit is a CSS pixel. */
function drawPanel(viewer, panel, context, size) {
  const { scene, display } = viewer;
  const draw = drawerOf(viewer, context, size);
  const content = panelContent(viewer, panel);
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
    const coloured = colouredCanvas(viewer, shownSource(viewer));
    drawMap(viewer, draw, coloured, display.cells === "smooth" ? Infinity : 1);
  }
  if (showsValues(viewer, size)) writeValues(viewer, panel, context, size, cellsOf(viewer, content, size));
  if (content.kind !== "map") drawField(viewer, context, size);
  drawSpots(viewer, context, size);
  if (hasBoxes(viewer)) drawBoxes(viewer, context, size);
}

/** The cells of what a panel shows, each with its value. */
function cellsOf(viewer, content, size) {
  const { scene, display, divider } = viewer;
  if (content.kind === "picture") return pictureCells(viewer, size, scene[content.picture]);
  if (content.kind === "swipe") {
    const isLeft = ({ left, width }) => left + width / 2 < divider * size.width;
    return [
      ...pictureCells(viewer, size, scene.reference).filter(isLeft),
      ...pictureCells(viewer, size, scene.distorted).filter((cell) => !isLeft(cell)),
    ];
  }
  const source = shownSource(viewer);
  const drawn = display.cells === "smooth" && source.smooth ? source.smooth : source.plane;
  return mapCells(viewer, size, source.plane, { drawn, table: scene.table, end: scaleEnd(viewer, source) });
}

/** What a panel shows, in words and numbers. */
function panelText(viewer, panel) {
  return [pictureText(viewer, panel), ...spotTexts(viewer), ...boxTexts(viewer)].join(". ");
}

function pictureText(viewer, panel) {
  const { scene } = viewer;
  const content = panelContent(viewer, panel);
  if (content.kind === "picture") return photographWords(scene, content.picture);
  if (content.kind === "map") {
    const source = shownSource(viewer);
    return mapWords(scene, source.title, source.plane);
  }
  const part = Math.round(100 * viewer.divider);
  const name = (picture) => (scene.names[picture] ? `, ${scene.names[picture]}` : "");
  const pixels = `${scene.width} × ${scene.height} pixels`;
  return `Left ${part}%: reference${name("reference")}; right: distorted${name("distorted")}; ${pixels}`;
}

/** The panels' labels, and the divider at its place. */
function paintLabels(viewer) {
  for (const panel of shownPanels(viewer)) {
    const { title, hint } = panelContent(viewer, panel);
    viewer.panels[panel].chip.textContent = [title, hint].filter(Boolean).join(" · ");
  }
  const { divider } = viewer.parts;
  const part = Math.round(100 * viewer.divider);
  divider.style.left = `${100 * viewer.divider}%`;
  divider.setAttribute("aria-valuenow", part);
  divider.setAttribute("aria-valuetext", `reference on the left ${part}%`);
}

/** The colour bar with its numbers, and the sentence below the pictures. */
function paintCaption(viewer) {
  const { scene, parts } = viewer;
  const source = shownSource(viewer);
  paintScale(parts.scale, scene.table, viewer.display.overlay);
  const ticks = tickTexts(scaleEnd(viewer, source));
  parts.ticks.replaceChildren(
    ...ticks.map((text) => Object.assign(document.createElement("span"), { textContent: text })),
  );
  parts.facts.textContent = factsText(viewer);
  parts.warning.textContent = [boxWarning(viewer), scaleWarning(viewer)].filter(Boolean).join(" · ");
  parts.note.textContent = [noteText(viewer), noteText(viewer) && scene.hint].filter(Boolean).join(" ");
}

/** The scene's note, which is about the layers' maps; where there are no layers at all, it says why. */
function noteText(viewer) {
  const { sources, note } = viewer.scene;
  return shownSource(viewer).kind !== "pixel" || !sources.layers.length ? note : "";
}

function scaleWarning(viewer) {
  const apart = viewer.display.scale === "layer" && shownSource(viewer).kind !== "pixel";
  return apart ? "Each map on its own scale: colours are not comparable between layers" : "";
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
