// Scene: a measured pair, decoded: photographs, the maps as sources, the numbers.

async function decodeScene(data, previous) {
  const decoder = createDecoder(previous);
  const plane = (entry) => decoder.plane(entry.plane);
  const sent = (entry) => entry.plane.kind !== "difference";
  const [photographs, layerPlanes, sentPlanes] = await Promise.all([
    decodePhotographs(data, decoder, previous),
    Promise.all(data.layers.map(plane)),
    Promise.all(data.pixelMaps.map((entry) => (sent(entry) ? plane(entry) : null))),
  ]);
  const { width, height, score, sharedMaximum, combinedMaximum, given, mostBoxes, spots, fields } = data;
  const { note, hint, file } = data;
  const { reference, distorted, names } = photographs;
  const pixelPlanes = sentPlanes.map((known) => known ?? differenceOf(reference, distorted, height, width));
  return {
    ...photographs,
    names: { ...names, metric: data.metric },
    ...{ score, sharedMaximum, combinedMaximum, given, mostBoxes, spots, fields },
    ...{ note, hint, file },
    palette: data.palette,
    table: colourTable(bytesOf(data.colours)),
    sources: sourcesOf(data, layerPlanes, pixelPlanes),
  };
}
