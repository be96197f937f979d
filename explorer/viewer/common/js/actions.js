// Actions: what every toolbar has, the overlay, saving the view and the list of keys.

const DRAGGED = 250; // milliseconds of rest after which a dragged or typed value is reported

function listenToActions(viewer) {
  const { toolbar, help } = viewer.parts;
  toolbar.addEventListener("click", ({ target }) => {
    const { action } = target.closest("button")?.dataset ?? {};
    if (action === "save") saveView(viewer);
    if (action === "help") help.showModal();
  });
  toolbar.addEventListener("input", ({ target }) => {
    if (target.dataset.field === "overlay") viewer.change({ overlay: Number(target.value) / 100 }, DRAGGED);
  });
}

function paintOverlay({ display, parts }) {
  const slider = parts.toolbar.querySelector('[data-field="overlay"]');
  const percent = Math.round(100 * display.overlay);
  slider.value = percent;
  slider.nextElementSibling.textContent = `${percent}%`;
}
