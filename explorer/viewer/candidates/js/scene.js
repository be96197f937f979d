// Scene: candidates, decoded: pictures and planes, and where on the reference they lie.

/** A rectangle in the reference's pixels, from parts of its sides. */
function rectangleOf([left, top, width, height], scene) {
  const across = Math.round(left * scene.width);
  const down = Math.round(top * scene.height);
  return {
    left: across,
    top: down,
    width: Math.max(1, Math.min(scene.width - across, Math.round(width * scene.width))),
    height: Math.max(1, Math.min(scene.height - down, Math.round(height * scene.height))),
  };
}

function isWhole({ width, height }, scene) {
  return width === scene.width && height === scene.height;
}

async function decodeCandidate(sent, data, decoder) {
  const [shown, dissimilarity, squaredError, planes] = await Promise.all([
    sent.picture && decoder.picture(sent.picture),
    sent.dissimilarity && decoder.plane(sent.dissimilarity),
    sent.squaredError && decoder.plane(sent.squaredError),
    Promise.all(sent.layers.map(({ plane }) => decoder.plane(plane))),
  ]);
  return {
    ...sent,
    ...{ shown, dissimilarity, squaredError },
    layers: sent.layers.map(({ name }, i) => ({ name, plane: planes[i] })),
    layersAt: rectangleOf(sent.layersExtent, data),
    pixelsAt: rectangleOf(sent.pixelsExtent, data),
    made: new Map(), // planes that were made of these, by the map's form
  };
}

/** Whether two decoded candidates hold the same arrays at the same places, so that what was made of one serves. */
function isSame(one, other) {
  const names = ["shown", "dissimilarity", "squaredError"];
  const places = ["layersAt", "pixelsAt"];
  return (
    names.every((name) => one[name] === other[name]) &&
    places.every((name) => JSON.stringify(one[name]) === JSON.stringify(other[name])) &&
    one.layers.length === other.layers.length &&
    one.layers.every(({ plane }, i) => plane === other.layers[i].plane)
  );
}

async function decodeScene(data, previous) {
  const decoder = createDecoder(previous);
  const [reference, candidates] = await Promise.all([
    decoder.picture(data.reference),
    Promise.all(data.candidates.map((sent) => decodeCandidate(sent, data, decoder))),
  ]);
  const unchanged = previous?.reference === reference;
  const grey = unchanged ? previous.grey : await greyOf(reference, data.width, data.height);
  if (unchanged) {
    for (const candidate of candidates) {
      const before = previous.candidates.find((other) => isSame(candidate, other));
      if (before) candidate.made = before.made;
    }
  }
  const { key, width, height, given, metric, spots, note, file } = data;
  return {
    ...{ key, width, height, given, metric, spots, note, file, reference, grey, candidates },
    name: data.reference.name,
    decoded: decoder.decoded,
    colours: Object.fromEntries(
      Object.entries(data.colours).map(([use, { palette, colours }]) => [
        use,
        { palette, table: colourTable(bytesOf(colours)) },
      ]),
    ),
    ends: new Map(), // scales, by the map's form
    differences: new Map(),
  };
}
