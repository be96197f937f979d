// Toolbar: how it is shown. Buttons and fields always follow `viewer.display`.

const SETTING_KEYS = { 1: { mode: "side" }, 2: { mode: "swipe" }, 3: { mode: "flip" } };
const LONGEST_LABEL = 17; // characters of a layer's name that a button has room for, and a small multiple in one line

function createToolbar(viewer) {
  const { toolbar } = viewer.parts;
  listenToActions(viewer);
  toolbar.addEventListener("click", ({ target }) => {
    const button = target.closest("button");
    if (!button) return;
    const setting = button.closest("[data-setting]")?.dataset.setting;
    if (setting) viewer.change({ [setting]: button.dataset.value });
  });
  toolbar.addEventListener("input", ({ target }) => {
    const { field } = target.dataset;
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

/** The settings that a key asks for; null where it asks for none. */
function settingsForKey(viewer, key) {
  return SETTING_KEYS[key] ?? settingsForBoxKey(viewer, key);
}

/** Settings as they are reported: a map of a layer names its layer. */
function completeDisplay(viewer, display) {
  const layer = display.map === "layer" ? chosenLayer({ ...viewer, display }) : null;
  return layer ? { ...display, layer: layer.name } : display;
}

/** A name that fits a button, its end kept whole. */
function shortName(name) {
  if (name.length <= LONGEST_LABEL) return name;
  return `${name.slice(0, 6)}…${name.slice(7 - LONGEST_LABEL)}`;
}

/** A fixed scale starts where that of the map ends which is shown, so that choosing it changes nothing there yet. */
function scaleChoice(viewer, scale) {
  if (scale !== "fixed" || viewer.display.fixed) return { scale };
  const { combined, layers } = viewer.scene.sources;
  const shown = shownSource(viewer);
  const source = shown.kind === "pixel" ? (combined ?? layers[0]) : shown;
  return { scale, fixed: Number(scaleEnd(viewer, source).toPrecision(3)) };
}

function paintToolbar(viewer) {
  const { scene, display, parts } = viewer;
  const layer = chosenLayer(viewer);
  const maps = [
    ...(layer ? [["combined", "Combined"], ["layer", layer.label]] : []),
    ...scene.sources.pixelMaps.map((map) => [map.name, map.label]),
  ];
  const group = parts.toolbar.querySelector('[data-setting="map"]');
  while (group.children.length > maps.length) group.lastChild.remove();
  maps.forEach(([value, label], i) => {
    const button = group.children[i] ?? group.appendChild(document.createElement("button"));
    button.type = "button";
    button.dataset.value = value;
    button.textContent = shortName(label);
    button.title = button.textContent === label ? "" : label;
    button.setAttribute("aria-label", label);
  });
  paintBoxTools(viewer);
  const shown = shownSource(viewer);
  const pressed = { mode: display.mode, tool: display.tool, map: shown.kind === "layer" ? "layer" : shown.name };
  for (const button of parts.toolbar.querySelectorAll("[data-setting] button")) {
    button.dataset.text = button.textContent;
    button.setAttribute("aria-pressed", button.dataset.value === pressed[button.parentElement.dataset.setting]);
  }

  const field = (name) => parts.toolbar.querySelector(`[data-field="${name}"]`);
  paintOverlay(viewer);
  // Cells and scale are settings of the layers' maps.
  for (const name of ["native", "scale"]) field(name).closest(".field").hidden = !layer;
  field("native").checked = display.cells === "native";
  field("scale").value = display.scale;
  const fixed = field("fixed");
  fixed.hidden = display.scale !== "fixed";
  if (display.fixed && fixed.valueAsNumber !== display.fixed && !fixed.matches(":focus")) fixed.value = display.fixed;
}
