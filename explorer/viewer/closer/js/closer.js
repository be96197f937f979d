// Which is closer: a choice, and then who says what, under the pictures. Texts are never read as HTML.

const states = new WeakMap(); // the component's element -> {data, send, sent}
const KEYS = { 1: "A", 2: "B" };

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".closer");
  if (isOld(root, data)) return;
  if (!states.has(root)) start(root);
  const state = states.get(root);
  Object.assign(state, { data, send: setTriggerValue, sent: "" });
  draw(root, state);
}

function start(root) {
  states.set(root, { data: null, send: null, sent: "" });
  for (const button of root.querySelectorAll(".choose")) button.addEventListener("click", () => choose(root, button.dataset.side));
  root.querySelector(".back").addEventListener("click", () => states.get(root).send("back", Date.now()));
  // A class answers by a key wherever the focus is, but for what somebody types.
  const press = (event) => {
    if (!root.isConnected) return document.removeEventListener("keydown", press);
    if (event.ctrlKey || event.metaKey || event.altKey || !(event.key in KEYS)) return;
    const [target] = event.composedPath();
    if (target.closest?.("input, textarea, select, [contenteditable], [role=slider], [role=combobox]")) return;
    choose(root, KEYS[event.key]);
  };
  document.addEventListener("keydown", press);
}

function choose(root, side) {
  const state = states.get(root);
  if (state.data.chosen === side || state.sent === side) return;
  state.sent = side;
  for (const button of root.querySelectorAll(".choose")) button.ariaPressed = button.dataset.side === side;
  state.send("choose", side);
}

function draw(root, { data, send }) {
  root.style.setProperty("--aspect", data.aspect);
  root.classList.toggle("is-answered", data.lines.length > 0);
  for (const [panel, png] of Object.entries(data.pictures)) {
    const image = root.querySelector(`[data-panel="${panel}"] img`);
    const source = `data:image/png;base64,${png}`;
    if (image.src !== source) image.src = source;
  }
  for (const [side, label] of Object.entries(data.labels)) {
    const figure = root.querySelector(`[data-panel="${side}"]`);
    figure.querySelector("figcaption span").textContent = label;
    figure.querySelector("figcaption").title = label;
    figure.querySelector("img").alt = label ? `Version ${side}: ${label}` : `Version ${side}`;
  }
  root.querySelector('[data-panel="reference"] figcaption span').textContent = data.reference;
  for (const button of root.querySelectorAll(".choose")) {
    const { side } = button.dataset;
    button.ariaPressed = data.chosen === side;
    button.firstElementChild.textContent = data.chosen === side ? `You chose ${side}` : `${side} is closer`;
  }
  root.querySelector(".back").hidden = !data.lines.length;
  root.querySelector(".lines").hidden = !data.lines.length;
  root.querySelector(".lines").replaceChildren(...data.lines.map(line));
  root.querySelector(".pairs").replaceChildren(...data.pairs.map((pair) => choice(pair, data.pair, send)));
  root.querySelector(".answer").replaceChildren(...answer(data));
}

/** One metric: its value under A, its name under the reference, its value under B. */
function line({ metric, direction, values, shown, prefers }) {
  const cell = (i) => {
    const is = prefers === "AB"[i];
    const number = element("span", "number", shown[i], values[i] === null ? {} : { "data-value": values[i], "data-of": `${metric} ${"AB"[i]}` });
    return element("span", is ? "cell is-closer" : "cell", is ? [number, element("small", "", "closer")] : number, { role: "cell" });
  };
  const name = element("span", "metric", [element("b", "", metric), element("small", "", direction)], { role: "rowheader" });
  return element("div", "line", [cell(0), name, cell(1)], { role: "row" });
}

function choice({ key, label }, chosen, send) {
  const button = element("button", "", label, { type: "button", "aria-pressed": key === chosen });
  button.addEventListener("click", () => key !== chosen && send("pair", key));
  return button;
}

function answer({ said, votes, bars, barsTitle, barsAbout }) {
  const found = [];
  if (said) found.push(element("p", "said", said));
  if (votes) found.push(element("p", "votes", votes));
  if (bars.length) found.push(element("p", "title", barsTitle), element("div", "bars", bars.map(bar)), element("p", "about", barsAbout));
  return found;
}

function bar({ label, value, shown, note }) {
  const filled = element("i", "", []);
  filled.style.width = `${100 * value}%`;
  const head = element("div", "head", [element("span", "", [label, ...(note ? [element("sup", "", note)] : [])]), element("b", "", shown, { "data-value": value })]);
  return element("div", "bar", [head, element("div", "track", [filled], { "aria-hidden": "true" })]);
}
