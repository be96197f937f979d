// Readout: each panel of a sheet says its own value in its corner; the one under the pointer says the place, too.

/** Write a reading, {text, colour}, into its panel; `place` is "" where the pointer is elsewhere. */
function writeReading(viewer, panel, { text, colour }, place) {
  const value = viewer.panels[panel].canvas.parentElement.querySelector(".value");
  const span = (className, textContent) => Object.assign(document.createElement("span"), { className, textContent });
  const number = span("number", text);
  if (colour) {
    const swatch = span("swatch", "");
    swatch.style.background = `rgb(${colour.join(" ")})`;
    number.prepend(swatch);
  }
  value.replaceChildren(...(place ? [span("place", place)] : []), number);
  value.hidden = false;
}

function hideReadings({ parts }) {
  for (const value of parts.stage.querySelectorAll(".value")) value.hidden = true;
}

/** The values keep clear of the crosshair: they go to the top of the panels where it is low. */
function keepReadingsClear(viewer) {
  const { cursor, panels, parts } = viewer;
  const { canvas } = panels[cursor.panel];
  const { scale, top } = placement(viewer, { width: canvas.clientWidth, height: canvas.clientHeight });
  parts.stage.toggleAttribute("data-values-on-top", top + cursor.y * scale > 0.6 * canvas.clientHeight);
}
