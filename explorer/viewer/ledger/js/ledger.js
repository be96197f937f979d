// A ledger: each layer's map, its mean, and the sum as it grows from layer to layer.

const SUM = 3; // what is shown, once the sum is
const MANY = 6; // layers from which their columns are narrow
const states = new WeakMap(); // the component's element -> {data, send, canvases}

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".ledger");
  if (isOld(root, data)) return;
  if (!states.has(root)) states.set(root, { data: null, send: null });
  const state = states.get(root);
  state.send = setTriggerValue;
  show(root, state, data);
}

async function show(root, state, data) {
  state.data = data;
  const planes = await Promise.all(data.layers.map(({ plane }) => decodePlane(plane)));
  if (state.data !== data) return;
  const names = JSON.stringify(data.layers.map(({ name }) => name));
  if (root.dataset.names !== names) {
    // Only other layers are made anew: new numbers must not take the focus away.
    buildColumns(root, state);
    root.dataset.names = names;
  }
  drawPictures(root, data);
  drawHeads(root, state);
  paintColumns(root, state, planes);
  root.querySelector(".sentence").textContent = data.sentence;
  const scale = root.querySelector(".scale");
  paintScale(scale.querySelector("canvas"), colourTable(data.colours), 1);
  scale.lastElementChild.textContent = `${endText(data.end)}${data.clipped && `, ${data.clipped} clipped`}`;
  scale.lastElementChild.dataset.value = data.end;
  root.dataset.shown = data.shown;
  root.toggleAttribute("data-many", data.layers.length > MANY);
  root.dataset.painted = data.number;
}

function drawPictures(root, { pictures, aspect }) {
  root.style.setProperty("--aspect", aspect);
  root.querySelectorAll("figure img").forEach((image, i) => {
    const source = `data:image/png;base64,${pictures[i].data}`;
    if (image.src !== source) image.src = source;
    image.alt = pictures[i].name;
  });
}

/** The heads to choose from; a choice is seen at once, and its numbers as soon as Python has sent them. */
function drawHeads(root, state) {
  const { heads, chosen } = state.data;
  const group = root.querySelector(".heads");
  const names = JSON.stringify(heads);
  if (group.dataset.names !== names) {
    const buttons = heads.map(({ name, label }) => {
      const button = element("button", "", label, { type: "button", "data-text": label });
      button.dataset.name = name;
      button.addEventListener("click", () => {
        if (name === state.data.chosen) return;
        for (const other of group.children) other.ariaPressed = other === button;
        state.send("heads", name);
      });
      return button;
    });
    group.replaceChildren(...(heads.length > 1 ? buttons : []));
    group.dataset.names = names;
  }
  for (const button of group.children) button.ariaPressed = button.dataset.name === chosen;
}
