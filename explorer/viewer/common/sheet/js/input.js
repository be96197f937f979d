// Input: a sheet's settings have no keys of their own, and no drag does anything but pan.

function settingsForKey() {
  return null;
}

function startGesture() {
  return null;
}
