// Order: the viewer follows the table of candidates, which tells its order to the page.

const ORDER = Symbol.for("lpips-explorer.order"); // on the window; viewer/ranking/js/table.js writes it
const ORDERED = "lpips-explorer-order"; // the event that tells of a new one

/** The candidates as the table has them; what it does not hold comes last. */
function inOrder({ scene }) {
  const order = window[ORDER] ?? [];
  const place = ({ key }) => (order.includes(key) ? order.indexOf(key) : order.length);
  return scene.candidates.toSorted((a, b) => place(a) - place(b));
}

function followTable(viewer) {
  const follow = () => {
    if (viewer.root.isConnected) viewer.redraw(true);
    else window.removeEventListener(ORDERED, follow);
  };
  window.addEventListener(ORDERED, follow);
}
