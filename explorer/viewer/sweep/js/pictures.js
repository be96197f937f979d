// Pictures: that of the playhead and its map, decoded when they are first looked at.

const MOST_DECODED = 128; // points; the oldest are let go

/** A point's bitmap, planes and combined map, each made once; its key says by which method it was measured. */
function decodedPoint(viewer, { key, picture, planes }) {
  const known = viewer.decoded.get(key);
  if (known) return known;
  const file = new Blob([bytesOf(picture)], { type: "image/png" });
  const made = {
    bitmap: createImageBitmap(file, { colorSpaceConversion: "none", premultiplyAlpha: "none" }),
    planes: Promise.all(planes.map(decodePlane)),
    combined: null,
  };
  viewer.decoded.set(key, made);
  for (const [oldest, old] of viewer.decoded) {
    if (viewer.decoded.size <= MOST_DECODED) break;
    viewer.decoded.delete(oldest);
    old.bitmap.then((bitmap) => bitmap.close());
  }
  return made;
}

function drawBitmap(canvas, bitmap) {
  canvas.width = bitmap.width;
  canvas.height = bitmap.height;
  canvas.getContext("2d").drawImage(bitmap, 0, 0);
}

/** Show what belongs to the playhead; what came to be wanted meanwhile goes first. */
async function paintSeen(viewer) {
  const turn = ++viewer.painting;
  const { data, parts, display } = viewer;
  const point = viewer.point;
  const isReference = viewer.flipped;
  paintChips(viewer);
  if (!point) return;
  const made = decodedPoint(viewer, point);
  const reference = { key: `reference ${data.reference}`, picture: data.reference, planes: [] };
  const shown = isReference ? decodedPoint(viewer, reference) : made;
  const bitmap = await shown.bitmap;
  const planes = await made.planes;
  if (turn !== viewer.painting) return;
  drawBitmap(parts.picture, bitmap);
  if (data.maps) {
    const layer = data.layers.indexOf(display.layer);
    made.combined ??= onPixels(planes, data.height, data.width, areaWeights);
    const plane = layer < 0 ? made.combined : planes[layer];
    [made.combined, ...planes].forEach((own, i) => {
      paintPlane(parts.strip.children[i].firstChild, own, viewer.table, i ? data.layersEnd : data.combinedEnd);
    });
    paintPlane(parts.map, plane, viewer.table, layer < 0 ? data.combinedEnd : data.layersEnd);
    const name = layer < 0 ? "all layers" : display.layer;
    parts.map.setAttribute("aria-label", `Map of ${name}: mean ${numberText(statisticsOf(plane).mean)}`);
  }
  viewer.root.dataset.seen = `${display.sweep}:${point.place}:${display.layer}`; // tests wait for it
  viewer.root.dataset.latency = Math.round(performance.now() - viewer.asked); // milliseconds
}

function paintChips(viewer) {
  const { data, parts, display, point } = viewer;
  const step = data.steps[viewer.at];
  const what = data.labels[display.sweep] ?? "";
  parts.pictureChip.textContent = viewer.flipped ? "Reference" : point ? what : "measuring …";
  parts.mapChip.textContent = `Map of ${display.layer || "all layers"}`;
  parts.picture.setAttribute("aria-label", viewer.flipped ? "Reference" : `${what}, ${step}`);
  parts.mapPanel.hidden = parts.scale.hidden = parts.strip.hidden = !data.maps;
  parts.end.textContent = endText(display.layer ? data.layersEnd : data.combinedEnd);
}
