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
  const highest = Math.max(...data.bars.map(({ value }) => value ?? 0), ...data.course, 1e-9);
  root.querySelector(".result").replaceChildren(...result(data, highest));
  root.querySelector(".course").replaceChildren(...(data.mark ? [curve(data, 1.05 * highest)] : []));
  root.querySelector(".course").hidden = !data.mark;
  root.querySelector(".said").textContent = data.said;
  root.classList.toggle("is-three", data.exhibits.length > 2);
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
  box.style.setProperty("--aspect", Math.max(...shown.map(({ aspect }) => aspect)));
  while (box.children.length > shown.length) box.lastElementChild.remove();
  shown.forEach(({ picture, label, note, inset, insetNote }, i) => {
    const figure = box.children[i] ?? box.appendChild(exhibit());
    const [[image, small], caption] = [figure.firstElementChild.children, figure.lastElementChild];
    show(image, picture);
    small.hidden = !inset;
    if (inset) show(small.firstElementChild, inset);
    small.firstElementChild.alt = insetNote;
    small.lastElementChild.textContent = insetNote;
    image.alt = note ? `${label}, ${note}` : label;
    caption.replaceChildren(element("b", "", label), element("span", "", note));
  });
}

function exhibit() {
  const image = () => element("img", "", [], { draggable: "false" });
  const inset = element("div", "inset", [image(), element("small", "", "", { "aria-hidden": "true" })]);
  return element("figure", "", [element("div", "picture", [image(), inset]), element("figcaption")]);
}

function show(image, picture) {
  const source = `data:image/png;base64,${picture}`;
  if (image.src !== source) image.src = source;
}

function result({ metric, bars }, highest) {
  if (!bars.length) return [];
  return [element("p", "title", `${metric}, lower is closer`), element("div", "bars", bars.map((each) => bar(each, highest)))];
}

function bar({ label, value, shown, is_chosen: isChosen }, highest) {
  const filled = element("i");
  filled.style.width = `${(100 * (value ?? 0)) / highest}%`;
  const number = element("b", "number", shown, value === null ? {} : { "data-value": value, "data-of": label });
  return element("div", isChosen ? "bar is-chosen" : "bar", [element("span", "label", label), element("span", "track", filled, { "aria-hidden": "true" }), number]);
}

/** The scores of the steps so far, over the steps, and the score that they are to pass. */
function curve({ course, steps, mark, metric }, highest) {
  const drawn = document.createElementNS(SVG, "svg");
  const y = (value) => 100 - (100 * value) / highest;
  const points = course.map((value, i) => `${(100 * i) / Math.max(steps, 1)},${y(value)}`).join(" ");
  drawn.setAttribute("viewBox", "0 0 100 100");
  drawn.setAttribute("preserveAspectRatio", "none");
  drawn.setAttribute("role", "img");
  drawn.setAttribute("aria-label", `${metric} after each of ${Math.max(course.length - 1, 0)} steps`);
  const line = (name, attributes) => {
    const made = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    drawn.append(made);
  };
  line("polyline", { points: "0,0 0,100 100,100", class: "axes" });
  line("line", { x1: 0, x2: 100, y1: y(mark.value), y2: y(mark.value), class: "mark" });
  if (course.length > 1) line("polyline", { points, class: "line" });
  const label = element("span", "label", `${mark.label} ${mark.shown}`);
  label.style.top = `${y(mark.value)}%`;
  const plot = element("div", "plot", [drawn, label]);
  const ends = element("div", "steps", [element("span", "", "0"), element("span", "", `${steps} steps`)]);
  return element("div", "curve", [element("span", "", metric), plot, ends]);
}
