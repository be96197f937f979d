// Controls: the playhead by pointer and keys, whose picture is seen, and which map.

const REST = 700; // milliseconds after which a playhead that rests is reported

function createControls(viewer) {
  const { parts, root } = viewer;
  parts.playhead.addEventListener("input", () => viewer.change({ at: Number(parts.playhead.value) }));
  parts.open.addEventListener("click", () => viewer.point && viewer.open({ sweep: viewer.point.sweep, place: viewer.at }));
  for (const svg of [parts.curves, parts.layers]) listenToChart(viewer, svg);
  const flip = (flipped) => {
    if (viewer.flipped === flipped) return;
    viewer.flipped = flipped;
    paintSeen(viewer);
  };
  listenToHolding(root, (held) => flip(held !== null));
}

/** A small map that can be chosen, and what it is of. */
function stripButton(viewer, name) {
  const made = element("button", "thumb", [element("canvas"), element("span", "", name || "All layers")], { type: "button" });
  made.dataset.layer = name;
  made.ariaLabel = `Map of ${name || "all layers"}`; // the layer's name alone is a choice of the sidebar
  made.addEventListener("click", () => viewer.change({ layer: name }));
  return made;
}

/** A press or a drag moves the playhead, a pointer above shows the values below it. */
function listenToChart(viewer, svg) {
  const to = (event) => viewer.change({ at: placeAt(viewer, event.clientX, svg.getBoundingClientRect()) });
  svg.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    svg.setPointerCapture(event.pointerId);
    event.preventDefault(); // nothing is selected by a drag
    viewer.parts.playhead.focus({ preventScroll: true });
    to(event);
  });
  svg.addEventListener("pointermove", (event) => {
    if (svg.hasPointerCapture(event.pointerId)) to(event);
    paintHover(viewer, svg, event);
  });
  svg.addEventListener("pointerleave", () => (viewer.parts.hover.hidden = true));
}

/** Raw values of all curves at the place below the pointer. */
function paintHover(viewer, svg, event) {
  const { data, parts } = viewer;
  const box = svg.getBoundingClientRect();
  const place = placeAt(viewer, event.clientX, box);
  const list = element("dl");
  for (const line of data.lines) {
    const i = line.places.indexOf(place);
    if (i < 0) continue;
    const whose = data.labels.length > 1 ? `, ${data.labels[line.sweep]}` : "";
    list.append(element("dt", "", `${line.metric}${whose}`), element("dd", "", line.texts[i]));
  }
  parts.hover.replaceChildren(element("b", "", data.steps[place]), list);
  parts.hover.hidden = event.pointerType === "touch";
  const frame = parts.charts.getBoundingClientRect();
  const x = box.left - frame.left + xOf(viewer, place, box.width);
  const width = parts.hover.offsetWidth;
  const left = x + 14 + width > frame.width ? x - 14 - width : x + 14;
  parts.hover.style.transform = `translate(${Math.max(0, left)}px, ${box.top - frame.top + 18}px)`;
}

/** The controls as the settings and the scene have them. */
function paintControls(viewer) {
  const { data, parts, display } = viewer;
  parts.playhead.max = data.steps.length - 1;
  parts.playhead.value = viewer.at;
  const seen = [...new Set(data.points.map(({ sweep }) => sweep))];
  parts.toolbar.hidden = data.labels.length < 2;
  const form = JSON.stringify([data.labels, data.layers]);
  if (parts.which.dataset.form !== form) {
    parts.which.dataset.form = form;
    parts.which.replaceChildren(
      ...data.labels.map((label, i) => {
        const button = element("button", "", label, { type: "button", "data-text": label });
        button.addEventListener("click", () => viewer.change({ sweep: i }));
        return button;
      }),
    );
    parts.strip.replaceChildren(...["", ...data.layers].map((name) => stripButton(viewer, name)));
  }
  [...parts.which.children].forEach((button, i) => {
    button.setAttribute("aria-pressed", i === display.sweep);
    button.disabled = !seen.includes(i);
  });
  for (const button of parts.strip.children) {
    button.setAttribute("aria-pressed", button.dataset.layer === display.layer);
  }
  parts.open.disabled = !viewer.point;
}
