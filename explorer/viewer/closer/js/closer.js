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
  for (const name of ["back", "ask"]) root.querySelector(`.${name}`).addEventListener("click", () => states.get(root).send(name, Date.now()));
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
  const isAnswered = Boolean(data.said);
  root.classList.toggle("is-answered", isAnswered);
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
  root.querySelector(".back").hidden = !isAnswered;
  root.querySelector(".place").classList.toggle("is-needed", isAnswered);
  errors(root, data.errors);
  const heads = element("div", "line heads", ["", "A", "B"].map((head) => element("b", "", head, { role: "columnheader" })), { role: "row" });
  root.querySelector(".lines").replaceChildren(heads, ...data.lines.map(line));
  pairs(root.querySelector(".pairs"), data, send);
  root.querySelector(".answer").replaceChildren(...answer(data));
  root.querySelector(".votes").textContent = data.votes;
  root.querySelector(".asked").hidden = !data.votes;
  root.querySelector(".ask").hidden = !data.ask;
  root.querySelector(".ask span").textContent = data.ask;
  root.querySelector(".others").replaceChildren(...others(data));
}

/** The maps of the squared error, or a question mark in the place of each. */
function errors(root, found) {
  for (const side of "AB") {
    const [mark, image] = root.querySelector(`[data-panel="${side}"] .error`).children;
    mark.hidden = Boolean(found);
    image.hidden = !found;
    if (found) image.src = `data:image/png;base64,${found[side]}`;
  }
  root.querySelector(".ends").hidden = !found;
  if (!found) return;
  root.querySelector(".ends img").src = `data:image/png;base64,${found.bar}`;
  root.querySelector(".end").textContent = found.shown;
  root.querySelector(".end").dataset.value = found.end;
}

/** One metric: its name, and its values of A and B. */
function line({ metric, direction, values, shown, prefers }) {
  const cell = (i) => {
    const is = prefers === "AB"[i];
    const number = element("span", "number", shown[i], values[i] === null ? {} : { "data-value": values[i], "data-of": `${metric} ${"AB"[i]}` });
    return element("span", is ? "cell is-closer" : "cell", number, { role: "cell", ...(is ? { title: "closer" } : {}) });
  };
  const name = element("span", "metric", [element("b", "", metric), element("small", "", direction)], { role: "rowheader" });
  return element("div", "line", [name, cell(0), cell(1)], { role: "row" });
}

/** Which two are held against each other; buttons that stay keep the focus. */
function pairs(box, { pairs: each, pair: chosen }, send) {
  if (!box.children.length) box.replaceChildren(...each.map(({ key, label }) => element("button", "", label, { type: "button", value: key })));
  for (const button of box.children) {
    button.ariaPressed = button.value === chosen;
    button.onclick = () => button.ariaPressed !== "true" && send("pair", button.value);
  }
}

function answer({ said, why }) {
  return Object.entries({ said, why }).filter(([, words]) => words).map(([name, words]) => element("p", name, words));
}

/** How often metrics agree with people elsewhere, from what a coin does on. */
function others({ bars, barsTitle, barsAbout }) {
  if (!bars.length) return [];
  const about = barsAbout.map(({ text, value }) => element(value === null ? "span" : "b", "", text, value === null ? {} : { "data-value": value }));
  return [element("p", "title", barsTitle), element("div", "bars", [...bars.map(bar), element("span", "coin", "50% = a coin")]), element("p", "about", about)];
}

function bar({ label, value, shown }) {
  const filled = element("i");
  filled.style.width = `${Math.max(0, 200 * (value - 0.5))}%`;
  return element("div", "bar", [element("span", "", label), element("div", "track", filled, { "aria-hidden": "true" }), element("b", "", shown, { "data-value": value })]);
}
