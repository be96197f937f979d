// Layers: where the metric sees a tile: the ledger as a bar, one map large, and all of them small.

const ERROR = "squared_error"; // of the setting `layer`

function paintWhere(viewer, frame, sent) {
  const { data, parts, display } = viewer;
  const chosen = chosenTile(viewer);
  parts.whereTitle.textContent = data.layers.length > 1 ? `Where ${data.metric} sees it, layer by layer` : `Where ${data.metric} sees it`;
  const choices = data.tiles.map(({ key, label }) => ({ key, label: shortName(data, label) }));
  fillChoices(parts.whose, choices, chosen.key, (key) => viewer.change({ tile: key }));
  paintShares(viewer, sent);
  const maps = mapsOf(viewer, frame);
  const names = maps.layers.length ? data.layers : [];
  const place = names.indexOf(display.layer);
  const isError = display.layer === ERROR || !maps.combined;
  viewer.map = isError ? maps.error : place < 0 ? maps.combined : maps.layers[place];
  viewer.mapTitle = isError ? "squared error" : place < 0 ? "all layers" : names[place];
  viewer.score = isError ? null : sent.distances.reduce((sum, own) => sum + own, 0);
  viewer.mapMean = isError || place >= 0 ? numberText(statisticsOf(viewer.map.plane).mean) : sent.score;
  paintLarge(viewer, { isError, isLayer: !isError && place >= 0 });
  paintSmall(viewer, maps, names, sent, isError ? ERROR : (names[place] ?? ""));
}

function paintShares({ data, parts }, { distances, score }) {
  const sum = distances.reduce((total, own) => total + own, 0);
  const shares = sum > 0 ? distances.map((own) => own / sum) : [];
  const segments = shares.map((share, i) => {
    const colour = data.layerColours[i];
    const made = element("div", "segment", [element("span", "", percentText(share)), element("b", "", data.layers[i])]);
    made.style.cssText = `flex-grow: ${share}; background: ${colour}; color: ${inkOn(colour.match(/\d+/g).map(Number))}`;
    made.title = `${data.layers[i]}: ${numberText(distances[i])} · ${percentText(share)}`;
    return made;
  });
  parts.shares.replaceChildren(...(segments.length ? segments : [element("span", "empty", "no distance, so no shares")]));
  const words = shares.map((share, i) => `${data.layers[i]} ${percentText(share)}`);
  parts.shares.setAttribute("aria-label", words.length ? `Shares of ${score}: ${words.join(", ")}.` : "The distance is 0, so there are no shares.");
}

function paintLarge(viewer, { isError, isLayer }) {
  const { parts, map, mapTitle, table } = viewer;
  const { rows, columns } = map.plane;
  parts.mapName.textContent = isLayer ? `${mapTitle}, ${columns} × ${rows}` : isError ? "Squared error" : "All layers";
  const clipped = clippedPart(map.plane, map.end);
  const scale = isLayer ? "the layers’ scale" : "own scale";
  viewer.mapNote = clipped > 0 ? `${scale}, ${percentText(clipped)} clipped` : scale;
  parts.all.hidden = !isLayer && !(isError && viewer.display.layer === ERROR && viewer.hasMaps);
  const [ramp, top, middle] = parts.scale.children;
  paintScale(ramp, table, 1);
  top.textContent = endText(map.end);
  middle.textContent = endText(map.end / 2);
  paintReading(viewer);
}

/** Below the large map: the place under the pointer and its value, or the map's mean. */
function paintReading(viewer) {
  const { parts, cursor, map, data, score, mapNote } = viewer;
  if (!map) return;
  const { rows, columns } = map.plane;
  if (cursor) {
    const value = valueAt(data, map.plane, cursor);
    const share = score > 0 ? ` · ${percentText(value / (rows * columns * score))} of the sum` : "";
    parts.mapMean.textContent = numberText(value);
    parts.mapNote.textContent = `x ${cursor.x}, y ${cursor.y}${share}`;
  } else {
    parts.mapMean.textContent = `mean ${viewer.mapMean}`;
    parts.mapNote.textContent = mapNote;
  }
}

function paintSmall(viewer, maps, names, { distances }, shown) {
  const { parts } = viewer;
  const each = [...names.map((name, i) => ({ key: name, map: maps.layers[i] })), { key: ERROR, map: maps.error }];
  const form = JSON.stringify(each.map(({ key }) => key));
  if (parts.small.dataset.form !== form) {
    parts.small.dataset.form = form;
    parts.small.style.setProperty("--columns", each.length > 8 ? 5 : each.length > 6 ? 4 : 3);
    parts.small.style.setProperty("--rows", Math.ceil(each.length / (each.length > 8 ? 5 : each.length > 6 ? 4 : 3)));
    parts.small.replaceChildren(...each.map(({ key }) => smallMap(viewer, key)));
  }
  const sum = distances.reduce((total, own) => total + own, 0);
  each.forEach(({ key, map }, i) => {
    const [canvas, name, note] = parts.small.children[i].children;
    paintPlane(canvas, map.plane, viewer.table, map.end);
    const isError = key === ERROR;
    const number = shortText(isError ? statisticsOf(map.plane).mean : distances[i]);
    const share = sum > 0 ? ` · ${percentText(distances[i] / sum)}` : "";
    name.replaceChildren(element("b", "", isError ? "Sq. error" : key), element("span", "", number));
    const about = isError ? `own scale, 0 – ${endText(map.end)}` : `${map.plane.columns}×${map.plane.rows}${share}`;
    note.textContent = parts.small.children[i].title = about;
    parts.small.children[i].ariaPressed = String(key === shown);
  });
  const layers = maps.layers.map(({ plane, end }) => ({ part: clippedPart(plane, end), count: statisticsOf(plane).count }));
  const count = layers.reduce((total, layer) => total + layer.count, 0);
  const clipped = layers.reduce((total, layer) => total + layer.part * layer.count, 0) / count;
  parts.ramp.hidden = !names.length;
  if (!names.length) return;
  paintScale(parts.ramp.children[1], viewer.table, 1);
  parts.rampEnd.textContent = `${endText(maps.layers[0].end)}${clipped > 0 ? `, ${percentText(clipped)} clipped` : ""}`;
}

/** As many digits as a small map has room for. */
function shortText(value) {
  const text = numberText(value);
  return text.length > 6 && value >= 1e-4 ? value.toPrecision(2) : text;
}

/** A map that is seen large when it is pressed, and all layers again when it is pressed once more. */
function smallMap(viewer, key) {
  const made = element("button", "thumb", [element("canvas", "", "", { "aria-hidden": "true" }), element("span"), element("small", "spoken")], { type: "button" });
  made.addEventListener("click", () => viewer.change({ layer: made.ariaPressed === "true" ? "" : key }));
  return made;
}
