// Colour: planes of values become pictures.

/** 256 RGB triples -> 256 words of a canvas's RGBA. */
function colourTable(rgb) {
  const rgba = new Uint8ClampedArray(1024);
  for (let i = 0; i < 256; i++) rgba.set([rgb[3 * i], rgb[3 * i + 1], rgb[3 * i + 2], 255], 4 * i);
  return new Uint32Array(rgba.buffer);
}

// "No data" is a diagonal hatch of two greys, which the scale does not hold.
const HATCH = new Uint32Array(new Uint8ClampedArray([118, 118, 118, 255, 152, 152, 152, 255]).buffer);

/** Draw a plane on a canvas of its own size, one pixel a cell, on a scale from `start` to `end`. */
function paintPlane(canvas, plane, table, end, start = 0) {
  const { rows, columns, values } = plane;
  const image = new ImageData(columns, rows);
  const words = new Uint32Array(image.data.buffer);
  for (let i = 0; i < words.length; i++) {
    const value = values[i];
    words[i] = Number.isNaN(value)
      ? HATCH[((i % columns) + Math.floor(i / columns)) & 2 ? 1 : 0]
      : table[Math.floor(Math.min(Math.max((value - start) / (end - start), 0), 1) * 255 + 0.5)];
  }
  canvas.width = columns;
  canvas.height = rows;
  canvas.getContext("2d").putImageData(image, 0, 0);
}

/** The scale itself, largest value on top, on a canvas one pixel wide. */
function paintScale(canvas, table) {
  const image = new ImageData(1, 256);
  new Uint32Array(image.data.buffer).set(Array.from(table).reverse());
  canvas.getContext("2d").putImageData(image, 0, 0);
}
