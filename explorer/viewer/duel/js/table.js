// Table: what every metric says of each picture at the playhead, below the pictures' columns.

const ARROWS = { lower: "↓", higher: "↑" }; // of "lower is closer", where columns are narrow
const FOOLED = "fooled"; // the mark that is loud
const LOCK = "M4 7V5a4 4 0 0 1 8 0v2h.5a1 1 0 0 1 1 1v6a1 1 0 0 1-1 1h-9a1 1 0 0 1-1-1V8a1 1 0 0 1 1-1zm2 0h4V5a2 2 0 0 0-4 0z";

function paintTable(viewer) {
  const { data, parts } = viewer;
  const form = JSON.stringify([data.metrics, data.tiles.map(({ key, label }) => [key, label])]);
  if (parts.numbers.dataset.form !== form) buildTable(viewer, form);
  const frames = data.tiles.map((tile) => frameAt(viewer, tile));
  data.metrics.forEach((_, i) => {
    const [, ...cells] = parts.numbers.tBodies[0].rows[i].cells;
    cells.forEach((cell, j) => paintNumber(cell, frames[j], i, isToCome(data, data.tiles[j], frames[j])));
  });
}

/** On a phone names are brief, "lower is closer" is an arrow, and what has no arrow stays in the title. */
function buildTable({ data, parts }, form) {
  const table = parts.numbers;
  table.dataset.form = form;
  const heads = data.tiles.map(({ label }) => element("th", "", element("span", "", shortName(data, label)), { scope: "col", title: label }));
  const first = element("td", "", element("span", "spoken", "Metric"));
  const rows = data.metrics.map(({ label, direction, held }) => {
    const arrow = ARROWS[direction.split(" ")[0]] ?? "";
    const short = element("span", "short", arrow, { "aria-hidden": "true" });
    const note = held ? element("small", "held", [lock(), "held"], { title: direction }) : element("small", "", [element("span", "full", direction), short], { title: direction });
    return element("tr", "", [
      element("th", "", element("span", "", [element("b", "", [element("span", "whole", label), element("span", "brief", shortAmong(data.metrics, label))]), note]), { scope: "row", title: label }),
      ...data.tiles.map(() => element("td")),
    ]);
  });
  table.replaceChildren(
    element("caption", "spoken", "What every metric says of each picture"),
    element("colgroup", "", [element("col"), ...data.tiles.map(() => element("col", "of-tile"))]),
    element("thead", "", element("tr", "", [first, ...heads])),
    element("tbody", "", rows),
  );
}

function lock() {
  return svgElement("svg", { viewBox: "0 0 16 16", "aria-hidden": "true" }, svgElement("path", { d: LOCK, "fill-rule": "evenodd" }));
}

/** Whether what was not asked of a frame still is: slow metrics are, at last, of the first and the last frames. */
function isToCome({ running, asking }, { frames }, frame) {
  return running || (asking && (frame === frames[0] || frame === frames.at(-1)));
}

/** One value, and a word beside it; what was not asked at this step is a dash, or is to come. */
function paintNumber(cell, { values, marks }, i, isComing) {
  const text = values[i] || (isComing ? "…" : "–");
  cell.title = values[i] ? "" : isComing ? "to come" : "not asked at this step";
  cell.classList.toggle("marked", marks.some(Boolean));
  cell.replaceChildren(element("span", "number", text), ...(marks[i] ? [" ", element("em", marks[i] === FOOLED ? "pill" : "", marks[i])] : []));
}

function shortName({ tiles }, label) {
  return shortAmong(tiles, label);
}

/** The first part of a name, between its dots, that no other name has; else as many of its first ones as tell it. */
function shortAmong(all, label) {
  const own = label.split(" · ");
  const others = all.map((other) => other.label).filter((other) => other !== label);
  const part = own.find((each) => !others.some((other) => other.split(" · ").includes(each)));
  const beginnings = own.map((_, i) => own.slice(0, i + 1).join(" · "));
  return part ?? beginnings.find((each) => !others.some((other) => other.startsWith(each))) ?? label;
}
