// Compose: a sheet as it is seen, in one picture.

/** Warning, headings, panels and legend, each at its place on the screen. */
function composeView(viewer) {
  const { root, parts, panels } = viewer;
  const theme = getComputedStyle(root);
  const sheet = parts.sheet.getBoundingClientRect();
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(FINE * (sheet.width + 2 * EDGE));
  canvas.height = Math.round(FINE * (sheet.height + 2 * EDGE));
  const context = canvas.getContext("2d");
  context.scale(FINE, FINE);
  context.fillStyle = theme.getPropertyValue("--st-background-color") || "#fff";
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.translate(EDGE - sheet.left, EDGE - sheet.top); // from here on in places of the window

  context.fillStyle = theme.getPropertyValue("--st-secondary-background-color") || "#eee";
  for (const panel of parts.stage.querySelectorAll(".panel")) context.fillRect(...placeOf(panel));
  for (const panel of shownPanels(viewer)) {
    const place = placeOf(panels[panel].canvas);
    context.drawImage(panelPicture(viewer, panel, { width: place[2], height: place[3] }), ...place);
  }
  for (const scale of parts.legend.querySelectorAll("canvas")) {
    if (scale.checkVisibility()) context.drawImage(scale, ...placeOf(scale));
  }
  for (const element of parts.sheet.querySelectorAll("[data-text]")) {
    if (element.checkVisibility()) drawText(context, element);
  }
  return canvas;
}

function placeOf(element) {
  const { left, top, width, height } = element.getBoundingClientRect();
  return [left, top, width, height];
}

/** An element's text in its own font and colour, at the lines where the browser has put it. */
function drawText(context, element) {
  const style = getComputedStyle(element);
  context.font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
  context.fillStyle = style.color;
  context.textBaseline = "middle";
  for (const { text, left, middle } of linesOf(element)) context.fillText(text, left, middle);
}

/** The lines of an element's one text, as the browser has broken it. */
function linesOf(element) {
  const lines = [];
  const node = element.firstChild;
  const range = document.createRange();
  for (let i = 0; i < (node?.length ?? 0); i++) {
    range.setStart(node, i);
    range.setEnd(node, i + 1);
    const box = range.getClientRects()[0];
    if (!box) continue; // a space that the break has taken
    const line = lines.at(-1);
    const middle = box.top + box.height / 2;
    if (line && Math.abs(line.middle - middle) < 2) line.text += node.data[i];
    else lines.push({ text: node.data[i], left: box.left, middle });
  }
  return lines;
}
