// A table of pictures by metrics. Everything is written as text: names may hold any character.

const sortedBy = new WeakMap(); // the component's element -> the column that its rows are sorted by, or null

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".ranking");
  if (!sortedBy.has(root)) sortedBy.set(root, null);
  const draw = () => root.replaceChildren(table(data, sortedBy.get(root), actions));
  const actions = {
    sort(column) {
      sortedBy.set(root, sortedBy.get(root) === column ? null : column);
      draw();
      root.querySelectorAll("thead button")[column].focus();
    },
    open: (row, column) => setTriggerValue("open", { row, column }),
    remove: (row) => setTriggerValue("remove", row),
  };
  if (sortedBy.get(root) >= data.columns.length) sortedBy.set(root, null);
  draw();
}

function element(tag, className = "", text = "", attributes = {}) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text) made.textContent = text;
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
}

function table(data, sorted, actions) {
  const made = element("table");
  const head = element("tr");
  head.append(element("th", "who", "Candidate", { scope: "col" }));
  data.columns.forEach((column, index) => head.append(title(column, index, sorted, actions)));
  head.append(element("th", "ranks", "Ranks", { scope: "col" }));
  if (data.rows.some((row) => row.removable)) head.append(element("td"));
  const body = element("tbody");
  for (const row of inOrder(data.rows, sorted)) body.append(line(row, data.columns, actions));
  const thead = element("thead");
  thead.append(head);
  made.append(thead, body);
  return made;
}

function inOrder(rows, sorted) {
  if (sorted === null) return rows;
  const rank = (row) => row.cells[sorted].rank ?? Infinity;
  return [...rows].sort((a, b) => (rank(a) === rank(b) ? 0 : rank(a) - rank(b)));
}

function title(column, index, sorted, actions) {
  const cell = element("th", "", "", { scope: "col" });
  if (sorted === index) cell.setAttribute("aria-sort", column.direction.startsWith("lower") ? "ascending" : "descending");
  const button = element("button", "", "", { type: "button", title: "Sort by this column" });
  button.append(element("span", "label", column.label), element("small", "", column.direction));
  button.addEventListener("click", () => actions.sort(index));
  cell.append(button);
  return cell;
}

function line(row, columns, actions) {
  const made = element("tr", row.disagrees ? "disagrees" : "", "", { "data-row": row.key });
  made.append(who(row, actions));
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

function who(row, actions) {
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
  box.append(picture, words);
  cell.append(box);
  return cell;
}
