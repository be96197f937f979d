// Box pointer: boxes are drawn, moved, resized and chosen by mouse, pen and finger.
//
// Nothing is reported before the pointer is released; until then the boxes are in viewer.draft.

const DRAG = 4; // CSS pixels from where a click is a drag

/** What does not depend on a drag: the cursor's shape, and fingers on the chosen box, which scroll no page. */
function listenForBoxes(viewer) {
  for (const { canvas } of Object.values(viewer.panels)) {
    canvas.addEventListener("pointermove", (event) => {
      if (!viewer.scene || viewer.gesture || !drawsBoxes(viewer)) return;
      viewer.root.style.setProperty("--over", cursorAt(viewer, placeIn(canvas, event)));
    });
    canvas.addEventListener(
      "touchstart",
      (event) => {
        if (!viewer.scene || !drawsBoxes(viewer) || event.touches.length > 1) return;
        const at = placeIn(canvas, event.touches[0]);
        const { boxes, chosen } = viewer.display;
        if (edgesAt(viewer, at) || (boxes.length && boxAt(viewer, at) === chosen)) event.preventDefault();
      },
      { passive: false },
    );
  }
}

/** The shape of the pointer, which says what a drag from here does. */
function cursorAt(viewer, at) {
  const edges = edgesAt(viewer, at);
  if (edges) {
    const [across, down] = edges;
    if (!down) return "ew-resize";
    if (!across) return "ns-resize";
    return across === down ? "nwse-resize" : "nesw-resize";
  }
  if (spotAt(viewer, at) >= 0) return "pointer";
  return boxAt(viewer, at) >= 0 ? "move" : "crosshair";
}

/** What a drag from here makes of the boxes: from where it is, in pixels as given, to {boxes, chosen}. */
function editFrom(viewer, at, anew) {
  const { scene, display } = viewer;
  const { boxes, chosen } = display;
  const from = pointAsGiven(viewer, at);
  const edit = (place, change) => (to) => ({
    boxes: boxes.with(place, boxOf(...[0, 1].map((axis) => change(axis, to[axis] - from[axis], sideAsGiven(scene, axis))))),
    chosen: place,
  });
  const edges = anew ? null : edgesAt(viewer, at);
  if (edges) {
    const box = boxes[chosen];
    return edit(chosen, (axis, by, side) => resizedSpan(edges[axis], box[axis], box[axis + 2], by, side));
  }
  const inside = anew ? -1 : boxAt(viewer, at);
  if (inside >= 0) {
    const box = boxes[inside];
    return edit(inside, (axis, by, side) => movedSpan(box[axis], box[axis + 2], by, side));
  }
  if (boxes.length >= scene.mostBoxes) return null;
  return (to) => ({
    boxes: [...boxes, boxOf(...[0, 1].map((axis) => spanBetween(from[axis], to[axis], sideAsGiven(scene, axis))))],
    chosen: boxes.length,
  });
}

/** What a click makes of the boxes; null for nothing. */
function clickOn(viewer, at) {
  const spot = spotAt(viewer, at);
  if (spot >= 0) return boxesWithSpot(viewer.display, viewer.scene.spots[spot]);
  const inside = boxAt(viewer, at);
  return inside >= 0 ? { boxes: viewer.display.boxes, chosen: inside } : null;
}

/** Take a drag of the drawing tool. */
function startGesture(viewer, panel, event) {
  if (!drawsBoxes(viewer)) return null;
  const first = placeIn(viewer.panels[panel].canvas, event);
  const edit = editFrom(viewer, first, event.shiftKey);
  let moved = false;
  let ended = false;
  const refuse = (refused) => {
    if (Boolean(viewer.refused) === refused) return;
    viewer.refused = refused;
    viewer.redraw(true); // the warning
  };
  const finish = (result) => {
    ended = true;
    viewer.draft = null;
    const { boxes, chosen } = viewer.display;
    const changed = result && (result.chosen !== chosen || String(result.boxes) !== String(boxes));
    if (changed) viewer.change({ boxes: result.boxes, chosen: result.chosen });
    else viewer.redraw();
  };
  refuse(false);
  return {
    pointer: event.pointerId,
    move(now) {
      moved ||= Math.hypot(now.px - first.px, now.py - first.py) >= DRAG;
      if (ended || !moved || !now.width) return; // new settings may have hidden the panel
      viewer.cursor = null; // its values would cover what is drawn
      if (edit) viewer.draft = edit(pointAsGiven(viewer, now));
      else refuse(true);
      viewer.redraw();
    },
    end() {
      if (!ended) finish(moved ? viewer.draft : clickOn(viewer, first));
    },
    cancel() {
      if (!ended) finish(null);
    },
  };
}
