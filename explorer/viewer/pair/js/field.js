// Field: what the chosen layer's cell under the pointer sees of the pictures.

function fieldOf(viewer) {
  const layer = chosenLayer(viewer);
  return layer && viewer.scene.fields[layer.name];
}

function fieldReadings(viewer) {
  const field = fieldOf(viewer);
  return field ? [{ name: `${chosenLayer(viewer).name} sees`, text: field.words }] : [];
}

/** The part of the image that a span of pixels covers, drawn a little inside of it, where its line is whole. */
function spanOnPanel(start, length, side, scale, offset) {
  const [first, last] = [Math.max(start, 0), Math.min(start + length, side)];
  return [offset + first * scale + 1, (last - first) * scale - 2];
}

/** Its outline, dashed: what lies beyond the image's border is padding. */
function drawField(viewer, context, panel) {
  const { scene, cursor } = viewer;
  const field = cursor && fieldOf(viewer);
  if (!field?.size) return;
  const { row, column } = cellAt(scene, chosenLayer(viewer).plane, cursor);
  const { size, stride, start } = field;
  const { scale, left, top } = placement(viewer, panel);
  const [x, width] = spanOnPanel(start[1] + column * stride[1], size[1], scene.width, scale, left);
  const [y, height] = spanOnPanel(start[0] + row * stride[0], size[0], scene.height, scale, top);
  outline(context, [x, y, width, height], [6, 4]);
}
