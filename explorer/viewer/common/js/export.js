// Export: the panels as they are seen, composed by the component into one PNG. What is for using the app, such as
// hints and handles, stays on the screen.

const FINE = 2; // pixels of the file for one CSS pixel
const EDGE = 16;

function saveView(viewer) {
  composeView(viewer).toBlob((file) => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(file);
    link.download = viewer.scene.file;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  }, "image/png");
}

function panelPicture(viewer, panel, size) {
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(FINE * size.width);
  canvas.height = Math.round(FINE * size.height);
  const context = canvas.getContext("2d");
  context.scale(FINE, FINE);
  drawPanel(viewer, panel, context, { ...size, isSaved: true });
  return canvas;
}

function wrapText(context, text, width) {
  const lines = [""];
  for (const word of text.split(" ")) {
    const longer = lines.at(-1) ? `${lines.at(-1)} ${word}` : word;
    if (context.measureText(longer).width <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}
