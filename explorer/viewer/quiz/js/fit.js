// Fit: pictures of one size in a box, in the number of columns that makes them largest.

/** Columns and width for `count` pictures of an aspect (width / height) with a line of words below each. */
function fitted(count, aspect, box, gap, line) {
  let best = { columns: 1, width: 0 };
  for (let columns = 1; columns <= count; columns++) {
    const rows = Math.ceil(count / columns);
    const width = (box.width - gap * (columns - 1)) / columns;
    const height = (box.height - gap * (rows - 1)) / rows - line;
    const fits = Math.floor(Math.min(width, height * aspect));
    if (fits > best.width) best = { columns, width: fits };
  }
  return best;
}
