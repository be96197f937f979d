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

/** Beside the cell, on the side where there is room, and never outside of the stage. */
function placeReadout({ cursor, parts, panels, ...viewer }) {
  const { canvas } = panels[cursor.panel];
  const stage = parts.stage.getBoundingClientRect();
  const box = canvas.getBoundingClientRect();
  const { scale, left, top } = placement(viewer, { width: box.width, height: box.height });
  const x = box.left - stage.left + Math.min(Math.max(left + (cursor.x + 0.5) * scale, 0), box.width);
  const y = box.top - stage.top + Math.min(Math.max(top + (cursor.y + 0.5) * scale, 0), box.height);
  const { offsetWidth: width, offsetHeight: height } = parts.readout;
  const beside = x + 18 + width <= stage.width ? x + 18 : Math.max(0, x - 18 - width);
  const level = Math.min(Math.max(0, y - height / 2), Math.max(0, stage.height - height));
  parts.readout.style.transform = `translate(${Math.round(beside)}px, ${Math.round(level)}px)`;
}
