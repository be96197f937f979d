// Chart: what both charts share: places along x.

const PAD = 8; // pixels beside the first and the last place: half of the playhead's thumb

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

/** The playhead's line, made once a chart and moved from then on. */
function paintPlayhead(viewer, svg) {
  const box = svg.viewBox.baseVal;
  const x = xOf(viewer, viewer.at, box.width);
  let line = svg.querySelector(".playhead");
  if (!line) svg.append((line = svgElement("line", { class: "playhead", y1: 0, y2: box.height })));
  line.setAttribute("x1", x);
  line.setAttribute("x2", x);
}
