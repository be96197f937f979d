// Photograph: the picture itself, with the window that a cell sees, and the cell's own part of it.

function followPhotograph(root) {
  const photograph = root.querySelector(".photograph");
  const go = (event) => states.get(root).data && goTo(root, states.get(root), photograph, event);
  photograph.addEventListener("pointermove", (event) => event.pointerType === "mouse" && go(event));
  photograph.addEventListener("click", go);
  photograph.addEventListener("keydown", (event) => moveCell(root, states.get(root), event));
}

function drawPhotograph(root, state) {
  const { photograph, width, height, name } = state.data;
  const box = root.querySelector(".photograph");
  root.style.setProperty("--aspect", width / height);
  box.setAttribute("aria-label", `${name}. Arrow keys move the cell.`);
  const image = box.querySelector("img");
  const source = `data:image/png;base64,${photograph}`;
  if (image.src !== source) image.src = source;
  box.querySelector("svg").setAttribute("viewBox", `0 0 ${width} ${height}`);
  coverPhotograph(root, state);
}

/** Lay the channel that is pressed on the photograph. */
function coverPhotograph(root, state) {
  const box = root.querySelector(".photograph");
  const at = state.data.strongest.findIndex(({ channel }) => channel === state.channel);
  box.classList.toggle("is-covered", at >= 0);
  if (at < 0) return;
  const plane = withoutSigns(state.planes[at]);
  paintPlane(box.querySelector(".over"), plane, state.colours, state.data.end, { overlay: 0.35 });
}

function markPhotograph(root, state, { row, column }) {
  const { data } = state;
  const layer = openedLayer(state);
  const [left, wide] = data.across[column];
  const [top, high] = data.down[row];
  const place = (rects, box) => {
    for (const rect of root.querySelectorAll(rects)) {
      for (const [name, value] of Object.entries(box)) rect.setAttribute(name, value);
    }
  };
  place(".window", { x: left, y: top, width: wide, height: high });
  const cell = { width: data.width / layer.columns, height: data.height / layer.rows };
  place("rect.cell", { x: column * cell.width, y: row * cell.height, ...cell });
  root.querySelector(".sees").replaceChildren(...sentence(layer, row, column, [wide, high], data.compared));
}

/** What the cell sees, in words; the numbers carry themselves in full. */
function sentence({ name, sees, size }, row, column, [wide, high], compared) {
  const number = (value) => element("b", "", String(value), { "data-value": value });
  const whole = size ? [number(size[1]), " × ", number(size[0]), " pixels"] : [element("b", "", sees)];
  const isCut = size && (wide < size[1] || high < size[0]);
  const inside = isCut ? `, ${wide} × ${high} of them inside the picture` : "";
  return [
    ...["A cell of ", element("b", "", name), " sees ", ...whole, "."],
    element("small", "", `Row ${row + 1}, column ${column + 1}${inside}`),
    ...(compared ? [element("small", "compared", compared)] : []),
    element("small", "hint", "Press a channel to lay it on the picture."),
  ];
}
