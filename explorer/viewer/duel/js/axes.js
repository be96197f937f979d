// Axes: where values and steps lie on the chart, and which of them are written at its edges.

const EDGE = { top: 10, bottom: 22, left: 46 }; // CSS pixels around the curves; on the right, names and values
const TICKS = 4; // about so many

/** 1, 2 or 5 times a power of 10: the step with which an extent is cut into about so many. */
function niceStep(extent, count) {
  const raw = extent / count;
  const power = 10 ** Math.floor(Math.log10(raw));
  return power * ([1, 2, 5].find((factor) => factor * power >= raw * 0.999) ?? 10);
}

function multiplesWithin(low, high, step) {
  const first = Math.ceil(low / step - 1e-9);
  const count = Math.floor(high / step + 1e-9) - first + 1;
  return Array.from({ length: Math.max(0, count) }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}

const LADDERS = [[1], [1, 2, 5], [1, 1.5, 2, 3, 4, 5, 7]]; // times powers of 10: where fewer would be too few

/** The steps of a ladder in a range. */
function rungs(low, high, factors) {
  const found = [];
  for (let power = Math.floor(Math.log10(low)); power <= Math.ceil(Math.log10(high)); power++) {
    found.push(...factors.map((factor) => Number((factor * 10 ** power).toPrecision(3))));
  }
  return found.filter((value) => value >= 0.999 * low && value <= 1.001 * high);
}

/**
 * The axis of values: {isLogarithmic, ticks, at}, where at(value) is 0 at the bottom and 1 on top, null for no value.
 * Logarithmic only as far as all values are above 0.
 */
function valueAxis(values, wantsLogarithm) {
  const isLogarithmic = wantsLogarithm && values.every((value) => value > 0);
  const onto = isLogarithmic ? Math.log10 : (value) => value;
  let [low, high] = [Math.min(...values), Math.max(...values)];
  const spread = onto(high) - onto(low) || Math.abs(onto(high)) || 1;
  if (isLogarithmic) [low, high] = [low * 10 ** (-0.05 * spread), high * 10 ** (0.05 * spread)];
  else [low, high] = [low >= 0 && low < 0.5 * high ? 0 : low - 0.06 * spread, high + 0.06 * spread];
  let ticks;
  if (isLogarithmic) {
    const ladder = LADDERS.find((factors) => rungs(low, high, factors).length >= 3) ?? LADDERS.at(-1);
    low = rungBelow(low, ladder); // the bottom has a value
    ticks = rungs(low, high, ladder);
  } else {
    const step = niceStep(high - low, TICKS);
    low = step * Math.floor(low / step + 1e-9);
    ticks = multiplesWithin(low, high, step);
  }
  const [start, length] = [onto(low), onto(high) - onto(low)];
  return { isLogarithmic, ticks, at: (value) => (value === null ? null : (onto(value) - start) / length) };
}

/** The rung below a value; of powers of 10 alone the value itself, since too much room would be empty. */
function rungBelow(low, ladder) {
  if (ladder.length === 1) return low;
  const power = 10 ** Math.floor(Math.log10(low));
  return power * ladder.findLast((factor) => factor * power <= low * 1.001);
}

/** The steps that are written below: "start", some in between, and the last one. */
function stepTicks(last) {
  const step = Math.max(1, niceStep(last, 5));
  const between = multiplesWithin(step, last - 0.6 * step, step);
  return [0, ...between, last];
}

/** Push what would overlap apart, and keep it between two ends: tops in the order in which they were given. */
function pushedApart(tops, height, low, high) {
  const order = tops.map((_, i) => i).sort((a, b) => tops[a] - tops[b]);
  const placed = [...tops];
  let free = low;
  for (const i of order) free = (placed[i] = Math.max(placed[i], free)) + height;
  free = high;
  for (const i of order.reverse()) free = placed[i] = Math.min(placed[i], free - height);
  return placed;
}
