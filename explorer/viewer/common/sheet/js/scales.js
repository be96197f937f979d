// Scales: the colours that maps of a sheet share. A scale is {palette, table, start, end}: from `start`, which is 0
// or, around a neutral 0, −end, to `end`.

/** A plane as a canvas of its own size, coloured for the overlay that is set; kept with the plane. */
function colouredPlane({ display: { overlay } }, plane, { palette, table, start, end }) {
  const form = `${palette} ${start} ${end} ${overlay}`;
  plane.coloured ??= new Map(); // two maps may share a plane, such as one of zeros
  if (!plane.coloured.has(form)) {
    if (plane.coloured.size > 3) plane.coloured.clear(); // the scale moves on, the plane stays
    const canvas = document.createElement("canvas");
    paintPlane(canvas, plane, table, end, { start, overlay });
    plane.coloured.set(form, canvas);
  }
  return plane.coloured.get(form);
}

/** A scale's bar, and the words below it from its start to its end. */
function paintBar({ display }, bar, { table, start }, words) {
  paintScale(bar.querySelector("canvas"), table, display.overlay, start < 0);
  bar.querySelectorAll(".ends span").forEach((span, i) => (span.textContent = words[i]));
}
