// Columns: one a layer, and one for the sum.

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
    element("div", "bar", [element("div", "rise"), element("div", "reach"), element("div", "share")], { "data-from": 3 }),
  ]);
}

function totalOf(layers) {
  return element("div", "column total", [
    element("div", "name", element("span", "", "Sum"), { "data-from": 3 }),
    element("div", "score", [element("b"), element("small")], { "data-from": 3 }),
    element("div", "mean", [element("b", "", "\u00a0"), element("small", "", "\u00a0")], { "data-from": 2, "aria-hidden": "true" }),
    element("div", "bar", layers.map(() => element("div", "rise")), { "data-from": 3, "aria-hidden": "true" }),
  ]);
}

/** Tell Python which layers are off; the last one stays on. */
function switchLayers(root, state) {
  const inputs = [...root.querySelectorAll(".name input")];
  const off = state.data.layers.filter((_, i) => !inputs[i].checked).map(({ name }) => name);
  keepOneOn(inputs);
  state.send("off", { off });
}

/** The sum needs at least one layer: the only one that is on cannot be left out. */
function keepOneOn(inputs) {
  const on = inputs.filter(({ checked }) => checked);
  for (const input of inputs) input.disabled = on.length === 1 && input.checked;
}

function paintColumns(root, state, planes) {
  const { data } = state;
  const { layers, whole, score, end } = data;
  const colours = colourTable(data.colours);
  const box = root.querySelector(".columns");
  box.style.setProperty("--count", layers.length);
  const part = (value) => (whole > 0 ? value / whole : 0);
  const rising = (rise, from, to, colour) => {
    rise.style.setProperty("--from", part(from));
    rise.style.setProperty("--to", part(to));
    rise.style.background = colour;
  };
  const total = box.lastElementChild;
  layers.forEach((layer, i) => {
    const column = box.children[i];
    const { name, cells, distance, isOn, before, after, share, percent, was, colour } = layer;
    column.classList.toggle("is-off", !isOn);
    column.querySelector("input").checked = isOn;
    const canvas = column.querySelector("canvas");
    paintPlane(canvas, planes[i], colours, end);
    canvas.ariaLabel = `Map of ${name}: ${planes[i].columns} × ${planes[i].rows} cells, mean ${numberText(distance)}`;
    column.querySelector(".strip").style.background = colourAt(colours, distance / end);
    const [mean, over] = column.querySelector(".mean").children;
    mean.textContent = distance.toFixed(4);
    mean.dataset.value = distance;
    over.replaceChildren(element("span", "long", "mean of "), `${counted.format(cells)} cells`);
    rising(column.querySelector(".rise"), before, isOn ? after : before + distance, colour);
    column.querySelector(".reach").style.setProperty("--to", part(after));
    const said = column.querySelector(".share");
    said.style.setProperty("--top", part(isOn ? after : before + distance));
    said.replaceChildren(...shareText(share, percent, was));
    rising(total.querySelectorAll(".rise")[i], before, after, colour);
  });
  keepOneOn([...box.querySelectorAll("input")]);
  const [number, word] = total.querySelector(".score").children;
  number.textContent = score.toFixed(4);
  number.dataset.value = score;
  const was = data.was === null ? [] : [", was ", element("span", "", data.was.toFixed(4), { "data-value": data.was })];
  word.replaceChildren(data.word, ...was);
}

function shareText(share, percent, was) {
  const now = element("span", "", share === null ? "off" : percent);
  if (share !== null) now.dataset.value = share;
  return was ? [now, element("small", "", ` was ${was}`)] : [now];
}

/** A colour of the scale, as stylesheets write it. */
function colourAt(colours, part) {
  const word = colours[Math.floor(Math.min(Math.max(part, 0), 1) * 255 + 0.5)];
  return `rgb(${word & 255}, ${(word >> 8) & 255}, ${(word >> 16) & 255})`;
}
