// Layers: their distances stacked along the axis, whose top is the score.

function pointsOf({ data, display }) {
  return data.points.filter(({ sweep }) => sweep === display.sweep).sort((a, b) => a.place - b.place);
}

function paintLayers(viewer) {
  const { data, parts } = viewer;
  const svg = parts.layers;
  const size = emptied(svg);
  const totals = data.points.map(({ distances }) => distances.reduce((sum, own) => sum + own, 0));
  const most = Math.max(...totals, 0) || 1;
  const yOf = (amount) => TOP + (1 - amount / most) * (size.height - TOP - 1);
  gridLines(svg, size, [most, most / 2, 0].map(yOf));
  const points = pointsOf(viewer);
  const xs = points.map(({ place }) => xOf(viewer, place, size.width));
  let below = points.map(() => 0);
  data.layers.forEach((name, layer) => {
    const above = points.map(({ distances }, i) => below[i] + distances[layer]);
    const top = xs.map((x, i) => [x, yOf(above[i])]);
    const bottom = xs.map((x, i) => [x, yOf(below[i])]).reverse();
    const area = svgElement("path", { d: points.length ? `${pathThrough([...top, ...bottom])}Z` : "" });
    area.style.fill = data.layerColours[layer];
    area.append(svgElement("title", {}, name));
    svg.append(area);
    below = above;
  });
  svg.append(svgElement("path", { class: "curve m2", d: pathThrough(xs.map((x, i) => [x, yOf(below[i])])) }));
  svg.append(svgElement("text", { class: "word", x: 2, y: 11 }, numberText(Math.max(...totals, 0))));
  const last = points[points.length - 1];
  svg.setAttribute("aria-label", last ? `Layers’ distances, stacked: ${sharesText(data, last)}.` : "No layers yet.");
  paintPlayhead(viewer, svg);
}

function sharesText({ layers, steps }, { distances, place, score }) {
  return `at ${steps[place]} ${layers.map((name, i) => `${name} ${numberText(distances[i])}`).join(", ")}, score ${score}`;
}

/** The layers' names with their distances at the playhead. */
function paintLayersLegend(viewer) {
  const { data, parts, point } = viewer;
  const whose = data.labels.length > 1 ? ` of ${data.labels[viewer.display.sweep]}` : "";
  parts.layersTitle.textContent = `Layers’ distances${whose}, stacked: their top is the ${`${data.metric} score`.trim()}`;
  const entries = data.layers.map((name, i) => {
    const swatch = element("i");
    swatch.style.background = data.layerColours[i];
    const value = point ? ` ${numberText(point.distances[i])}` : "";
    return element("li", "layer", [swatch, element("span", "", `${name}${value}`)]);
  });
  parts.layersLegend.replaceChildren(...entries);
}
