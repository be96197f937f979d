// Tiles: the strongest channels of the layer that is open, on one scale, each with its value in the cell.

const WIDE_ROW = 9; // tiles in a row
const SHORT_ROW = 6; // where they are larger by a tenth at least
const FEW = 6; // tiles that a phone shows before more are asked for, as in the stylesheet
const WORDS = 1.6; // of the type's size: the height of a tile's words

function buildTiles(root, state) {
  const { data, planes, colours } = state;
  const box = root.querySelector(".tiles");
  const hadFocus = box.contains(root.getRootNode().activeElement);
  const tiles = data.strongest.map(({ channel, strength }, i) => {
    const map = element("span", "map", [element("canvas", "", [], { "aria-hidden": "true" }), element("i")]);
    paintPlane(map.firstChild, withoutSigns(planes[i]), colours, data.end);
    const words = element("span", "words", [element("span", "", String(channel)), element("span")]);
    const tile = element("button", "tile", [map, words], { type: "button" });
    tile.dataset.channel = channel;
    tile.dataset.strength = strength;
    tile.tabIndex = i ? -1 : 0;
    map.addEventListener("pointermove", (event) => event.pointerType === "mouse" && goTo(root, state, map, event));
    tile.addEventListener("click", () => lay(root, state, channel));
    tile.addEventListener("keydown", (event) => goAlong(event, [...box.children]));
    tile.addEventListener("focus", () => [...box.children].forEach((other) => (other.tabIndex = other === tile ? 0 : -1)));
    return tile;
  });
  box.replaceChildren(...tiles);
  press(root, state);
  if (hadFocus) tiles[0]?.focus({ preventScroll: true });
  root.querySelector(".more").hidden = tiles.length <= FEW;
  const [words, scale] = root.querySelector(".heading").children;
  const shown = data.isExact ? "the value in the marked cell" : "the mean over all cells";
  words.replaceChildren(`Strongest on this picture. Number: ${shown}.`);
  scale.lastElementChild.textContent = endText(data.end);
  scale.lastElementChild.dataset.value = data.end;
  paintScale(scale.querySelector("canvas"), colours, 1);
}

/** On a phone: all tiles, or a few. */
function followMore(root) {
  const button = root.querySelector(".more");
  button.addEventListener("click", () => {
    const isAll = root.toggleAttribute("data-all");
    button.ariaExpanded = isAll;
    button.textContent = isAll ? "Fewer channels" : "More channels";
  });
}

/** Lay the tiles in rows in which they are as large as they can be. */
function layTiles(root) {
  const { data } = states.get(root);
  const box = root.querySelector(".tiles");
  if (!data || !box.clientHeight) return;
  const words = WORDS * parseFloat(getComputedStyle(box).fontSize);
  const inRows = (each) => Math.ceil(data.strongest.length / each);
  const bySpace = (each) => (box.clientHeight / inRows(each) - words) * (data.width / data.height);
  const side = (each) => Math.min(box.clientWidth / each, bySpace(each));
  const best = side(SHORT_ROW) > 1.1 * side(WIDE_ROW) ? SHORT_ROW : WIDE_ROW;
  box.style.setProperty("--wide-columns", best);
  box.style.setProperty("--rows", inRows(best));
}

/** Values as colours show them: how far from 0. After a ReLU none is negative. */
function withoutSigns(plane) {
  return { ...plane, values: plane.values.map(Math.abs) };
}

/** Lay a channel on the photograph, or take it off. */
function lay(root, state, channel) {
  state.channel = state.channel === channel ? null : channel;
  press(root, state);
  coverPhotograph(root, state);
}

function press(root, state) {
  for (const tile of root.querySelectorAll(".tile")) tile.ariaPressed = Number(tile.dataset.channel) === state.channel;
}

/** Mark the cell in every tile, and write its value; of a grid too fine for that the mean stands there. */
function markTiles(root, state, { row, column }) {
  const { data } = state;
  const { rows, columns } = openedLayer(state);
  root.querySelectorAll(".tile").forEach((tile, i) => {
    const value = data.isExact ? state.planes[i].values[row * columns + column] : data.strongest[i].strength;
    const number = tile.querySelector(".words span:last-child");
    number.textContent = value > 0 && value < 0.005 ? "<0.01" : value.toFixed(2).replace("-", "−");
    number.classList.toggle("none", value === 0);
    tile.classList.toggle("answers", data.isExact && value > 0);
    number.dataset.value = value;
    tile.ariaLabel = `Channel ${tile.dataset.channel}: ${number.textContent}`;
    Object.assign(tile.querySelector("i").style, {
      left: `${(100 * column) / columns}%`,
      top: `${(100 * row) / rows}%`,
      width: `${100 / columns}%`,
      height: `${100 / rows}%`,
    });
  });
}
