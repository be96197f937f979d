// Controls: all that stands around the pictures of a pair.

function createControls(viewer) {
  createToolbar(viewer);
  for (const panel of Object.keys(viewer.panels)) listenOn(viewer, panel);
  listenOnDivider(viewer);
  listenForBoxes(viewer);
  viewer.followers.push(arrangePanels, paintThumbs);
}

/** What follows the settings: toolbar, caption, strip and the attributes that tests and benchmarks read. */
function paintControls(viewer) {
  const source = shownSource(viewer);
  Object.assign(viewer.root.dataset, {
    mode: viewer.display.mode,
    map: source.kind === "layer" ? "layer" : source.name,
    layer: chosenLayer(viewer)?.name ?? "",
    mean: statisticsOf(source.plane).mean,
  });
  nameBoxes(viewer);
  paintToolbar(viewer);
  paintCaption(viewer);
  paintStrip(viewer);
}
