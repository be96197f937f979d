// Curves: every metric on a scale of its own, closest at the bottom, with what is worth a word.

const TOP = 16; // pixels above the farthest, for words
const BOTTOM = 8;
const SIGNS = { turns: "M0 -6L6 5L-6 5Z", saturates: "M0 -6L6 0L0 6L-6 0Z" };
const LABEL = { width: 84, height: 14 }; // about what a mark's word takes

function metricsOf({ data }) {
  return [...new Set(data.lines.map(({ metric }) => metric))];
}

function paintCurves(viewer) {
  const { data, parts } = viewer;
  const svg = parts.curves;
  const size = emptied(svg);
  const yOf = (height) => (height === null ? null : TOP + (1 - height) * (size.height - TOP - BOTTOM));
  gridLines(svg, size, [1, 0.75, 0.5, 0.25, 0].map(yOf));
  const metrics = metricsOf(viewer);
  const placed = [];
  const marked = [];
  for (const line of data.lines) {
    const name = `m${metrics.indexOf(line.metric) % 3}${line.sweep ? " second" : ""}`;
    const xs = line.places.map((place) => xOf(viewer, place, size.width));
    if (line.lowest.length) svg.append(svgElement("path", { class: `band ${name}`, d: bandPath(xs, line, yOf) }));
    const points = xs.map((x, i) => [x, yOf(line.heights[i])]);
    svg.append(svgElement("path", { class: `curve ${name}`, d: pathThrough(points) }));
    for (const [x, y] of points) {
      if (y !== null) svg.append(svgElement("circle", { class: `dot ${name}`, cx: x, cy: y, r: 2.2 }));
    }
    marked.push(...line.marks.map((mark) => [line, mark, points, name]));
  }
  for (const [line, mark, points, name] of marked) paintMark(svg, size, line, mark, points, name, placed); // above all
  svg.setAttribute("aria-label", curvesText(data));
  paintPlayhead(viewer, svg);
}

function bandPath(xs, { lowest, highest }, yOf) {
  const there = xs.map((x, i) => [x, yOf(lowest[i]), yOf(highest[i])]).filter(([, low]) => low !== null);
  const around = [...there.map(([x, , high]) => [x, high]), ...there.reverse().map(([x, low]) => [x, low])];
  return around.length ? `${pathThrough(around)}Z` : "";
}

/** A sign where a curve turns or saturates, and its word beside it, where no other word stands. */
function paintMark(svg, size, line, mark, points, name, placed) {
  const at = points[line.places.indexOf(mark.place)];
  if (!at || at[1] === null) return;
  const [x, y] = at;
  const sign = svgElement("path", { class: `mark ${name}`, d: SIGNS[mark.kind], transform: `translate(${x} ${y})` });
  sign.append(svgElement("title", {}, mark.words));
  const isLeft = x > size.width - LABEL.width - 10;
  const left = isLeft ? x - 10 - LABEL.width : x + 10;
  let base = Math.max(12, y - 6);
  const hits = (other) => Math.abs(other.left - left) < LABEL.width && Math.abs(other.base - base) < LABEL.height;
  while (placed.some(hits) && base < size.height - 4) base += LABEL.height;
  placed.push({ left, base });
  const attributes = { class: `word ${name}`, x: isLeft ? x - 10 : x + 10, y: base };
  svg.append(sign, svgElement("text", { ...attributes, "text-anchor": isLeft ? "end" : "start" }, mark.kind));
}

/** All curves in words: their ends and what is marked. */
function curvesText({ lines, labels, axis }) {
  const said = lines.map((line) => {
    const whose = labels.length > 1 ? ` of ${labels[line.sweep]}` : "";
    const first = line.texts[0] ?? "–";
    const last = line.texts[line.texts.length - 1] ?? "–";
    return `${line.metric}${whose} from ${first} to ${last}`;
  });
  const marks = lines.flatMap(({ marks: own }) => own.map(({ words }) => words));
  return `Curves over ${axis}: ${[...said, ...marks].join("; ")}.`;
}

function paintLegend(viewer) {
  const { data, parts } = viewer;
  const metrics = metricsOf(viewer);
  const entries = metrics.map((metric, i) => {
    const line = data.lines.find((own) => own.metric === metric);
    const turned = line.turned ? ", turned: higher is closer" : ", lower is closer";
    const text = `${line.closest} to ${line.farthest}${turned}`;
    return element("li", `m${i % 3}`, [element("i"), element("b", "", metric), element("span", "", ` ${text}`)]);
  });
  const isBand = data.lines.some(({ lowest }) => lowest.length);
  const labels = data.labels.length > 1 ? data.labels : [];
  const whose = labels.map((label, i) => element("li", i ? "second" : "", [element("i"), element("span", "", label)]));
  if (isBand) whose.push(element("li", "of-band", [element("i"), element("span", "", data.band)]));
  parts.whose.replaceChildren(...whose);
  parts.legend.replaceChildren(...entries);
}
