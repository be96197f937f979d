// Place: candidates one after the other in one place. Which one is seen stays in the browser: to flip asks the
// server for nothing.

/** See a candidate in place, by its number in the table. */
function see(viewer, number) {
  const candidate = inOrder(viewer)[number - 1];
  if (!candidate) return;
  viewer.seen = candidate.key;
  if (isInPlace(viewer)) viewer.redraw();
  else viewer.change({ mode: "place" });
}

/** The keys that are this component's own come before those that all viewers have. */
function listenToFlips(viewer) {
  const { root, parts } = viewer;
  const isOurs = ({ target, ctrlKey, metaKey, altKey }) =>
    viewer.scene && !parts.help.open && !ctrlKey && !metaKey && !altKey && !target.matches("select");
  root.addEventListener(
    "keydown",
    (event) => {
      if (!isOurs(event)) return;
      if (/^[1-9]$/.test(event.key)) see(viewer, Number(event.key));
      else if (event.key === "0") viewer.flip(true);
      else if (event.key === "Home" && !event.target.matches("input")) resetView(viewer);
      else return;
      event.preventDefault();
      event.stopPropagation();
    },
    true,
  );
  root.addEventListener("keyup", ({ key }) => {
    if (key === "0") viewer.flip(false);
  });
  const onReference = ({ target }) => target.closest("[data-flip]")?.dataset.flip === "";
  parts.flips.addEventListener("pointerdown", (event) => {
    if (onReference(event)) viewer.flip(true);
  });
  for (const name of ["pointerup", "pointercancel", "pointerleave"]) {
    parts.flips.addEventListener(name, () => viewer.flip(false));
  }
  parts.flips.addEventListener("contextmenu", (event) => {
    if (onReference(event)) event.preventDefault(); // a long press on a phone
  });
  parts.flips.addEventListener("keydown", (event) => {
    if (onReference(event) && event.key === " ") viewer.flip(true);
  });
  parts.flips.addEventListener("keyup", ({ key }) => {
    if (key === " ") viewer.flip(false);
  });
  parts.flips.addEventListener("click", ({ target }) => {
    const key = target.closest("[data-flip]")?.dataset.flip;
    if (key) see(viewer, inOrder(viewer).findIndex((each) => each.key === key) + 1);
  });
}

/** A button a candidate; each says its number, or its value under the pointer. */
function paintFlips(viewer, readings) {
  const { flips } = viewer.parts;
  const order = inOrder(viewer);
  const keys = order.map(({ key }) => key).join("\n");
  if (flips.dataset.keys !== keys) {
    flips.dataset.keys = keys;
    flips.querySelectorAll('[data-flip]:not([data-flip=""])').forEach((button) => button.remove());
    flips.append(
      ...order.map(({ key }) => {
        const button = Object.assign(document.createElement("button"), { type: "button" });
        button.dataset.flip = key;
        button.innerHTML = "<kbd></kbd> <b></b> <span></span>";
        return button;
      }),
    );
  }
  const seen = seenCandidate(viewer).key;
  for (const button of flips.querySelectorAll("[data-flip]")) {
    const { flip } = button.dataset;
    button.setAttribute("aria-pressed", viewer.flipped ? flip === "" : flip === seen);
    const number = order.findIndex(({ key }) => key === flip);
    if (number < 0) continue;
    const [key, name, value] = button.children;
    key.textContent = number + 1;
    name.textContent = button.title = order[number].name;
    value.textContent = readings.find((each) => each.key === flip)?.text ?? meanText(viewer, order[number]);
  }
}
