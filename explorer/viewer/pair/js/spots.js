// Spots: numbered marks on the hot spots. A click on one makes its box the chosen box.

const SPOT = 9; // CSS pixels from its middle to its edge

function spotTexts({ scene }) {
  return scene.spots.map(({ label }, i) => `Hot spot ${i + 1}: ${label}`);
}

/** Place of the hot spot whose mark lies at a place of a panel; -1 for none. */
function spotAt(viewer, { px, py, ...size }) {
  const at = givenPlacement(viewer, size);
  return viewer.scene.spots.findIndex(({ x, y }) => {
    const [left, top] = boxOnPanel(at, [x, y, 0, 0]);
    return Math.hypot(px - left, py - top) <= SPOT;
  });
}

/** What is said of the hot spot under the pointer. */
function spotReadings(viewer, cursor) {
  const { canvas } = viewer.panels[cursor.panel];
  const size = { width: canvas.clientWidth, height: canvas.clientHeight };
  const { scale, left, top } = placement(viewer, size);
  const found = spotAt(viewer, { px: left + (cursor.x + 0.5) * scale, py: top + (cursor.y + 0.5) * scale, ...size });
  return found < 0 ? [] : [{ name: `hot spot ${found + 1}`, text: viewer.scene.spots[found].label }];
}

/** The boxes with a hot spot's in the chosen one's place; where a box is that region already, it is chosen. */
function boxesWithSpot({ boxes, chosen }, { box }) {
  const same = boxes.findIndex((other) => String(other) === String(box));
  if (same >= 0) return { boxes, chosen: same };
  return { boxes: boxes.length ? boxes.with(chosen, box) : [box], chosen };
}

function drawSpots(viewer, context, size) {
  if (!viewer.scene.spots.length) return;
  const at = givenPlacement(viewer, size);
  const font = getComputedStyle(viewer.root).getPropertyValue("--st-font") || "sans-serif";
  viewer.scene.spots.forEach(({ x, y }, i) => {
    const [left, top] = boxOnPanel(at, [x, y, 0, 0]);
    context.beginPath();
    context.arc(left, top, SPOT - 1, 0, 2 * Math.PI);
    context.fillStyle = "rgb(0 0 0 / 0.62)";
    context.fill();
    context.lineWidth = 3;
    context.strokeStyle = "rgb(0 0 0 / 0.5)";
    context.stroke();
    context.lineWidth = 1.5;
    context.strokeStyle = "#fff";
    context.stroke();
    context.fillStyle = "#fff";
    context.font = `600 12px ${font}`;
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.fillText(i + 1, left, top + 0.5);
  });
  context.textAlign = "start";
}
