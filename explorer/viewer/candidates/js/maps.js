// Maps: which one is shown, as a plane of every candidate, all on the reference.

/** The map that is shown: the one that was asked for, or the first there is. */
function shownMap({ scene, display }) {
  const isOfLayers = display.map === "combined" || display.map === "layer";
  if (isOfLayers && !scene.metric) return "one_minus_ssim";
  return display.map === "layer" && !layerNames(scene).length ? "combined" : display.map;
}

function layerNames({ candidates }) {
  return (candidates.find(({ layers }) => layers.length)?.layers ?? []).map(({ name }) => name);
}

function chosenLayer({ scene, display }) {
  const names = layerNames(scene);
  return names.includes(display.layer) ? display.layer : (names[0] ?? "");
}

/** Which map and layer, as one word. */
function formOf(viewer) {
  const map = shownMap(viewer);
  return map === "layer" ? `layer ${chosenLayer(viewer)}` : map;
}

/** A plane of a part of the reference as one of all of it, with no data beside that part. */
function embedded(plane, { left, top, width, height }, scene) {
  const { values } =
    plane.columns === width && plane.rows === height ? plane : onPixels([plane], height, width, areaWeights);
  const all = new Float32Array(scene.width * scene.height).fill(NaN);
  for (let row = 0; row < height; row++) {
    all.set(values.subarray(row * width, (row + 1) * width), (top + row) * scene.width + left);
  }
  return { rows: scene.height, columns: scene.width, step: plane.step, values: all };
}

/** A candidate's map on the reference: native cells, where all candidates cover all of it; null for none. */
function makePlane({ scene }, candidate, map, layer) {
  const { layers, layersAt, pixelsAt, shown } = candidate;
  const placed = (plane, at) => (isWhole(at, scene) ? plane : embedded(plane, at, scene));
  if (map === "combined" && layers.length) {
    const planes = layers.map(({ plane }) => plane);
    return placed(onPixels(planes, layersAt.height, layersAt.width, areaWeights), layersAt);
  }
  if (map === "layer") {
    const plane = layers.find(({ name }) => name === layer)?.plane;
    const isNative = scene.candidates.every((each) => isWhole(each.layersAt, scene));
    return plane ? (isNative ? plane : embedded(plane, layersAt, scene)) : null;
  }
  if (map === "one_minus_ssim" && candidate.dissimilarity) return placed(candidate.dissimilarity, pixelsAt);
  if (map === "squared_error" && shown) {
    const { squaredError } = candidate;
    if (squaredError) return placed(squaredError, pixelsAt);
    return differenceOf(scene.reference, shown, scene.height, scene.width);
  }
  return null;
}

/** The plane of the shown map for a candidate, made once. */
function planeOf(viewer, candidate) {
  const native = viewer.scene.candidates.every((each) => isWhole(each.layersAt, viewer.scene));
  const form = `${formOf(viewer)} ${native}`;
  if (!candidate.made.has(form)) {
    candidate.made.set(form, makePlane(viewer, candidate, shownMap(viewer), chosenLayer(viewer)));
  }
  return candidate.made.get(form);
}

/** {candidate, plane} of the candidates whose shown map is there, in order. */
function mapped(viewer) {
  return inOrder(viewer)
    .map((candidate) => ({ candidate, plane: planeOf(viewer, candidate) }))
    .filter(({ plane }) => plane);
}

/** A less B of the shown map: {first, second, plane}; null where there are no two. */
function difference(viewer) {
  const there = mapped(viewer);
  if (there.length < 2) return null;
  const named = (key) => there.find(({ candidate }) => candidate.key === key);
  const first = named(viewer.display.first) ?? there.findLast(({ candidate }) => candidate.key !== viewer.display.second);
  const second = named(viewer.display.second) ?? there.find((each) => each !== first);
  const { differences } = viewer.scene;
  const form = [formOf(viewer), first.candidate.key, second.candidate.key].join("\n");
  if (!differences.has(form)) {
    if (differences.size > 8) differences.clear(); // each is as large as a picture
    const [a, b] = [first.plane, second.plane];
    const values = new Float32Array(a.values.length);
    for (let i = 0; i < values.length; i++) values[i] = a.values[i] - b.values[i];
    differences.set(form, { rows: a.rows, columns: a.columns, step: Math.max(a.step, b.step), values });
  }
  return { first: first.candidate, second: second.candidate, plane: differences.get(form) };
}
