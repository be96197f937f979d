// Colour: planes of values become pictures.

/** 256 RGB triples -> 256 words of a canvas's RGBA. */
function colourTable(rgb) {
  const rgba = new Uint8ClampedArray(1024);
  for (let i = 0; i < 256; i++) rgba.set([rgb[3 * i], rgb[3 * i + 1], rgb[3 * i + 2], 255], 4 * i);
  return new Uint32Array(rgba.buffer);
}

/**
 * A colour table as an overlay draws it: opaque where the map is largest, `overlay` where it is 0, so that the
 * photograph is seen where there is little to say and tints less the more there is. Around a neutral middle the
 * opacity rises to both ends. `overlaid` in render.py is the same for pictures in files.
 */
function overlaidTable(table, overlay, isDiverging) {
  const words = Uint32Array.from(table);
  const bytes = new Uint8ClampedArray(words.buffer); // which rounds
  for (let i = 0; i < 256; i++) {
    const amount = isDiverging ? Math.abs(2 * i - 255) / 255 : i / 255;
    bytes[4 * i + 3] = 255 * (overlay + (1 - overlay) * amount);
  }
  return words;
}

// "No data" is a diagonal hatch of two greys, which the scale does not hold.
const HATCH = new Uint32Array(new Uint8ClampedArray([118, 118, 118, 255, 152, 152, 152, 255]).buffer);

/** "No data" as opaque as the overlay is where the map is 0. */
function hatchAt(overlay) {
  const words = Uint32Array.from(HATCH);
  const bytes = new Uint8ClampedArray(words.buffer);
  bytes[3] = bytes[7] = 255 * overlay;
  return words;
}

/** Draw a plane on a canvas of its own size, one pixel a cell, on a scale from `start` to `end`. */
function paintPlane(canvas, plane, colours, end, { start = 0, overlay = 1 } = {}) {
  const { rows, columns, values } = plane;
  const image = new ImageData(columns, rows);
  const words = new Uint32Array(image.data.buffer);
  const table = overlaidTable(colours, overlay, start < 0);
  const hatch = hatchAt(overlay);
  for (let i = 0; i < words.length; i++) {
    const value = values[i];
    words[i] = Number.isNaN(value)
      ? hatch[((i % columns) + Math.floor(i / columns)) & 2 ? 1 : 0]
      : table[Math.floor(Math.min(Math.max((value - start) / (end - start), 0), 1) * 255 + 0.5)];
  }
  canvas.width = columns;
  canvas.height = rows;
  canvas.getContext("2d").putImageData(image, 0, 0);
}

const GREY = 128; // of the photograph that a colour bar stands on; OVERLAY_GREY in render.py

/**
 * A scale as its overlay looks on a mid grey: along a canvas of 256 × 1 from left to right, of 1 × 256 with the
 * largest value on top.
 */
function paintScale(canvas, colours, overlay, isDiverging = false) {
  const image = new ImageData(canvas.width, canvas.height);
  const words = overlaidTable(colours, overlay, isDiverging);
  new Uint32Array(image.data.buffer).set(canvas.width === 1 ? words.reverse() : words);
  const { data } = image;
  for (let at = 0; at < data.length; at += 4) {
    const opacity = data[at + 3] / 255;
    for (let i = at; i < at + 3; i++) data[i] = opacity * data[i] + (1 - opacity) * GREY;
    data[at + 3] = 255;
  }
  canvas.getContext("2d").putImageData(image, 0, 0);
}
