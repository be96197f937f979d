// Readout: the values at one pixel, beside the pointer or the keyboard's crosshair.

/** The cell of a plane that holds an image pixel's centre. */
function cellAt(scene, plane, { x, y }) {
  const column = Math.floor(((x + 0.5) * plane.columns) / scene.width);
  const row = Math.floor(((y + 0.5) * plane.rows) / scene.height);
  return { row, column, value: plane.values[row * plane.columns + column] };
}

/** The values at a pixel, as rows of [name, text, extra]. */
function readingsAt(viewer, cursor) {
  const { scene } = viewer;
  const { combined, pixelMaps } = scene.sources;
  const layer = chosenLayer(viewer);
  const shown = shownSource(viewer);
  const at = 4 * (cursor.y * scene.width + cursor.x);
  const colour = (picture) => Array.from(scene[picture].pixels.subarray(at, at + 3));
  const cell = cellAt(scene, layer.plane, cursor);
  const cells = layer.plane.rows * layer.plane.columns;
  const share = layer.included && scene.score > 0 ? cell.value / cells / scene.score : null;
  const rows = [
    { name: "reference", text: colour("reference").join(" "), colour: colour("reference") },
    { name: "distorted", text: colour("distorted").join(" "), colour: colour("distorted") },
    { name: "LPIPS", text: numberText(cellAt(scene, combined.plane, cursor).value), source: combined },
    {
      name: layer.name,
      text: numberText(cell.value) + (share === null ? "" : ` · ${percentText(share)} of the score`),
      source: layer,
    },
    ...pixelMaps.map((map) => ({
      name: map.label,
      text: numberText(cellAt(scene, map.plane, cursor).value, map.plane.step),
      source: map,
    })),
  ];
  return rows.map(({ source, ...row }) => ({ ...row, strong: source === shown }));
}

function paintReadout(viewer) {
  const { cursor, parts } = viewer;
  parts.readout.hidden = !cursor;
  if (!cursor) return;
  const readings = readingsAt(viewer, cursor);
  const list = document.createElement("dl");
  const add = (name, text, { colour, strong } = {}) => {
    const term = Object.assign(document.createElement("dt"), { textContent: name });
    const value = Object.assign(document.createElement("dd"), { textContent: text });
    if (strong) [term, value].forEach((element) => element.classList.add("strong"));
    if (colour) {
      const swatch = Object.assign(document.createElement("span"), { className: "swatch" });
      swatch.style.background = `rgb(${colour.join(" ")})`;
      value.prepend(swatch);
    }
    list.append(term, value);
  };
  add("x, y", `${cursor.x}, ${cursor.y}`);
  readings.forEach((row) => add(row.name, row.text, row));
  parts.readout.replaceChildren(list);
  placeReadout(viewer);
  if (cursor.byKey) {
    const spoken = readings.map((row) => `${row.name} ${row.text}`).join(", ");
    parts.spoken.textContent = `x ${cursor.x}, y ${cursor.y}: ${spoken}`;
  }
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
