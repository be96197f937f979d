// Pointer: hover, drag, pinch, wheel and hold-to-flip.
//
// A component may take a drag for itself: its startGesture returns {pointer, move, end, cancel}, or null.

const WHEEL = 0.0015; // zoom for a pixel of wheel, as a power of e: a notch of 100 px is about 16%

function placeIn(canvas, event) {
  const box = canvas.getBoundingClientRect();
  return { px: event.clientX - box.left, py: event.clientY - box.top, width: box.width, height: box.height };
}

/** Put the cursor on the image pixel under the pointer; beside the image there is none. */
function pointAt(viewer, panel, { px, py, ...size }) {
  const { scale, left, top } = placement(viewer, size);
  const x = Math.floor((px - left) / scale);
  const y = Math.floor((py - top) / scale);
  const { width, height } = viewer.scene;
  viewer.cursor = x >= 0 && y >= 0 && x < width && y < height ? { x, y, panel, byKey: false } : null;
  viewer.redraw();
}

function listenOn(viewer, panel) {
  const { canvas } = viewer.panels[panel];
  const fingers = new Map(); // pointer id -> its last place

  canvas.addEventListener("pointerdown", (event) => {
    if (!viewer.scene || event.button !== 0) return;
    viewer.parts.stage.focus({ preventScroll: true });
    canvas.setPointerCapture(event.pointerId);
    fingers.set(event.pointerId, placeIn(canvas, event));
    if (fingers.size > 1) viewer.gesture?.cancel(); // two fingers zoom
    else viewer.gesture = startGesture(viewer, panel, event);
    const holds = viewer.display.mode === "flip" && panel === "reference" && fingers.size === 1;
    if (holds && !viewer.gesture) viewer.flip(true);
    pointAt(viewer, panel, placeIn(canvas, event));
  });

  canvas.addEventListener("pointermove", (event) => {
    if (!viewer.scene) return;
    const now = placeIn(canvas, event);
    const before = fingers.get(event.pointerId);
    if (before && fingers.size === 2) {
      fingers.set(event.pointerId, now);
      const [other] = [...fingers].filter(([id]) => id !== event.pointerId).map(([, place]) => place);
      pinch(viewer, before, now, other);
    } else if (before && viewer.gesture?.pointer === event.pointerId) {
      fingers.set(event.pointerId, now);
      viewer.gesture.move(now);
      return;
    } else if (before && viewer.view.zoom > 1) {
      fingers.set(event.pointerId, now);
      viewer.root.toggleAttribute("data-dragging", true);
      panBy(viewer, now, now.px - before.px, now.py - before.py);
    }
    pointAt(viewer, panel, now);
  });

  const release = (event) => {
    fingers.delete(event.pointerId);
    viewer.root.toggleAttribute("data-dragging", false);
    viewer.flip(false);
    if (viewer.gesture?.pointer !== event.pointerId) return;
    if (event.type === "pointerup") viewer.gesture.end();
    else viewer.gesture.cancel();
    viewer.gesture = null;
  };
  canvas.addEventListener("pointerup", release);
  canvas.addEventListener("pointercancel", release);
  const leave = () => {
    viewer.cursor = null;
    viewer.redraw();
  };
  canvas.addEventListener("pointercancel", leave); // the page scrolls
  canvas.addEventListener("pointerleave", (event) => {
    if (event.pointerType !== "touch") leave(); // a finger that was lifted leaves its values to be read
  });
  canvas.addEventListener("contextmenu", (event) => {
    if (viewer.flipped) event.preventDefault(); // a long press on a phone
  });
  canvas.addEventListener("dblclick", () => resetView(viewer));
  canvas.addEventListener("wheel", (event) => zoomByWheel(viewer, canvas, event), { passive: false });
}

/** Two fingers: the distance zooms, the point in their middle moves the picture. */
function pinch(viewer, before, now, other) {
  const apart = (a, b) => Math.max(1, Math.hypot(a.px - b.px, a.py - b.py));
  const middle = [(before.px + other.px) / 2, (before.py + other.py) / 2];
  zoomAt(viewer, now, ...middle, apart(now, other) / apart(before, other)); // first: a whole picture cannot move
  panBy(viewer, now, (now.px - before.px) / 2, (now.py - before.py) / 2);
}

function zoomByWheel(viewer, canvas, event) {
  if (!viewer.scene) return;
  const inUse = event.ctrlKey || viewer.view.zoom > 1 || viewer.parts.stage.matches(":focus-within");
  const outOfNothing = viewer.view.zoom === 1 && event.deltaY > 0;
  if (!inUse || (outOfNothing && !event.ctrlKey)) return; // the wheel scrolls the page
  event.preventDefault();
  const { px, py, ...size } = placeIn(canvas, event);
  const pixels = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 33 * event.deltaY : event.deltaY;
  const pinched = event.ctrlKey && Math.abs(pixels) < 50; // a trackpad's pinch comes in small steps
  zoomAt(viewer, size, px, py, Math.exp(-WHEEL * (pinched ? 6 : 1) * pixels));
  pointAt(viewer, canvas.parentElement.dataset.panel, { px, py, ...size });
}
