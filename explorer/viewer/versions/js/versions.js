// Versions of one picture: a grid that is ordered here, without the server, and the metrics' axes below it.

const shown = new WeakMap(); // the component's element -> {display, ticket, data, tiles}, which survives reruns

export default function ({ data, parentElement, setTriggerValue, setStateValue }) {
  const root = parentElement.querySelector(".versions");
  if (isOld(root, data)) return;
  if (!shown.has(root)) shown.set(root, begin(root));
  const state = shown.get(root);
  // A run with an old wish of the page's does not undo what the user has clicked since.
  if (data.ticket !== state.ticket) Object.assign(state, { display: data.display, ticket: data.ticket });
  state.data = data;
  state.open = (key) => setTriggerValue("open", key);
  state.change = (change) => {
    state.display = { ...state.display, ...change };
    setStateValue("display", { ...state.display, ticket: state.ticket });
    draw(root, state);
  };
  draw(root, state);
}

/** The parts that stay, and what is listened to once. */
function begin(root) {
  const part = (tag, name, attributes = {}) => element(tag, name, [], attributes);
  const parts = {
    orders: part("div", "choices", { role: "group", "aria-label": "Order by" }),
    reference: part("div", "reference"),
    notes: part("div", "notes"),
    grid: part("ol", "grid", { "aria-label": "Versions" }),
    axes: part("div", "axes"),
    numbers: part("details", "numbers"),
    spoken: part("div", "spoken", { "aria-live": "polite" }),
  };
  root.append(
    element("div", "toolbar", [element("span", "label", "Order by"), parts.orders]),
    element("div", "body", [element("div", "aside", [parts.reference, parts.notes]), parts.grid]),
    parts.axes,
    parts.numbers,
    parts.spoken,
  );
  const state = { parts, tiles: new Map(), display: { order: "", picked: "" } };
  listenToHolding(root, (held) => seeHeld(root, held));
  new ResizeObserver(() => drawAxes(root, state)).observe(parts.axes);
  return state;
}

/** The reference in the place of all versions, of the one that is held, or of none. */
function seeHeld(root, held) {
  for (const node of [root, ...root.querySelectorAll(".held")]) node.classList.remove("held");
  (held === root ? root : held?.closest(".version"))?.classList.add("held");
}

function draw(root, state) {
  const { data, parts, display } = state;
  // Which is by the order that is there, whatever a link has asked for.
  state.column = Math.max(0, data.metrics.findIndex(({ key }) => key === display.order));
  state.ordered = inOrder(data.tiles, state.column);
  root.style.setProperty("--aspect", data.reference.aspect);
  drawOrders(state);
  drawReference(state);
  drawTiles(root, state);
  drawAxes(root, state);
  drawNumbers(state);
}

/** Closest first; what has no rank is last, as it was asked for. */
function inOrder(tiles, column) {
  const rank = ({ values }) => values[column].rank ?? Infinity;
  return tiles.toSorted((a, b) => (rank(a) === rank(b) ? 0 : rank(a) - rank(b)));
}

function drawOrders(state) {
  const { parts, data, column } = state;
  const form = JSON.stringify(data.metrics.map(({ key, label }) => [key, label]));
  if (parts.orders.dataset.form !== form) {
    parts.orders.dataset.form = form;
    // PSNR, SSIM and then the network's, wherever their axes are.
    const known = ["psnr", "ssim", "lpips"];
    const metrics = data.metrics.toSorted((a, b) => known.indexOf(a.key) - known.indexOf(b.key));
    parts.orders.replaceChildren(
      ...metrics.map(({ key, label }) => {
        const button = element("button", "", label, { type: "button", "data-order": key, "data-text": label });
        button.addEventListener("click", () => {
          state.change({ order: key });
          parts.spoken.textContent = `Ordered by ${label}`;
        });
        return button;
      }),
    );
  }
  for (const button of parts.orders.children) {
    button.setAttribute("aria-pressed", button.dataset.order === data.metrics[column].key);
  }
}
