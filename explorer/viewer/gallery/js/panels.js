// Panels: one for each photograph and map, with a heading above and the value under the pointer in it.

const CROSSHAIR_PANEL = "reference"; // where the crosshair starts

/** The panels that hold a picture, in their order. */
function shownPanels({ scene }) {
  return scene.entries.filter(({ kind }) => kind !== "message").map(({ panel }) => panel);
}

function entryOf({ scene, flipped }, panel) {
  return scene.entries.find((entry) => entry.panel === (flipped && panel === "reference" ? "distorted" : panel));
}

/** The cells under the pointer are pixels: the maps lie on them. */
function outlinedPlane({ scene }) {
  return { rows: scene.height, columns: scene.width };
}

function drawPanel(viewer, panel, context, size) {
  const entry = entryOf(viewer, panel);
  const draw = drawerOf(viewer, context, size);
  if (entry.kind === "picture") draw(viewer.scene[entry.picture].bitmap, 2);
  else drawMap(viewer, draw, colouredPlane(viewer, entry.plane, entry.scale), 1);
  if (!showsValues(viewer, size)) return;
  const isPicture = entry.kind === "picture";
  const cells = isPicture
    ? pictureCells(viewer, size, viewer.scene[entry.picture])
    : mapCells(viewer, size, entry.plane, entry.scale);
  writeValues(viewer, panel, context, size, cells);
}

/** What a panel shows, in words and numbers. */
function panelText(viewer, panel) {
  const { scene } = viewer;
  const entry = entryOf(viewer, panel);
  if (entry.kind === "picture") return photographWords(scene, entry.picture);
  const title = entry.caption ? `${entry.title}, ${entry.caption}` : entry.title;
  return mapWords(scene, title, entry.plane);
}

function createCell({ kind, panel, message }) {
  const figure = document.createElement("figure");
  figure.className = "cell";
  const caption = '<figcaption class="heading"><b data-text></b><span data-text></span></figcaption>';
  if (kind === "message") {
    figure.innerHTML = `${caption}<div class="panel message"><p data-text></p></div>`;
    figure.querySelector("p").textContent = message;
    return figure;
  }
  figure.innerHTML = `${caption}<div class="panel"><canvas role="img"></canvas><div class="value" hidden></div></div>`;
  figure.querySelector(".panel").dataset.panel = panel;
  return figure;
}

/** One cell an entry. Only another list rebuilds them: new values must not take the focus or the cursor away. */
function paintCells(viewer) {
  const { scene, parts } = viewer;
  const wanted = scene.entries.map(({ kind, panel, message }) => [kind, panel, message].join(" ")).join("\n");
  if (parts.stage.dataset.cells === wanted) return;
  parts.stage.dataset.cells = wanted;
  parts.stage.querySelectorAll(".cell").forEach((cell) => cell.remove());
  parts.legend.before(...scene.entries.map(createCell));
  viewer.panels = panelsIn(viewer.root);
  for (const panel of Object.keys(viewer.panels)) listenOn(viewer, panel);
}

function paintLabels(viewer) {
  const cells = viewer.parts.stage.querySelectorAll(".cell");
  viewer.scene.entries.forEach((own, i) => {
    const { title, caption } = entryOf(viewer, own.panel) ?? own;
    const [name, number] = cells[i].querySelectorAll(".heading > *");
    name.textContent = title;
    number.textContent = caption;
  });
  arrange(viewer);
}

/** A panel's value at a pixel as {name, text, colour}. */
function readingAt({ scene }, entry, cursor) {
  if (entry.kind === "picture") {
    const at = 4 * (cursor.y * scene.width + cursor.x);
    const colour = Array.from(scene[entry.picture].pixels.subarray(at, at + 3));
    return { name: entry.title, text: colour.join(" "), colour };
  }
  const value = valueAt(scene, entry.plane, cursor);
  const number = (entry.scale.start < 0 ? signedText : numberText)(value, entry.plane.step);
  const unit = Number.isNaN(value) ? "" : unitText(entry.scale);
  return { name: entry.title, text: number + unit };
}

/** Each panel says its own value; the one under the pointer says the place, too. */
function paintReadout(viewer) {
  const { cursor } = viewer;
  hideReadings(viewer);
  if (!cursor) return;
  const readings = shownPanels(viewer).map((panel) => {
    const reading = readingAt(viewer, entryOf(viewer, panel), cursor);
    writeReading(viewer, panel, reading, panel === cursor.panel ? `${cursor.x}, ${cursor.y}` : "");
    return reading;
  });
  keepReadingsClear(viewer);
  speak(viewer, readings);
}
