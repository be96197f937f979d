// Columns: one a layer, and one for the sum.

const PATIENCE = 3000; // ms in which an answer to the last click comes, or none will
const counted = new Intl.NumberFormat("en");

function buildColumns(root, state) {
  const columns = state.data.layers.map(({ name }) => columnOf(root, state, name));
  root.querySelector(".columns").replaceChildren(...columns, totalOf(state.data.layers));
}

function columnOf(root, state, name) {
  const input = element("input", "", [], { type: "checkbox", "data-from": 3 });
  input.addEventListener("change", () => switchLayers(root, state));
  return element("div", "column", [
    element("label", "name", [input, element("span", "", name)]),
    element("div", "map", element("canvas", "", [], { role: "img" })),
    element("div", "strip", [], { "data-from": 2, "aria-hidden": "true" }),
    element("div", "mean", [element("b"), element("small")], { "data-from": 2 }),
    element("div", "bar", [
      element("div", "rise", [], { "data-from": 2 }),
      element("div", "reach", [], { "data-from": 3 }),
      element("div", "share", [], { "data-from": 2 }),
    ]),
  ]);
}

function totalOf(layers) {
  return element("div", "column total", [
    element("div", "name", element("span", "", "Sum")),
    element("div", "score", [element("b"), element("small")], { "data-from": 3 }),
    element("div", "mean", [element("b", "", "\u00a0"), element("small", "", "\u00a0")], { "data-from": 2, "aria-hidden": "true" }),
    element("div", "bar", [
      ...layers.map(() => element("div", "rise", [], { "data-from": 3, "aria-hidden": "true" })),
      element("div", "axis", [element("span"), element("span", "", "0")], { "data-from": 3 }),
    ]),
  ]);
}

/** Tell Python which layers are off; the last one stays on. */
function switchLayers(root, state) {
  const inputs = [...root.querySelectorAll(".name input")];
  const off = namesOf(state, (layer, i) => !inputs[i].checked);
  keepOneOn(inputs, state);
  state.wish = { off: JSON.stringify(off), since: performance.now() };
  state.send("off", { off });
}

/** Names of the layers that can be switched, and that are of a kind. */
function namesOf({ data }, kind) {
  return data.layers.filter((layer, i) => !layer.isLocked && kind(layer, i)).map(({ name }) => name);
}

/** Whether the boxes are to stay as the user has them: an answer to an earlier click must not undo a later one. */
function isBehind(state) {
  if (!state.wish) return false;
  const off = JSON.stringify(namesOf(state, ({ isOn }) => !isOn));
  const isWaiting = off !== state.wish.off && performance.now() - state.wish.since < PATIENCE;
  if (!isWaiting) state.wish = null;
  return isWaiting;
}

/** The sum needs at least one layer: the only one that is on cannot be left out, and the method's others not come in. */
function keepOneOn(inputs, { data }) {
  const on = inputs.filter(({ checked }) => checked);
  inputs.forEach((input, i) => {
    input.disabled = data.layers[i].isLocked || (on.length === 1 && input.checked);
    input.parentElement.title = data.layers[i].isLocked ? "Off in the sidebar" : "";
  });
}

function paintColumns(root, state, planes) {
  const { data } = state;
  const { layers, whole, score, end, shown } = data;
  const colours = colourTable(data.colours);
  const box = root.querySelector(".columns");
  box.style.setProperty("--count", layers.length);
  const part = (value) => (whole > 0 ? value / whole : 0);
  const isSum = shown === SUM; // before that each stands on the ground
  const rising = (rise, from, to, colour) => {
    rise.style.setProperty("--from", part(from));
    rise.style.setProperty("--to", part(to));
    rise.style.background = colour;
  };
  const total = box.lastElementChild;
  const stays = isBehind(state);
  layers.forEach((layer, i) => {
    const column = box.children[i];
    const { name, cells, distance, isOn, isLocked, before, after, colour } = layer;
    const ground = isSum ? before : 0;
    column.classList.toggle("is-off", !isOn);
    column.classList.toggle("is-locked", isLocked);
    if (!stays) column.querySelector("input").checked = isOn;
    const canvas = column.querySelector("canvas");
    paintPlane(canvas, planes[i], colours, end);
    canvas.ariaLabel = `Map of ${name}: ${planes[i].columns} × ${planes[i].rows} cells, mean ${numberText(distance)}`;
    column.querySelector(".strip").style.background = colourAt(colours, distance / end);
    const [mean, over] = column.querySelector(".mean").children;
    mean.textContent = distance.toFixed(4);
    mean.dataset.value = distance;
    over.replaceChildren(element("span", "long", "mean of "), `${counted.format(cells)} cells`);
    rising(column.querySelector(".rise"), ground, ground + distance, colour);
    column.querySelector(".reach").style.setProperty("--to", part(after));
    const said = column.querySelector(".share");
    said.style.setProperty("--top", isLocked ? 0 : part(ground + distance));
    said.replaceChildren(...shareText(layer, isSum));
    rising(total.querySelectorAll(".rise")[i], before, after, colour);
  });
  keepOneOn([...box.querySelectorAll("input")], state);
  const axis = total.querySelector(".axis").firstElementChild;
  axis.textContent = numberText(whole);
  axis.dataset.value = whole;
  const [number, word] = total.querySelector(".score").children;
  number.textContent = score.toFixed(4);
  number.dataset.value = score;
  const was = data.was === null ? [] : ["was ", element("span", "", data.was.toFixed(4), { "data-value": data.was })];
  word.replaceChildren(element("span", "", data.word), element("span", "", was));
}

/** What stands above a bar: the distance, and its share of the sum once there is one. */
function shareText({ distance, share, percent, was, isOn }, isSum) {
  const amount = element("em", "", distance.toFixed(4), { "data-value": distance });
  if (!isSum) return [amount];
  const now = element("span", "", isOn ? percent : "off");
  if (share !== null) now.dataset.value = share;
  const before = was ? [element("small", "", `was ${was}`)] : [];
  return isOn && percent ? [amount, element("i", "", " · "), now, ...before] : [now, ...before];
}

/** A colour of the scale, as stylesheets write it. */
function colourAt(colours, part) {
  const word = colours[Math.floor(Math.min(Math.max(part, 0), 1) * 255 + 0.5)];
  return `rgb(${word & 255}, ${(word >> 8) & 255}, ${(word >> 16) & 255})`;
}
