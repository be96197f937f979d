// Readout: every candidate's value under the pointer, on its map, or in place on its button.

/** What is read of each candidate at the cursor: {key, name, text}; of a hot spot under it the share. */
function readingsAt(viewer) {
  const spot = markAt(viewer);
  return mapped(viewer).map(({ candidate, plane }) => {
    const share = candidate.spots[spot];
    const value = numberText(valueAt(viewer.scene, plane, viewer.cursor), plane.step);
    const held = isInPlace(viewer) ? share : `spot ${spot + 1}: ${share}`; // buttons have room for a number
    return { key: candidate.key, name: candidate.name, text: share ? held : value };
  });
}

function placeText({ scene, cursor }) {
  const [x, y] = [
    Math.floor(((cursor.x + 0.5) * scene.given[0]) / scene.width),
    Math.floor(((cursor.y + 0.5) * scene.given[1]) / scene.height),
  ];
  return { x, y, text: `${x}, ${y}` };
}

function paintReadout(viewer) {
  const { cursor, parts, root } = viewer;
  const readings = cursor ? readingsAt(viewer) : [];
  const place = cursor ? placeText(viewer) : null;
  for (const value of root.querySelectorAll(".value")) value.hidden = true;
  if (isInPlace(viewer)) {
    paintFlips(viewer, readings);
    parts.at.textContent = place ? `x, y ${place.text}` : "";
    parts.at.hidden = !place;
  } else if (cursor) {
    for (const { key, text } of readings) write(viewer, `map:${key}`, text, place);
    const found = difference(viewer);
    if (found) write(viewer, "back", signed(valueAt(viewer.scene, found.plane, cursor), found.plane.step), place);
  }
  if (!cursor) return;
  // The values keep clear of the crosshair.
  const { canvas } = viewer.panels[cursor.panel];
  const { scale, top } = placement(viewer, { width: canvas.clientWidth, height: canvas.clientHeight });
  parts.stage.toggleAttribute("data-values-on-top", top + cursor.y * scale > 0.6 * canvas.clientHeight);
  speak(viewer, readings, place);
}

/** The value on a map's panel, with the place where the pointer is over its cell. */
function write(viewer, panel, text, { text: place }) {
  const value = viewer.panels[panel].canvas.parentElement.querySelector(".value");
  const number = Object.assign(document.createElement("span"), { className: "number", textContent: text });
  const isUnder = viewer.cursor.panel.replace("picture:", "map:").replace("front", "back") === panel;
  const at = Object.assign(document.createElement("span"), { className: "place", textContent: isUnder ? place : "" });
  value.replaceChildren(...(isUnder ? [at] : []), number);
  value.hidden = false;
}

function signed(value, step = 0) {
  const text = numberText(value, step);
  return value > 0 && text !== "0" ? `+${text}` : text;
}
