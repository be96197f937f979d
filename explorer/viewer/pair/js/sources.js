// Sources: every map that can be drawn, under one face.
//
// A source is {kind, name, label, title, plane, ...}; kind is "combined", "layer" or "pixel".

function sourcesOf(data, layerPlanes, pixelPlanes) {
  const layers = data.layers.map((layer, i) => ({
    ...layer,
    kind: "layer",
    label: layer.name,
    title: `${data.shortMetric}, ${layer.name}`,
    plane: layerPlanes[i],
  }));
  const pixelMaps = data.pixelMaps.map((map, i) => ({
    ...map,
    kind: "pixel",
    title: map.label,
    plane: pixelPlanes[i],
  }));
  const included = layers.filter((layer) => layer.included).map((layer) => layer.plane);
  const all = included.length === layers.length;
  // Without layers there is nothing to combine: the metric has no map.
  const combined = layers.length > 0 && {
    kind: "combined",
    name: "combined",
    label: "Combined",
    title: `${data.shortMetric}, ${all ? "all" : `${included.length} of ${layers.length}`} layers`,
    measure: data.shortMetric,
    plane: onPixels(included, data.height, data.width, areaWeights),
    parts: included,
  };
  return { combined: combined || null, layers, pixelMaps };
}

/**
 * The chosen layer; where none was chosen, the one with the largest distance among those in the sum; null where
 * the scene has no layers.
 */
function chosenLayer({ scene, display }) {
  const { layers } = scene.sources;
  const named = layers.find((layer) => layer.name === display.layer);
  if (named) return named;
  if (!layers.length) return null;
  const candidates = layers.some((layer) => layer.included) ? layers.filter((layer) => layer.included) : layers;
  return candidates.reduce((best, layer) => (layer.distance > best.distance ? layer : best));
}

/** The source that the large map shows. */
function shownSource(viewer) {
  const { combined, pixelMaps } = viewer.scene.sources;
  const layer = viewer.display.map === "layer" ? chosenLayer(viewer) : null;
  return layer ?? pixelMaps.find((map) => map.name === viewer.display.map) ?? combined ?? pixelMaps[0];
}

/** End of the scale that a source is drawn on; a map that is zero everywhere still needs a scale. */
function scaleEnd({ scene, display }, source) {
  if (source.kind === "pixel") return source.maximum || 1;
  if (display.scale === "layer") return statisticsOf(source.plane).maximum || 1;
  if (display.scale === "fixed" && display.fixed) return display.fixed;
  return (source.kind === "combined" ? scene.combinedMaximum : scene.sharedMaximum) || 1;
}

/** In words, whose scale that is. */
function scaleText({ display }, source) {
  if (source.kind === "pixel") return "own scale";
  if (display.scale === "layer") return "scale of this map alone";
  if (display.scale === "fixed" && display.fixed) return "fixed scale";
  return source.kind === "combined" ? "own scale" : "scale of all layers";
}

/** A source as a coloured canvas: native cells, or the bilinear picture at the image's size. */
function colouredCanvas(viewer, source) {
  const { scene, display } = viewer;
  const end = scaleEnd(viewer, source);
  const smooth = display.cells === "smooth" && source.kind !== "pixel";
  const { overlay } = display;
  const form = `${smooth} ${end} ${overlay}`;
  if (source.coloured?.form !== form) {
    const planes = source.parts ?? [source.plane];
    if (smooth) source.smooth ??= onPixels(planes, scene.height, scene.width, bilinearWeights);
    source.coloured = { form, canvas: document.createElement("canvas") };
    paintPlane(source.coloured.canvas, smooth ? source.smooth : source.plane, scene.table, end, { overlay });
  }
  return source.coloured.canvas;
}

/** The plane whose cells are outlined under the pointer: the layer's own, the finest in the sum, or pixels. */
function outlinedPlane(viewer) {
  const source = shownSource(viewer);
  const planes = source.parts?.length ? source.parts : [source.plane];
  return planes.reduce((finest, plane) => (plane.columns > finest.columns ? plane : finest));
}
