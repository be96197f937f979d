// Controls: the sliders, the two rows of buttons, and what is held down.

const MODES = [
  ["free", "Free"],
  ["equal", "Same PSNR"],
];
// Of a slider. The page takes arrows for "next" where nobody else does.
const OF_SLIDERS = ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Home", "End"];

/** An amount as people write it; needles.py writes it so as well. */
const amountText = ({ symbol, unit }, amount) => `${symbol}${Number(amount.toPrecision(3))} ${unit}`;

function columnOf(state, { key, label }, at) {
  const slider = element("input", "", [], { type: "range", "aria-label": label });
  const text = element("output");
  const photo = element("canvas", "", [], { role: "img", "data-hold": key });
  const map = element("canvas", "", [], { role: "img" });
  const frame = element("i", "frame");
  const photoFigure = element("figure", "photo", [photo, frame, element("figcaption", "", label)]);
  const mapFigure = element("figure", "map", [map, element("span", "equal", "identical"), element("i", "place")]);
  const inShort = element("span", "short", [], { "aria-hidden": "true" });
  const line = element("span", "line", [element("b", "", label), text]);
  const head = element("label", "slide", [line, slider, inShort]);
  const lens = lensElement();
  const under = element("div", "under", [lens.box, mapFigure]);
  const column = element("div", "column", [head, photoFigure, under], { style: `--at: ${at + 1}` });
  slider.addEventListener("input", () => move(state, key, Number(slider.value)));
  slider.addEventListener("keydown", (event) => OF_SLIDERS.includes(event.key) && event.stopPropagation());
  for (const figure of [photoFigure, mapFigure]) {
    figure.addEventListener("pointermove", (event) => readAt(state, event, figure));
    figure.addEventListener("pointerleave", () => paintPlace(state, null));
  }
  return { column, slider, text, inShort, lens, photo, map, photoFigure, mapFigure };
}

function readAt(state, { clientX, clientY, pointerType }, figure) {
  if (pointerType === "touch") return;
  const box = figure.querySelector("canvas").getBoundingClientRect();
  const [x, y] = [(clientX - box.left) / box.width, (clientY - box.top) / box.height];
  paintPlace(state, x >= 0 && x < 1 && y >= 0 && y < 1 ? { x, y } : null);
}

function buttons(entries, onChoose) {
  return entries.map(([key, label]) => {
    const button = element("button", "", label, { type: "button", "data-key": key });
    button.addEventListener("click", () => onChoose(key));
    return button;
  });
}

function createControls(state) {
  const { parts, root, data } = state;
  state.columns = data.sliders.map((slider, at) => columnOf(state, slider, at));
  parts.grid.prepend(...state.columns.map(({ column }) => column));
  parts.modes.replaceChildren(...buttons(MODES, (mode) => ask(state, { mode })));
  const flip = (held) => {
    const flipped = held === root ? "all" : held;
    if (state.flipped === flipped) return;
    state.flipped = flipped;
    paintPhotos(state);
  };
  listenToHolding(root, flip);
  // The key works wherever the focus is: whoever presents does not look for it.
  const isTyped = (event) => event.composedPath()[0].matches?.("input:not([type=range]), textarea, [contenteditable]");
  const pressed = (event) => {
    if (!root.isConnected) return stop();
    if (event.key !== "0" || event.ctrlKey || event.metaKey || event.altKey || isTyped(event)) return;
    flip(event.type === "keydown" ? root : null);
    event.stopPropagation();
  };
  const gone = () => flip(null);
  const stop = () => {
    for (const type of ["keydown", "keyup"]) document.removeEventListener(type, pressed, true);
    removeEventListener("blur", gone);
  };
  for (const type of ["keydown", "keyup"]) document.addEventListener(type, pressed, true);
  addEventListener("blur", gone);
}

/** The controls as they are asked for; a slider that is being moved stays below the finger. */
function paintControls(state) {
  const { data, asked, parts, columns } = state;
  data.sliders.forEach((own, i) => {
    const { slider, text, inShort, column } = columns[i];
    const amount = asked.amounts[own.key];
    Object.assign(slider, { min: own.least, max: Math.max(own.end, amount), step: own.step });
    // The step lies on no grid of the slider's: an amount that was tuned is kept as it is.
    if (Number(slider.value) !== amount) slider.value = amount;
    text.textContent = amountText(own, amount);
    text.dataset.value = amount;
    slider.setAttribute("aria-valuetext", amountText(own, amount));
    inShort.textContent = data.gauges.map(({ label, needles }) => `${label} ${needles[i].text}`).join(" · ");
    column.classList.toggle("is-idle", own.isIdle);
  });
  const form = JSON.stringify(data.maps.map(({ key, label, end }) => [key, label, end === null]));
  if (parts.maps.dataset.form !== form) {
    parts.maps.dataset.form = form;
    parts.maps.replaceChildren(...buttons(data.maps.map(({ key, label }) => [key, label]), (map) => choose(state, map)));
  }
  for (const [row, chosen] of [[parts.modes, asked.mode], [parts.maps, asked.map]]) {
    for (const button of row.children) button.setAttribute("aria-pressed", button.dataset.key === chosen);
  }
}
