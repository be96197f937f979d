// A bar of shares. Names are written as text: those of layers may hold any character.

const STEPS = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 };

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".shares");
  if (isOld(root, data)) return;
  root.choose = (name) => setTriggerValue("choose", name);
  const form = JSON.stringify([data.chooses, data.segments.map(({ name }) => name)]);
  if (root.dataset.form !== form) {
    // Only other segments are made anew: new numbers must not take the focus away.
    build(root, data);
    root.dataset.form = form;
  }
  paint(root, data);
}

function build(root, { segments, chooses }) {
  const [bar, legend] = root.children;
  const parts = segments.map(({ name }, i) => {
    const part = element(chooses ? "button" : "div", "segment", [element("span"), element("b", "", name)]);
    if (!chooses) return part;
    part.type = "button";
    part.id = `segment-${i}`;
    part.addEventListener("click", () => root.choose(name));
    part.addEventListener("keydown", (event) => moveFocus(event, parts));
    part.addEventListener("focus", () => parts.forEach((other) => (other.tabIndex = other === part ? 0 : -1)));
    return part;
  });
  bar.replaceChildren(...(parts.length ? parts : [element("span", "empty", "no distance, so no shares")]));
  bar.setAttribute("role", chooses && parts.length ? "group" : "img");
  legend.replaceChildren(...segments.map((_, i) => entry(chooses ? `segment-${i}` : "")));
  legend.ariaHidden = "true"; // the bar says the same
}

/** A line of the legend; of a segment that can be chosen it is the label, so that a tap on it chooses. */
function entry(segment) {
  const words = element(segment ? "label" : "span", "", [element("i"), element("span")]);
  if (segment) words.htmlFor = segment;
  return element("li", "", words);
}

function paint(root, { segments, label, selected, chooses }) {
  const [bar, legend] = root.children;
  bar.setAttribute("aria-label", label);
  segments.forEach(({ name, share, percent, colour, ink, words }, i) => {
    const part = bar.children[i];
    part.style.cssText = `flex-grow: ${share}; background: ${colour}; color: ${ink}`;
    part.firstChild.textContent = percent;
    part.title = words;
    const [swatch, text] = legend.children[i].firstChild.children;
    swatch.style.background = colour;
    text.textContent = `${name} ${percent}`;
    if (!chooses) return;
    part.setAttribute("aria-label", words);
    part.setAttribute("aria-pressed", name === selected);
  });
  const parts = [...bar.querySelectorAll("button")];
  const reached = parts.find((part) => part.tabIndex === 0 && part.matches(":focus"));
  const first = reached ?? parts.find(({ ariaPressed }) => ariaPressed === "true") ?? parts[0];
  parts.forEach((part) => (part.tabIndex = part === first ? 0 : -1));
}

/** The bar is one stop of the Tab key; arrows, Home and End go along it. */
function moveFocus(event, parts) {
  const place = parts.indexOf(event.currentTarget);
  const last = parts.length - 1;
  const to = { Home: 0, End: last }[event.key] ?? Math.min(Math.max(place + (STEPS[event.key] ?? 0), 0), last);
  if (!(event.key in STEPS) && event.key !== "Home" && event.key !== "End") return;
  event.preventDefault(); // the page would scroll
  event.stopPropagation();
  parts[to].focus();
}
