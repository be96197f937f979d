// Decode: from the JSON that Python sent to pictures and planes of values.
//
// A picture is {bitmap, pixels}: an ImageBitmap to draw and its RGBA bytes to read.
// A plane is {rows, columns, values, step}: float values, NaN for "no data", exact to half a step.

function bytesOf(base64) {
  if (Uint8Array.fromBase64) return Uint8Array.fromBase64(base64); // in browsers of 2025 and later
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}

async function decodePicture(base64) {
  const file = new Blob([bytesOf(base64)], { type: "image/png" });
  // Without these options a browser may bend the bytes to the screen's colour profile.
  const bitmap = await createImageBitmap(file, { colorSpaceConversion: "none", premultiplyAlpha: "none" });
  const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.drawImage(bitmap, 0, 0);
  return { bitmap, pixels: context.getImageData(0, 0, bitmap.width, bitmap.height).data };
}

async function decodePlane({ kind, rows, columns, minimum, maximum, steps, data }) {
  if (kind === "float32") return { rows, columns, step: 0, values: new Float32Array(bytesOf(data).buffer) };
  const step = (maximum - minimum) / steps;
  if (kind === "uint16") {
    const raw = new Uint16Array(bytesOf(data).buffer);
    const values = new Float32Array(raw.length);
    for (let i = 0; i < raw.length; i++) values[i] = raw[i] > steps ? NaN : minimum + step * raw[i];
    return { rows, columns, step, values };
  }
  const { bitmap, pixels } = await decodePicture(data);
  bitmap.close();
  const values = new Float32Array(rows * columns);
  for (let i = 0; i < values.length; i++) {
    values[i] = pixels[4 * i + 2] ? NaN : minimum + step * (256 * pixels[4 * i] + pixels[4 * i + 1]);
  }
  return { rows, columns, step, values };
}

/** The squared difference of two pictures, mean over channels, as a plane. */
function differenceOf(reference, distorted, rows, columns) {
  const values = new Float32Array(rows * columns);
  for (let i = 0; i < values.length; i++) {
    let sum = 0;
    for (let at = 4 * i; at < 4 * i + 3; at++) sum += (reference.pixels[at] - distorted.pixels[at]) ** 2;
    values[i] = sum / 3;
  }
  return { rows, columns, step: 0, values };
}

/** The same picture without colour (Rec. 601 luma), as a bitmap. */
function greyOf({ pixels }, width, height) {
  const grey = new Uint8ClampedArray(pixels.length);
  for (let i = 0; i < pixels.length; i += 4) {
    const luma = 0.299 * pixels[i] + 0.587 * pixels[i + 1] + 0.114 * pixels[i + 2];
    grey[i] = grey[i + 1] = grey[i + 2] = luma;
    grey[i + 3] = 255;
  }
  return createImageBitmap(new ImageData(grey, width, height));
}

/** Decodes pictures and planes once: what a scene has in common with the previous one is taken from there. */
function createDecoder(previous) {
  const decoded = new Map();
  const once = (entry, decode) => {
    const known = previous?.decoded.get(entry.data);
    // Planes that differ in their range or their shape alone have the same bytes.
    const same = ["minimum", "maximum", "rows", "columns"].every((name) => known?.entry[name] === entry[name]);
    const result = known && same ? known.result : decode(entry);
    decoded.set(entry.data, { entry, result });
    return result;
  };
  return {
    decoded,
    picture: (entry) => once(entry, ({ data }) => decodePicture(data)),
    plane: (entry) => once(entry, decodePlane),
  };
}

/** What every scene holds: its size, the two photographs, and the reference in grey. */
async function decodePhotographs(data, decoder, previous) {
  const { key, width, height } = data;
  const [reference, distorted] = await Promise.all([data.reference, data.distorted].map(decoder.picture));
  const unchanged = previous?.reference === reference;
  const grey = unchanged ? previous.grey : await greyOf(reference, width, height);
  const names = { reference: data.reference.name, distorted: data.distorted.name };
  return { key, width, height, reference, distorted, grey, names, decoded: decoder.decoded };
}
