// Values: numbers written into magnified pixels and cells, those that the readout says as well.
//
// A cell is {x, y, left, top, width, height, lines, shorter, colour}: the image pixel in its middle, its place on the
// panel, what is written or, where there is no room for that, what is shorter, and the colour that it is written on.

const VALUES_FROM = 31.5; // CSS pixels of an image pixel from which values are written: where the factor reads 32
const SMALLEST = 12; // CSS pixels of a letter's height
const LARGEST = 15;
const LINE = 0.8; // heights of a letter from one line to the next: digits have no descenders
const MARGIN = { width: 1.5, height: 1.5 }; // on each side

function showsValues(viewer, size) {
  return placement(viewer, size).scale >= VALUES_FROM;
}

/**
 * The cells of a grid that are seen, each cut to what is seen of it, with its row and column. The grid lies on a
 * rectangle of the image's pixels, which is all of them where none is given.
 */
function visibleCells(viewer, size, { rows, columns }, at = { left: 0, top: 0, ...sizeOf(viewer.scene) }) {
  const { scale, left, top } = placement(viewer, size);
  const along = (cells, pixels, offset, length) => {
    const side = (pixels * scale) / cells;
    const first = Math.max(0, Math.floor(-offset / side));
    const last = Math.min(cells - 1, Math.floor((length - offset - 1e-6) / side));
    return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => {
      const start = Math.max(0, offset + (first + i) * side);
      return { cell: first + i, start, extent: Math.min(length, offset + (first + i + 1) * side) - start };
    });
  };
  const across = along(columns, at.width, left + at.left * scale, size.width);
  return along(rows, at.height, top + at.top * scale, size.height).flatMap((down) =>
    across.map((over) => ({
      row: down.cell,
      column: over.cell,
      x: Math.floor((over.start + over.extent / 2 - left) / scale),
      y: Math.floor((down.start + down.extent / 2 - top) / scale),
      left: over.start,
      top: down.start,
      width: over.extent,
      height: down.extent,
    })),
  );
}

function sizeOf({ width, height }) {
  return { width, height };
}

/** Red, green and blue of a picture's own pixels, which lie on a rectangle of the image's. */
function pictureCells(viewer, size, { bitmap, pixels }, at) {
  const grid = { rows: bitmap.height, columns: bitmap.width };
  return visibleCells(viewer, size, grid, at).map((cell) => {
    const start = 4 * (cell.row * grid.columns + cell.column);
    const colour = Array.from(pixels.subarray(start, start + 3));
    return { ...cell, lines: colour.map(String), colour };
  });
}

/** A map's values, in its own cells; `drawn` is the plane whose colours are seen there. */
function mapCells(viewer, size, plane, { drawn = plane, table, start = 0, end }) {
  const { scene, display } = viewer;
  return visibleCells(viewer, size, plane).map((cell) => {
    const value = plane.values[cell.row * plane.columns + cell.column];
    const seen = valueAt(scene, drawn, cell);
    return {
      ...cell,
      holdsPixels: plane.columns < scene.width && display.overlay < 1,
      lines: [Number.isNaN(value) ? "–" : numberText(value, plane.step)],
      shorter: [Number.isNaN(value) ? "–" : shorterText(value, plane.step)],
      colour: overlaidColour(viewer, cell, seen, { table, start, end, overlay: display.overlay }),
    };
  });
}

/** Two significant digits, or one where these are far behind the point, for where there is no room for three. */
function shorterText(value, step) {
  const size = Math.abs(value);
  if (size > step / 2 && size < 0.01) return value.toExponential(0).replace("-", "−");
  const text = numberText(Number(value.toPrecision(2)), step);
  return text.includes(".") && !text.includes("e") ? text.replace(/0$/, "") : text;
}

/** The colour of a map's value over the grey photograph, as `paintPlane` and `drawMap` draw it. */
function overlaidColour({ scene }, { x, y }, value, { table, start, end, overlay }) {
  const at = 4 * (y * scene.width + x);
  const [red, green, blue] = scene.reference.pixels.subarray(at, at + 3);
  const grey = 0.299 * red + 0.587 * green + 0.114 * blue;
  const part = Math.min(Math.max((value - start) / (end - start), 0), 1);
  const index = Number.isNaN(value) ? null : Math.floor(part * 255 + 0.5);
  const word = index === null ? HATCH[0] : table[index];
  const [r, g, b] = new Uint8Array(Uint32Array.of(word).buffer);
  const amount = start < 0 ? Math.abs(2 * index - 255) / 255 : index / 255;
  const opacity = index === null ? overlay : overlay + (1 - overlay) * amount;
  return [r, g, b].map((channel) => opacity * channel + (1 - opacity) * grey);
}

/** Black or white, whichever stands out more from a colour (WCAG's relative luminance). */
function inkOn(colour) {
  const [red, green, blue] = colour.map((channel) => {
    const part = channel / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.179 ? "#000" : "#fff";
}

/** The size of letters with which texts of so many lines fit into cells; below SMALLEST they are not legible. */
function letterFor(context, font, cells, linesOf) {
  context.font = `500 100px ${font}`;
  const texts = new Set(cells.flatMap(linesOf));
  const widest = Math.max(...[...texts].map((text) => context.measureText(text).width)) / 100;
  const room = (side) => Math.max(...cells.map((cell) => cell[side])) - 2 * MARGIN[side];
  return Math.min(LARGEST, room("width") / widest, room("height") / (LINE * linesOf(cells[0]).length));
}

/** Write values into a panel's cells, all in one size, and remember what was written on the screen. */
function writeValues(viewer, panel, context, size, cells) {
  const font = getComputedStyle(viewer.root).getPropertyValue("--st-font") || "sans-serif";
  const forms = [({ lines }) => lines, ({ shorter, lines }) => shorter ?? lines];
  const linesOf = forms.find((form) => cells.length && letterFor(context, font, cells, form) >= SMALLEST);
  if (!linesOf) return;
  const letter = letterFor(context, font, cells, linesOf);
  const written = [];
  const { chip } = viewer.panels[panel];
  const isCovered = ({ left, top, width, height }) => {
    const [x, y] = [left + width / 2, top + height / 2];
    const below = chip && y < chip.offsetTop + chip.offsetHeight + height / 3;
    return below && x < chip.offsetLeft + chip.offsetWidth + width / 2;
  };
  context.save();
  context.font = `500 ${letter}px ${font}`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.lineWidth = 2.5;
  context.lineJoin = "round";
  for (const cell of cells) {
    const lines = linesOf(cell);
    const widest = Math.max(...lines.map((text) => context.measureText(text).width));
    const isCut = widest > cell.width || LINE * letter * lines.length > cell.height;
    if (isCut || isCovered(cell)) continue;
    const ink = inkOn(cell.colour);
    context.fillStyle = ink;
    context.strokeStyle = ink === "#000" ? "rgb(255 255 255 / 0.45)" : "rgb(0 0 0 / 0.45)";
    lines.forEach((text, i) => {
      const down = (i - (lines.length - 1) / 2) * LINE * letter;
      const place = [cell.left + cell.width / 2, cell.top + cell.height / 2 + down + 0.5];
      if (cell.holdsPixels) context.strokeText(text, ...place); // the photograph below is of several colours
      context.fillText(text, ...place);
    });
    written.push(`${cell.x},${cell.y}: ${lines.join(" ")}`);
  }
  context.restore();
  if (!size.isSaved) (viewer.written[panel] ??= []).push(...written);
}
