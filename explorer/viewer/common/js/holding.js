// Holding: as long as a key or a picture is held down, the reference is seen in place.

const HELD_AFTER = 220; // ms; a shorter press chooses
const STREAMLIT_KEYS = ["r", "c"]; // rerun and clear cache: they must not leave the component

/**
 * Listen for 0, F and presses. A picture has data-hold: "all" is seen at once and everywhere, any other
 * value after a moment and for itself.
 *
 * @param see Called with the root or with the picture that is held, and with null when all are let go.
 */
function listenToHolding(root, see) {
  let waiting = 0;
  let wasHeld = false;
  let byKey = false;
  root.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const key = event.key.toLowerCase();
    const onReference = event.target.dataset?.hold === "all" && [" ", "enter"].includes(key);
    const isHold = key === "0" || key === "f" || onReference;
    if (isHold) {
      event.preventDefault();
      byKey = true;
      see(root);
    }
    if (isHold || STREAMLIT_KEYS.includes(key)) event.stopPropagation();
  });
  root.addEventListener("keyup", () => see(null));
  root.addEventListener("focusout", () => byKey && see(null)); // its keyup goes elsewhere; a press moves the focus itself
  root.addEventListener("pointerdown", (event) => {
    const picture = event.target.closest("[data-hold]");
    if (!picture || event.button) return;
    wasHeld = byKey = false;
    const isAll = picture.dataset.hold === "all";
    const hold = () => (see(isAll ? root : picture), (wasHeld = true));
    if (isAll) hold();
    else waiting = setTimeout(hold, HELD_AFTER);
  });
  for (const end of ["pointerup", "pointercancel", "pointerleave"]) {
    root.addEventListener(end, () => (clearTimeout(waiting), see(null)));
  }
  // Who looked did not choose; and a finger that rests asks for no menu.
  root.addEventListener("click", (event) => {
    const isOfKey = !event.detail;
    if (wasHeld && !isOfKey && event.target.closest("[data-hold]")) event.stopPropagation();
    wasHeld = false;
  }, true);
  root.addEventListener("contextmenu", (event) => event.target.closest("[data-hold]") && event.preventDefault());
}
