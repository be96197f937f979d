// Strip: every map as a small multiple, pure, on its native grid, at the view; a click chooses it.

function stripText(source) {
  if (source.kind === "pixel") {
    const range = `0\u00a0–\u2060\u00a0${endText(source.maximum)}`; // on one line
    return { distance: "", rest: source.caption, detail: `own scale, ${range}` };
  }
  const { rows, columns } = source.plane;
  const distance = numberText(source.distance);
  const share = source.share === null ? "" : `${Math.round(100 * source.share)}%`;
  const grid = `${columns}×${rows} · ${source.channels}\u00a0ch`;
  return {
    distance: share ? `${distance} · ` : "", // a page may leave it out, beside the share
    rest: share || distance,
    detail: source.included ? grid : `not in the sum · ${columns}×${rows}`,
  };
}

function createThumb(viewer, source) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = source.kind === "pixel" ? "thumb own-scale" : "thumb";
  button.dataset.map = source.name;
  button.innerHTML =
    '<canvas aria-hidden="true"></canvas><span class="first"><b></b><span><span class="distance"></span><span></span></span></span><span class="second" data-word="grid"></span>';
  if (source.kind === "pixel") button.querySelector(".second").dataset.word = "clipped"; // its scale's end
  button.addEventListener("click", () => {
    const choice = source.kind === "layer" ? { map: "layer", layer: source.name } : { map: source.name };
    viewer.change(choice);
  });
  return button;
}

function paintStrip(viewer) {
  const { parts, scene } = viewer;
  const sources = [...scene.sources.layers, ...scene.sources.pixelMaps];
  const names = sources.map((source) => source.name).join("\n");
  if (parts.strip.dataset.names !== names) {
    // Only another list of maps rebuilds the buttons: new pictures must not take the focus away.
    parts.strip.replaceChildren(...sources.map((source) => createThumb(viewer, source)));
    parts.strip.dataset.names = names;
  }
  const shown = shownSource(viewer);
  const chosen = shown.kind === "pixel" ? shown : chosenLayer(viewer);
  keepInSight(viewer, sources.indexOf(chosen));
  paintStripScale(viewer);
  sources.forEach((source, i) => {
    const button = parts.strip.children[i];
    const { distance, rest, detail } = stripText(source);
    button.setAttribute("aria-pressed", source === chosen);
    button.setAttribute("aria-label", `${source.label}: ${distance}${rest}, ${detail}`);
    button.classList.toggle("excluded", source.included === false);
    button.title = source.label;
    writeName(button.querySelector("b"), source.label);
    button.querySelector(".distance").textContent = distance;
    button.querySelector(".distance + span").textContent = rest;
    button.querySelector(".second").textContent = detail;
  });
}

/** On which scale the layers' small multiples are, which lie on no photograph. */
function paintStripScale(viewer) {
  const { scene, display, parts } = viewer;
  const [layer] = scene.sources.layers;
  parts.stripScale.hidden = !layer;
  if (!layer) return;
  const isOne = display.scale !== "layer";
  const isFixed = display.scale === "fixed" && display.fixed;
  const words = isFixed ? "Layers and combined map on one fixed scale" : "Layers on one scale, without the overlay";
  const [name, start, end] = parts.stripScale.querySelectorAll("span");
  name.textContent = isOne ? words : "Each layer on a scale of its own, from 0 to its largest value: not comparable between layers";
  start.textContent = isOne ? "0" : "";
  end.textContent = isOne ? endText(scaleEnd(viewer, layer)) : "";
  const ramp = parts.stripScale.querySelector("canvas");
  ramp.hidden = !isOne;
  paintScale(ramp, scene.table, 1);
}

/**
 * A long strip scrolls to a map that was newly chosen, and only then: the user may look elsewhere in it. It opens at
 * its start, where the layers are in their order.
 */
function keepInSight({ parts: { strip } }, chosen) {
  const before = strip.dataset.chosen;
  strip.dataset.chosen = chosen;
  if (before === undefined || before === String(chosen)) return;
  const thumb = strip.children[chosen].getBoundingClientRect();
  const box = strip.getBoundingClientRect();
  if (thumb.left < box.left) strip.scrollLeft -= box.left - thumb.left + 8;
  if (thumb.right > box.right) strip.scrollLeft += thumb.right - box.right + 8;
}

/** A name that may break after its dots: those of nodes are long, and differ anywhere. */
function writeName(element, name) {
  if (element.textContent === name) return;
  element.replaceChildren(...name.split(/(?<=\.)/).flatMap((part) => [part, document.createElement("wbr")]));
  element.classList.toggle("long", name.length > LONGEST_LABEL);
}

/** A map in its pure colours, one pixel a cell; kept with its source. */
function pureCanvas(viewer, source) {
  const end = scaleEnd(viewer, source);
  const { table, palette } = viewer.scene;
  if (source.pure?.end !== end || source.pure.palette !== palette) {
    source.pure = { end, palette, canvas: source.pure?.canvas ?? document.createElement("canvas") };
    paintPlane(source.pure.canvas, source.plane, table, end);
  }
  return source.pure.canvas;
}

/** All small multiples at the view, so that each shows the part that the panels show. */
function paintThumbs(viewer) {
  const { parts, scene, view } = viewer;
  const sources = [...scene.sources.layers, ...scene.sources.pixelMaps];
  if (parts.strip.children.length !== sources.length) return; // the list is still that of the scene before
  const ratio = window.devicePixelRatio || 1;
  sources.forEach((source, i) => {
    const canvas = parts.strip.children[i].querySelector("canvas");
    const size = { width: canvas.clientWidth, height: canvas.clientHeight };
    const { zoom, x, y } = view;
    const form = [scaleEnd(viewer, source), zoom, x, y, size.width, size.height, ratio, scene.palette].join(" ");
    if (canvas.plane === source.plane && canvas.form === form) return;
    Object.assign(canvas, { plane: source.plane, form });
    canvas.width = Math.round(size.width * ratio);
    canvas.height = Math.round(size.height * ratio);
    const context = canvas.getContext("2d");
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    drawerOf(viewer, context, size)(pureCanvas(viewer, source), 1); // finer ones are shrunk, and look best smoothed
  });
}
