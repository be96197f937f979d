// Controls: all that stands around the panels.

const MEANS = {
  combined: "a map’s mean is its score",
  layer: "a map’s mean is the layer’s distance",
  one_minus_ssim: "a map’s mean is 1 − SSIM",
  squared_error: "a map’s mean is the squared error that PSNR is made from",
};

function createControls(viewer) {
  const { toolbar, versus } = viewer.parts;
  listenToActions(viewer);
  listenToFlips(viewer);
  followTable(viewer);
  for (const panel of Object.keys(viewer.panels)) listenOn(viewer, panel);
  toolbar.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-setting] button");
    if (button) viewer.change({ [button.parentElement.dataset.setting]: button.dataset.value });
  });
  toolbar.addEventListener("input", ({ target }) => {
    if (target.dataset.field === "layer") viewer.change({ layer: target.value });
    if (target.dataset.field === "spots") viewer.change({ spots: target.checked });
  });
  versus.addEventListener("input", ({ target }) => {
    const found = difference(viewer);
    const { field } = target.dataset;
    const chosen = { first: found.first.key, second: found.second.key };
    // Who chooses the other one turns the difference round.
    const other = field === "first" ? "second" : "first";
    viewer.change({ ...chosen, [other]: target.value === chosen[other] ? chosen[field] : chosen[other], [field]: target.value });
  });
}

/** Settings as they are reported: a map of a layer names its layer. */
function completeDisplay(viewer, display) {
  return display.map === "layer" && viewer.scene ? { ...display, layer: chosenLayer({ ...viewer, display }) } : display;
}

function mapTitle(viewer) {
  const { metric } = viewer.scene;
  return {
    combined: `${metric}, all layers`,
    layer: `${metric}, ${chosenLayer(viewer)}`,
    one_minus_ssim: "1 − SSIM",
    squared_error: "Squared error",
  }[shownMap(viewer)];
}

/** What follows the settings and the scene. */
function paintControls(viewer) {
  const { root, display } = viewer;
  const found = difference(viewer);
  Object.assign(root.dataset, {
    mode: display.mode,
    map: shownMap(viewer),
    difference: found ? `${found.first.key} ${found.second.key}` : "",
    order: inOrder(viewer).map(({ key }) => key).join(" "),
  });
  paintCells(viewer);
  paintToolbar(viewer);
  paintLegend(viewer);
  paintVersus(viewer);
  paintCaption(viewer);
}

/** What follows a flip, too. */
function paintLabels(viewer) {
  const { parts, root, flipped } = viewer;
  arrange(viewer);
  if (!isInPlace(viewer)) {
    parts.frontTitle.textContent = "Reference";
    return;
  }
  const seen = seenCandidate(viewer);
  parts.frontTitle.textContent = flipped ? "Reference" : seen.name;
  say(root.querySelector('[data-panel="front"]'), flipped || seen.shown ? "" : seen.message);
  say(root.querySelector('[data-panel="back"]'), planeOf(viewer, seen) ? "" : seen.message);
  parts.backTitle.textContent = `${mapTitle(viewer)} · ${seen.name}`;
  root.dataset.seen = flipped ? "" : seen.key; // tests wait for it
}

/** As many columns as fit, in rows of the same length. */
function arrange(viewer) {
  const { parts, root, scene } = viewer;
  const count = scene.candidates.length + 1;
  const most = Math.max(2, Math.floor((parts.stage.clientWidth + 10) / (NARROWEST + 10)));
  const columns = isInPlace(viewer) ? 2 : Math.ceil(count / Math.ceil(count / most));
  root.style.setProperty("--columns", columns);
}

function paintToolbar(viewer) {
  const { scene, display, parts } = viewer;
  const { toolbar } = parts;
  const map = shownMap(viewer);
  const names = layerNames(scene);
  for (const button of toolbar.querySelectorAll("[data-setting] button")) {
    const { setting } = button.parentElement.dataset;
    const { value } = button.dataset;
    button.setAttribute("aria-pressed", value === (setting === "map" ? map : display.mode));
    if (value === "combined") button.dataset.text = button.textContent = `${scene.metric || "LPIPS"}, all layers`;
    if (value === "combined" || value === "layer") button.hidden = !scene.metric;
    if (value === "layer") button.hidden ||= names.length < 2;
  }
  const field = (name) => toolbar.querySelector(`[data-field="${name}"]`);
  field("layer").closest(".field").hidden = map !== "layer";
  fill(field("layer"), names.map((name) => [name, name]), chosenLayer(viewer));
  field("spots").closest(".field").hidden = !scene.spots.length || !["combined", "layer"].includes(map);
  field("spots").checked = display.spots;
  paintOverlay(viewer);
  const last = Math.min(9, scene.candidates.length);
  parts.hint.innerHTML = `<kbd>1</kbd>${last > 1 ? ` – <kbd>${last}</kbd>` : ""} flip in place <kbd>0</kbd> reference`;
}

/** Options as [value, label]; only others rebuild the list. */
function fill(select, options, chosen) {
  const wanted = JSON.stringify(options);
  if (select.dataset.options !== wanted) {
    select.dataset.options = wanted;
    select.replaceChildren(...options.map(([value, label]) => new Option(label, value)));
  }
  if (select.value !== chosen) select.value = chosen;
}

function paintLegend(viewer) {
  const scale = sharedScale(viewer);
  paintBar(viewer, viewer.parts.amount, scale, tickTexts(scale.end).toReversed());
}

function paintVersus(viewer) {
  const { parts } = viewer;
  const found = isInPlace(viewer) ? null : difference(viewer);
  if (!found) {
    if (!isInPlace(viewer)) parts.backTitle.textContent = "Difference";
    return;
  }
  const there = mapped(viewer).map(({ candidate }) => candidate);
  const order = inOrder(viewer);
  const options = there.map((each) => [each.key, `${order.indexOf(each) + 1} ${each.name}`]);
  for (const name of ["first", "second"]) {
    fill(parts.versus.querySelector(`[data-field="${name}"]`), options, found[name].key);
  }
  const scale = differenceScale(viewer, found);
  const end = endText(scale.end);
  paintBar(viewer, parts.versus, scale, [`−${end}, B farther`, "0", `A farther, +${end}`]);
  const number = ({ key }) => order.findIndex((each) => each.key === key) + 1;
  const mean = signedText(statisticsOf(found.plane).mean);
  parts.backTitle.textContent = `${number(found.first)} − ${number(found.second)} · mean ${mean}`;
}

function paintCaption(viewer) {
  const { scene, parts } = viewer;
  const there = mapped(viewer);
  const map = shownMap(viewer);
  const plane = there[0]?.plane;
  const cells = map === "layer" && plane ? `${plane.columns} × ${plane.rows} cells` : "";
  const count = { 1: "this candidate", 2: "both" }[there.length] ?? `all ${there.length}`;
  const found = isInPlace(viewer) ? null : difference(viewer);
  parts.facts.textContent = plane
    ? [
        mapTitle(viewer) + (map === "combined" ? ", in native cells" : ""),
        ...(cells ? [cells] : []),
        `one scale for ${count}, 0 – ${endText(sharedEnd(viewer))}, ${clippedText(viewer)}`,
        MEANS[map],
        ...(found ? [differenceText(viewer, found)] : []),
      ].join(" · ") + "."
    : "";
  parts.note.textContent = plane && (map === "combined" || map === "layer") ? scene.note : "";
}

/** How much of the difference says what its mean says, and what of it is clipped. */
function differenceText(viewer, found) {
  const { first, second, plane } = found;
  let [more, less] = [0, 0];
  for (const value of plane.values) {
    if (value > 0) more += 1;
    else if (value < 0) less += 1;
  }
  const { count } = statisticsOf(plane);
  const { start, end } = differenceScale(viewer, found);
  const clipped = clippedPart(plane, end, start);
  const [farther, places] = more >= less ? [first, more] : [second, less];
  const where = places === count ? "every place" : `${percentText(places / count)} of the places`;
  const mean = `${first.name} − ${second.name} has mean ${signedText(statisticsOf(plane).mean)}`;
  const words = places ? `${mean}, ${farther.name} is farther at ${where}` : mean;
  return clipped ? `${words}; the difference clips ${percentText(clipped)}` : words;
}
