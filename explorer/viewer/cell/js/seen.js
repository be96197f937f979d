// Seen: the photograph, what the cell sees of both pictures, and the map with the cell in it.

const ARROWS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };
const FAR = 5; // cells with Shift

const percent = (part) => `${100 * part}%`;

/** Draw all that does not depend on where the point is, if it is another. */
function drawPictures(root, state) {
  const { data } = state;
  for (const side of ["reference", "distorted"]) {
    const source = `data:image/png;base64,${data[side]}`;
    const shown = side === "reference" ? ".photo img, [data-side=reference] img" : "[data-side=distorted] img";
    for (const image of root.querySelectorAll(shown)) if (image.src !== source) image.src = source;
  }
  root.querySelector(".photo img").alt = "The reference";
  root.style.setProperty("--aspect", data.width / data.height);
  const select = root.querySelector("select");
  if ([...select.options].map(({ value }) => value).join("\n") !== data.layers.join("\n")) {
    select.replaceChildren(...data.layers.map((name) => element("option", "", name, { value: name })));
  }
  select.value = state.layer;
  const { rows, columns } = data.plane;
  root.querySelector(".which span").textContent = `${columns} × ${rows} cells, its own scale`;
}

/** The map, on its own scale from 0 to its largest value. */
function drawMap(root, state) {
  const { plane, colours, end } = state;
  paintPlane(root.querySelector(".map canvas"), plane, colours, end);
  paintScale(root.querySelector(".ramp canvas"), colours, 1);
}

function label(place, value, text) {
  place.textContent = text;
  place.dataset.value = value;
}

/** The point, and what follows from it at once: its value in the map. */
function drawPoint(root, { plane, end, colours, place: [row, column] }) {
  const { rows, columns, values } = plane;
  for (const spot of root.querySelectorAll(".spot")) {
    Object.assign(spot.style, {
      left: percent(column / columns),
      top: percent(row / rows),
      width: percent(1 / columns),
      height: percent(1 / rows),
    });
  }
  const value = values[row * columns + column];
  const part = Math.min(value / end, 1);
  const scale = root.querySelector(".scale");
  scale.style.setProperty("--part", part);
  scale.classList.toggle("is-high", part > 0.86);
  scale.classList.toggle("is-low", part < 0.2);
  scale.classList.toggle("is-middle", part > 0.4 && part < 0.7);
  scale.classList.toggle("is-flat", !values.some((each) => each > 0));
  scale.querySelector("b").textContent = total(value);
  label(scale.querySelector(".end"), end, total(end));
  label(scale.querySelector(".middle"), end / 2, Number((end / 2).toPrecision(2)).toString());
  const shade = Math.floor(part * 255 + 0.5);
  root.style.setProperty("--shade", `rgb(${colours.bytes.slice(3 * shade, 3 * shade + 3).join(" ")})`);
}

/** What the cell sees: the box on the photograph, and that part of both pictures. */
function drawField(root, { data }) {
  const { width, height, window: [x, y, w, h] } = data;
  const field = root.querySelector(".field");
  Object.assign(field.style, { left: percent(x / width), top: percent(y / height), width: percent(w / width), height: percent(h / height) });
  field.hidden = w === width && h === height;
  for (const side of ["reference", "distorted"]) {
    const patch = root.querySelector(`[data-side=${side}] .patch`);
    const [image] = patch.children;
    image.alt = `What the cell sees of the ${side} picture`;
    Object.assign(patch.style, { aspectRatio: `${w} / ${h}`, width: w >= h ? "100%" : "auto", height: w >= h ? "auto" : "100%" });
    Object.assign(image.style, { width: percent(width / w), height: percent(height / h), left: percent(-x / w), top: percent(-y / h) });
  }
  root.querySelector(".sees").replaceChildren("The cell sees ", element("b", "", data.field));
}

/** Dashed lines from the box to its enlargement, and from the cell to its value on the scale. */
function drawLines(root) {
  const seen = root.querySelector(".seen");
  const svg = seen.querySelector("svg");
  const whole = seen.getBoundingClientRect();
  const at = (selector) => {
    const box = seen.querySelector(selector).getBoundingClientRect();
    return { left: box.left - whole.left, right: box.right - whole.left, top: box.top - whole.top, bottom: box.bottom - whole.top };
  };
  const [field, patches, spot, here] = [".field", ".patches", ".map .spot", ".ramp i"].map(at);
  const lines = [[spot.right, (spot.top + spot.bottom) / 2, here.left, here.top]];
  if (!seen.querySelector(".field").hidden && patches.left >= field.right) {
    lines.push([field.right, field.top, patches.left, patches.top], [field.right, field.bottom, patches.left, patches.bottom]);
  }
  svg.replaceChildren(
    ...lines.flatMap(([x1, y1, x2, y2]) =>
      ["under", "over"].map((kind) => {
        const line = document.createElementNS("http://www.w3.org/2000/svg", "line");
        for (const [name, value] of Object.entries({ x1, y1, x2, y2, class: kind })) line.setAttribute(name, value);
        return line;
      }),
    ),
  );
}

/** The point moves by a click, a drag, or the arrow keys. */
function listenToPoint(root, move) {
  for (const frame of root.querySelectorAll("[data-moves]")) {
    const to = (event) => {
      const { plane } = states.get(root);
      const box = frame.getBoundingClientRect();
      const cellOf = (at, start, length, count) => Math.min(Math.max(Math.floor(((at - start) / length) * count), 0), count - 1);
      move(cellOf(event.clientY, box.top, box.height, plane.rows), cellOf(event.clientX, box.left, box.width, plane.columns));
    };
    frame.addEventListener("pointerdown", (event) => {
      if (event.button) return;
      frame.setPointerCapture(event.pointerId);
      to(event);
    });
    frame.addEventListener("pointermove", (event) => frame.hasPointerCapture(event.pointerId) && to(event));
  }
  root.querySelector(".map .frame").addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !(event.key in ARROWS)) return;
    const { plane, place } = states.get(root);
    const [down, right] = ARROWS[event.key].map((step) => step * (event.shiftKey ? FAR : 1));
    move(Math.min(Math.max(place[0] + down, 0), plane.rows - 1), Math.min(Math.max(place[1] + right, 0), plane.columns - 1));
    event.preventDefault();
    event.stopPropagation();
  });
}
