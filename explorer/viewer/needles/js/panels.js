// Panels: three photographs and a map below each, decoded once, and what is read off them at a place.

const MOST_DECODED = 24; // pictures that are kept, so that to and fro is at once

/** Keep the pictures that came; of those that are not seen the oldest are let go. */
function hold({ data, kept }) {
  for (const [key, file] of Object.entries(data.files)) if (!kept.has(key)) kept.set(key, decoded(file));
  const wanted = new Set([data.reference, ...data.pictures]);
  for (const key of [...kept.keys()]) {
    if (kept.size <= MOST_DECODED) return;
    if (!wanted.has(key)) kept.delete(key);
  }
}

function decoded({ picture, dissimilarity, layers }) {
  const made = { picture: decodePicture(picture), planes: new Map() };
  if (dissimilarity) made.planes.set("ssim", decodePlane(dissimilarity));
  if (layers?.length) made.layers = Promise.all(layers.map(decodePlane));
  return made;
}

const lacks = ({ data, kept }) => [data.reference, ...data.pictures].some((key) => !kept.has(key));

/** A picture's map by a metric, made once; null where it has none. */
function planeOf({ data, kept }, key, metric) {
  const own = kept.get(key);
  const { width, height } = data;
  if (!own.planes.has(metric)) {
    const made =
      metric === "psnr"
        ? Promise.all([kept.get(data.reference).picture, own.picture]).then((both) => differenceOf(...both, height, width))
        : (own.layers?.then((layers) => onPixels(layers, height, width, areaWeights)) ?? Promise.resolve(null));
    own.planes.set(metric, made);
  }
  return own.planes.get(metric);
}

/** Show the pictures and their maps; what came to be wanted meanwhile goes first. */
async function paintPanels(state) {
  const turn = ++state.painting;
  const { data, asked, kept, parts } = state;
  if (lacks(state)) return;
  const kind = data.maps.find(({ key }) => key === asked.map) ?? data.maps[0];
  const [reference, ...made] = await Promise.all([data.reference, ...data.pictures].map((key) => kept.get(key).picture));
  const planes = await Promise.all(data.pictures.map((key) => planeOf(state, key, kind.key)));
  if (turn !== state.painting) return;
  Object.assign(state, { seen: { reference, made, planes, kind } });
  paintPhotos(state);
  planes.forEach((plane, i) => {
    const { map, mapFigure } = state.columns[i];
    mapFigure.classList.toggle("is-empty", !plane);
    mapFigure.classList.toggle("is-equal", Boolean(plane) && data.gauges.some(({ needles }) => needles[i].value === null)); // infinite: PSNR alone can be
    if (plane) paintPlane(map, plane, state.table, kind.end);
    const mean = plane ? `, mean ${numberText(statisticsOf(plane).mean)}` : ": none";
    map.setAttribute("aria-label", `${kind.label} of ${data.sliders[i].label}${mean}`);
  });
  parts.scale.hidden = kind.end === null;
  if (kind.end !== null) {
    parts.end.textContent = `${endText(kind.end)} ${kind.unit}`.trim();
  }
  parts.note.textContent = kind.note;
  state.root.dataset.painted = `${data.pictures.join(" ")} ${kind.key}`; // tests wait for it
}

/** The three photographs, or the reference in the place of those that are held. */
function paintPhotos(state) {
  const { seen, columns, flipped, data } = state;
  if (!seen) return;
  paintLenses(state);
  columns.forEach(({ photo, photoFigure }, i) => {
    const isFlipped = flipped === "all" || flipped === photo;
    const { bitmap } = isFlipped ? seen.reference : seen.made[i];
    Object.assign(photo, { width: bitmap.width, height: bitmap.height });
    photo.getContext("2d").drawImage(bitmap, 0, 0);
    photo.setAttribute("aria-label", isFlipped ? "The reference" : `${data.sliders[i].label}, ${amountText(data.sliders[i], data.sliders[i].amount)}`);
    photoFigure.classList.toggle("is-reference", isFlipped);
    photoFigure.querySelector("figcaption").textContent = isFlipped ? "Reference" : data.sliders[i].label;
  });
}

/** Mark one place on all panels, and say what the maps hold there; null takes the marks away. */
function paintPlace(state, place) {
  const { seen, root, parts, data } = state;
  root.classList.toggle("is-read", Boolean(place));
  if (!seen) return;
  state.looks = place;
  paintLenses(state);
  if (!place) {
    parts.note.textContent = seen.kind.note;
    return;
  }
  const { width, height } = data;
  const [x, y] = [Math.floor(place.x * width), Math.floor(place.y * height)];
  root.style.setProperty("--x", `${(100 * (x + 0.5)) / width}%`);
  root.style.setProperty("--y", `${(100 * (y + 0.5)) / height}%`);
  const values = seen.planes.map((plane, i) => plane && `${data.sliders[i].label} ${numberText(plane.values[y * width + x], plane.step)}`);
  const unit = seen.kind.unit && ` ${seen.kind.unit}`;
  parts.note.textContent = [`x ${x}, y ${y}`, ...values.filter(Boolean)].join(" · ") + unit;
}
