// What on a page is hard to read or to hit: texts and targets, shadow roots included. Evaluated by test_accessible.py.
() => {
  const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  const known = new Map();

  /** Any CSS colour as [red, green, blue, opacity], 0..1. */
  function rgba(colour) {
    if (!known.has(colour)) {
      canvas.clearRect(0, 0, 1, 1);
      canvas.fillStyle = colour;
      canvas.fillRect(0, 0, 1, 1);
      known.set(colour, [...canvas.getImageData(0, 0, 1, 1).data].map((part) => part / 255));
    }
    return known.get(colour);
  }

  const over = ([r, g, b, a], base) => [r, g, b].map((part, i) => a * part + (1 - a) * base[i]);
  const linear = (part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
  const luminance = ([r, g, b]) => 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
  function ratio(a, b) {
    const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y);
    return (light + 0.05) / (dark + 0.05);
  }

  const parentOf = (element) => element.assignedSlot ?? element.parentElement ?? element.getRootNode().host ?? null;
  function closest(element, selector) {
    for (let at = element; at; at = parentOf(at)) if (at.matches(selector)) return at;
    return null;
  }

  /** Whether an element stands on an ancestor's ground, and not beside it as a slider's value does. */
  function isOn(element, ancestor) {
    const [inner, outer] = [element, ancestor].map((part) => part.getBoundingClientRect());
    const [x, y] = [inner.left + inner.width / 2, inner.top + inner.height / 2];
    return x >= outer.left && x <= outer.right && y >= outer.top && y <= outer.bottom;
  }

  /** The smallest contrast of an element's text; on a picture, whatever that shows. */
  function contrastOf(element, style) {
    const layers = [];
    let opacity = 1;
    for (let at = element; at; at = parentOf(at)) {
      const { backgroundColor, opacity: own } = getComputedStyle(at);
      opacity *= Number(own);
      const layer = rgba(backgroundColor);
      if (layer[3] === 0 || !isOn(element, at)) continue;
      layers.push(layer);
      if (layer[3] === 1) break;
    }
    const [r, g, b, a] = rgba(element instanceof SVGElement ? style.fill : style.color);
    const bases = closest(element, ".panel") ? [[0, 0, 0], [1, 1, 1]] : [[1, 1, 1]];
    const contrasts = bases.map((base) => {
      const ground = layers.reduceRight((below, layer) => over(layer, below), base);
      return ratio(over([r, g, b, a * opacity], ground), ground);
    });
    return { contrast: Math.min(...contrasts), opacity };
  }

  const name = (element) => {
    const words = element.getAttribute("aria-label") ?? (element.value || element.textContent);
    return `${element.tagName.toLowerCase()} “${words.trim().slice(0, 40)}”`;
  };
  function isSeen(element, { visibility }, box) {
    if (box.width <= 1 || box.height <= 1 || visibility === "hidden") return false;
    for (let at = element; at; at = parentOf(at)) {
      const { overflow, clip, clipPath } = getComputedStyle(at);
      if (clip !== "auto" || clipPath !== "none") return false; // for screen readers alone
      if (overflow === "hidden" && !isOn(element, at)) return false; // a word that has no room
    }
    return true;
  }

  const faults = { texts: [], sizes: [], targets: [] };
  function look(element) {
    const style = getComputedStyle(element);
    const box = element.getBoundingClientRect();
    if (!isSeen(element, style, box)) return;
    const hasText = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
    const isField = element.matches("select, input:not([type=range], [type=checkbox], [type=file])");
    if ((hasText || isField) && !element.matches("[data-testid=stIconMaterial], option, noscript, style, script")) {
      const { contrast, opacity } = contrastOf(element, style);
      const isOff = closest(element, ":disabled, [aria-disabled=true]");
      if (opacity > 0.05 && !isOff && contrast < 4.5) faults.texts.push(`${name(element)}: ${contrast.toFixed(2)}`);
      const size = parseFloat(style.fontSize);
      // A formula's indices are smaller than its letters, and it is read aloud as a whole.
      if (opacity > 0.05 && size < 12 && !element.closest(".katex")) faults.sizes.push(`${name(element)}: ${size}`);
    }
    if (element.matches("button, a[href], input, select, [role=slider], [role=button]")) {
      // What stands for it takes the finger as well: its label.
      const reach = [element, ...(element.labels ?? [])].map((part) => part.getBoundingClientRect());
      const isLarge = reach.some(({ width, height }) => width >= 23.9 && height >= 23.9);
      // A link within a sentence is as high as its line.
      const isInline = element.matches("p a, li a, td a");
      if (!isLarge && !isInline) faults.targets.push(`${name(element)}: ${box.width.toFixed(0)} × ${box.height.toFixed(0)}`);
    }
  }
  (function walk(root) {
    for (const element of root.querySelectorAll("*")) {
      if (element.shadowRoot) walk(element.shadowRoot);
      look(element);
    }
  })(document);
  return faults;
}
