// SVG: its elements, and what charts drawn with them share.

/** An element of SVG with its attributes and children; texts are never read as markup. */
function svgElement(tag, attributes = {}, content = []) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...[content].flat());
  return made;
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

/** An empty chart, of its size on the screen. */
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
