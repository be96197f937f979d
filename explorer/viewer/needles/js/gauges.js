// Gauges: a metric each, with a needle for each picture, and a thread through those of the first.

function gaugeElement(labels) {
  const rows = labels.map((label) => {
    const needle = element("i");
    const number = element("strong");
    const spoken = element("span", "spoken");
    const verdict = element("span", "verdict", [], { "aria-hidden": "true" });
    const axis = element("span", "axis", needle, { "aria-hidden": "true" });
    const row = element("li", "", [element("span", "name", label), axis, verdict, element("span", "number", [number, spoken])]);
    return { row, needle, number, spoken, verdict, axis };
  });
  const made = { title: element("h3"), blind: element("span"), about: element("span", "about"), far: element("span"), near: element("span"), rows };
  made.section = element("section", "gauge", [
    element("p", "top", [made.title, " ", made.about]),
    element("ul", "", rows.map(({ row }) => row)),
    element("p", "foot", element("span", "", [made.far, made.near])),
    element("p", "blind", element("span", "", [element("b", "", "Cannot see"), made.blind])),
  ]);
  return made;
}

function paintGauges(state) {
  const { data, parts } = state;
  if (!state.gauges) {
    state.gauges = data.gauges.map(() => gaugeElement(data.sliders.map(({ label }) => label)));
    state.thread = document.createElementNS(SVG, "polyline");
    const drawing = document.createElementNS(SVG, "svg");
    drawing.setAttribute("aria-hidden", "true");
    drawing.append(state.thread);
    parts.gauges.replaceChildren(drawing, ...state.gauges.map(({ section }) => section));
    new ResizeObserver(() => paintThread(state)).observe(parts.gauges);
  }
  const isAlone = data.sliders.filter(({ isIdle }) => !isIdle).length < 2; // it is coloured, and closest to nobody
  data.gauges.forEach((gauge, at) => {
    const made = state.gauges[at];
    for (const name of ["about", "far", "near"]) made[name].textContent = gauge[name];
    made.blind.textContent = gauge.blind.replace(/^cannot see/, "");
    Object.assign(made.title, { textContent: gauge.label, title: gauge.word });
    gauge.needles.forEach(({ value, text, place, isClosest, verdict }, i) => {
      const own = made.rows[i];
      own.row.classList.toggle("is-closest", isClosest);
      own.row.classList.toggle("is-idle", data.sliders[i].isIdle);
      own.needle.style.left = `${100 * place}%`;
      own.number.textContent = text;
      own.number.dataset.value = value ?? Infinity;
      own.verdict.textContent = verdict;
      own.spoken.textContent = verdict ? `, ${verdict}` : isClosest && !isAlone ? ", closest" : "";
    });
  });
  paintThread(state);
}

/** One stroke through what the metrics say of the first picture: where it bends, they disagree. */
function paintThread({ data, parts, gauges, thread }) {
  const whole = parts.gauges.getBoundingClientRect();
  const points = gauges.map(({ rows }, at) => {
    const box = rows[0].axis.getBoundingClientRect();
    const x = box.left - whole.left + box.width * data.gauges[at].needles[0].place;
    return `${x.toFixed(1)},${(box.top - whole.top + box.height / 2).toFixed(1)}`;
  });
  thread.setAttribute("points", points.join(" "));
}
