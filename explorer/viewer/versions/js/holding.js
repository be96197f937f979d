// Holding: as long as a key or a picture is held down, the reference is seen in place.

const HELD_AFTER = 220; // ms; a shorter press chooses
const STREAMLIT_KEYS = ["r", "c"]; // rerun and clear cache: they must not leave the component

function listenToHolding(root) {
  const see = (node, isSeen) => node?.classList.toggle("held", isSeen);
  const letGo = () => [root, ...root.querySelectorAll(".held")].forEach((node) => see(node, false));
  let waiting = 0;
  let wasHeld = false;
  let byKey = false;
  root.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const key = event.key.toLowerCase();
    const onReference = event.target.dataset?.hold === "all" && [" ", "enter"].includes(key);
    const isHold = key === "0" || key === "f" || onReference;
    if (isHold) event.preventDefault();
    if (isHold) see(root, (byKey = true));
    if (isHold || STREAMLIT_KEYS.includes(key)) event.stopPropagation();
  });
  root.addEventListener("keyup", letGo);
  root.addEventListener("focusout", () => byKey && letGo()); // its keyup goes elsewhere; a press moves the focus itself
  root.addEventListener("pointerdown", (event) => {
    const picture = event.target.closest("[data-hold]");
    if (!picture || event.button) return;
    wasHeld = byKey = false;
    const node = picture.dataset.hold === "all" ? root : picture.closest(".version");
    const hold = () => (see(node, true), (wasHeld = true));
    if (node === root) hold();
    else waiting = setTimeout(hold, HELD_AFTER);
  });
  for (const end of ["pointerup", "pointercancel", "pointerleave"]) {
    root.addEventListener(end, () => (clearTimeout(waiting), letGo()));
  }
  // Who looked did not choose; and a finger that rests asks for no menu.
  root.addEventListener("click", (event) => {
    const isOfKey = !event.detail;
    if (wasHeld && !isOfKey && event.target.closest("[data-hold]")) event.stopPropagation();
    wasHeld = false;
  }, true);
  root.addEventListener("contextmenu", (event) => event.target.closest("[data-hold]") && event.preventDefault());
}
