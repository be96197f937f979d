// View: the part of the image that is seen, one for all panels.
//
// zoom 1 shows the whole image, and below 1 a small image at 1:1; (x, y) is the image point, in pixels, in the middle
// of a panel.

const PIXEL_AT_MOST = 96; // CSS pixels that one image pixel grows to

function wholeView({ width, height }) {
  return { zoom: 1, x: width / 2, y: height / 2 };
}

/** Where the image lies in a panel of the given size: CSS pixels a pixel, and the image's corner. */
function placement(viewer, size) {
  const { fit, scale, left, top } = exactPlacement(viewer, size);
  const pixels = window.devicePixelRatio || 1;
  // Pixels that are not shrunk begin at pixels of the screen, or a picture at 1:1 would be smoothed.
  const snapped = (offset) => (scale * pixels > 0.999 ? Math.round(offset * pixels) / pixels : offset);
  return { fit, scale, left: snapped(left), top: snapped(top) };
}

/** The same as the view has it, from which it goes on: what is rounded would add up. */
function exactPlacement({ scene, view }, { width, height }) {
  const fit = Math.min(width / scene.width, height / scene.height);
  const scale = fit * view.zoom;
  const along = (middle, image, panel) => {
    if (image * scale <= panel) return (panel - image * scale) / 2; // it fits: in the middle
    return Math.min(0, Math.max(panel - image * scale, panel / 2 - middle * scale));
  };
  return { fit, scale, left: along(view.x, scene.width, width), top: along(view.y, scene.height, height) };
}

/** Zoom by a factor so that the image point under (px, py) of the panel stays there. */
function zoomAt(viewer, size, px, py, factor) {
  const before = exactPlacement(viewer, size);
  const most = Math.max(8, PIXEL_AT_MOST / before.fit);
  const zoom = Math.min(Math.max(viewer.view.zoom * factor, Math.min(1, viewer.view.zoom)), most);
  const scale = before.fit * zoom;
  setView(viewer, size, {
    zoom,
    x: (px - before.left) / before.scale + (size.width / 2 - px) / scale,
    y: (py - before.top) / before.scale + (size.height / 2 - py) / scale,
  });
}

/** Move the picture by (dx, dy) CSS pixels. */
function panBy(viewer, size, dx, dy) {
  const { scale } = placement(viewer, size);
  setView(viewer, size, { ...viewer.view, x: viewer.view.x - dx / scale, y: viewer.view.y - dy / scale });
}

function setView(viewer, size, view) {
  viewer.view = view;
  const { scale, left, top } = exactPlacement(viewer, size); // holds the image to the panel; start from there
  viewer.view = { zoom: view.zoom, x: (size.width / 2 - left) / scale, y: (size.height / 2 - top) / scale };
  viewer.redraw();
  viewer.reportView();
}

function resetView(viewer) {
  viewer.view = wholeView(viewer.scene);
  viewer.redraw();
  viewer.reportView();
}
