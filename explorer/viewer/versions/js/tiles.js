// Tiles: the reference, and each version with its number, its other numbers and what was done.

const address = (picture) => `data:image/png;base64,${picture}`;

/** An image whose pixels are sent again only where they are others: to decode it anew would flicker. */
function show(image, picture) {
  if (image.picture === picture) return;
  image.picture = picture;
  image.src = address(picture);
}

function drawReference({ parts, data, column }) {
  const { reference, notes, metrics } = data;
  if (!parts.reference.children.length) {
    const button = element("button", "picture", element("img", "own", [], { alt: "" }), { type: "button", "data-hold": "all" });
    parts.reference.append(
      element("div", "frame", [button, element("span", "chip", "Reference")]),
      element("b", "name"),
      element("small", "note"),
      element("small", "hint", ["Hold ", element("kbd", "", "0"), " or this picture to see it in place."]),
    );
  }
  const button = parts.reference.querySelector("button");
  button.ariaLabel = `Reference, ${reference.name}, ${reference.note}: hold to see it in the place of all versions`;
  show(button.firstChild, reference.picture);
  parts.reference.querySelector(".name").textContent = reference.name;
  parts.reference.querySelector(".note").textContent = reference.note;
  const { label, direction } = metrics[column];
  const order = element("p", "", [element("b", "", "The numbers"), ` order the pictures by ${label}; ${direction}.`]);
  parts.notes.replaceChildren(order, ...notes.map((note) => element("p", "", note)));
}

function drawTiles(root, state) {
  const { parts, data, tiles, ordered, display } = state;
  const keys = new Set(ordered.map(({ key }) => key));
  for (const [key, tile] of tiles) if (!keys.has(key)) (tile.remove(), tiles.delete(key));
  for (const tile of ordered) if (!tiles.has(tile.key)) tiles.set(tile.key, newTile(root, state, tile.key));
  const held = document.activeElement?.shadowRoot?.activeElement ?? root.getRootNode().activeElement;
  const nodes = ordered.map((tile) => filled(tiles.get(tile.key), tile, state));
  const coming = Array.from({ length: data.coming }, () => element("li", "coming", element("div", "frame", "making …")));
  const now = [...nodes, ...coming];
  // What is where it belongs stays: a node that is moved loses the focus.
  if (now.length !== parts.grid.children.length || now.some((node, i) => node !== parts.grid.children[i])) {
    parts.grid.replaceChildren(...now);
    if (held?.isConnected && held.closest(".version")) held.focus({ preventScroll: true });
  }
  const first = nodes.find((node) => node.dataset.key === display.picked) ?? nodes[0];
  for (const node of nodes) node.querySelector(".picture").tabIndex = node === first ? 0 : -1;
}

/** A tile without its words, which `filled` writes. */
function newTile(root, state, key) {
  const images = ["own", "other"].map((name) => element("img", name, [], { alt: "", draggable: "false" }));
  const picture = element("button", "picture", images, { type: "button", "data-hold": "this" });
  const open = element("button", "open", "Open in Inspect ↗", { type: "button" });
  const tile = element("li", "version", [
    element("div", "frame", [picture, open]),
    element("div", "title", [element("span", "badge"), element("b", "name")]),
    element("strong", "number"),
    element("div", "others"),
  ], { "data-key": key });
  picture.addEventListener("click", () => state.change({ picked: state.display.picked === key ? "" : key }));
  picture.addEventListener("dblclick", () => state.open(key));
  picture.addEventListener("keydown", (event) => moveFocus(event, state));
  open.addEventListener("click", () => state.open(key));
  tile.addEventListener("pointerenter", () => ((state.pointed = key), drawAxes(root, state)));
  tile.addEventListener("pointerleave", () => ((state.pointed = ""), drawAxes(root, state)));
  return tile;
}

function filled(node, tile, { data, display, column }) {
  const [mine, other] = node.querySelectorAll("img");
  show(mine, tile.picture);
  show(other, data.reference.picture);
  const isPicked = display.picked === tile.key;
  const { text, rank } = tile.values[column];
  const { label, held } = data.metrics[column];
  node.classList.toggle("picked", isPicked);
  node.classList.toggle("opposed", data.opposed.includes(tile.key));
  node.classList.toggle("unequal", rank === null);
  const picture = node.querySelector(".picture");
  picture.ariaPressed = String(isPicked);
  const words = [`${tile.name}, ${rank ? `number ${rank} by ${label}` : "not equal, so without a number"}`, tile.parameters];
  picture.ariaLabel = [...words, ...data.metrics.map((metric, i) => `${metric.label} ${tile.values[i].text}`)].join(", ");
  node.querySelector(".open").ariaLabel = `Open ${tile.name} in Inspect`;
  node.querySelector(".badge").textContent = rank ?? "–";
  node.querySelector(".name").textContent = tile.name;
  node.querySelector(".number").textContent = text;
  const others = data.metrics.flatMap((metric, i) => {
    if (i === column || metric.held) return []; // those that differ in it say so below
    const { text, ordinal } = tile.values[i];
    return [element("small", "", `${metric.label} ${text}${ordinal ? ` · ${ordinal}` : ""}`)];
  });
  const isEqual = rank !== null;
  const own = tile.nearest && isEqual ? `${tile.parameters} · ${tile.nearest}` : tile.parameters;
  node.querySelector(".others").replaceChildren(
    ...others,
    element("small", "", own, tile.remark ? { title: tile.remark } : {}),
    ...(tile.remark && !isEqual ? [element("small", "remark", tile.remark)] : []),
  );
  return node;
}

/** The grid is one stop of the Tab key; arrows go from picture to picture, Home and End to the first and last. */
function moveFocus(event, state) {
  const { parts } = state;
  const pictures = [...parts.grid.querySelectorAll(".version .picture")];
  const at = pictures.indexOf(event.currentTarget);
  const across = getComputedStyle(parts.grid).gridTemplateColumns.split(" ").length;
  const to = { ArrowLeft: at - 1, ArrowRight: at + 1, ArrowUp: at - across, ArrowDown: at + across, Home: 0, End: pictures.length - 1 }[event.key];
  if (to === undefined) return;
  event.preventDefault(); // the page would scroll
  event.stopPropagation();
  if (!pictures[to]) return;
  for (const picture of pictures) picture.tabIndex = picture === pictures[to] ? 0 : -1;
  pictures[to].focus();
}
