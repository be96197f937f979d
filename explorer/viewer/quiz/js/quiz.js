// A quiz: one question after the other, each answered once. Texts are never read as HTML.

const SMALLEST = 560; // CSS pixels of a phone's width at most: there pictures and answers are below each other
const GAP = 12;
const MOST_BESIDE = 3;
const ALONE = 400; // CSS pixels of a picture alone, where the type has its usual size
const USUAL_TYPE = 16;
const BELOW = 15; // em of a question with its answers in one row, where these stand below the pictures
const LARGER = 1.15; // as many times as large the pictures must then be
const states = new WeakMap(); // the component's element -> its state

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".quiz");
  if (isOld(root, data)) return;
  if (!states.has(root)) start(root);
  const state = states.get(root);
  // An answer that was given here, and that the server has not heard of yet, stays.
  const isSame = state.data && JSON.stringify(state.data.questions) === JSON.stringify(data.questions);
  const given = data.given.map((choice, i) => choice ?? (isSame && !state.isAnew ? (state.given[i] ?? null) : null));
  Object.assign(state, { data, given, isAnew: false, send: setTriggerValue });
  paint(state);
}

function start(root) {
  const state = { root, data: null, given: [], isAnew: false, send: () => {} };
  states.set(root, state);
  root.querySelector(".again").addEventListener("click", () => {
    state.isAnew = true;
    state.send("again", Date.now());
  });
  // Keys answer wherever the focus is, but where one types.
  const pressed = (event) => {
    if (!root.isConnected) return document.removeEventListener("keydown", pressed, true);
    const types = event.target.closest?.("input, textarea, select, [contenteditable]");
    if (types || event.ctrlKey || event.metaKey || event.altKey || !/^[1-9]$/.test(event.key)) return;
    const choice = Number(event.key) - 1;
    if (choice < options(state).length) answer(state, choice);
  };
  document.addEventListener("keydown", pressed, true);
  new ResizeObserver(() => state.data && lay(state)).observe(root);
}

const isEnd = ({ data }) => data.at > data.questions.length;
const options = (state) => (isEnd(state) ? [] : state.data.questions[state.data.at - 1].options);

function answer(state, choice) {
  const place = state.data.at - 1;
  if (state.given[place] != null) return; // the first answer counts
  state.given[place] = choice;
  state.send("answer", { question: place + 1, choice });
  paint(state);
}

function paint(state) {
  const { root, data } = state;
  const end = isEnd(state);
  root.classList.toggle("is-end", end);
  for (const name of ["pictures", "asked"]) root.querySelector(`.${name}`).hidden = end;
  root.querySelector(".end").hidden = !end;
  if (end) paintEnd(state);
  else paintQuestion(state);
  lay(state);
}

function paintQuestion(state) {
  const { root, data } = state;
  const question = data.questions[data.at - 1];
  const chosen = state.given[data.at - 1] ?? null;
  root.querySelector(".place").replaceChildren(element("b", "", `${data.at} of ${data.total}`), ` ${question.title}`);
  root.querySelector(".question").textContent = question.text;
  root.querySelector(".said").textContent = chosen === null ? "" : question.said;
  const form = JSON.stringify([data.at, question]);
  const place = root.querySelector(".options");
  if (place.dataset.form !== form) {
    place.dataset.form = form;
    place.replaceChildren(...question.options.map((option, i) => button(state, option, i)));
  }
  const most = Math.max(...question.options.map(({ value }) => Math.abs(value)));
  question.options.forEach((option, i) => paintOption(place.children[i], option, { i, chosen, question, most }));
  const sources = JSON.stringify(data.pictures.map(({ label, address }) => [label, address.length, address.slice(-64)]));
  const pictures = root.querySelector(".pictures");
  if (pictures.dataset.form === sources) return;
  pictures.dataset.form = sources;
  pictures.replaceChildren(...data.pictures.map(figure));
}

function button(state, { label }, i) {
  const words = element("span", "label", label);
  const made = element("button", "option", [element("kbd", "", String(i + 1)), words, element("span", "told"), element("i", "bar")]);
  made.type = "button";
  made.addEventListener("click", () => answer(state, i));
  return made;
}

function paintOption(made, { label, value, shown }, { i, chosen, question, most }) {
  const isKnown = chosen !== null;
  const isRight = isKnown && i === question.right;
  made.classList.toggle("is-right", isRight);
  made.classList.toggle("is-chosen", i === chosen);
  made.classList.toggle("is-known", isKnown);
  made.setAttribute("aria-disabled", String(isKnown));
  made.setAttribute("aria-pressed", String(i === chosen));
  const [, , told, bar] = made.children;
  const number = element("b", "value", shown);
  if (isKnown) number.dataset.value = String(value); // as it was measured, to the last digit
  const words = isRight ? (i === chosen ? "right" : "the answer") : i === chosen ? "your answer" : "";
  told.replaceChildren(...(isKnown ? [element("span", "mark", words), ...(shown === label ? [] : [number])] : []));
  if (isKnown && shown === label) made.children[1].dataset.value = String(value);
  bar.style.width = isKnown && most > 0 ? `${(100 * Math.abs(value)) / most}%` : "0";
}

function figure({ label, address, width, height }) {
  const image = element("img", "", [], { src: address, alt: label, width, height });
  return element("figure", "", [image, element("figcaption", "", label)]);
}

function paintEnd(state) {
  const { root, data } = state;
  const right = data.questions.filter((question, i) => state.given[i] === question.right).length;
  const left = data.questions.filter((_, i) => state.given[i] == null).length;
  const open = left ? `, ${left} not answered` : "";
  const count = element("b", "", String(right));
  count.dataset.value = String(right);
  root.querySelector(".score").replaceChildren(count, element("span", "", ` of ${data.questions.length} right${open}`));
  root.querySelector(".answers").replaceChildren(heads(), ...data.questions.map((question, i) => row(question, state.given[i] ?? null)));
  root.querySelector(".again").hidden = left === data.questions.length;
}

const HEADS = ["your answer", "measured"];

function heads() {
  const words = element("span", "words", ["", ...HEADS].map((text) => element("span", "", text)));
  const made = element("li", "heads", [element("span", "sign", ""), words]);
  made.setAttribute("aria-hidden", "true"); // each answer says for itself what it is
  return made;
}

/** A question at the end: what was said, and what was measured. */
function row(question, choice) {
  const isRight = choice === question.right;
  const mark = element("span", `sign ${isRight ? "is-right" : ""}`, choice === null ? "–" : isRight ? "✓" : "✗");
  mark.setAttribute("aria-hidden", "true");
  const yours = element("span", "yours", question.options[choice]?.label ?? "–");
  // What was not answered may still be: its answer stays hidden.
  const measured = element("span", "measured", choice === null ? "" : question.options[question.right].label);
  [yours, measured].forEach((place, i) => (place.dataset.head = HEADS[i]));
  const words = element("span", "words", [element("span", "", question.text), yours, measured]);
  return element("li", "", [mark, words, element("span", "spoken", choice === null ? "not answered" : isRight ? "right" : "wrong")]);
}

/**
 * Pictures in one row of up to three, all of one size whichever the question; four in two rows; one alone larger.
 * They stand beside the answers, and above them where the page is so high that they are larger there.
 */
function lay({ root, data }) {
  const place = root.querySelector(".pictures");
  if (place.hidden || !data.pictures.length) return;
  const { width, height } = data.pictures[0];
  const isPhone = root.clientWidth <= SMALLEST;
  root.classList.remove("is-stacked");
  const type = parseFloat(getComputedStyle(place).fontSize);
  const line = 1.6 * type;
  const box = { width: place.clientWidth, height: isPhone ? Infinity : place.clientHeight, type: Math.max(1, type / USUAL_TYPE) };
  const count = data.pictures.length;
  let best = placed(count, width / height, box, line, isPhone);
  if (!isPhone && count > 1) {
    const above = { ...box, width: root.clientWidth, height: root.clientHeight - BELOW * type };
    const stacked = placed(count, width / height, above, line, false);
    const isLarger = stacked.width > LARGER * best.width;
    root.classList.toggle("is-stacked", isLarger);
    if (isLarger) best = stacked;
  }
  place.style.gridTemplateColumns = `repeat(${best.columns}, ${best.width}px)`;
  }

function placed(count, aspect, box, line, isPhone) {
  const columns = isPhone ? count : MOST_BESIDE; // on a phone one row, so that the question is in sight
  const beside = Math.floor((box.width - GAP * (columns - 1)) / columns);
  if (isPhone) return { columns, width: Math.min(beside, Math.floor(box.width / 2)) };
  const high = Math.floor((box.height - line) * aspect);
  if (count === 1) return { columns: 1, width: Math.min(Math.floor(ALONE * box.type), box.width, high) };
  return count <= columns ? { columns: count, width: Math.min(beside, high) } : fitted(count, aspect, box, GAP, line);
}
