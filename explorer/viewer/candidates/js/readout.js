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

function paintReadout(viewer) {
  const { cursor, parts } = viewer;
  const readings = cursor ? readingsAt(viewer) : [];
  const place = cursor ? pixelAsGiven(viewer.scene, cursor) : null;
  const at = place ? `${place.x}, ${place.y}` : "";
  hideReadings(viewer);
  if (isInPlace(viewer)) {
    paintFlips(viewer, readings);
    parts.at.textContent = at ? `x, y ${at}` : "";
    parts.at.hidden = !at;
  } else if (cursor) {
    // A map's panel says the place for all of its cell.
    const under = cursor.panel.replace("picture:", "map:").replace("front", "back");
    const write = (panel, text) => writeReading(viewer, panel, { text }, panel === under ? at : "");
    for (const { key, text } of readings) write(`map:${key}`, text);
    const found = difference(viewer);
    if (found) write("back", signedText(valueAt(viewer.scene, found.plane, cursor), found.plane.step));
  }
  if (!cursor) return;
  keepReadingsClear(viewer);
  speak(viewer, readings, place);
}
