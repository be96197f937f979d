// A card: two versions beside their reference, and what is chosen. Texts are never read as HTML.

const states = new WeakMap(); // the component's element -> {data, send, isActual, middle}
const HIGHEST = 0.56; // of the window: a picture's part of its height at most, so that the question stays in sight
const HIGHEST_ON_PHONE = 0.19; // there are two rows of them
const KEYS = { 1: "A", ArrowLeft: "A", 2: "B", ArrowRight: "B" };
const STREAMLIT_KEYS = ["r", "c"]; // rerun and clear cache: they must not leave the card

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".card");
  if (isOld(root, data)) return;
  if (!states.has(root)) start(root);
  const state = states.get(root);
  const isNew = state.data?.card !== data.card;
  if (isNew) Object.assign(state, { isActual: false, middle: { x: 0.5, y: 0.5 }, sent: "" });
  Object.assign(state, { data, send: setTriggerValue });
  draw(root, state);
  // Keys answer at once, unless somebody is somewhere else.
  const active = root.getRootNode().activeElement ?? document.activeElement;
  if (isNew && (!active || active === document.body)) root.focus({ preventScroll: true });
}

function start(root) {
  const state = { data: null, send: null, isActual: false, middle: { x: 0.5, y: 0.5 }, sent: "" };
  states.set(root, state);
  for (const button of root.querySelectorAll(".choose")) button.addEventListener("click", () => choose(root, button.dataset.side));
  for (const button of root.querySelectorAll("[data-open]")) {
    button.addEventListener("click", () => state.send("open", { card: state.data.card, side: button.dataset.open }));
  }
  root.querySelector(".next").addEventListener("click", () => goOn(root));
  root.querySelector(".back").addEventListener("click", () => state.send("back", state.data.card));
  root.querySelector(".actual").addEventListener("click", () => turnActual(root));
  root.addEventListener("keydown", (event) => keyPressed(root, event));
  for (const frame of root.querySelectorAll(".frame")) follow(root, frame);
  new ResizeObserver(() => lay(root)).observe(root);
}

/** Choose a side, once: what the metrics say comes from Python with the answer. */
function choose(root, side) {
  const state = states.get(root);
  const { data } = state;
  if (data.chosen || state.sent === data.card) return;
  state.sent = data.card;
  for (const button of root.querySelectorAll(".choose")) {
    button.disabled = true;
    button.ariaPressed = button.dataset.side === side;
  }
  state.send("choose", { card: data.card, side });
}

/** Go on to the next card, once Python has the answer to this one. */
function goOn(root) {
  const { data, send, sent } = states.get(root);
  if (data.hasNext && !data.goesOn && sent !== data.card) send("next", data.card);
}

function keyPressed(root, event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if (key in KEYS) choose(root, KEYS[key]);
  else if (key === "n") goOn(root);
  else if (key === "p") turnActual(root);
  else if (!STREAMLIT_KEYS.includes(key)) return;
  else return event.stopPropagation();
  event.preventDefault();
  event.stopPropagation();
}

function draw(root, state) {
  const { data } = state;
  const text = (selector, words) => (root.querySelector(selector).textContent = words);
  text(".question", data.question);
  text(".place", data.place);
  text(".tally", data.tally);
  text(".next span", data.chosen ? "Next pair" : "Another pair");
  root.setAttribute("aria-label", data.question);
  root.classList.toggle("is-answered", data.chosen !== "");
  for (const [panel, picture] of Object.entries(data.pictures)) {
    const image = root.querySelector(`[data-panel="${panel}"] img`);
    const source = `data:image/png;base64,${picture}`;
    if (image.src !== source) image.src = source;
  }
  for (const [side, label] of Object.entries(data.labels)) {
    text(`[data-panel="${side}"] figcaption span`, label);
    root.querySelector(`[data-panel="${side}"] img`).alt = label ? `Version ${side}: ${label}` : `Version ${side}`;
  }
  for (const button of root.querySelectorAll(".choose")) {
    const { side } = button.dataset;
    button.disabled = data.chosen !== "" || state.sent === data.card;
    if (data.chosen || state.sent !== data.card) button.ariaPressed = data.chosen === side;
    button.firstElementChild.textContent = data.chosen === side ? `You chose ${side}` : `${side} ${data.verb}`;
  }
  if (data.chosen) state.sent = ""; // an answer that is taken back can be given anew
  root.querySelector(".next").disabled = !data.hasNext;
  root.querySelector(".next").hidden = data.goesOn;
  root.querySelector(".back").hidden = !data.chosen;
  const isRevealed = data.verdicts.length > 0;
  for (const button of root.querySelectorAll("[data-open]")) button.hidden = !isRevealed;
  const answer = root.querySelector(".answer");
  answer.replaceChildren(...(data.said ? [element("p", "said", data.said)] : []), ...(isRevealed ? [table(data.verdicts)] : []));
  lay(root);
  root.dataset.card = data.card;
}

function table(verdicts) {
  const titles = ["Metric", "A", "B", "Prefers"].map((title) => element("th", "", title, { scope: "col" }));
  const rows = verdicts.map(({ metric, values, prefers, direction }) =>
    element("tr", "", [
      element("th", "", [metric, element("small", "", direction)], { scope: "row" }),
      ...["A", "B"].map((side, i) => element("td", side === prefers ? "preferred" : "", values[i])),
      element("td", "", prefers),
    ]),
  );
  return element("table", "", [element("thead", "", element("tr", "", titles)), element("tbody", "", rows)]);
}

// The pictures: of one size, all three on the same part. Where they fit a pixel takes a whole number of the screen's.

function lay(root) {
  const state = states.get(root);
  const { data } = state;
  const frames = [...root.querySelectorAll(".frame")];
  const isPhone = root.clientWidth <= 640;
  const row = root.querySelector(".row");
  const columns = isPhone ? 2 : 3;
  const room = (row.clientWidth - (columns - 1) * parseFloat(getComputedStyle(row).columnGap)) / columns;
  if (!data || !(room > 0)) return;
  const { width, height } = data;
  const dots = window.devicePixelRatio || 1;
  const highest = window.innerHeight * (isPhone ? HIGHEST_ON_PHONE : HIGHEST);
  const fits = Math.min(room / width, highest / height);
  const isWhole = fits * dots >= 1;
  const fitted = isWhole ? Math.floor(fits * dots) / dots : fits;
  const scale = state.isActual && !isWhole ? 1 / dots : fitted;
  const seen = { width: Math.min(width * scale, room), height: Math.min(height * scale, highest) };
  const shift = (part, whole, visible) => Math.min(Math.max(part * whole - visible / 2, 0), Math.max(whole - visible, 0));
  // The middle is what is really seen, so that a drag beyond an edge leaves nothing to be dragged back.
  const left = shift(state.middle.x, width * scale, seen.width);
  const top = shift(state.middle.y, height * scale, seen.height);
  state.middle = { x: (left + seen.width / 2) / (width * scale), y: (top + seen.height / 2) / (height * scale) };
  state.scale = scale;
  row.style.setProperty("--seen", `${Math.round(seen.width)}px`);
  for (const frame of frames) {
    const [image] = frame.children;
    frame.style.height = `${seen.height}px`;
    Object.assign(image.style, { width: `${width * scale}px`, height: `${height * scale}px` });
    image.style.imageRendering = isWhole || state.isActual ? "pixelated" : "auto";
    image.style.transform = `translate(${-left}px, ${-top}px)`;
  }
  root.dataset.actual = state.isActual && !isWhole;
  const button = root.querySelector(".actual");
  button.hidden = isWhole;
  button.ariaPressed = state.isActual;
}

function turnActual(root) {
  const state = states.get(root);
  if (root.querySelector(".actual").hidden) return;
  state.isActual = !state.isActual;
  lay(root);
}

/** At 1:1 a drag moves all three pictures. */
function follow(root, frame) {
  let last = null;
  frame.addEventListener("pointerdown", (event) => {
    if (root.dataset.actual !== "true") return;
    last = { x: event.clientX, y: event.clientY };
    frame.setPointerCapture(event.pointerId);
    event.preventDefault();
  });
  frame.addEventListener("pointermove", (event) => {
    if (!last) return;
    const state = states.get(root);
    state.middle.x -= (event.clientX - last.x) / (state.data.width * state.scale);
    state.middle.y -= (event.clientY - last.y) / (state.data.height * state.scale);
    last = { x: event.clientX, y: event.clientY };
    lay(root);
  });
  for (const end of ["pointerup", "pointercancel"]) frame.addEventListener(end, () => (last = null));
}
