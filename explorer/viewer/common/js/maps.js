// Maps: planes laid on the image's pixels.

/**
 * For each pixel of a side, the first cell that its footprint touches and the weights of the cells from there.
 * Cell j covers [j * size / cells, (j + 1) * size / cells); a pixel weighs cells by overlap, so that the mean
 * over pixels is the mean over cells.
 */
function areaWeights(cells, size) {
  return Array.from({ length: size }, (_, pixel) => {
    const start = (pixel * cells) / size;
    const end = ((pixel + 1) * cells) / size;
    const first = Math.floor(start);
    const weights = [];
    for (let cell = first; cell < Math.min(cells, end); cell++) {
      weights.push((Math.min(end, cell + 1) - Math.max(start, cell)) / (end - start));
    }
    return { first, weights };
  });
}

/** Likewise for a bilinear picture, with the edge cells repeated (align_corners=False). */
function bilinearWeights(cells, size) {
  return Array.from({ length: size }, (_, pixel) => {
    const place = Math.min(Math.max(((pixel + 0.5) * cells) / size - 0.5, 0), cells - 1);
    const first = Math.min(Math.floor(place), Math.max(cells - 2, 0));
    return cells === 1 ? { first, weights: [1] } : { first, weights: [first + 1 - place, place - first] };
  });
}

/** Add a plane, laid on `rows` x `columns` pixels, to `sum`: first along x, then along y. */
function layOn(sum, plane, rows, columns, weightsOf) {
  const alongX = weightsOf(plane.columns, columns);
  const wide = new Float64Array(plane.rows * columns);
  for (let row = 0; row < plane.rows; row++) {
    for (let x = 0; x < columns; x++) {
      const { first, weights } = alongX[x];
      let value = 0;
      for (let k = 0; k < weights.length; k++) value += weights[k] * plane.values[row * plane.columns + first + k];
      wide[row * columns + x] = value;
    }
  }
  weightsOf(plane.rows, rows).forEach(({ first, weights }, y) => {
    weights.forEach((weight, k) => {
      const from = (first + k) * columns;
      for (let x = 0; x < columns; x++) sum[y * columns + x] += weight * wide[from + x];
    });
  });
}

/** The sum of planes on the image's pixels, as a plane. */
function onPixels(planes, rows, columns, weightsOf) {
  const values = new Float64Array(rows * columns);
  for (const plane of planes) layOn(values, plane, rows, columns, weightsOf);
  return { rows, columns, step: 0, values };
}

/** The cell of a grid of rows and columns that holds an image pixel's centre. */
function cellAt(scene, { rows, columns }, { x, y }) {
  return {
    row: Math.floor(((y + 0.5) * rows) / scene.height),
    column: Math.floor(((x + 0.5) * columns) / scene.width),
  };
}

/** The pixel as given in the middle of one of the pictures' pixels. */
function pixelAsGiven({ given, width, height }, { x, y }) {
  return { x: Math.floor(((x + 0.5) * given[0]) / width), y: Math.floor(((y + 0.5) * given[1]) / height) };
}

/** A plane's value at an image pixel. */
function valueAt(scene, plane, place) {
  const { row, column } = cellAt(scene, plane, place);
  return plane.values[row * plane.columns + column];
}

/** Mean, largest value and its place, over the cells that have data; computed once a plane. */
function statisticsOf(plane) {
  if (plane.statistics) return plane.statistics;
  let sum = 0;
  let count = 0;
  let maximum = -Infinity;
  let at = 0;
  const { values } = plane;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (Number.isNaN(value)) continue;
    sum += value;
    count += 1;
    if (value > maximum) {
      maximum = value;
      at = i;
    }
  }
  plane.statistics = count
    ? { count, mean: sum / count, maximum, row: Math.floor(at / plane.columns), column: at % plane.columns }
    : { count, mean: NaN, maximum: NaN, row: 0, column: 0 };
  return plane.statistics;
}

/** Part of a plane's cells that lie beyond the ends of a scale, 0..1. */
function clippedPart(plane, end, start = -Infinity) {
  let beyond = 0;
  const { values } = plane;
  for (let i = 0; i < values.length; i++) if (values[i] > end || values[i] < start) beyond += 1;
  return beyond / Math.max(1, statisticsOf(plane).count);
}
