// Frames: pictures and maps of steps, decoded when they are first looked at.

const MOST_DECODED = 192e6; // bytes; what was looked at longest ago is let go
const LARGEST_COMBINED = 512; // cells a side of the combined map: each is the mean of its pixels
const PERCENTILE = 0.995; // where a scale ends, as `scale_end` in Python
const SAMPLE = 65_536; // values of a plane that are enough to tell it

/** A promise of {picture, planes}, by the frame's key, of data that holds it. */
function decodedFrame({ decoded }, key, data) {
  let made = decoded.get(key);
  if (made) decoded.delete(key); // and comes last again
  else {
    const { picture, planes } = data.arrays[key];
    made = Promise.all([decodeBitmap(picture), ...planes.map(decodePlane)]).then(([bitmap, ...maps]) => ({
      picture: { bitmap },
      planes: maps,
    }));
  }
  decoded.set(key, made);
  const most = Math.max(4 * data.tiles.length, MOST_DECODED / (8 * data.width * data.height));
  for (const [oldest, old] of decoded) {
    if (decoded.size <= most) break;
    decoded.delete(oldest);
    old.then(({ picture }) => picture.bitmap.close());
  }
  return made;
}

function decodeBitmap(base64) {
  const file = new Blob([bytesOf(base64)], { type: "image/png" });
  return createImageBitmap(file, { colorSpaceConversion: "none", premultiplyAlpha: "none" });
}

/** A picture with its bytes, which are read of those alone whose maps are looked at. */
function withPixels(picture) {
  if (picture.pixels) return picture;
  const { width, height } = picture.bitmap;
  const context = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
  context.drawImage(picture.bitmap, 0, 0);
  picture.pixels = context.getImageData(0, 0, width, height).data;
  return picture;
}

/** What is there of a frame's maps: {layers, combined, error}, each {plane, end}; made once, when it is looked at. */
function mapsOf(viewer, frame) {
  if (frame.maps) return frame.maps;
  const { width, height } = viewer.data;
  const part = Math.min(1, LARGEST_COMBINED / Math.max(width, height));
  const [rows, columns] = [height, width].map((side) => Math.max(1, Math.round(side * part)));
  const error = differenceOf(withPixels(viewer.reference), withPixels(frame.picture), height, width);
  const ends = frame.planes.filter((plane) => statisticsOf(plane).maximum > 0).map(endOf);
  const end = ends.length ? Math.max(...ends) : 1;
  const combined = frame.planes.length ? onPixels(frame.planes, rows, columns, areaWeights) : null;
  frame.maps = {
    layers: frame.planes.map((plane) => ({ plane, end })),
    combined: combined && { plane: combined, end: endOf(combined) },
    error: { plane: error, end: endOf(error) },
  };
  return frame.maps;
}

/** Where a map's scale ends: at that percentile of its values, at the largest where that is 0, at 1 where all are. */
function endOf(plane) {
  const apart = Math.ceil(plane.values.length / SAMPLE) | 1; // odd, so that no column is left out
  const some = apart === 1 ? plane.values : plane.values.filter((_, i) => i % apart === 0);
  const sorted = Float32Array.from(some).filter((value) => !Number.isNaN(value)).sort();
  if (!sorted.length) return 1;
  const place = PERCENTILE * (sorted.length - 1);
  const low = Math.floor(place);
  const high = Math.min(low + 1, sorted.length - 1);
  return sorted[low] + (place - low) * (sorted[high] - sorted[low]) || Math.max(0, statisticsOf(plane).maximum) || 1;
}

/** A map as a canvas of its own size, coloured once. */
function colouredMap(viewer, map) {
  if (map.table !== viewer.table) {
    map.canvas = document.createElement("canvas");
    map.table = viewer.table;
    paintPlane(map.canvas, map.plane, viewer.table, map.end);
  }
  return map.canvas;
}
