// Chart: what both charts share: places along x, and elements of SVG.

const PAD = 8; // pixels beside the first and the last place: half of the playhead's thumb

/** An element of SVG with its attributes and children; texts are never read as markup. */
function svgElement(tag, attributes = {}, content = []) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...[content].flat());
  return made;
}

/** Pixels from the left edge of a chart to a place of the axis. */
function xOf({ data }, place, width) {
  return PAD + (place / Math.max(1, data.steps.length - 1)) * (width - 2 * PAD);
}

/** The place of the axis that is nearest to a pointer over a chart. */
function placeAt({ data }, clientX, box) {
  const last = data.steps.length - 1;
  const part = (clientX - box.left - PAD) / Math.max(1, box.width - 2 * PAD);
  return Math.min(last, Math.max(0, Math.round(part * last)));
}

/** "M x y L x y ..." through points; one without a height ends the line, and the next begins another. */
function pathThrough(points) {
  let isOpen = false;
  return points
    .map(([x, y]) => {
      if (y === null) {
        isOpen = false;
        return "";
      }
      const word = `${isOpen ? "L" : "M"}${x.toFixed(1)} ${y.toFixed(1)}`;
      isOpen = true;
      return word;
    })
    .join("");
}

/** An empty chart of its size on the screen, with a line for each quarter. */
function emptied(svg) {
  const width = svg.clientWidth || svg.parentElement.clientWidth;
  const height = svg.clientHeight;
  svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
  svg.replaceChildren();
  return { width, height };
}

function gridLines(svg, { width }, rows) {
  for (const y of rows) svg.append(svgElement("line", { class: "grid", x1: 0, x2: width, y1: y, y2: y }));
}

/** The playhead's line, made once a chart and moved from then on. */
function paintPlayhead(viewer, svg) {
  const box = svg.viewBox.baseVal;
  const x = xOf(viewer, viewer.at, box.width);
  let line = svg.querySelector(".playhead");
  if (!line) svg.append((line = svgElement("line", { class: "playhead", y1: 0, y2: box.height })));
  line.setAttribute("x1", x);
  line.setAttribute("x2", x);
}
