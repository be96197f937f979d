// Panels: a picture and a map for each candidate, and one cell for the reference and the difference, which in
// place are the one candidate that is seen.

const CROSSHAIR_PANEL = "front"; // seen in both layouts
const NARROWEST = 130; // CSS pixels of a panel beside others

function isInPlace({ display }) {
  return display.mode === "place";
}

/** The candidate that is seen in place: the one that was chosen last, or the first. */
function seenCandidate(viewer) {
  const all = inOrder(viewer);
  return all.find(({ key }) => key === viewer.seen) ?? all[0];
}

function candidateOf({ scene }, panel) {
  const key = panel.slice(panel.indexOf(":") + 1);
  return scene.candidates.find((candidate) => candidate.key === key);
}

/** What a panel shows: {kind: "reference"}, or the picture, the map or the difference of a candidate; null for none. */
function contentOf(viewer, panel) {
  const { flipped, scene } = viewer;
  const place = isInPlace(viewer);
  if (panel === "back" && !place) {
    const found = difference(viewer);
    return found && { kind: "difference", plane: found.plane, ...found };
  }
  if (panel === "front" && !place) return { kind: "reference" };
  const candidate = panel.includes(":") ? candidateOf(viewer, panel) : seenCandidate(viewer);
  if (!candidate || !scene.candidates.includes(candidate)) return null;
  if (panel === "back" || panel.startsWith("map:")) {
    const plane = planeOf(viewer, candidate);
    return plane && { kind: "map", candidate, plane };
  }
  if (flipped) return { kind: "reference" };
  return candidate.shown && { kind: "picture", candidate };
}

/** The panels that hold something, in their order. */
function shownPanels(viewer) {
  const names = isInPlace(viewer)
    ? ["front", "back"]
    : [...inOrder(viewer).flatMap(({ key }) => [`picture:${key}`, `map:${key}`]), "front", "back"];
  return names.filter((panel) => viewer.panels[panel] && contentOf(viewer, panel));
}

/** The cells under the pointer: those of the shown map's finest plane. */
function outlinedPlane(viewer) {
  const pixels = { rows: viewer.scene.height, columns: viewer.scene.width };
  const candidate = viewer.scene.candidates.find(({ layers }) => layers.length);
  if (!candidate || !isWhole(candidate.layersAt, viewer.scene)) return pixels;
  const map = shownMap(viewer);
  if (map === "layer") return planeOf(viewer, candidate) ?? pixels;
  if (map !== "combined") return pixels;
  return candidate.layers.map(({ plane }) => plane).reduce((best, plane) => (plane.columns > best.columns ? plane : best));
}

function drawPanel(viewer, panel, context, size) {
  const content = contentOf(viewer, panel);
  const { scene } = viewer;
  if (!content) return;
  const draw = drawerOf(viewer, context, size);
  if (content.kind === "reference") draw(scene.reference.bitmap, 2);
  else if (content.kind === "picture") drawCropped(viewer, context, size, content.candidate);
  else {
    const scale = content.kind === "map" ? sharedScale(viewer) : differenceScale(viewer, content);
    drawMap(viewer, draw, colouredPlane(viewer, content.plane, scale), 1);
  }
  if (showsValues(viewer, size)) writeValues(viewer, panel, context, size, cellsOf(viewer, content, size));
  drawMarks(viewer, context, size);
}

/** The cells of what a panel shows, each with its value. */
function cellsOf(viewer, content, size) {
  const { kind, candidate, plane } = content;
  if (kind === "reference") return pictureCells(viewer, size, viewer.scene.reference);
  if (kind === "picture") return pictureCells(viewer, size, candidate.shown, candidate.pixelsAt);
  return mapCells(viewer, size, plane, kind === "map" ? sharedScale(viewer) : differenceScale(viewer, content));
}

/** A candidate's picture where on the reference it lies. */
function drawCropped(viewer, context, size, { shown, pixelsAt }) {
  const { scale, left, top } = placement(viewer, size);
  const width = pixelsAt.width * scale;
  context.imageSmoothingEnabled = width / shown.bitmap.width < 2;
  context.imageSmoothingQuality = "high";
  const corner = [left + pixelsAt.left * scale, top + pixelsAt.top * scale];
  context.drawImage(shown.bitmap, ...corner, width, pixelsAt.height * scale);
}

/** What a panel shows, in words and numbers. */
function panelText(viewer, panel) {
  const { scene } = viewer;
  const content = contentOf(viewer, panel);
  const size = `${scene.width} × ${scene.height} pixels`;
  if (content.kind === "reference") return [`Reference`, scene.name, size].filter(Boolean).join(", ");
  if (content.kind === "picture") return `${content.candidate.name}, ${size}`;
  const of =
    content.kind === "map" ? content.candidate.name : `${content.first.name} minus ${content.second.name}`;
  return [mapWords(scene, `${mapTitle(viewer)}, ${of}`, content.plane), ...markTexts(viewer, content)].join(". ");
}

function createCell({ key }) {
  const figure = document.createElement("figure");
  figure.className = "cell";
  figure.dataset.candidate = key;
  figure.innerHTML = `
    <figcaption class="heading"><kbd data-text></kbd><b data-text></b><span data-text></span></figcaption>
    <div class="panel"><canvas role="img"></canvas><p class="message" data-text hidden></p></div>
    <div class="panel"><canvas role="img"></canvas><p class="message" data-text hidden></p><div class="value" hidden></div></div>`;
  figure.querySelectorAll(".panel").forEach((panel, i) => (panel.dataset.panel = `${i ? "map" : "picture"}:${key}`));
  return figure;
}

/** A cell a candidate, in order. Cells stay with their candidates, so that focus and cursor do. */
function paintCells(viewer) {
  const { parts, root } = viewer;
  const order = inOrder(viewer);
  const cells = new Map([...root.querySelectorAll("[data-candidate]")].map((cell) => [cell.dataset.candidate, cell]));
  const wanted = order.map(({ key }) => key).join("\n");
  if (parts.stage.dataset.cells !== wanted) {
    parts.stage.dataset.cells = wanted;
    for (const [key, cell] of cells) if (!order.some((each) => each.key === key)) cell.remove();
    const made = order.map((candidate) => cells.get(candidate.key) ?? createCell(candidate));
    parts.focus.before(...made);
    viewer.panels = panelsIn(root);
    const fresh = made.filter((cell) => !cells.has(cell.dataset.candidate));
    for (const panel of fresh.flatMap((cell) => [...cell.querySelectorAll(".panel")])) {
      listenOn(viewer, panel.dataset.panel);
    }
  }
  order.forEach((candidate, i) => paintCell(viewer, candidate, i + 1));
  paintFocus(viewer);
}

function paintCell(viewer, candidate, number) {
  const cell = viewer.parts.stage.querySelector(`[data-candidate="${CSS.escape(candidate.key)}"]`);
  const [key, name, value] = cell.querySelectorAll(".heading > *");
  key.textContent = number;
  name.textContent = name.title = candidate.name;
  value.textContent = meanText(viewer, candidate);
  const [picture, map] = cell.querySelectorAll(".panel");
  say(picture, candidate.shown ? "" : candidate.message);
  say(map, planeOf(viewer, candidate) ? "" : candidate.message);
}

/** A sentence in a panel's place; its picture where there is none. */
function say(panel, sentence) {
  const message = panel.querySelector(".message");
  message.textContent = sentence;
  message.hidden = !sentence;
  panel.querySelector("canvas").hidden = Boolean(sentence);
}

/** The reference and the difference, or what is seen in place. */
function paintFocus(viewer) {
  const { parts, root } = viewer;
  const place = isInPlace(viewer);
  const two = place || difference(viewer);
  root.classList.toggle("alone", !place && viewer.scene.candidates.length < 2); // there is nothing to subtract
  if (!place) say(root.querySelector('[data-panel="front"]'), "");
  say(root.querySelector('[data-panel="back"]'), contentOf(viewer, "back") ? "" : sentenceInBack(viewer, two));
  parts.versus.hidden = place || !two;
}

function sentenceInBack(viewer, two) {
  if (!isInPlace(viewer)) return two ? "" : "The difference needs two maps.";
  return seenCandidate(viewer).message;
}

/** A candidate's number for the shown map: its mean. */
function meanText(viewer, candidate) {
  if (shownMap(viewer) === "combined" && candidate.layers.length) return candidate.score;
  const plane = planeOf(viewer, candidate);
  return plane ? numberText(statisticsOf(plane).mean) : "";
}
