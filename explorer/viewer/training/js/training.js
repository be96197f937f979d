// Networks and what they know: a column each, whose head is a button. Texts are never read as HTML.

const states = new WeakMap(); // the component's element -> {data, kind, part, wanted, send}
const PATIENCE = 4000; // milliseconds that Python's older choice is not taken for news

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".training");
  if (isOld(root, data)) return;
  const state = states.get(root) ?? { form: "", wanted: null };
  states.set(root, state);
  Object.assign(state, { data, send: setTriggerValue });
  const isWaiting = state.wanted && performance.now() < state.wanted.until;
  if (!isWaiting || (data.chosen === state.kind && data.part === state.part)) {
    Object.assign(state, { kind: data.chosen, part: data.part, wanted: null });
  }
  const form = JSON.stringify([data.networks.map(({ kind }) => kind), data.parts, data.tables.map(({ title, rows }) => [title, rows.length])]);
  if (state.form !== form) build(root, state);
  state.form = form;
  paint(root, state);
}

function build(root, state) {
  const { networks, parts, tables } = state.data;
  root.style.setProperty("--networks", networks.length);
  const heads = networks.map(({ kind }) => {
    const head = element("button", "head", [element("b"), element("small"), element("img"), element("i")], { type: "button" });
    head.dataset.kind = kind;
    head.querySelector("img").draggable = false;
    head.addEventListener("click", () => choose(root, { kind }));
    return head;
  });
  const table = element("table", "", element("colgroup", "", [element("col", "names")]));
  table.createTHead().insertRow().append(...["", ...networks.map(({ label }) => label)].map((name) => element("th", "", name, { scope: "col" })));
  for (const { title, rows, isLarge } of tables) {
    const body = table.createTBody();
    body.className = isLarge ? "large" : "others";
    if (!isLarge) body.append(opener(root, title, networks));
    for (const _ of rows) {
      const line = body.insertRow();
      line.className = "line";
      line.append(element("th", "", [element("span"), element("small")], { scope: "row" }));
      networks.forEach(() => line.insertCell().append(element("b"), element("i")));
    }
  }
  const switches = Object.entries(parts).map(([part, label]) => {
    const button = element("button", "part", label, { type: "button" });
    button.dataset.part = part;
    button.addEventListener("click", () => choose(root, { part }));
    return button;
  });
  root.replaceChildren(
    element("div", "known", [element("div", "heads", [element("span", "first", state.data.words.filters), ...heads]), element("p", "said", "", { "aria-live": "polite" }), table, element("p", "notes")]),
    element("div", "ordered", [
      element("div", "top", [element("b", "title"), element("div", "parts", switches, { role: "group", "aria-label": "Layers in the sum" })]),
      places(root),
    ]),
  );
}

/** The row that shows the rows below it, which are not the story. */
function opener(root, title, networks) {
  const button = element("button", "opener", title, { type: "button", "aria-expanded": "false" });
  button.addEventListener("click", () => {
    const state = states.get(root);
    state.isOpen = !state.isOpen;
    paint(root, state);
  });
  const row = element("tr", "heading", [element("th", "", [button], { scope: "rowgroup" }), ...networks.map(() => element("td"))]);
  return row;
}

/** Look at another network, or at other layers: at once, and told to Python for the link. */
function choose(root, change) {
  const state = states.get(root);
  Object.assign(state, change, { wanted: { until: performance.now() + PATIENCE } });
  paint(root, state);
  state.send("choose", { kind: state.kind, part: state.part });
}

function paint(root, state) {
  const { data, kind, part } = state;
  const column = data.networks.findIndex((network) => network.kind === kind);
  root.classList.toggle("open", Boolean(state.isOpen));
  root.querySelectorAll(".head").forEach((head, i) => paintHead(head, data.networks[i], i === column));
  [...root.querySelector("thead tr").cells].forEach((cell, i) => cell.classList.toggle("chosen", i - 1 === column));
  data.tables.forEach(({ rows, isLarge }, i) => {
    const body = root.querySelectorAll("tbody")[i];
    for (const cell of body.querySelectorAll(".heading > *")) cell.classList.toggle("chosen", cell.cellIndex - 1 === column);
    for (const opens of body.querySelectorAll(".opener")) opens.ariaExpanded = String(Boolean(state.isOpen));
    body.querySelectorAll(".line").forEach((line, j) => {
      line.hidden = !isLarge && !state.isOpen;
      paintLine(line, rows[j], part, column);
    });
  });
  root.querySelector(".said").textContent = data.networks[column].said;
  root.querySelector(".notes").textContent = data.notes;
  root.querySelector(".title").textContent = data.title;
  for (const button of root.querySelectorAll(".part")) button.ariaPressed = button.dataset.part === part;
  paintPlaces(root, state, data.networks[column]);
}

function paintHead(head, { label, about, filters, isThere }, isChosen) {
  const [name, words, image, waiting] = head.children;
  name.textContent = label;
  words.textContent = about;
  image.hidden = !filters;
  image.alt = filters ? `First filters: ${label}` : "";
  const address = filters ? `data:image/png;base64,${filters}` : "";
  if (filters && image.src !== address) image.src = address;
  waiting.hidden = Boolean(filters);
  waiting.textContent = filters ? "" : isThere ? "…" : "–";
  head.ariaPressed = isChosen;
  head.classList.toggle("chosen", isChosen);
}

function paintLine(line, { label, note, cells }, part, column) {
  const [head, ...others] = line.cells;
  head.children[0].textContent = label;
  head.children[1].textContent = note;
  others.forEach((cell, i) => {
    const { text, value, share } = cells[part][i];
    const [shown, bar] = cell.children;
    shown.textContent = text;
    if (value === null) shown.removeAttribute("data-value");
    else shown.dataset.value = value;
    bar.style.width = `${100 * Math.max(0, share)}%`;
    cell.classList.toggle("chosen", i === column);
  });
}
