// Scales: one for the maps of all candidates, and one for the difference of two.

const PERCENTILE = 99.5; // a scale ends here, so that a few extreme cells do not darken the rest
const BINS = 1 << 15; // of sizes: the upper half of a float32's bits, without the sign
const INFINITE = 0x7f800000; // bits of infinity; those of no number are above

/** The bits of a plane's values as float32 without the sign: they are in the order of the values' sizes. */
function sizesOf({ values }) {
  const sizes = new Uint32Array(new Float32Array(values).buffer);
  for (let i = 0; i < sizes.length; i++) sizes[i] &= 0x7fffffff;
  return sizes;
}

/** How many of a plane's numbers are of which size, by bins; counted once a plane. */
function countsOf(plane) {
  if (plane.counts) return plane.counts;
  plane.counts = new Uint32Array(BINS);
  for (const bits of sizesOf(plane)) if (bits <= INFINITE) plane.counts[bits >>> 16] += 1;
  return plane.counts;
}

/** As numpy.percentile of the absolute values of planes that are numbers: linear between the two nearest. */
function percentileOf(planes, percent) {
  const counts = new Uint32Array(BINS);
  for (const own of planes.map(countsOf)) for (let bin = 0; bin < BINS; bin++) counts[bin] += own[bin];
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (!total) return 0;
  const place = (percent / 100) * (total - 1);
  // Only the bins in which the two lie are looked into: sorting all values takes far longer.
  let [first, before] = [0, 0];
  while (before + counts[first] <= Math.floor(place)) before += counts[first++];
  let [last, within] = [first, before + counts[first]];
  while (within <= Math.ceil(place) && last + 1 < BINS) within += counts[++last];
  const near = new Uint32Array(within - before);
  let at = 0;
  for (const plane of planes) {
    for (const bits of sizesOf(plane)) {
      if (bits >>> 16 >= first && bits >>> 16 <= last && bits <= INFINITE) near[at++] = bits;
    }
  }
  const sorted = new Float32Array(near.sort().buffer);
  const below = sorted[Math.floor(place) - before];
  return below + (place % 1) * (sorted[Math.min(Math.ceil(place), total - 1) - before] - below);
}

/** Where the scale of planes ends; a map that is 0 everywhere still needs one. */
function endOf(planes) {
  return percentileOf(planes, PERCENTILE) || Math.max(0, ...planes.map(largestOf)) || 1;
}

/** The largest absolute value of a plane, as float32. */
function largestOf(plane) {
  let largest = 0;
  for (const bits of sizesOf(plane)) if (bits <= INFINITE && bits > largest) largest = bits;
  return new Float32Array(Uint32Array.of(largest).buffer)[0];
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
