// Box drawing: outlines, names and handles on the panels.

const TAG = 16; // height of a name's chip
const LABEL = 30; // CSS pixels at a panel's top where its own label stands

function drawBoxes(viewer, context, size) {
  const { boxes, chosen } = shownBoxes(viewer);
  const at = givenPlacement(viewer, size);
  const style = getComputedStyle(viewer.root);
  const look = {
    font: style.getPropertyValue("--st-font") || "sans-serif",
    primary: style.getPropertyValue("--st-primary-color"),
  };
  boxes.forEach((box, i) => {
    if (i !== chosen) drawBox(context, size, boxOnPanel(at, box), boxName(i), look);
  });
  if (!boxes.length) return;
  const rectangle = boxOnPanel(at, boxes[chosen]);
  outlineChosen(context, rectangle, look);
  if (drawsBoxes(viewer) && !size.isSaved) drawHandles(context, rectangle, look);
  drawName(context, size, rectangle, boxName(chosen), look);
  if (viewer.draft) drawSize(context, size, rectangle, boxes[chosen], look);
}

function drawBox(context, size, rectangle, name, look) {
  outline(context, rectangle);
  drawName(context, size, rectangle, name, look);
}

/** The theme's colour within white, which parts it from any picture, within a hairline. */
function outlineChosen(context, rectangle, { primary }) {
  for (const [width, colour] of [[6, "rgb(0 0 0 / 0.85)"], [4.5, "#fff"], [2.5, primary]]) {
    context.lineWidth = width;
    context.strokeStyle = colour;
    context.strokeRect(...rectangle);
  }
}

/** At the corners, and in the middle of edges that are long enough. */
function drawHandles(context, [x, y, width, height], { primary }) {
  const side = 8;
  for (const across of [0, 0.5, 1]) {
    for (const down of [0, 0.5, 1]) {
      if (across === 0.5 && (down === 0.5 || width < 5 * side)) continue;
      if (down === 0.5 && height < 5 * side) continue;
      const rectangle = [x + across * width - side / 2, y + down * height - side / 2, side, side];
      context.fillStyle = "#fff";
      context.fillRect(...rectangle);
      context.lineWidth = 1.5;
      context.strokeStyle = primary;
      context.strokeRect(...rectangle);
    }
  }
}

/** On the box's top left corner; inside of it where there is no room above, or the panel's label stands there. */
function drawName(context, size, [x, y, width, height], name, look) {
  if (x + width < 0 || y + height < 0 || x > size.width || y > size.height) return;
  const top = y - TAG - 3 >= LABEL ? y - TAG - 3 : Math.max(y + 4, LABEL);
  const left = y - TAG - 3 >= LABEL ? x - 1 : x + 4;
  drawTag(context, size, left, top, name, look);
}

/** A box's size, below its bottom right corner. */
function drawSize(context, size, [x, y, width, height], [, , columns, rows], look) {
  const text = `${columns} × ${rows}`;
  context.font = `600 12px ${look.font}`;
  drawTag(context, size, x + width - context.measureText(text).width - 10, y + height + 6, text, look);
}

/** A word on a dark chip, held to the panel. */
function drawTag(context, size, left, top, text, { font }) {
  context.font = `600 12px ${font}`;
  const width = Math.max(TAG, context.measureText(text).width + 10);
  const x = Math.max(0, Math.min(left, size.width - width));
  const y = Math.max(0, Math.min(top, size.height - TAG));
  context.beginPath();
  context.roundRect(x, y, width, TAG, 3);
  context.fillStyle = "rgb(0 0 0 / 0.8)";
  context.fill();
  context.fillStyle = "#fff";
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.fillText(text, x + width / 2, y + TAG / 2 + 0.5);
  context.textAlign = "start";
}
