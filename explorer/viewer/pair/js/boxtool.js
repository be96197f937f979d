// Box tool: the boxes' part of the toolbar, their keys, and what is said of them.

const BOX_TOOLS = `
  <button type="button" data-value="draw" title="Drag on the pictures to draw a box (B)">Draw box</button>
  <button type="button" data-value="pan" title="Drag to move zoomed pictures (B)">Pan</button>`;

/** Put the choice of the tool in the toolbar of a viewer with boxes, and take it from others. */
function paintBoxTools(viewer) {
  const { toolbar } = viewer.parts;
  let group = toolbar.querySelector('[data-setting="tool"]');
  if (!hasBoxes(viewer)) group?.remove();
  else if (!group) {
    group = Object.assign(document.createElement("div"), { className: "choices", innerHTML: BOX_TOOLS });
    group.dataset.setting = "tool";
    group.setAttribute("role", "group");
    group.setAttribute("aria-label", "Tool");
    toolbar.prepend(group);
  }
}

/** The boxes as attributes, which tests read and the style sheet follows. */
function nameBoxes({ root, display }) {
  if (hasBoxes({ display })) {
    const { boxes, chosen, tool } = display;
    Object.assign(root.dataset, { boxes: JSON.stringify(boxes), chosen, tool });
  } else for (const name of ["boxes", "chosen", "tool"]) delete root.dataset[name];
}

function boxWarning(viewer) {
  const most = viewer.scene.mostBoxes;
  const full = hasBoxes(viewer) && viewer.refused && viewer.display.boxes.length >= most;
  return full ? `${most} boxes at most: remove one (Del) to draw another` : "";
}

/** The settings that a key asks for in a viewer with boxes; null where it asks for none. */
function settingsForBoxKey(viewer, key) {
  if (!hasBoxes(viewer)) return null;
  const { boxes, chosen, tool } = viewer.display;
  if (key.toLowerCase() === "b") return { tool: tool === "draw" ? "pan" : "draw" };
  if (!["Delete", "Backspace"].includes(key) || !boxes.length) return null;
  return { boxes: boxes.toSpliced(chosen, 1), chosen: Math.max(0, Math.min(chosen, boxes.length - 2)) };
}
