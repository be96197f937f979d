// Axes: a row for each metric on which every version has its place, lines that join the places of one.

const DOT = 10; // radius of a numbered dot, CSS pixels
const LEVEL = 19; // between dots that would lie on each other
const ROW = 38; // of a row without any such
const SIDES = { left: 150, right: 62 }; // for the names, and the words at the ends
const NARROW = 620; // CSS pixels below which the names stand above their rows

function drawn(tag, attributes = {}, content = []) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...[content].flat());
  return made;
}

const written = (text, x, y, attributes = {}) => drawn("text", { x, y, ...attributes }, text);

function drawAxes(root, state) {
  const { parts, data, column, ordered } = state;
  const width = parts.axes.clientWidth;
  if (!data || !width) return;
  const equal = ordered.filter(({ values }) => values[column].rank !== null);
  const rows = data.metrics.map((metric, index) => ({ metric, index })).filter(({ metric }) => metric.closest);
  const isThere = (key) => equal.some((tile) => tile.key === key);
  const named = isThere(state.pointed) ? [state.pointed] : [...data.opposed, state.display.picked].filter(isThere);
  const isMarked = (key) => named.includes(key);
  const form = JSON.stringify([width, rows, equal.map(({ key, values }) => [key, values]), named, column]);
  if (parts.axes.dataset.form === form) return;
  parts.axes.dataset.form = form;
  if (equal.length < 2 || !rows.length) return parts.axes.replaceChildren();
  const isNarrow = width < NARROW;
  const left = isNarrow ? DOT + 2 : SIDES.left;
  const room = width - left - (isNarrow ? DOT + 2 : SIDES.right);
  const across = (place) => left + place * room;
  let top = 22;
  const dots = new Map(equal.map(({ key }) => [key, []])); // key -> its places, row by row
  const [ground, front] = [drawn("g"), drawn("g")];
  for (const { metric, index } of rows) {
    top += isNarrow ? 36 : 0;
    const base = top + DOT;
    ground.append(...axisOf(metric, { base, left, room, width, isNarrow }));
    let deepest = 0;
    if (metric.held) front.append(...together(metric, equal.length, across(middleOf(equal, index)), base));
    else deepest = placed(equal, index, across, base, dots, isMarked);
    top = base + DOT + deepest * LEVEL + (ROW - 2 * DOT);
  }
  const marked = equal.toSorted((a, b) => isMarked(a.key) - isMarked(b.key)); // these above the others
  for (const tile of marked) ground.append(lineOf(dots.get(tile.key), isMarked(tile.key)));
  for (const tile of marked) front.append(...dotsOf(state, tile, dots.get(tile.key), column, isMarked(tile.key), across(1)));
  const picture = drawn("svg", { width, height: top - 8, viewBox: `0 0 ${width} ${top - 8}`, role: "img", "aria-label": data.orders[data.metrics[column].key] });
  const ends = { class: "quiet", "aria-hidden": "true" };
  picture.append(written("← closer", left, 12, ends), written("farther →", left + room, 12, { ...ends, "text-anchor": "end" }), ground, front);
  parts.axes.replaceChildren(picture);
}

function middleOf(tiles, index) {
  const places = tiles.map(({ values }) => values[index].place).sort((a, b) => a - b);
  return places[places.length >> 1];
}

/** The row's line, its name, and its ends. */
function axisOf({ label, held, closest, farthest }, { base, left, room, width, isNarrow }) {
  const line = drawn("line", { x1: left, x2: left + room, y1: base, y2: base, class: "axis" });
  if (isNarrow) {
    const name = written(label, 0, base - 30, { class: "label" });
    const ends = written(`${closest} to ${farthest}${held ? ", held" : ""}`, width, base - 30, { class: "quiet", "text-anchor": "end" });
    return [line, name, ends];
  }
  const name = drawn("text", { x: 0, y: base + 4 }, [
    drawn("tspan", { class: "label" }, label),
    ...(held ? [drawn("tspan", { class: "quiet", dx: 8 }, "held")] : []),
  ]);
  return [
    line,
    name,
    written(closest, left - DOT - 8, base + 4, { class: "quiet", "text-anchor": "end" }),
    written(farthest, left + room + DOT + 8, base + 4, { class: "quiet" }),
  ];
}

/** One mark for all, where they are equal. */
function together({ held }, count, x, base) {
  const half = 30;
  return [
    drawn("rect", { x: x - half, y: base - DOT, width: 2 * half, height: 2 * DOT, rx: DOT, class: "dot" }),
    written(`1 – ${count}`, x, base + 4, { class: "digits", "text-anchor": "middle" }),
    written(held, x, base - DOT - 6, { class: "label", "text-anchor": "middle" }),
  ];
}

/**
 * Give every version its dot in a row, those that would lie on each other below each other; returns how deep. Those that
 * have their names at them come first, and so lie on the row itself, where there is room for a name.
 */
function placed(tiles, index, across, base, dots, isNamed) {
  const levels = []; // the places that are taken on each
  const there = tiles.filter(({ values }) => values[index].place !== null);
  const inOrder = there.toSorted((a, b) => isNamed(b.key) - isNamed(a.key) || a.values[index].place - b.values[index].place);
  for (const { key, values } of inOrder) {
    const x = across(values[index].place);
    const free = levels.findIndex((taken) => taken.every((other) => Math.abs(x - other) >= 2 * DOT));
    const level = free < 0 ? levels.push([]) - 1 : free;
    levels[level].push(x);
    dots.get(key).push({ x, y: base + level * LEVEL, level });
  }
  return Math.max(0, levels.length - 1);
}

function lineOf(places, isMarked) {
  const points = places.map(({ x, y }) => `${x.toFixed(1)},${y}`).join(" ");
  return drawn("polyline", { points, class: isMarked ? "join marked" : "join" });
}

/** A version's numbered dots; one that is marked has its name at the first of them. */
function dotsOf(state, { key, name, values }, places, column, isMarked, right) {
  const made = places.map(({ x, y }) => {
    const dot = drawn("g", { class: isMarked ? "point marked" : "point", "data-key": key }, [
      drawn("circle", { cx: x, cy: y, r: DOT, class: "dot" }),
      written(String(values[column].rank), x, y + 4, { class: "digits", "text-anchor": "middle" }),
      drawn("title", {}, name),
    ]);
    dot.addEventListener("click", () => state.change({ picked: key }));
    return dot;
  });
  if (isMarked && places.length) made.push(nameAt(name, places, right));
  return made;
}

/** Above the first dot that has none above it; where there is none, beside the first. */
function nameAt(name, places, right) {
  const free = places.find(({ level }) => level === 0);
  const { x, y } = free ?? places[0];
  const isLast = x > right - 60;
  if (!free) return written(name, x + (isLast ? -1 : 1) * (DOT + 4), y + 4, { class: "name", "text-anchor": isLast ? "end" : "start" });
  return written(name, isLast ? x + DOT : x, y - DOT - 6, { class: "name", "text-anchor": isLast ? "end" : "middle" });
}
