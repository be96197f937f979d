// Experiments on where a number fails: one is shown. Texts are never read as HTML.

const states = new WeakMap(); // the component's element -> {data, send}
const SVG = "http://www.w3.org/2000/svg";

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".failing");
  if (isOld(root, data)) return;
  if (!states.has(root)) start(root);
  Object.assign(states.get(root), { data, send: setTriggerValue });
  draw(root, data, setTriggerValue);
}

function start(root) {
  const state = { data: null, send: null };
  states.set(root, state);
  for (const [name, selector] of [["start", ".start"], ["open", ".way"]]) {
    root.querySelector(selector).addEventListener("click", () => state.send(name, Date.now()));
  }
}

function draw(root, data, send) {
  choices(root.querySelector(".topics"), data.topics, data.topic, (key) => send("topic", key));
  exhibits(root.querySelector(".exhibits"), data.exhibits);
  root.querySelector(".control > b").textContent = data.control;
  root.querySelector(".control").setAttribute("aria-label", data.control);
  root.querySelector(".control").hidden = !data.choices.length;
  choices(root.querySelector(".control .choices"), data.choices, data.chosen, (key) => send("choose", key));
  for (const [selector, words] of [[".start", data.start], [".way", data.way]]) {
    const button = root.querySelector(selector);
    button.hidden = !words;
    (button.firstElementChild ?? button).textContent = words;
  }
  root.querySelector(".result").replaceChildren(...result(data));
}

/** Buttons of which one is pressed; those that stay keep the focus. */
function choices(box, each, chosen, choose) {
  const keys = each.map(({ key }) => key).join();
  if (box.dataset.keys !== keys) {
    box.dataset.keys = keys;
    box.replaceChildren(...each.map(({ key, label }) => element("button", "", label, { type: "button", value: key })));
  }
  for (const button of box.children) {
    button.ariaPressed = button.value === chosen;
    button.onclick = () => button.ariaPressed !== "true" && choose(button.value);
  }
}

function exhibits(box, shown) {
  box.style.setProperty("--count", shown.length);
  box.classList.toggle("are-many", shown.length > 3);
  box.style.setProperty("--aspect", Math.max(...shown.map(({ aspect }) => aspect)));
  while (box.children.length > shown.length) box.lastElementChild.remove();
  shown.forEach(({ picture, label, note }, i) => {
    const figure = box.children[i] ?? box.appendChild(element("figure", "", [element("img", "", [], { draggable: "false" }), element("figcaption")]));
    const [image, caption] = figure.children;
    const source = `data:image/png;base64,${picture}`;
    if (image.src !== source) image.src = source;
    image.alt = note ? `${label}, ${note}` : label;
    caption.replaceChildren(element("b", "", label), element("span", "", note));
  });
}

function result({ metric, bars, said, course, mark }) {
  const highest = Math.max(...bars.map(({ value }) => value ?? 0), ...course, 1e-9);
  const found = [];
  if (bars.length) found.push(element("p", "title", `${metric}, lower is closer`), element("div", "bars", bars.map((each) => bar(each, highest))));
  if (course.length > 1) found.push(curve(course, mark, highest));
  if (said) found.push(element("p", "said", said));
  return found;
}

function bar({ label, value, shown, is_chosen: isChosen }, highest) {
  const filled = element("i");
  filled.style.width = `${(100 * (value ?? 0)) / highest}%`;
  const number = element("b", "number", shown, value === null ? {} : { "data-value": value, "data-of": label });
  return element("div", isChosen ? "bar is-chosen" : "bar", [element("span", "label", label), element("span", "track", filled, { "aria-hidden": "true" }), number]);
}

/** The scores of the steps, and the one that they are to pass. */
function curve(course, mark, highest) {
  const drawn = document.createElementNS(SVG, "svg");
  const y = (value) => 96 - (92 * value) / highest;
  const points = course.map((value, i) => `${(100 * i) / (course.length - 1)},${y(value)}`).join(" ");
  drawn.setAttribute("viewBox", "0 0 100 100");
  drawn.setAttribute("preserveAspectRatio", "none");
  drawn.setAttribute("role", "img");
  drawn.setAttribute("aria-label", `The score after each of ${course.length - 1} steps`);
  const line = (name, attributes) => {
    const made = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    drawn.append(made);
  };
  if (mark !== null) line("line", { x1: 0, x2: 100, y1: y(mark), y2: y(mark), class: "mark" });
  line("polyline", { points, class: "course" });
  return element("div", "curve", [drawn, element("span", "", `${course.length - 1} steps`)]);
}
