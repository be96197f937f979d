// Compose: the panels of a pair as they are seen, each at its place, in one picture.

const MIN_SAVED = 420; // CSS pixels that the words below need

/** Panels with labels, the colour bar with its numbers, and the caption, on a canvas. */
function composeView(viewer) {
  const style = getComputedStyle(viewer.root);
  const font = style.getPropertyValue("--st-font") || "sans-serif";
  const stage = viewer.parts.stage.getBoundingClientRect();
  const placeOf = (element) => {
    const { left, top, width, height } = element.getBoundingClientRect();
    return { left: EDGE + left - stage.left, top: EDGE + top - stage.top, width, height };
  };
  const panels = shownPanels(viewer).map((panel) => ({ panel, ...placeOf(viewer.panels[panel].canvas) }));
  const tallest = Math.max(...panels.map(({ top, height }) => top + height)) - EDGE;
  const bar = placeOf(viewer.parts.scale);
  const { reference, distorted, metric } = viewer.scene.names;
  const named = [reference, distorted, metric].filter(Boolean).join(" · ");
  const lines = [named, factsText(viewer), scaleWarning(viewer), noteText(viewer)].filter(Boolean);

  const canvas = document.createElement("canvas");
  const width = Math.max(bar.left + 56, MIN_SAVED) + EDGE;
  const context = canvas.getContext("2d");
  context.font = `12px ${font}`;
  const wrapped = lines.flatMap((line) => wrapText(context, line, width - 2 * EDGE));
  canvas.width = Math.round(FINE * width);
  canvas.height = Math.round(FINE * (2 * EDGE + tallest + 8 + 17 * wrapped.length));
  context.scale(FINE, FINE);
  context.fillStyle = style.getPropertyValue("--st-background-color") || "#fff";
  context.fillRect(0, 0, canvas.width, canvas.height);

  for (const { panel, left, top, ...size } of panels) {
    context.fillStyle = style.getPropertyValue("--st-secondary-background-color") || "#eee";
    context.fillRect(left, top, size.width, size.height);
    context.drawImage(panelPicture(viewer, panel, size), left, top, size.width, size.height);
    drawChip(context, panelContent(viewer, panel).title, left + 8, top + 8, font);
    if (panelContent(viewer, panel).kind === "swipe") drawDivider(viewer, context, { left, top, ...size }, font);
  }
  const text = style.getPropertyValue("--st-text-color") || "#000";
  drawBar(viewer, context, { ...bar, text, font });
  context.fillStyle = text;
  context.font = `12px ${font}`;
  context.textBaseline = "top";
  wrapped.forEach((line, i) => context.fillText(line, EDGE, EDGE + tallest + 10 + 17 * i));
  return canvas;
}

function drawChip(context, title, left, top, font) {
  const label = title.toUpperCase();
  context.font = `12px ${font}`;
  context.fillStyle = "rgb(0 0 0 / 0.74)";
  context.fillRect(left, top, context.measureText(label).width + 16, 19);
  context.fillStyle = "#fff";
  context.textBaseline = "middle";
  context.fillText(label, left + 8, top + 10);
}

function drawDivider(viewer, context, { left, top, width, height }, font) {
  context.fillStyle = "#fff";
  context.fillRect(left + viewer.divider * width - 1, top, 2, height);
  context.font = `12px ${font}`;
  const label = context.measureText("DISTORTED").width + 16;
  drawChip(context, "Distorted", left + width - label - 8, top + 8, font);
}

function drawBar(viewer, context, { left, top, height, text, font }) {
  const scale = viewer.parts.scale;
  context.imageSmoothingEnabled = true;
  context.drawImage(scale, left, top, 11, height);
  context.fillStyle = text;
  context.font = `12px ${font}`;
  [...viewer.parts.ticks.children].forEach((tick, i, ticks) => {
    const part = i / (ticks.length - 1);
    context.textBaseline = part === 0 ? "top" : part === 1 ? "bottom" : "middle";
    context.fillText(tick.textContent, left + 17, top + part * height);
  });
}
