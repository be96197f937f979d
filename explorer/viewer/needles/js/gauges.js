// Gauges: a metric each, with a needle for each picture.

function gaugeElement(labels) {
  const rows = labels.map((label) => {
    const needle = element("i");
    const number = element("strong");
    const spoken = element("span", "spoken");
    const axis = element("span", "axis", needle, { "aria-hidden": "true" });
    return { row: element("li", "", [element("span", "name", label), axis, element("span", "number", [number, spoken])]), needle, number, spoken };
  });
  const made = { title: element("h3"), blind: element("span"), about: element("span"), far: element("span"), near: element("span"), rows };
  made.section = element("section", "gauge", [
    element("p", "top", [made.title, " ", made.blind]),
    element("ul", "", rows.map(({ row }) => row)),
    element("p", "foot", element("span", "", [made.far, made.about, made.near])),
  ]);
  made.about.className = "about";
  return made;
}

function paintGauges(state) {
  const { data, parts } = state;
  if (!state.gauges) {
    state.gauges = data.gauges.map(() => gaugeElement(data.sliders.map(({ label }) => label)));
    parts.gauges.replaceChildren(...state.gauges.map(({ section }) => section));
  }
  data.gauges.forEach((gauge, at) => {
    const made = state.gauges[at];
    for (const name of ["blind", "about", "far", "near"]) made[name].textContent = gauge[name];
    Object.assign(made.title, { textContent: gauge.label, title: gauge.word });
    gauge.needles.forEach(({ value, text, place, isClosest }, i) => {
      const { row, needle, number, spoken } = made.rows[i];
      row.classList.toggle("is-closest", isClosest);
      needle.style.left = `${100 * place}%`;
      number.textContent = text;
      number.dataset.value = value ?? Infinity;
      spoken.textContent = isClosest ? ", closest" : "";
    });
  });
}
