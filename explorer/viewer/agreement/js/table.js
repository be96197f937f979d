// A table of agreement. Names are written as text: they may hold any character.

const STEPS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };
const HINT = matchMedia("(pointer: coarse)").matches
  ? "Tap a cell to open what its two differ about most."
  : "Point at a cell, or go to it with Tab and the arrow keys: what its two differ about most. Enter opens it.";

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".agreement");
  if (isOld(root, data)) return;
  root.open = (row, column) => setTriggerValue("open", { row, column });
  const form = JSON.stringify(data);
  if (root.dataset.form === form) return; // a run that has changed nothing here must not take the focus away
  const held = root.querySelector("button[tabindex='0']")?.dataset.cell;
  const hadFocus = root.querySelector("button:focus") !== null;
  const said = element("p", "said", HINT);
  root.replaceChildren(table(data, root, said), said);
  root.dataset.form = form;
  const cells = [...root.querySelectorAll("button")];
  const first = cells.find(({ dataset }) => dataset.cell === held) ?? cells[0];
  if (first) first.tabIndex = 0;
  if (hadFocus) first?.focus();
}

function heading(scope, name, number) {
  const made = element("th");
  made.scope = scope;
  made.append(element("span", scope === "col" ? "spoken" : "", name));
  const shown = element("b", "", String(number));
  shown.ariaHidden = "true"; // which column is which row's
  made.append(shown);
  if (scope === "col") made.title = name;
  return made;
}

function table({ names, cells, label }, root, said) {
  const made = element("table");
  made.append(element("caption", "", label));
  const head = made.createTHead().insertRow();
  head.append(element("td"), ...names.map((name, i) => heading("col", name, i + 1)));
  const body = made.createTBody();
  cells.forEach((row, i) => {
    const line = body.insertRow();
    line.append(heading("row", names[i], i + 1));
    row.forEach((cell, j) => line.insertCell().append(drawn(cell, i, j, root, said)));
  });
  return made;
}

function drawn({ text, colour, ink, words }, row, column, root, said) {
  const made = element(words ? "button" : "span", "", text);
  if (colour) Object.assign(made.style, { background: colour, color: ink });
  if (!words) return made;
  made.type = "button";
  made.tabIndex = -1;
  made.dataset.cell = `${row} ${column}`;
  made.ariaLabel = `${words} Opens it.`;
  const tell = () => (said.textContent = words);
  made.addEventListener("click", () => root.open(row, column));
  made.addEventListener("pointerenter", tell);
  made.addEventListener("focus", () => {
    tell();
    for (const other of made.closest("table").querySelectorAll("button")) other.tabIndex = other === made ? 0 : -1;
  });
  made.addEventListener("keydown", (event) => moveFocus(event, row, column));
  return made;
}

/** The table is one stop of the Tab key; arrows go to the next cell that can be opened. */
function moveFocus(event, row, column) {
  const step = STEPS[event.key];
  if (!step) return;
  event.preventDefault(); // the page would scroll
  event.stopPropagation();
  const body = event.currentTarget.closest("tbody");
  let [i, j] = [row + step[0], column + step[1]];
  while (body.rows[i]?.cells[j + 1]) {
    const there = body.rows[i].cells[j + 1].querySelector("button"); // behind the row's heading
    if (there) return there.focus();
    [i, j] = [i + step[0], j + step[1]];
  }
}
