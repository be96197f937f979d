// Layout: how many columns show the pictures largest, and where the legend goes.

const NARROWEST = 178; // CSS pixels of a panel beside others
const PHONE = 560; // CSS pixels; a narrower gallery has two columns and scrolls
const HEIGHT = 0.8; // part of the window's height that all rows together may take
const HEADING = 46; // CSS pixels above each panel
const BETWEEN = 10;
const LEGEND = 78; // of a row of its own

/** The number of columns: the one with the largest pictures, few empty places and no picture alone in a row. */
function bestColumns({ width: pixels, height }, count, width, windowHeight) {
  const aspect = pixels / height;
  if (width < PHONE) return aspect > 2.5 ? 1 : 2;
  let best = { columns: 1, worth: -1 };
  for (let columns = 1; columns <= count; columns++) {
    const panel = (width - BETWEEN * (columns - 1)) / columns;
    if (columns > 1 && panel < NARROWEST) break;
    const rows = Math.ceil(count / columns);
    const holes = rows * columns - count;
    // Three pictures and a fourth below them look like a mistake, whose place changes with the window's size.
    if (columns > 2 && rows > 1 && count % columns === 1) continue;
    const room = (HEIGHT * windowHeight - (holes ? 0 : LEGEND)) / rows - HEADING;
    const drawn = Math.min(panel, room * aspect);
    const lost = 1 - drawn / panel; // beside the picture
    const worth = drawn * (1 - 0.05 * holes) * (holes > 2 ? 0.5 : 1) * (1 - 0.7 * lost);
    if (worth > best.worth) best = { columns, worth };
  }
  return best.columns;
}

/** Place the cells in columns, and the legend in what the last row leaves, or in a row of its own. */
function arrange({ scene, root, parts: { stage, legend } }) {
  const count = scene.entries.length;
  const columns = bestColumns(scene, count, stage.clientWidth, window.innerHeight);
  const used = count % columns;
  const rows = Math.ceil(count / columns);
  if (stage.dataset.layout === `${columns} ${rows} ${used}`) return;
  stage.dataset.layout = `${columns} ${rows} ${used}`;
  root.style.setProperty("--columns", columns);
  root.style.setProperty("--rows", rows);
  root.style.setProperty("--legend", used ? "0px" : `${LEGEND}px`);
  legend.style.gridColumn = `${used + 1} / -1`;
  legend.classList.toggle("wide", !used);
}
