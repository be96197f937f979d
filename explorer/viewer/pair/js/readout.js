// Readout: the values at one pixel, beside the pointer or the keyboard's crosshair.

/** The values at a pixel, as rows of {name, text, colour, strong}. */
function readingsAt(viewer, cursor) {
  const { scene } = viewer;
  const { combined, pixelMaps } = scene.sources;
  const shown = shownSource(viewer);
  const at = 4 * (cursor.y * scene.width + cursor.x);
  const colour = (picture) => Array.from(scene[picture].pixels.subarray(at, at + 3));
  const rows = [
    { name: "reference", text: colour("reference").join(" "), colour: colour("reference") },
    { name: "distorted", text: colour("distorted").join(" "), colour: colour("distorted") },
  ];
  if (combined) {
    const text = numberText(valueAt(scene, combined.plane, cursor));
    rows.push({ name: combined.measure, text, source: combined });
    rows.push(layerReading(scene, chosenLayer(viewer), cursor));
  }
  for (const map of pixelMaps) {
    const text = numberText(valueAt(scene, map.plane, cursor), map.plane.step);
    rows.push({ name: map.label, text, source: map });
  }
  rows.push(...fieldReadings(viewer));
  const readings = rows.map(({ source, ...row }) => ({ ...row, strong: source === shown }));
  return [...spotReadings(viewer, cursor), ...readings];
}

function layerReading(scene, layer, cursor) {
  const value = valueAt(scene, layer.plane, cursor);
  const cells = layer.plane.rows * layer.plane.columns;
  const share = layer.included && scene.score > 0 ? ` · ${percentText(value / cells / scene.score)} of the score` : "";
  return { name: layer.name, text: numberText(value) + share, source: layer };
}

function paintReadout(viewer) {
  const { cursor, parts } = viewer;
  parts.readout.hidden = !cursor;
  if (!cursor) return;
  const readings = readingsAt(viewer, cursor);
  const list = document.createElement("dl");
  const add = (name, text, { colour, strong } = {}) => {
    const term = Object.assign(document.createElement("dt"), { textContent: shortName(name) });
    const value = Object.assign(document.createElement("dd"), { textContent: text });
    if (strong) [term, value].forEach((element) => element.classList.add("strong"));
    if (colour) {
      const swatch = Object.assign(document.createElement("span"), { className: "swatch" });
      swatch.style.background = `rgb(${colour.join(" ")})`;
      value.prepend(swatch);
    }
    list.append(term, value);
  };
  const { x, y } = pixelAsGiven(viewer.scene, cursor);
  add("x, y", `${x}, ${y}`);
  readings.forEach((row) => add(row.name, row.text, row));
  parts.readout.replaceChildren(list);
  placeReadout(viewer);
  speak(viewer, readings, { x, y });
}

const BESIDE = 14; // CSS pixels between a place and its values

/** A panel's place on the stage, and on it the place of the pixel under the cursor and of the cell around it. */
function placesOnStage(viewer, panel) {
  const { cursor, scene } = viewer;
  const stage = viewer.parts.stage.getBoundingClientRect();
  const box = viewer.panels[panel].canvas.getBoundingClientRect();
  const { scale, left, top } = placement(viewer, { width: box.width, height: box.height });
  const along = (at, length, offset, extent, panelAt) => {
    const start = Math.min(Math.max(offset + at * scale, 0), extent);
    const end = Math.min(Math.max(offset + (at + length) * scale, 0), extent);
    return [panelAt + start, panelAt + end];
  };
  const place = (x, y, width, height) => {
    const [first, last] = along(x, width, left, box.width, box.left - stage.left);
    const [upper, lower] = along(y, height, top, box.height, box.top - stage.top);
    return { left: first, right: last, top: upper, bottom: lower };
  };
  const plane = outlinedPlane(viewer);
  const { row, column } = cellAt(scene, plane, cursor);
  const [cellWidth, cellHeight] = [scene.width / plane.columns, scene.height / plane.rows];
  return {
    pixel: place(cursor.x, cursor.y, 1, 1),
    cell: place(column * cellWidth, row * cellHeight, cellWidth, cellHeight),
  };
}

/**
 * Beside the cell, or above or below it, where it covers the place on no panel: neither the cell's outline, if that
 * can be, nor in any case the pixel. Below the pictures there is room for it always.
 */
function placeReadout(viewer) {
  const { cursor, parts } = viewer;
  const { offsetWidth: width, offsetHeight: height } = parts.readout;
  const stage = { width: parts.stage.clientWidth, height: parts.stage.clientHeight };
  const places = shownPanels(viewer).map((panel) => placesOnStage(viewer, panel));
  const own = places[shownPanels(viewer).indexOf(cursor.panel)];
  const held = (at, length, extent) => Math.min(Math.max(0, at), Math.max(0, extent - length));
  const corners = [own.cell, own.pixel].flatMap((place) => {
    const level = held((place.top + place.bottom - height) / 2, height, stage.height);
    const middle = held((place.left + place.right - width) / 2, width, stage.width);
    return [
      [place.right + BESIDE, level],
      [place.left - BESIDE - width, level],
      [middle, place.top - BESIDE - height],
      [middle, place.bottom + BESIDE],
    ];
  });
  const fits = ([x, y]) => x >= 0 && y >= 0 && x + width <= stage.width && y + height <= stage.height;
  const covers = ([x, y], place) =>
    x < place.right + 4 && x + width > place.left - 4 && y < place.bottom + 4 && y + height > place.top - 4;
  const free = (what) => corners.find((at) => fits(at) && !places.some((place) => covers(at, place[what])));
  const below = [held(own.pixel.left - width / 2, width, stage.width), stage.height + 6];
  const [x, y] = free("cell") ?? free("pixel") ?? below;
  parts.readout.style.transform = `translate(${Math.round(x)}px, ${Math.round(y)}px)`;
}
