// Scene: a gallery, decoded: photographs, maps with their planes, and the two colour scales.

async function decodeScene(data, previous) {
  const decoder = createDecoder(previous);
  const [photographs, planes] = await Promise.all([
    decodePhotographs(data, decoder, previous),
    Promise.all(data.maps.map(({ plane }) => plane && decoder.plane(plane))),
  ]);
  const scales = Object.fromEntries(
    Object.entries(data.scales).map(([name, scale]) => [
      name,
      { ...scale, name, table: colourTable(bytesOf(scale.colours)) },
    ]),
  );
  const { warning, note, file } = data;
  const maps = data.maps.map((map, i) => ({
    ...map,
    kind: planes[i] ? "map" : "message",
    panel: map.scale === "difference" ? "difference" : `map${i}`,
    plane: planes[i],
    scale: scales[map.scale],
  }));
  const photograph = (picture, title) => {
    return { kind: "picture", panel: picture, picture, title, caption: data[picture].name };
  };
  return {
    ...photographs,
    ...{ warning, note, file, scales },
    entries: [photograph("reference", "Reference"), photograph("distorted", "Distorted"), ...maps],
  };
}

/** The part of a map that lies beyond the ends of its scale, 0..1; computed once an entry. */
function beyondScale(entry) {
  entry.beyond ??= clippedPart(entry.plane, entry.scale.end, entry.scale.start);
  return entry.beyond;
}
