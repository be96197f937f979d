// Tiles: the reference and the made pictures in a row, one part of them seen in all.

const REFERENCE = "reference";
const MAP = "map"; // the panel of the large map
const GAP = { least: 26, phone: 10 }; // CSS pixels between tiles
const highOf = (window) => Math.max(110, 0.4 * window - 102); // of a picture, so that all is seen at once
const LARGE = 0.36; // of the window's height, in large type, with which that cannot be
const TYPE = 14; // CSS pixels of ordinary type
const [NAME, NOTE] = [5.7, 100]; // CSS pixels of a letter of a metric's name, about, and of the words beside it
const WIDEST = { gap: 200, few: 60 }; // CSS pixels: of a wider gap few pictures stand together on the left, so far apart
const NARROW = 640; // CSS pixels below which tiles stand two by two

const panelOf = (tile) => `tile:${tile.key}`;

/** Panels for tiles that are new; those that stay keep what listens to them. */
function buildTiles(viewer) {
  const { data, parts, root } = viewer;
  const form = JSON.stringify(data.tiles.map(({ key }) => key));
  if (parts.stage.dataset.form === form) return;
  parts.stage.dataset.form = form;
  root.style.setProperty("--tiles", data.tiles.length);
  const names = [REFERENCE, ...data.tiles.map(panelOf)];
  parts.stage.replaceChildren(...names.map((name, i) => tileElement(viewer, name, data.tiles[i - 1]?.key)));
  viewer.panels = {};
  for (const panel of root.querySelectorAll(".panel[data-panel]")) {
    const canvas = panel.querySelector("canvas");
    viewer.panels[panel.dataset.panel] = { canvas, chip: panel.querySelector(".chip") };
    if (canvas.dataset.heard) continue; // the map's, which stays
    canvas.dataset.heard = "yes";
    listenOn(viewer, panel.dataset.panel);
    listenToPress(viewer, panel.dataset.panel);
  }
}

function tileElement(viewer, name, key) {
  const panel = element("figure", "panel", [element("canvas", "", "", { role: "img" }), element("figcaption", "chip")]);
  panel.dataset.panel = name;
  const tile = element("div", "made", panel);
  if (key === undefined) return tile;
  tile.dataset.tile = key;
  const change = element("button", "on-picture change", "Change", { type: "button" });
  change.addEventListener("click", () => {
    if (!viewer.changed.delete(key)) viewer.changed.add(key);
    paintAt(viewer);
  });
  const open = element("button", "on-picture open", element("span", "", "↗", { "aria-hidden": "true" }), { type: "button" });
  open.addEventListener("click", () => viewer.open({ tile: key, step: frameAt(viewer, tileOf(viewer, key)).step }));
  panel.append(change, open);
  return tile;
}

const tileOf = ({ data }, key) => data.tiles.find((tile) => tile.key === key);

/** The tile that was chosen. */
function chosenTile({ data, display }) {
  const { tiles, lookedAt } = data;
  return tiles.find(({ key }) => key === display.tile) ?? tiles.find(({ key }) => key === lookedAt);
}

/** The frame of a tile that is seen: the last one up to the playhead. */
function frameAt({ at }, { frames }) {
  return frames.findLast(({ step }) => step <= at) ?? frames[0];
}

/** Whether a tile is one that is made; others stay as they are. */
function isMade({ data }, { key, tone, frames }) {
  if (tone !== "plain" || frames.length > 1 || frames[0].step > 0) return true;
  return data.curves.some(({ tile, steps }) => tile === key && steps.at(-1) < data.steps);
}

/** A tile's name, with its step where it has any. */
function tileText(viewer, tile) {
  const { frames, label } = tile;
  const hasSteps = frames.length > 1 || frames[0].step > 0 || (viewer.data.running && isMade(viewer, tile));
  return hasSteps ? `${label} · step ${frameAt(viewer, tile).step}` : label;
}

/** Whether a change is known of what is seen: it is that of the last frame alone. */
const hasChange = (viewer, tile) => tile.change !== "" && frameAt(viewer, tile) === tile.frames.at(-1);

/** Whether the change is seen in a tile's place; what was asked for comes back with the last frame. */
const showsChange = (viewer, tile) => viewer.changed.has(tile.key) && hasChange(viewer, tile);

/** What a tile's badge says, the same where there is less room, and in full. */
function badgeOf(viewer, tile) {
  if (viewer.flipped || viewer.held === panelOf(tile)) return ["Reference"];
  const full = tileText(viewer, tile);
  if (showsChange(viewer, tile)) return [tile.changeNote, tile.changeNote, `${full}: ${tile.changeNote}`];
  return [full, full.replace(tile.label, shortName(viewer.data, tile.label))];
}

/** As many pixels as fit the row and the window; those of a picture that fits as it is are those of the screen. */
function layOut(viewer) {
  const { root, data } = viewer;
  const room = root.clientWidth;
  const columns = room < NARROW ? 2 : data.tiles.length + 1;
  const least = room < NARROW ? GAP.phone : GAP.least;
  const wide = (room - (columns - 1) * least) / columns;
  viewer.type = parseFloat(getComputedStyle(document.documentElement).fontSize) / TYPE;
  const wanted = viewer.type > 1.1 ? LARGE * window.innerHeight : highOf(window.innerHeight);
  const high = room < NARROW ? Infinity : wanted;
  const most = Math.floor(Math.min(wide, (high * data.width) / data.height));
  const actual = data.width * actualScale();
  const width = actual <= most && actual > 0.85 * most ? Math.floor(actual) : most;
  root.style.setProperty("--pic", `${width}px`);
  const longest = Math.max(...data.metrics.map(({ label }) => label.length));
  const spread = (room - columns * width) / (columns - 1);
  const isFew = room >= NARROW && spread > WIDEST.gap;
  const gap = isFew ? WIDEST.few : spread;
  root.classList.toggle("few", isFew);
  root.classList.toggle("narrow", room >= NARROW && !isFew && width + gap < Math.max(200, NAME * viewer.type * longest + NOTE));
  root.style.setProperty("--gap", `${gap}px`);
}

function paintTiles(viewer) {
  const { data, parts, root } = viewer;
  const chosen = chosenTile(viewer);
  parts.bracket.hidden = !data.bracket;
  parts.bracket.firstElementChild.textContent = data.bracket;
  paintChip(viewer.panels[REFERENCE].chip, "Reference", "Reference", [data.referenceName, data.referenceNote].filter(Boolean).join(", "));
  for (const tile of data.tiles) {
    const { chip } = viewer.panels[panelOf(tile)];
    const box = root.querySelector(`[data-tile="${CSS.escape(tile.key)}"]`);
    box.className = `made ${tile.tone}${tile === chosen ? " chosen" : ""}`;
    paintChip(chip, ...badgeOf(viewer, tile));
    const [change, open] = box.querySelectorAll(".on-picture");
    change.hidden = !hasChange(viewer, tile);
    change.ariaPressed = String(showsChange(viewer, tile));
    change.ariaLabel = `Change: ${tile.label}`;
    change.title = tile.changeNote;
    open.hidden = !data.opens;
    open.title = data.opens;
    open.ariaLabel = `${data.opens}: ${tile.label}`;
  }
}

/** A badge; with less of its text where the picture has no room for all. */
function paintChip(chip, text, short = text, title = text) {
  if (chip.textContent !== text) chip.textContent = text;
  if (chip.scrollWidth > chip.clientWidth) chip.textContent = short;
  chip.title = title;
}

/** What drawing.js and zoom.js ask for. */
function shownPanels(viewer) {
  return Object.keys(viewer.panels).filter((name) => name !== MAP || viewer.map);
}

function drawPanel(viewer, panel, context, size) {
  const draw = drawerOf(viewer, context, size);
  if (panel === MAP) return draw(colouredMap(viewer, viewer.map), 0);
  const isReference = panel === REFERENCE || viewer.flipped || viewer.held === panel;
  const shown = isReference ? viewer.reference : viewer.seen.get(panel);
  if (shown) draw(shown.bitmap, 2);
}

function panelText(viewer, panel) {
  const { data } = viewer;
  if (panel === REFERENCE) return `Reference ${data.referenceName}, ${data.width} × ${data.height} pixels`;
  if (panel === MAP) return mapWords(data, viewer.mapTitle, viewer.map.plane);
  return viewer.panels[panel].chip.title;
}

/** Whose cells are outlined under the pointer: those of the large map, or pixels. */
function outlinedPlane({ map, data }) {
  return map?.plane ?? { rows: data.height, columns: data.width };
}
