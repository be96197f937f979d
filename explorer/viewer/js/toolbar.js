// Toolbar: how it is shown. Buttons and fields always follow `viewer.display`.

const DRAGGED = 250; // milliseconds of rest after which a dragged or typed value is reported

function createToolbar(viewer) {
  const { toolbar } = viewer.parts;
  toolbar.addEventListener("click", ({ target }) => {
    const button = target.closest("button");
    if (!button) return;
    const setting = button.closest("[data-setting]")?.dataset.setting;
    if (setting) viewer.change({ [setting]: button.dataset.value });
    if (button.dataset.action === "save") saveView(viewer);
    if (button.dataset.action === "help") viewer.parts.help.showModal();
  });
  toolbar.addEventListener("input", ({ target }) => {
    const { field } = target.dataset;
    if (field === "overlay") viewer.change({ overlay: Number(target.value) / 100 }, DRAGGED);
    if (field === "native") viewer.change({ cells: target.checked ? "native" : "smooth" });
    if (field === "scale") viewer.change(scaleChoice(viewer, target.value));
    if (field === "fixed") {
      const usable = Number.isFinite(target.valueAsNumber) && target.valueAsNumber > 0;
      target.setCustomValidity(usable ? "" : "The scale must end at a number above 0.");
      target.reportValidity();
      if (usable) viewer.change({ fixed: target.valueAsNumber }, DRAGGED);
    }
  });
}

/** A fixed scale starts where the shared one ends, so that choosing it changes nothing yet. */
function scaleChoice({ scene, display }, scale) {
  if (scale !== "fixed" || display.fixed) return { scale };
  return { scale, fixed: Number((scene.sharedMaximum || 1).toPrecision(3)) };
}

function paintToolbar(viewer) {
  const { scene, display, parts } = viewer;
  const maps = [
    ["combined", "Combined"],
    ["layer", chosenLayer(viewer).label],
    ...scene.sources.pixelMaps.map((map) => [map.name, map.label]),
  ];
  const group = parts.toolbar.querySelector('[data-setting="map"]');
  while (group.children.length > maps.length) group.lastChild.remove();
  maps.forEach(([value, label], i) => {
    const button = group.children[i] ?? group.appendChild(document.createElement("button"));
    button.type = "button";
    button.dataset.value = value;
    button.textContent = label;
  });
  const shown = shownSource(viewer);
  const pressed = { mode: display.mode, map: shown.kind === "layer" ? "layer" : shown.name };
  for (const button of parts.toolbar.querySelectorAll("[data-setting] button")) {
    button.dataset.text = button.textContent;
    button.setAttribute("aria-pressed", button.dataset.value === pressed[button.parentElement.dataset.setting]);
  }

  const field = (name) => parts.toolbar.querySelector(`[data-field="${name}"]`);
  const percent = Math.round(100 * display.overlay);
  field("overlay").value = percent;
  field("overlay").nextElementSibling.textContent = `${percent}%`;
  field("native").checked = display.cells === "native";
  field("scale").value = display.scale;
  const fixed = field("fixed");
  fixed.hidden = display.scale !== "fixed";
  if (display.fixed && fixed.valueAsNumber !== display.fixed && !fixed.matches(":focus")) fixed.value = display.fixed;
}
