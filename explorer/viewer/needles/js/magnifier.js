// The magnifier: one place of all pictures, pixel by pixel, and a line through its middle as a curve.

const SVG = "http://www.w3.org/2000/svg";
const LENS = 24; // pixels a side
const LUMA = [0.299, 0.587, 0.114];

function lensElement() {
  const canvas = element("canvas", "", [], { role: "img" });
  const curves = ["of-reference", "of-version"].map((name) => {
    const curve = document.createElementNS(SVG, "polyline");
    curve.setAttribute("class", name);
    return curve;
  });
  const drawing = document.createElementNS(SVG, "svg");
  drawing.setAttribute("preserveAspectRatio", "none");
  drawing.setAttribute("aria-hidden", "true");
  drawing.append(...curves);
  return { box: element("div", "lens", [canvas, drawing]), canvas, drawing, curves };
}

/** What the lens sees of a picture: drawn on a canvas, and the luma of the row in its middle. */
function lookInto(bitmap, { left, top, size }, canvas) {
  Object.assign(canvas, { width: size, height: size });
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.drawImage(bitmap, left, top, size, size, 0, 0, size, size);
  const { data } = context.getImageData(0, Math.floor(size / 2), size, 1);
  return Array.from({ length: size }, (_, i) => LUMA.reduce((sum, weight, c) => sum + weight * data[4 * i + c], 0));
}

/** Where the lens lies: about the place that is pointed at, or the strongest edge; inside the picture. */
function lensOf({ data, looks }) {
  const { width, height, edge } = data;
  const size = Math.min(LENS, width, height);
  const [x, y] = looks ? [Math.floor(looks.x * width), Math.floor(looks.y * height)] : edge;
  const within = (middle, length) => Math.min(Math.max(middle - Math.floor(size / 2), 0), length - size);
  return { left: within(x, width), top: within(y, height), size };
}

function paintLenses(state) {
  const { seen, columns, flipped, data, root } = state;
  const lens = lensOf(state);
  state.spare ??= document.createElement("canvas");
  const reference = lookInto(seen.reference.bitmap, lens, state.spare);
  const rows = columns.map(({ photo, lens: { canvas } }, i) => {
    const isFlipped = flipped === "all" || flipped === photo;
    canvas.setAttribute("aria-label", `${isFlipped ? "The reference" : data.sliders[i].label}, magnified`);
    return lookInto((isFlipped ? seen.reference : seen.made[i]).bitmap, lens, canvas);
  });
  const all = [reference, ...rows].flat();
  const [low, high] = [Math.min(...all), Math.max(...all)];
  const line = (row) => row.map((value, i) => `${i},${(((high - value) / (high - low || 1)) * LENS).toFixed(2)}`).join(" ");
  columns.forEach(({ lens: { drawing, curves } }, i) => {
    drawing.setAttribute("viewBox", `-0.5 -1 ${lens.size} ${LENS + 2}`);
    [reference, rows[i]].forEach((row, j) => curves[j].setAttribute("points", line(row)));
  });
  const share = (value, length) => `${(100 * value) / length}%`;
  root.style.setProperty("--lens-left", share(lens.left, data.width));
  root.style.setProperty("--lens-top", share(lens.top, data.height));
  root.style.setProperty("--lens-width", share(lens.size, data.width));
  root.style.setProperty("--lens-height", share(lens.size, data.height));
}
