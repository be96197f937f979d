// Course: one metric of all tiles, step by step, under a playhead; it plays the steps whose pictures were kept.

const SHORTLY = 160; // milliseconds that a step is seen when it plays
const LETTERS = 7.4; // CSS pixels of a letter in ordinary type, about
const LINE_HEIGHT = 15; // and of a line of words
const BETWEEN = 5; // CSS pixels between the words of two curves
const SAMPLED = 20; // and of a piece of a line that tells one from others of its tone
const DASHES = ["", "7 4", "2 3", "9 3 2 3"]; // of curves of one tone

/** The chart's geometry: what is on it, and where. */
function chartOf(viewer) {
  const { data, parts } = viewer;
  const metric = data.metrics.find(({ key }) => key === curveShown(viewer));
  const curves = data.curves.filter((curve) => curve.metric === metric?.key && tileOf(viewer, curve.tile));
  const known = curves.flatMap(({ values }) => values.filter((value) => value !== null));
  const last = data.over ? Math.max(1, ...stopsOf(data)) : Math.max(data.steps, 1, ...curves.flatMap(({ steps }) => steps.at(-1) ?? 0));
  const dashes = dashesOf(viewer, curves);
  const sample = dashes.some(Boolean) ? SAMPLED : 0;
  const axis = valueAxis(known.length ? known : [0, 1], metric?.logarithmic);
  const box = emptied(parts.chart);
  const height = box.height - EDGE.top - EDGE.bottom;
  const names = Math.max(3, ...curves.map(({ tile }) => shortName(data, tileOf(viewer, tile).label).length));
  const numbers = Math.max(6, ...curves.map(({ texts }) => texts.at(-1)?.length ?? 0));
  const [letter, line] = [LETTERS * viewer.type, LINE_HEIGHT * viewer.type];
  const ends = curves.flatMap(({ values }) => (values.at(-1) == null ? [] : (1 - axis.at(values.at(-1))) * height));
  const isTall = areApart(ends, 2 * line + BETWEEN) && !sample; // names stand above their values, or beside them
  const count = `${last} of ${last}`.length; // of the line below
  const right = 18 + sample + letter * Math.max(count, isTall ? Math.max(names, numbers) : names + 1 + numbers);
  const width = Math.max(60, box.width - EDGE.left - right);
  return {
    ...{ metric, curves, last, right, box, width, height, isTall, letter, line, dashes, sample, axis },
    beside: isTall ? 0 : letter * (names + 1),
    x: (step) => EDGE.left + Math.min(1, step / last) * width,
  };
}

/** Whether all are so far from each other. */
function areApart(places, least) {
  const sorted = [...places].sort((a, b) => a - b);
  return sorted.every((place, i) => i === 0 || place - sorted[i - 1] >= least);
}

/** How each curve is dashed: the second and further ones of a tone. */
function dashesOf(viewer, curves) {
  const tones = curves.map(({ tile }) => tileOf(viewer, tile).tone);
  return tones.map((tone, i) => DASHES[tones.slice(0, i).filter((other) => other === tone).length % DASHES.length]);
}

/** The metric whose curves are seen, by its key: at first that of the first curve. */
function curveShown({ data, display }) {
  const isThere = data.curves.some(({ metric }) => metric === display.curve);
  return isThere ? display.curve : data.curves[0]?.metric;
}

function paintCourse(viewer) {
  const { data, parts } = viewer;
  parts.course.hidden = !data.curves.length;
  parts.lower.classList.toggle("still", !data.curves.length);
  if (!data.curves.length) return;
  const chart = (viewer.chart = chartOf(viewer));
  chart.y = (value) => EDGE.top + (1 - chart.axis.at(value)) * chart.height;
  parts.course.style.setProperty("--left", `${EDGE.left}px`);
  parts.course.style.setProperty("--right", `${chart.right}px`);
  const there = data.metrics.filter(({ key }) => data.curves.some(({ metric }) => metric === key));
  parts.courseTitle.textContent = `${shortAmong(there, chart.metric.label)}, ${data.course[0]}`;
  parts.courseTitle.title = chart.metric.label;
  const choices = there.map(({ key, label }) => ({ key, label: shortAmong(there, label) }));
  fillChoices(parts.curves, choices, chart.metric.key, (key) => viewer.change({ curve: key }));
  fitNote(parts.courseNote, [chart.axis.isLogarithmic ? "log scale" : "", data.course[1]].filter(Boolean));
  paintAxes(parts.chart, chart);
  for (const [place, curve] of chart.curves.entries()) {
    const { tone } = tileOf(viewer, curve.tile);
    const points = curve.steps.map((step, i) => [chart.x(step), curve.values[i] === null ? null : chart.y(curve.values[i])]);
    parts.chart.append(svgElement("path", { class: `curve ${tone}`, d: pathThrough(points), "stroke-dasharray": chart.dashes[place] }));
  }
  parts.chart.setAttribute("aria-label", courseText(viewer, chart));
  paintEarly(viewer, chart);
  paintHead(viewer);
}

/** Beside the heading as many of some words as there is room for: the chart begins where the maps do. */
function fitNote(note, words) {
  note.title = words.join(" · ");
  for (let count = words.length; count >= 0; count--) {
    note.textContent = words.slice(0, count).join(" · ");
    if (note.scrollWidth <= note.clientWidth + 1) return;
  }
}

function paintAxes(svg, { axis, box, width, last, x, y, height, line }) {
  let below = Infinity; // where the last value is written; those that would meet it are left out
  for (const value of axis.ticks) {
    if (below - y(value) < line) continue;
    below = y(value);
    svg.append(
      svgElement("line", { class: "grid", x1: EDGE.left, x2: EDGE.left + width, y1: y(value), y2: y(value) }),
      svgElement("text", { class: "tick", x: EDGE.left - 8, y: y(value) + 4, "text-anchor": "end" }, value === 0 ? "0" : endText(value)),
    );
  }
  const base = EDGE.top + height;
  svg.append(svgElement("line", { class: "grid", x1: EDGE.left, x2: EDGE.left + width, y1: base, y2: base }));
  for (const step of stepTicks(last)) {
    const word = step === 0 ? "start" : String(step);
    svg.append(svgElement("text", { class: "tick", x: x(step), y: box.height - 5, "text-anchor": "middle" }, word));
  }
}

/** How far all had come after an eighth of the steps: most happens early. Of curves that know every step. */
function paintEarly(viewer, chart) {
  const { curves, x, y, height, last } = chart;
  chart.early = [];
  const step = Math.round(last / 8);
  const come = curves.map((curve) => ({ curve, i: curve.steps.indexOf(step) })).filter(({ curve, i }) => i >= 0 && curve.values[i] !== null);
  if (viewer.data.running || step < 4 || curves.length > 2 || come.length < curves.length) return;
  if (curves.some(({ steps }) => steps.length <= steps.at(-1))) return;
  const svg = viewer.parts.chart;
  const place = x(step);
  svg.append(svgElement("line", { class: "early", x1: place, x2: place, y1: EDGE.top, y2: EDGE.top + height }));
  for (const { curve, i } of come) {
    svg.append(svgElement("circle", { class: `dot ${tileOf(viewer, curve.tile).tone}`, cx: place, cy: y(curve.values[i]), r: 3 }));
  }
  paintEarlyWords(viewer, chart, come, step);
}

/** What the dots say, each beside its own; one that would meet another's is left out. */
function paintEarlyWords(viewer, chart, come, step) {
  const { letter, line, x, y } = chart;
  const places = [];
  for (const { curve, i } of come) {
    const at = y(curve.values[i]);
    const base = at < EDGE.top + 2 * line ? at + 0.4 * line + 11 : at - 7;
    if (places.some((other) => Math.abs(other - base) < line + 2)) continue;
    places.push(base);
    const text = `${curve.texts[i]} after ${step} steps`;
    const made = svgElement("text", { class: "word", x: x(step) + 8, y: base }, text);
    chart.early.push({ made, from: x(step) + 4, to: x(step) + 12 + letter * text.length });
    viewer.parts.chart.append(made);
  }
}

/** A curve's last point up to a step: its place, or −1. */
function pointUpTo({ steps }, step) {
  return steps.findLastIndex((own) => own <= step);
}

/** A curve's value at a place in words; of a picture that is seen, what was measured of it as it is rounded. */
function textAt(viewer, { metric, tile, steps, texts }, i) {
  const frame = frameAt(viewer, tileOf(viewer, tile));
  const row = viewer.data.metrics.findIndex(({ key }) => key === metric);
  return (frame.step === steps[i] && frame.values[row]) || texts[i];
}

/** The playhead: its line, a dot on each curve, and beside these their names and values. */
function paintHead(viewer) {
  const { data, parts, chart, at } = viewer;
  if (!data.curves.length) return;
  parts.chart.querySelector(".head")?.remove();
  const { curves, x, y, width, height, isTall, line, beside, dashes, sample, early } = chart;
  const place = x(at);
  for (const { made, from, to } of early) made.toggleAttribute("hidden", place > from && place < to); // no line through words
  const head = svgElement("g", { class: "head" }, svgElement("line", { class: "playhead", x1: place, x2: place, y1: EDGE.top - 4, y2: EDGE.top + height }));
  const seen = curves.map((curve) => ({ curve, i: pointUpTo(curve, at) })).filter(({ curve, i }) => i >= 0 && curve.values[i] !== null);
  const rows = line * (isTall ? 2 : 1);
  const each = Math.min(rows + BETWEEN, Math.max(rows, (height + 12) / seen.length));
  const tops = pushedApart(seen.map(({ curve, i }) => y(curve.values[i]) - each / 2), each, EDGE.top - 6, EDGE.top + height + 6);
  seen.forEach(({ curve, i }, k) => {
    const { tone, label } = tileOf(viewer, curve.tile);
    const name = shortName(data, label);
    const left = EDGE.left + width + 12;
    if (isMade(viewer, tileOf(viewer, curve.tile))) head.append(svgElement("circle", { class: `dot ${tone}`, cx: x(curve.steps[i]), cy: y(curve.values[i]), r: 4.5 }));
    const middle = tops[k] + 0.5 * line;
    const dash = dashes[curves.indexOf(curve)];
    if (sample) head.append(svgElement("path", { class: `curve ${tone}`, d: `M${left} ${middle}h${sample - 5}`, "stroke-dasharray": dash }));
    head.append(
      svgElement("text", { class: `name ${tone}`, x: left + sample, y: tops[k] + 0.8 * line }, name),
      svgElement("text", { class: `value ${tone}`, x: left + sample + beside, y: tops[k] + (isTall ? 1.8 : 0.8) * line }, textAt(viewer, curve, i)),
    );
  });
  parts.chart.append(head);
  paintScrubber(viewer, seen);
}

function paintScrubber(viewer, seen) {
  const { data, parts, chart, at, stops, playing } = viewer;
  const steps = data.over ? chart.last : data.steps;
  parts.playhead.max = chart.last;
  parts.playhead.value = at;
  parts.playhead.disabled = parts.play.disabled = data.running || stops.length < 2;
  const isThinned = data.tiles.some(({ frames, kept }) => frames.length < kept);
  parts.playhead.title = isThinned ? "Pictures are large: some of those that were kept stay where they were made" : "";
  const values = seen.map(({ curve, i }) => `${tileOf(viewer, curve.tile).label} ${textAt(viewer, curve, i)}`);
  parts.playhead.setAttribute("aria-valuetext", `Step ${at} of ${steps}: ${values.join(", ")}`);
  parts.at.textContent = `${at} of ${steps}`;
  parts.play.ariaLabel = parts.play.title = playing ? "Stop" : "Play all steps";
  parts.play.querySelector("path").setAttribute("d", playing ? "M4 3h3v10H4zM9 3h3v10H9z" : "M4 2.5v11l9-5.5z");
}

/** All curves in words: where they begin and end. */
function courseText(viewer, { metric, curves }) {
  const said = curves.map(({ tile, steps, texts }) => `${tileOf(viewer, tile).label} from ${texts[0]} to ${texts.at(-1)} at step ${steps.at(-1)}`);
  return `${metric.label} over the steps: ${said.join("; ")}.`;
}

/** Every kept step for a moment, from the start where the playhead is at the end. */
function play(viewer) {
  const { stops } = viewer;
  const next = () => {
    const step = viewer.stops.find((stop) => stop > viewer.at);
    if (step === undefined) return stopPlaying(viewer);
    viewer.change({ at: step === viewer.stops.at(-1) ? null : step });
    viewer.playing = setTimeout(next, SHORTLY);
  };
  viewer.playing = setTimeout(next, SHORTLY);
  viewer.change({ at: viewer.at >= stops.at(-1) ? stops[0] : viewer.at });
  paintHead(viewer);
}

function stopPlaying(viewer) {
  clearTimeout(viewer.playing);
  viewer.playing = 0;
  paintHead(viewer);
}

/** Raw values of all curves at the step below the pointer. */
function paintHover(viewer, event) {
  const { data, parts, chart } = viewer;
  const box = parts.chart.getBoundingClientRect();
  const step = stepAt(viewer, event.clientX);
  const list = element("dl");
  for (const curve of chart.curves) {
    const i = pointUpTo(curve, step);
    if (i >= 0) list.append(element("dt", "", shortName(data, tileOf(viewer, curve.tile).label)), element("dd", "", curve.texts[i]));
  }
  parts.hover.replaceChildren(element("b", "", step ? `step ${step}` : "start"), list);
  parts.hover.hidden = event.pointerType === "touch" || step > Math.max(...chart.curves.map(({ steps }) => steps.at(-1)));
  const frame = parts.course.getBoundingClientRect();
  const x = box.left - frame.left + chart.x(step);
  const width = parts.hover.offsetWidth;
  const left = x + 14 + width > frame.width ? x - 14 - width : x + 14;
  parts.hover.style.transform = `translate(${Math.max(0, left)}px, ${box.top - frame.top + 26}px)`;
}

/** The step below a place of the window. */
function stepAt({ chart, parts }, clientX) {
  const { left } = parts.chart.getBoundingClientRect();
  const part = (clientX - left - EDGE.left) / chart.width;
  return Math.round(Math.min(1, Math.max(0, part)) * chart.last);
}
