// Divider: the line between reference and distorted when they are swiped, by mouse and keyboard.

function listenOnDivider(viewer) {
  const { divider } = viewer.parts;
  viewer.divider = 0.5; // its place, 0..1 of the panel
  const moveTo = (part) => {
    viewer.divider = Math.min(Math.max(part, 0), 1);
    viewer.redraw();
  };
  divider.addEventListener("pointerdown", (event) => divider.setPointerCapture(event.pointerId));
  divider.addEventListener("pointermove", (event) => {
    if (!divider.hasPointerCapture(event.pointerId)) return;
    const { px, width } = placeIn(viewer.panels.reference.canvas, event);
    moveTo(px / width);
  });
  divider.addEventListener("keydown", (event) => {
    const step = event.shiftKey ? 0.1 : 0.02;
    const moves = {
      ArrowLeft: viewer.divider - step,
      ArrowDown: viewer.divider - step,
      ArrowRight: viewer.divider + step,
      ArrowUp: viewer.divider + step,
      Home: 0,
      End: 1,
    };
    if (!(event.key in moves)) return;
    event.preventDefault();
    event.stopPropagation();
    moveTo(moves[event.key]);
  });
}
