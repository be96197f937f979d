// Duel: one viewer for each mounted element; what Streamlit calls on every rerun with new data.

const viewers = new WeakMap(); // the component's element -> its viewer, which so survives reruns

function createViewer(parent) {
  const root = parent.querySelector(".viewer");
  const viewer = {
    root,
    parts: Object.fromEntries([...root.querySelectorAll("[data-part]")].map((part) => [part.dataset.part, part])),
    panels: {}, // name -> {canvas, chip}: the reference, a tile each, and the large map
    data: null,
    coming: null, // the newest data, while its first pictures are decoded
    scene: null, // {width, height} of all pictures, as view.js wants it
    display: null, // settings, as Python's DuelDisplay
    ticket: null, // of the last settings taken from Python
    view: null, // which part of the pictures is seen
    cursor: null, // image pixel under the pointer
    gesture: null,
    at: 0, // the playhead's step
    stops: [], // the steps that it can stand on
    playing: 0, // a timer while steps are played
    flipped: false, // whether the reference is seen in all places
    held: null, // the panel in whose place it is seen
    changed: new Set(), // tiles that show what was changed
    decoded: new Map(),
    pictures: new Map(), // base64 -> promise of {bitmap}: the reference and the changes
    reference: null,
    seen: new Map(), // panel -> the picture that is seen there
    map: null, // {plane, end} of the large map
    painting: 0, // counts what was asked to be shown
    asked: 0,
  };
  let frame = 0;
  viewer.redraw = () => {
    frame ||= requestAnimationFrame(() => {
      frame = 0;
      if (!viewer.reference) return;
      root.toggleAttribute("data-zoomed", viewer.view.zoom > 1);
      paintPanels(viewer);
      paintZoom(viewer);
      paintReading(viewer);
    });
  };
  viewer.reportView = () => {}; // links hold no view
  viewer.flip = (flipped) => {
    if (viewer.flipped === flipped) return;
    viewer.flipped = flipped;
    repaintTiles(viewer);
  };
  let timer = 0;
  const report = () => root.isConnected && viewer.report({ ...viewer.display, ticket: viewer.ticket });
  viewer.reportSoon = () => {
    clearTimeout(timer);
    timer = setTimeout(report, REST);
  };
  viewer.change = (settings) => {
    const before = JSON.stringify(viewer.display);
    viewer.display = { ...viewer.display, ...settings };
    if (JSON.stringify(viewer.display) === before) return;
    if ("curve" in settings) paintCourse(viewer);
    paintAt(viewer);
    viewer.reportSoon();
  };
  listenToChart(viewer);
  listenToKeys(viewer);
  listenToZoom(viewer);
  viewer.parts.all.addEventListener("click", () => viewer.change({ layer: "" }));
  new ResizeObserver(() => viewer.data && paintSizes(viewer)).observe(root);
  return viewer;
}

function paintSizes(viewer) {
  layOut(viewer);
  paintCourse(viewer);
  repaintTiles(viewer); // badges have other room
}

function repaintTiles(viewer) {
  paintTiles(viewer);
  viewer.redraw();
}

/** Where the playhead stands: where it was put, if a step from there on was kept; while more comes, at the last one. */
function place(viewer) {
  viewer.stops = stopsOf(viewer.data);
  viewer.at = playheadIn(viewer.data, viewer.display);
}

function stopsOf({ tiles }) {
  return [...new Set(tiles.flatMap(({ frames }) => frames.map(({ step }) => step)))].sort((a, b) => a - b);
}

function playheadIn(data, { at }) {
  const stops = stopsOf(data);
  return at === null || data.running ? stops.at(-1) : (stops.findLast((stop) => stop <= at) ?? stops[0]);
}

/** What follows the playhead: names, numbers, pictures and maps. */
function paintAt(viewer) {
  viewer.asked = performance.now();
  place(viewer);
  paintTiles(viewer);
  paintTable(viewer);
  paintHead(viewer);
  paintSeen(viewer);
}

function pictureOf({ pictures }, data) {
  if (!pictures.has(data)) pictures.set(data, decodeBitmap(data).then((bitmap) => ({ bitmap })));
  return pictures.get(data);
}

/** Show the pictures at the playhead; what came to be wanted meanwhile goes first. */
async function paintSeen(viewer) {
  const turn = ++viewer.painting;
  const { data, root } = viewer;
  const chosen = chosenTile(viewer);
  const [reference, frames, changes] = await Promise.all([
    pictureOf(viewer, data.reference),
    Promise.all(data.tiles.map((tile) => decodedFrame(viewer, frameAt(viewer, tile).key, data))),
    Promise.all(data.tiles.map((tile) => (showsChange(viewer, tile) ? pictureOf(viewer, tile.change) : null))),
  ]);
  if (turn !== viewer.painting) return;
  viewer.reference = reference;
  viewer.seen = new Map(data.tiles.map((tile, i) => [panelOf(tile), changes[i] ?? frames[i].picture]));
  viewer.hasMaps = frames[data.tiles.indexOf(chosen)].planes.length > 0;
  paintWhere(viewer, frames[data.tiles.indexOf(chosen)], frameAt(viewer, chosen));
  viewer.redraw();
  root.dataset.painted = data.key; // tests wait for it, and for the next two
  root.dataset.seen = `${viewer.at}:${chosen.key}:${viewer.display.layer}`;
  root.dataset.latency = Math.round(performance.now() - viewer.asked); // milliseconds
}

/** A sentence whose first words say what it is of, in bold. */
function paintSentence(part, text, opening) {
  part.hidden = !text;
  const rest = text.startsWith(opening) ? text.slice(opening.length) : ` ${text}`;
  part.replaceChildren(element("b", "", opening), rest);
}

/**
 * Take what Python sends once its pictures are decoded, so that numbers, pictures and maps change in one go; what comes
 * meanwhile waits until these are seen, however fast it comes.
 */
async function receive(viewer, data) {
  if (!viewer.data) return update(viewer, data);
  const isAtWork = viewer.coming !== null;
  viewer.coming = data;
  if (isAtWork) return;
  try {
    for (let taken = null; taken !== viewer.coming; ) {
      taken = viewer.coming;
      await decodedFirst(viewer, taken);
      update(viewer, taken);
    }
  } finally {
    viewer.coming = null;
  }
}

/** What will be seen of data that has come; where a picture cannot be decoded, painting it will tell. */
function decodedFirst(viewer, data) {
  if (viewer.data.reference !== data.reference) viewer.decoded.clear(); // maps are against it
  const frames = data.tiles.map((tile) => frameAt({ at: playheadIn(data, viewer.display) }, tile));
  return Promise.allSettled([pictureOf(viewer, data.reference), ...frames.map(({ key }) => decodedFrame(viewer, key, data))]);
}

function update(viewer, data) {
  const isOther = viewer.data !== null && viewer.data.key !== data.key;
  if (data.ticket !== viewer.ticket) {
    viewer.ticket = data.ticket;
    viewer.display = data.display;
  } else if (isOther && viewer.display.at !== null) {
    viewer.display = { ...viewer.display, at: null };
    viewer.reportSoon();
  }
  if (isOther) viewer.changed.clear();
  if (viewer.playing && (isOther || data.running)) stopPlaying(viewer);
  const isResized = viewer.scene?.width !== data.width || viewer.scene?.height !== data.height;
  viewer.data = data;
  viewer.table = viewer.colours === data.colours ? viewer.table : colourTable(bytesOf(data.colours));
  viewer.colours = data.colours;
  const sent = new Set([data.reference, ...data.tiles.map(({ change }) => change)]);
  for (const [key] of viewer.pictures) if (!sent.has(key)) viewer.pictures.delete(key);
  if (isResized) {
    viewer.scene = { width: data.width, height: data.height };
    viewer.view = wholeView(viewer.scene);
    viewer.cursor = null;
    viewer.root.style.setProperty("--aspect", data.width / data.height);
  }
  buildTiles(viewer);
  layOut(viewer);
  place(viewer);
  paintCourse(viewer);
  paintSentence(viewer.parts.shows, data.shows, "Shows");
  paintSentence(viewer.parts.doesNotShow, data.doesNotShow, "Does not show");
  paintAt(viewer);
}

export default function ({ data, parentElement, setStateValue, setTriggerValue }) {
  if (!viewers.has(parentElement)) viewers.set(parentElement, createViewer(parentElement));
  const viewer = viewers.get(parentElement);
  viewer.report = (display) => setStateValue("display", display);
  viewer.open = (picture) => setTriggerValue("open", picture);
  receive(viewer, data);
}
