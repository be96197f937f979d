// Terms: a column a channel, a row a step; and the bar in which they add up.

const TITLES = ["Features", "Unit length", "Difference, squared", "Times head weight", "Sum"];
const NAMES = [["y", "y0"], ["unit", "unit0"]];

const NARROW = 2.55; // em of their own: columns below it are too narrow for their numbers

/** The channels that are written out and the rest: fewer of them where columns for all would be too narrow. */
function fit(root, state) {
  const { terms, rest, fewer } = state.data;
  const all = { terms, rest };
  const size = `${root.clientWidth} ${getComputedStyle(root).fontSize} ${terms.length} ${!rest}`;
  const isNew = state.size !== size;
  if (isNew) {
    Object.assign(state, { size, shownTerms: 0 });
    root.classList.remove("is-tight");
    build(root, state, all);
    state.isNarrow = terms.length > fewer.count && isTooNarrow(root);
  }
  const some = state.isNarrow ? { terms: terms.slice(0, fewer.count), rest: fewer.rest } : all;
  build(root, state, some);
  if (isNew) root.classList.toggle("is-tight", some.terms.length > 2 && isTooNarrow(root));
  return some;
}

/** Whether a column, in the type of its numbers, is too narrow; not the followed one. */
function isTooNarrow(root) {
  const column = root.querySelector(".step .term:nth-last-child(2)");
  return column.clientWidth < NARROW * parseFloat(getComputedStyle(column).fontSize);
}

/** Make the table, and only where it has another number of channels. */
function build(root, state, some) {
  if (state.shownTerms === some.terms.length) return;
  state.shownTerms = some.terms.length;
  buildTerms(root, some);
  root.style.setProperty("--columns", columnsFor(some.terms.length, 0));
  show(root, state.shown);
}

function columnsFor(count, chosen) {
  return Array.from({ length: count }, (_, i) => (i === chosen ? "var(--chosen)" : "minmax(0, 1fr)")).join(" ");
}

function buildTerms(root, { terms, rest }) {
  const table = root.querySelector(".terms");
  const columns = terms.map((_, i) => i);
  const head = element("div", "row head", [
    element("div", "title", element("span", "channel", "Channel"), { role: "columnheader" }),
    ...columns.map((i) =>
      element("div", "term", element("button", "", "", { type: "button" }), { role: "columnheader", "data-column": i }),
    ),
    ...(rest ? [element("div", "term rest", "", { role: "columnheader" })] : []),
  ], { role: "row" });
  const rows = TITLES.slice(0, 4).map((title, i) =>
    element("div", "row step", [
      stepTitle(i + 1, title, "rowheader"),
      ...columns.map((column) => element("div", "term", "", { role: "cell", "data-column": column })),
      ...(rest ? [element("div", "term rest", "", { role: "cell" })] : []),
    ], { role: "row", "data-step": i + 1 }),
  );
  table.replaceChildren(head, ...rows);
  root.querySelector(".sum").replaceChildren(
    stepTitle(5, TITLES[4]),
    element("div", "stack", "", { role: "img" }),
    element("span", "equals", "="),
    element("i", "swatch"),
    element("strong", "", "", { "data-term": "value" }),
  );
}

function stepTitle(step, title, role = "") {
  return element("div", "title", [
    element("button", "mark", String(step), { type: "button", "data-show": step, title: `Show the steps up to ${step}` }),
    element("span", "words", [element("b", "", title), element("small")]),
  ], role ? { role } : {});
}

/** Write the numbers of a cell, and draw their bars. */
function paintTerms(root, state) {
  const { data: { lengths, value, weightWords }, channel: followed } = state;
  const { terms, rest } = fit(root, state);
  const [head, ...rows] = root.querySelector(".terms").children;
  const chosen = Math.max(terms.findIndex(({ channel }) => channel === followed), 0);
  root.style.setProperty("--columns", columnsFor(terms.length, chosen));
  for (const cell of root.querySelectorAll("[data-column]")) cell.classList.toggle("is-followed", Number(cell.dataset.column) === chosen);
  terms.forEach(({ channel }, i) => {
    const [button] = head.children[i + 1].children;
    button.textContent = channel;
    button.ariaPressed = i === chosen;
    button.ariaLabel = `Follow channel ${channel}`;
    button.dataset.channel = channel;
    button.tabIndex = i === chosen ? 0 : -1;
  });
  if (rest) head.lastChild.textContent = `${rest.channels} more`;
  const one = terms[chosen];
  const words = rows.map((row) => row.querySelector("small"));
  words[0].replaceChildren(number("b", "", lengths[0], amount(lengths[0]), "length"), " and ", number("b", "distorted", lengths[1], amount(lengths[1]), "length0"), " long");
  words[1].replaceChildren("each over its length");
  const digits = digitsFor([one.unit, one.unit0]);
  words[2].replaceChildren("(", element("b", "", decimals(one.unit, digits)), ` ${MINUS} `, element("b", "distorted", decimals(one.unit0, digits)), ")²");
  words[3].replaceChildren(element("i", "", "w"), `², ${weightWords}`);
  rows.slice(0, 2).forEach((row, i) => paintPairs(row, terms, rest, NAMES[i], i ? decimals : amount));
  paintSquares(rows[2], terms, rest);
  paintProducts(rows[3], terms, rest);
  paintSum(root.querySelector(".sum"), { terms, rest, value }, chosen);
}

/** Two bars a channel, the reference's and the distorted picture's. */
function paintPairs(row, terms, rest, [name, name0], write) {
  const values = terms.flatMap((term) => [term[name], term[name0]]);
  const largest = Math.max(...values.map(Math.abs)) || 1;
  const digits = write === amount ? 2 : digitsFor(values);
  terms.forEach((term, i) => {
    row.children[i + 1].replaceChildren(
      element("span", "bars", [bar(term[name], largest, "reference"), bar(term[name0], largest, "distorted")]),
      element("span", "pair", [number("b", "", term[name], write(term[name], digits), name), number("b", "distorted", term[name0], write(term[name0], digits), name0)]),
    );
  });
  if (!rest) return;
  const [length, length0] = name === "y" ? [rest.length, rest.length0] : [rest.unit, rest.unit0];
  const kind = name === "y" ? "rest-length" : "rest-unit";
  row.lastChild.replaceChildren(
    element("span", "pair", [number("b", "", length, write(length, digits), kind), number("b", "distorted", length0, write(length0, digits), `${kind}0`)]),
    element("small", "", "long"),
  );
}

/** Decimals of a row's numbers, which it is told to make room for. */
function digitsIn(row, values) {
  const digits = digitsFor(values);
  row.classList.toggle("is-long", digits > 3);
  row.classList.toggle("is-longest", digits > 4);
  return digits;
}

function paintSquares(row, terms, rest) {
  const largest = Math.max(...terms.map(({ squared }) => squared)) || 1;
  const digits = digitsIn(row, [largest, rest?.squared ?? 0]);
  const cell = (value, term) => [element("span", "bars", bar(value, largest, "one")), number("b", "", value, decimals(value, digits), term)];
  terms.forEach(({ squared }, i) => row.children[i + 1].replaceChildren(...cell(squared, "squared")));
  if (rest) row.lastChild.replaceChildren(...cell(rest.squared, "rest-squared"));
}

function paintProducts(row, terms, rest) {
  const largest = Math.max(...terms.map(({ product }) => product)) || 1;
  const digits = digitsIn(row, [largest, rest?.product ?? 0]);
  const cell = (weight, product, sign, names) => [
    weight === null ? element("span", "weight", "–") : element("span", "weight", [element("small", "", sign), number("span", "", weight, decimals(weight, weight < 10 ? 3 : 2), names[0])]),
    element("span", "bars", bar(product, largest, "one")),
    number("b", "", product, decimals(product, digits), names[1]),
  ];
  terms.forEach(({ weight, product }, i) => row.children[i + 1].replaceChildren(...cell(weight, product, "× ", ["weight", "product"])));
  if (rest) row.lastChild.replaceChildren(...cell(rest.weight, rest.product, "≈ ", ["rest-weight", "rest-product"]));
}

/** A bar as high as a value; one beyond the scale is broken, one below 0 hollow. */
function bar(value, largest, kind) {
  const part = Math.abs(value) / largest;
  const made = element("i", `bar ${kind}${part > 1 ? " is-broken" : ""}${value < 0 ? " is-negative" : ""}`);
  made.style.setProperty("--part", Math.min(part, 1));
  made.title = decimals(value, 6);
  return made;
}

/** All products in one bar, which is as long as their sum. */
function paintSum(sum, { terms, rest, value }, chosen) {
  const [title, stack, , , strong] = sum.children;
  title.querySelector("small").textContent = "is the map’s value";
  strong.textContent = total(value);
  strong.dataset.value = value;
  stack.classList.toggle("is-empty", !(value > 0));
  if (!(value > 0)) {
    stack.textContent = stack.ariaLabel = "The pictures are the same here.";
    return;
  }
  const parts = terms.map(({ channel, product }, i) => [`channel ${channel}`, product, i === chosen ? "is-followed" : ""]);
  if (rest) parts.push([`${rest.channels} more`, rest.product, "others"]);
  const digits = digitsFor(parts.map(([, product]) => product));
  stack.replaceChildren(
    ...parts.map(([name, product, kind]) => {
      const made = element("span", kind, element("b", "", decimals(product, digits)), { title: `${name}: ${decimals(product, 6)}` });
      made.style.flexGrow = product / value;
      return made;
    }),
  );
  stack.ariaLabel = `${parts.map(([name, product]) => `${name} ${decimals(product, digits)}`).join(", ")}: together ${total(value)}`;
}
