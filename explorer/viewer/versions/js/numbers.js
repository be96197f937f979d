// Numbers: all that the tiles and the axes say, as a table.

function drawNumbers({ parts, data, ordered }) {
  const form = JSON.stringify([data.metrics, ordered.map(({ key, values, remark }) => [key, values, remark])]);
  if (parts.numbers.dataset.form === form) return;
  parts.numbers.dataset.form = form;
  const head = element("tr", "", [
    element("th", "", "Distortion", { scope: "col" }),
    ...data.metrics.map(({ label, direction }) => element("th", "", [label, element("small", "", direction)], { scope: "col" })),
    element("th", "words", "What was done", { scope: "col" }),
  ]);
  const lines = ordered.map(({ name, values, parameters, remark }) =>
    element("tr", "", [
      element("th", "", name, { scope: "row" }),
      ...values.map(({ text, ordinal }) => element("td", "", [text, element("span", "place", ordinal || "–")])),
      element("td", "words", remark ? `${parameters}; ${remark}` : parameters),
    ]),
  );
  const table = element("table", "", [element("thead", "", head), element("tbody", "", lines)]);
  const isOpen = parts.numbers.open;
  parts.numbers.replaceChildren(element("summary", "", "All numbers"), element("div", "scrolled", table, { tabindex: "0", role: "group", "aria-label": "All numbers" }));
  parts.numbers.open = isOpen;
}
