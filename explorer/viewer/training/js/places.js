// The ladder's versions by their rank for PSNR and for a network. Where both agree they lie on a line.

const ARROWS = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1 };
const SVG = "http://www.w3.org/2000/svg";

function places(root) {
  const svg = document.createElementNS(SVG, "svg");
  for (const [name, value] of Object.entries({ viewBox: "0 0 100 100", preserveAspectRatio: "none", "aria-hidden": "true" })) svg.setAttribute(name, value);
  svg.append(document.createElementNS(SVG, "line"), document.createElementNS(SVG, "polyline"));
  const [line] = svg.children;
  for (const [name, value] of Object.entries({ x1: 0, y1: 100, x2: 100, y2: 0 })) line.setAttribute(name, value);
  const field = element("div", "field", [svg, element("span", "above"), element("span", "below"), element("span", "waiting", "…")], { role: "group" });
  field.addEventListener("pointerleave", () => look(root, null));
  field.addEventListener("focusout", () => look(root, null));
  return element("div", "places", [
    element("span", "axis up"),
    field,
    element("span", "axis across"),
    element("div", "seen", [element("img", "", [], { alt: "The photograph", draggable: "false" }), element("img", "", [], { draggable: "false" }), element("p", "", [element("b"), element("span")], { "aria-live": "polite" })]),
  ]);
}

function paintPlaces(root, state, network) {
  const { data, part } = state;
  const field = root.querySelector(".field");
  // As long as this network has ranked none, the last one's points stay, dimmed.
  const others = data.networks.filter(({ ranks }) => ranks[part].some((rank) => rank !== null));
  const isToCome = network.isThere && network.ranks[part].every((rank) => rank === null);
  const dimmed = isToCome ? (others.find(({ kind }) => kind === state.last) ?? others[0]) : undefined;
  const isDim = dimmed !== undefined;
  const own = (dimmed ?? network).ranks[part];
  if (!isToCome) state.last = network.kind;
  while (field.querySelectorAll(".rung").length < data.rungs.length) field.append(rungButton(root, field.querySelectorAll(".rung").length));
  const count = data.rungs.length;
  state.spots = data.rungs.map((_, i) => {
    const [x, y] = [data.ranks[i], own[i]];
    return x === null || y === null ? null : { x: (100 * (x - 0.5)) / count, y: (100 * (y - 0.5)) / count };
  });
  const order = state.spots.map((spot, i) => [spot, i]).filter(([spot]) => spot).sort((a, b) => a[0].x - b[0].x);
  state.order = order.map(([, i]) => i);
  field.querySelectorAll(".rung").forEach((button, i) => {
    const spot = state.spots[i];
    button.hidden = !spot;
    if (!spot) return;
    button.style.left = `${spot.x}%`;
    button.style.bottom = `${spot.y}%`;
    button.ariaLabel = words(state, network, i);
    button.disabled = isDim;
  });
  field.classList.toggle("dim", isDim);
  field.ariaLabel = `${data.title}: by PSNR and by ${network.label}`;
  for (const name of ["up", "across", "above", "below"]) root.querySelector(`.${name}`).textContent = data.words[name];
  root.querySelector(".seen img").src = data.reference;
  const waiting = root.querySelector(".waiting");
  waiting.hidden = state.order.length > 0 && !isDim;
  waiting.textContent = network.isThere ? "…" : "–";
  state.network = network;
  look(root, null);
}

function rungButton(root, place) {
  const button = element("button", "rung", [], { type: "button" });
  button.tabIndex = -1;
  button.dataset.rung = place;
  button.addEventListener("pointerenter", () => look(root, place));
  button.addEventListener("click", () => button.focus());
  button.addEventListener("focus", () => look(root, place));
  button.addEventListener("keydown", (event) => goAlong(root, event, place));
  return button;
}

/** The versions are one stop of the Tab key; arrows go along PSNR's order. */
function goAlong(root, event, place) {
  const { order } = states.get(root);
  const step = ARROWS[event.key];
  const at = order.indexOf(place);
  const to = { Home: 0, End: order.length - 1 }[event.key] ?? (step ? Math.min(Math.max(at + step, 0), order.length - 1) : -1);
  if (to < 0) return;
  event.preventDefault();
  event.stopPropagation(); // the page would go to another chapter
  root.querySelector(`[data-rung="${order[to]}"]`).focus();
}

/** Show a version and all of its kind; with none the one about which PSNR and the network differ most. */
function look(root, place) {
  const state = states.get(root);
  const { data, network, part, spots } = state;
  const focused = root.querySelector(".rung:focus")?.dataset.rung;
  const shown = place ?? (focused === undefined ? network.outlier[part] : Number(focused));
  const kind = shown === null ? null : data.rungs[shown].distortion;
  root.querySelectorAll(".rung").forEach((button, i) => {
    button.classList.toggle("kin", data.rungs[i].distortion === kind);
    button.classList.toggle("shown", i === shown);
    button.tabIndex = i === (shown ?? state.order[0]) ? 0 : -1;
  });
  const kin = data.rungs.flatMap(({ distortion }, i) => (distortion === kind && spots[i] ? [`${spots[i].x},${100 - spots[i].y}`] : []));
  root.querySelector("polyline").setAttribute("points", kin.join(" "));
  const seen = root.querySelector(".seen");
  seen.classList.toggle("empty", shown === null);
  if (shown === null) return;
  const [, image, text] = seen.children;
  image.src = data.rungs[shown].address;
  image.alt = data.rungs[shown].label;
  text.children[0].textContent = data.rungs[shown].label;
  text.children[1].replaceChildren(...ranked(state, network, shown));
}

function ranked({ data, part }, network, i) {
  const number = (value) => element("b", "", String(value), { "data-value": value });
  return ["PSNR’s rank ", number(data.ranks[i]), ", this network’s ", number(network.ranks[part][i]), ` of ${data.rungs.length}`];
}

function words(state, network, i) {
  const { data, part } = state;
  return `${data.rungs[i].label}: PSNR’s rank ${data.ranks[i]}, this network’s ${network.ranks[part][i]}`;
}
