// Controls: all that stands around the panels.

function createControls(viewer) {
  listenToActions(viewer);
}

/** A gallery's settings need no completion. */
function completeDisplay(viewer, display) {
  return display;
}

/** What follows the settings and the scene: cells, toolbar, legend. */
function paintControls(viewer) {
  const { scene, parts } = viewer;
  paintCells(viewer);
  paintOverlay(viewer);
  parts.warning.textContent = scene.warning;
  parts.warning.hidden = !scene.warning;
  parts.note.textContent = scene.note;
  parts.facts.textContent = factsText(scene);
  for (const scale of Object.values(scene.scales)) paintLegend(viewer, scale);
}

/** A scale's unit as it follows a number: a percent sign stands close to it. */
function unitText({ unit }) {
  return unit && !unit.startsWith("%") ? ` ${unit}` : unit || "";
}

function paintLegend(viewer, scale) {
  const { scene, parts } = viewer;
  const element = parts.legend.querySelector(`[data-scale="${scale.name}"]`);
  element.hidden = !scene.entries.some((entry) => entry.kind === "map" && entry.scale === scale);
  const unit = unitText(scale);
  const end = endText(scale.end);
  const words =
    scale.name === "amount"
      ? ["0", "", end + unit]
      : [[`−${end}`, scale.below].filter(Boolean).join(" "), "0", [scale.above, `+${end}`].filter(Boolean).join(" ")];
  paintBar(viewer, element, scale, words);
}

function factsText({ width, height, entries }) {
  const maps = entries.filter(({ kind }) => kind === "map");
  const beyond = Math.max(0, ...maps.map(beyondScale));
  const part = beyond < 0.001 ? "Less than 0.1%" : `Up to ${percentText(beyond)}`;
  const hatched = maps.some(({ plane }) => statisticsOf(plane).count < plane.values.length);
  return [
    `${width} × ${height} pixels.`,
    ...(beyond ? [`${part} of a map lies beyond its scale.`] : []),
    ...(hatched ? ["Hatched: no data."] : []),
  ].join(" ");
}
