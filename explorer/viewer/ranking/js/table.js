// A table of pictures by metrics. Everything is written as text: names may hold any character.

const tables = new WeakMap(); // the component's element -> {sort, ticket}: its settings, as Python's TableSort

// The order of the rows is told to the page, where the viewer of candidates follows it without the server.
const ORDER = Symbol.for("lpips-explorer.order"); // on the window: the rows' keys
const ORDERED = "lpips-explorer-order"; // the event that tells of a new one

export default function ({ data, parentElement, setTriggerValue, setStateValue }) {
  const root = parentElement.querySelector(".ranking");
  if (isOld(root, data)) return;
  if (!tables.has(root)) tables.set(root, {});
  const state = tables.get(root);
  // A run with an old wish of the page's does not undo what the user has clicked since.
  if (data.ticket !== state.ticket) Object.assign(state, { sort: data.display, ticket: data.ticket });
  const draw = () => {
    const sorted = sortedBy(data, state.sort);
    const rows = inOrder(data, sorted);
    root.replaceChildren(table(data, rows, sorted, actions));
    tell(rows.map(({ key }) => key));
  };
  const actions = {
    sort(column) {
      const now = sortedBy(data, state.sort);
      const reversed = now.column === column && !now.reversed;
      const isFirst = column === firstColumn(data) && !reversed;
      state.sort = { by: isFirst ? "" : data.columns[column].key, reversed };
      setStateValue("display", { ...state.sort, ticket: state.ticket });
      draw();
      root.querySelectorAll("thead button")[column].focus();
    },
    open: (row, column) => setTriggerValue("open", { row, column }),
    remove: (row) => setTriggerValue("remove", row),
  };
  draw();
}

/** The first metric that ranks any. */
function firstColumn({ columns, rows }) {
  return columns.findIndex((_, index) => rows.some(({ cells }) => cells[index].rank));
}

/** A sort as the column's place and its direction; by the first column where it is by none that is there. */
function sortedBy(data, { by, reversed }) {
  const column = data.columns.findIndex(({ key }) => key === by);
  if (column >= 0) return { column, reversed };
  return { column: firstColumn(data), reversed: reversed && !by };
}

function tell(order) {
  if (String(window[ORDER]) === String(order)) return;
  window[ORDER] = order;
  window.dispatchEvent(new Event(ORDERED));
}

function table(data, rows, sorted, actions) {
  const made = element("table");
  const head = element("tr");
  head.append(element("th", "who", "Candidate", { scope: "col" }));
  data.columns.forEach((column, index) => head.append(title(column, index, sorted, actions)));
  head.append(element("th", "ranks", "Ranks", { scope: "col" }));
  if (data.rows.some((row) => row.removable)) head.append(element("td"));
  const body = element("tbody");
  rows.forEach((row, index) => body.append(line(row, index + 1, data.columns, actions)));
  const thead = element("thead");
  thead.append(head);
  made.append(thead, body);
  return made;
}

/** Closest on top, or farthest; rows without a rank are last either way. */
function inOrder({ rows }, { column, reversed }) {
  const rank = (row) => row.cells[column]?.rank ?? Infinity;
  const sign = reversed ? -1 : 1;
  const place = (row) => (rank(row) === Infinity ? Infinity : sign * rank(row));
  return rows.toSorted((a, b) => (place(a) === place(b) ? 0 : place(a) - place(b)));
}

function title(column, index, sorted, actions) {
  const cell = element("th", "", "", { scope: "col" });
  if (sorted.column === index) {
    const rises = column.direction.startsWith("lower") !== sorted.reversed;
    cell.setAttribute("aria-sort", rises ? "ascending" : "descending");
  }
  const button = element("button", "", "", { type: "button", title: "Sort by this column; once more turns the order round" });
  button.append(element("span", "label", column.label), element("small", "", column.direction));
  button.addEventListener("click", () => actions.sort(index));
  cell.append(button);
  return cell;
}

function line(row, number, columns, actions) {
  const made = element("tr", row.disagrees ? "disagrees" : "", "", { "data-row": row.key });
  made.append(who(row, number, actions));
  row.cells.forEach((cell, index) => {
    const box = element("td", cell.rank === 1 ? "best" : "", "", {
      title: cell.rank ? `Rank ${cell.rank} by ${columns[index].label}. Click to open it in Inspect.` : "",
    });
    box.append(element("span", "value", cell.text));
    if (cell.rank) box.append(element("span", "rank", String(cell.rank)));
    box.addEventListener("click", (event) => {
      event.stopPropagation();
      actions.open(row.key, index);
    });
    made.append(box);
  });
  const ranks = element("td", "ranks");
  if (row.agreement) ranks.append(element("span", "", row.disagrees ? `≠ ${row.agreement}` : `all ${row.agreement}`));
  made.append(ranks);
  if (row.removable) made.append(removal(row, actions));
  made.addEventListener("click", () => actions.open(row.key, -1));
  return made;
}

function removal(row, actions) {
  const cell = element("td", "removal");
  const words = `Remove ${row.name}`;
  const button = element("button", "", "×", { type: "button", "aria-label": words, title: words });
  button.addEventListener("click", (event) => {
    event.stopPropagation();
    actions.remove(row.key);
  });
  cell.append(button);
  return cell;
}

function who(row, number, actions) {
  const cell = element("th", "who", "", { scope: "row" });
  const box = element("div", "box");
  const words = element("div", "words");
  const name = element("button", "name", row.name, { type: "button", title: `Open ${row.full_name} in Inspect` });
  name.addEventListener("click", (event) => {
    event.stopPropagation();
    actions.open(row.key, -1);
  });
  words.append(name);
  if (row.note) words.append(element("small", "", row.note));
  const picture = row.picture ? element("img", "", "", { src: row.picture, alt: "" }) : element("span", "blank");
  box.append(element("kbd", "", String(number)), picture, words);
  cell.append(box);
  return cell;
}
