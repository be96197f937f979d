// Gauges: a metric each, with a needle for each picture, and a thread between those of the first.

const KNOT = 3; // CSS pixels of the thread's ends: the radius

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
    state.thread = document.createElementNS(SVG, "path");
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

/**
 * From card to card what the metrics say of the first picture: where it slants, they disagree.
 *
 * Words are not crossed: the line is drawn in the gaps between the cards, from below one needle to above the next.
 */
function paintThread({ data, parts, gauges, thread }) {
  const whole = parts.gauges.getBoundingClientRect();
  const cards = gauges.map(({ section, rows }, at) => {
    const [card, axis] = [section.getBoundingClientRect(), rows[0].axis.getBoundingClientRect()];
    const x = axis.left - whole.left + axis.width * data.gauges[at].needles[0].place;
    return { x, top: card.top - whole.top, bottom: card.bottom - whole.top };
  });
  const drawn = cards.slice(1).map(({ x, top }, i) => {
    const { x: from, bottom } = cards[i];
    return `${knot(from, bottom)}${knot(x, top)}M${from},${bottom.toFixed(1)}L${x},${top.toFixed(1)}`;
  });
  thread.setAttribute("d", drawn.join(""));
}

const knot = (x, y) => `M${x - KNOT},${y}a${KNOT},${KNOT} 0 1 0 ${2 * KNOT},0a${KNOT},${KNOT} 0 1 0 ${-2 * KNOT},0z`;
