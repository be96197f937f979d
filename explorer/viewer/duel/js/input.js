// Input: what pointers and keys do on pictures and on the chart.

const HELD_AFTER = 240; // milliseconds; a shorter press chooses
const MOVED = 4; // CSS pixels from which a press is a drag
const REST = 700; // milliseconds after which a playhead that rests is reported

function startGesture() {
  return null; // pointer.js: no drag does anything but pan
}

/** A short press on a tile chooses it; one that lasts shows the reference in its place. */
function listenToPress(viewer, panel) {
  const { canvas } = viewer.panels[panel];
  let waiting = 0;
  let from = null; // where a press began that may still choose
  const letGo = () => {
    clearTimeout(waiting);
    if (!viewer.held) return;
    viewer.held = null;
    repaintTiles(viewer);
  };
  canvas.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    from = { x: event.clientX, y: event.clientY };
    if (!panel.startsWith("tile:")) return;
    waiting = setTimeout(() => {
      from = null;
      viewer.held = panel;
      repaintTiles(viewer);
    }, HELD_AFTER);
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!from || Math.hypot(event.clientX - from.x, event.clientY - from.y) < MOVED) return;
    from = null;
    clearTimeout(waiting);
  });
  canvas.addEventListener("pointerup", () => {
    if (from && panel.startsWith("tile:")) viewer.change({ tile: panel.slice("tile:".length) });
    letGo();
  });
  canvas.addEventListener("pointercancel", letGo);
  canvas.addEventListener("contextmenu", (event) => viewer.held && event.preventDefault()); // a finger that rests
}

function listenToChart(viewer) {
  const { chart: svg, playhead, play: button } = viewer.parts;
  const to = (event) => moveTo(viewer, stepAt(viewer, event.clientX));
  svg.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    svg.setPointerCapture(event.pointerId);
    event.preventDefault(); // nothing is selected by a drag
    playhead.focus({ preventScroll: true });
    to(event);
  });
  svg.addEventListener("pointermove", (event) => {
    if (svg.hasPointerCapture(event.pointerId)) to(event);
    paintHover(viewer, event);
  });
  svg.addEventListener("pointerleave", () => (viewer.parts.hover.hidden = true));
  playhead.addEventListener("input", () => moveTo(viewer, Number(playhead.value)));
  playhead.addEventListener("keydown", (event) => moveByKey(viewer, event));
  button.addEventListener("click", () => (viewer.playing ? stopPlaying(viewer) : play(viewer)));
}

/** Move the playhead to the kept step that is nearest. */
function moveTo(viewer, step) {
  if (viewer.playing) stopPlaying(viewer);
  const { stops } = viewer;
  const nearest = stops.reduce((best, stop) => (Math.abs(stop - step) < Math.abs(best - step) ? stop : best), stops[0]);
  viewer.change({ at: nearest === stops.at(-1) ? null : nearest });
  viewer.parts.playhead.value = viewer.at; // which a drag has put between two of them
}

/** Arrows go from one kept step to the next. */
function moveByKey(viewer, event) {
  const { stops, at } = viewer;
  const place = stops.indexOf(at);
  const by = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -4, PageUp: 4 }[event.key];
  const to = { Home: 0, End: stops.length - 1 }[event.key] ?? (by && Math.min(Math.max(place + by, 0), stops.length - 1));
  if (to === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  event.stopPropagation();
  moveTo(viewer, stops[to]);
}

/** Keys of the pictures; and those that Streamlit would take for rerun and clear cache stay here. */
function listenToKeys(viewer) {
  const { root, parts } = viewer;
  root.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches("select")) return;
    const key = event.key.toLowerCase();
    const isHandled = keyPressed(viewer, key, event.target === parts.stage);
    if (isHandled) event.preventDefault();
    if (isHandled || key === "r" || key === "c") event.stopPropagation();
  });
  root.addEventListener("keyup", ({ key }) => key.toLowerCase() === "f" && viewer.flip(false));
  root.addEventListener("focusout", () => viewer.flip(false));
}

function keyPressed(viewer, key, isOnPictures) {
  const size = panelSize(viewer);
  const by = { arrowleft: [40, 0], arrowright: [-40, 0], arrowup: [0, 40], arrowdown: [0, -40] }[key];
  if (key === "f") viewer.flip(true);
  else if (key === "p") showActual(viewer);
  else if (key === "+" || key === "=") zoomAt(viewer, size, size.width / 2, size.height / 2, 1.25);
  else if (key === "-") zoomAt(viewer, size, size.width / 2, size.height / 2, 0.8);
  else if (key === "home") resetView(viewer);
  else if (by && isOnPictures && viewer.view.zoom > 1) panBy(viewer, size, ...by);
  else return false;
  return true;
}

/** Choices side by side, or as a list where their heading's line has no room; those that stay keep the focus. */
function fillChoices(box, options, chosen, choose) {
  const form = JSON.stringify([box.parentElement.clientWidth, ...options.map(({ key, label }) => [key, label])]);
  box.hidden = options.length < 2;
  if (box.dataset.form !== form) {
    box.dataset.form = form;
    const hadFocus = box.contains(box.getRootNode().activeElement);
    box.classList.remove("listed");
    box.replaceChildren(...options.map(choiceOf));
    if (!isInLine(box)) {
      box.classList.add("listed");
      box.replaceChildren(listOf(box, options));
    }
    if (hadFocus) [...box.children].find((each) => each.value === chosen || each.tagName === "SELECT")?.focus();
    box.onchange = ({ target }) => box.choose(target.value);
    box.onclick = ({ target }) => target.closest("button") && box.choose(target.closest("button").value);
  }
  box.choose = choose;
  if (box.firstElementChild?.tagName === "SELECT") box.firstElementChild.value = chosen;
  else for (const button of box.children) button.ariaPressed = String(button.value === chosen);
}

/** Whether choices stand beside their heading; below it on a phone, where a line of their own holds them. */
function isInLine(box) {
  const head = box.parentElement;
  const isBeside = box.offsetTop < head.firstElementChild.offsetTop + head.firstElementChild.offsetHeight;
  return box.offsetWidth <= head.clientWidth && (isBeside || box.closest(".viewer").clientWidth < NARROW);
}

const choiceOf = ({ key, label }) => element("button", "", label, { type: "button", value: key, "data-text": label });

function listOf(box, options) {
  const each = options.map(({ key, label }) => element("option", "", label, { value: key }));
  return element("select", "", each, { "aria-label": box.getAttribute("aria-label") });
}
