// Scales: one for the maps of all candidates, and one for the difference of two.

const PERCENTILE = 99.5; // a scale ends here, so that a few extreme cells do not darken the rest
const MANY = 1 << 18; // values of which a percentile is told from a part
const SAMPLE = 1 << 14; // values that tell which part

/** As numpy.percentile: linear between the two nearest of the values that are numbers. */
function percentileOf(values, percent) {
  const numbers = values.filter((value) => !Number.isNaN(value));
  if (!numbers.length) return 0;
  const place = (percent / 100) * (numbers.length - 1);
  const between = (sorted, at) => {
    const below = sorted[Math.floor(at)];
    return below + (at - Math.floor(at)) * (sorted[Math.min(Math.ceil(at), sorted.length - 1)] - below);
  };
  if (numbers.length > MANY) {
    // Most are too small to matter. A sample tells which; where it has told wrong, all are looked at.
    const step = Math.floor(numbers.length / SAMPLE);
    const sample = Float32Array.from({ length: SAMPLE }, (_, i) => numbers[i * step]).sort();
    const floor = sample[Math.floor(((2 * percent - 100) / 100) * (SAMPLE - 1))];
    const rest = numbers.filter((value) => value >= floor);
    const within = place - (numbers.length - rest.length);
    if (within >= 0) return between(rest.sort(), within);
  }
  return between(numbers.sort(), place);
}

/** Where the scale of planes ends; a map that is 0 everywhere still needs one. */
function endOf(planes) {
  const all = new Float32Array(planes.reduce((sum, { values }) => sum + values.length, 0));
  let at = 0;
  for (const { values } of planes) {
    all.set(values, at);
    at += values.length;
  }
  for (let i = 0; i < all.length; i++) all[i] = Math.abs(all[i]);
  let largest = 0;
  for (const value of all) if (value > largest) largest = value;
  return percentileOf(all, PERCENTILE) || largest || 1;
}

/** End of the one scale of all candidates' maps. */
function sharedEnd(viewer) {
  const { ends } = viewer.scene;
  const form = formOf(viewer);
  if (!ends.has(form)) ends.set(form, endOf(mapped(viewer).map(({ plane }) => plane)));
  return ends.get(form);
}

/** The one scale of all candidates' maps. */
function sharedScale(viewer) {
  return { ...viewer.scene.colours.amount, start: 0, end: sharedEnd(viewer) };
}

/** The difference's own scale, around 0. */
function differenceScale({ scene }, { plane }) {
  plane.end ??= endOf([plane]);
  return { ...scene.colours.difference, start: -plane.end, end: plane.end };
}

/** What lies beyond the shared scale: the part of all cells, and in whose maps ("all of it in JPEG"). */
function clippedText(viewer) {
  const end = sharedEnd(viewer);
  const beyond = mapped(viewer).map(({ candidate, plane }) => {
    const { count } = statisticsOf(plane);
    return { name: candidate.name, cells: clippedPart(plane, end) * count, count };
  });
  const cells = beyond.reduce((sum, each) => sum + each.cells, 0);
  if (!cells) return "nothing clipped";
  const share = percentText(cells / beyond.reduce((sum, { count }) => sum + count, 0));
  const most = beyond.reduce((best, each) => (each.cells > best.cells ? each : best));
  const part = most.cells / cells;
  const where = part > 0.999 ? `all of it in ${most.name}` : `${percentText(part)} of that in ${most.name}`;
  return `${share} clipped, ${where}`;
}
