// Blocks: each layer to scale. A face has the grid's cells, and its depth goes with the channels.

const SLICE = 32; // channels between two lines on a block's sides
const SLANT = { across: 0.9, up: 0.36 }; // of the depth, as it is drawn
const GAP = 26; // pixels between two blocks, at least, with their padding
const ON_PHONE = 3; // columns of blocks

function buildBlocks(root, state) {
  const blocks = root.querySelector(".blocks");
  const hadFocus = blocks.contains(root.getRootNode().activeElement);
  const buttons = state.data.layers.map((layer, i) => {
    const { name, rows, columns, channels, sees } = layer;
    const values = { "data-rows": rows, "data-columns": columns, "data-channels": channels };
    const label = element("span", "label", [
      element("b", "", name),
      element("small", "", [`${columns} × ${rows} cells`]),
      element("small", "", [`${channels} channels`]),
    ]);
    const button = element("button", "block", [element("span", "drawing"), label], {
      ...values,
      type: "button",
      "aria-pressed": name === state.data.chosen,
      "aria-label": `${name}: ${columns} × ${rows} cells, ${channels} channels; a cell sees ${sees}`,
    });
    button.dataset.layer = name;
    button.tabIndex = name === state.data.chosen ? 0 : -1;
    button.addEventListener("click", () => choose(root, name));
    button.addEventListener("keydown", (event) => goAlong(event, [...blocks.children]));
    return button;
  });
  blocks.replaceChildren(...buttons);
  state.images = state.faces.map((face, i) => {
    const canvas = document.createElement("canvas");
    paintPlane(canvas, face, state.colours, state.data.layers[i].faceEnd);
    return canvas.toDataURL();
  });
  if (hadFocus) blocks.querySelector('[aria-pressed="true"]').focus({ preventScroll: true });
}

/** Choose a layer: at once in the drawing, and its channels as soon as Python has sent them. */
function choose(root, name) {
  const state = states.get(root);
  if (name === state.data.chosen) return;
  for (const button of root.querySelectorAll(".block")) button.ariaPressed = button.dataset.layer === name;
  state.send(name);
}

/** Give all blocks the one scale in which they fill their place. */
function layBlocks(root) {
  const state = states.get(root);
  if (!state.images) return;
  const blocks = root.querySelector(".blocks");
  const isPhone = matchMedia("(max-width: 640px)").matches;
  const highest = isPhone ? 90 : Math.max(0.27 * root.clientHeight, 70);
  const { cell, channel } = scaleOf(state.data.layers, blocks.clientWidth, highest, isPhone ? ON_PHONE : 0);
  state.data.layers.forEach((layer, i) => {
    const drawing = blocks.children[i].querySelector(".drawing");
    drawing.innerHTML = blockOf(layer, state.images[i], cell, channel);
  });
  markBlocks(root, state);
}

/** Pixels a cell and a channel: the highest block fits, and all of them side by side, or each in its column. */
function scaleOf(layers, width, highest, columns) {
  const total = (of) => layers.reduce((sum, layer) => sum + of(layer), 0);
  const most = (of) => Math.max(...layers.map(of));
  const least = (of) => Math.min(...layers.map(of));
  const spare = (cell) => ({ rows, channels }) => (1.12 * highest - cell * rows) / (SLANT.up * channels);
  const high = highest / most(({ rows }) => rows);
  if (columns) {
    const room = width / columns - GAP;
    const cell = Math.min(high, (0.6 * room) / most((layer) => layer.columns));
    const deep = least((layer) => (room - cell * layer.columns) / (SLANT.across * layer.channels));
    return { cell, channel: Math.max(Math.min(deep, least(spare(cell))), 0) };
  }
  // Half of the room is the faces', if they need it.
  const room = Math.max(width - layers.length * GAP, 120);
  const cell = Math.min(high, (0.5 * room) / total((layer) => layer.columns));
  const faces = cell * total((layer) => layer.columns);
  const deep = (room - faces) / (SLANT.across * total(({ channels }) => channels));
  return { cell, channel: Math.max(Math.min(deep, least(spare(cell))), 0) };
}

/** One block as SVG: the face with the strongest channel's map, and two sides in the layer's colour. */
function blockOf({ rows, columns, channels, colour }, image, cell, channel) {
  const [wide, high] = [columns * cell, rows * cell];
  const across = (part) => part * channels * channel * SLANT.across;
  const up = (part) => part * channels * channel * SLANT.up;
  const [dx, dy] = [across(1), up(1)];
  const face = `<image href="${image}" y="${dy}" width="${wide}" height="${high}" preserveAspectRatio="none" />`;
  const top = `0,${dy} ${dx},0 ${wide + dx},0 ${wide},${dy}`;
  const side = `${wide},${dy} ${wide + dx},0 ${wide + dx},${high} ${wide},${dy + high}`;
  const lines = [];
  for (let at = SLICE; at < channels; at += SLICE) {
    const [x, y] = [across(at / channels), dy - up(at / channels)];
    lines.push(`<path class="slice" fill="none" d="M${x},${y} H${wide + x} V${y + high}" />`);
  }
  return `<svg aria-hidden="true" width="${wide + dx}" height="${high + dy}">
    <polygon class="side" points="${top}" fill="color-mix(in srgb, ${colour} 65%, white)" />
    <polygon class="side" points="${side}" fill="${colour}" />
    ${lines.join("")}${face}<rect class="mark" visibility="hidden" data-face="0 ${dy} ${wide} ${high}" />
  </svg>`;
}

/** Mark the place of the cell on the face of the layer that is open. */
function markBlocks(root, state) {
  for (const button of root.querySelectorAll(".block")) {
    const mark = button.querySelector(".mark");
    if (!mark) continue;
    const isOpen = button.dataset.layer === state.data.chosen;
    mark.setAttribute("visibility", isOpen ? "visible" : "hidden");
    const [left, top, wide, high] = mark.dataset.face.split(" ").map(Number);
    const side = 5;
    const { row, column } = cellOf(state);
    const { rows, columns } = openedLayer(state);
    const box = {
      x: left + ((column + 0.5) / columns) * wide - side / 2,
      y: top + ((row + 0.5) / rows) * high - side / 2,
      width: side,
      height: side,
    };
    for (const [name, value] of Object.entries(box)) mark.setAttribute(name, value);
  }
}
