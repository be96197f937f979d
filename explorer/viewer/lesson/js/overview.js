// Overview: all chapters at a glance, each a click, with a small drawing of what its first step shows.

function createOverview(state) {
  const dialog = state.root.querySelector(".overview");
  state.root.querySelector(".all").addEventListener("click", () => {
    dialog.showModal();
    dialog.querySelector("[aria-current]")?.focus();
  });
  dialog.querySelector(".close").addEventListener("click", () => dialog.close());
  dialog.addEventListener("click", (event) => {
    const chosen = event.composedPath().find((each) => each.dataset?.chapter);
    if (chosen) state.go({ chapter: Number(chosen.dataset.chapter), step: 1 });
    if (chosen || event.target === dialog) dialog.close(); // a click beside it
  });
}

function drawOverview({ root, frame }) {
  const dialog = root.querySelector(".overview");
  const glyphs = dialog.querySelector(".glyphs").content;
  const glyphOf = (scene) => (glyphs.querySelector(`[data-scene="${scene}"]`) ?? glyphs.querySelector('[data-scene=""]')).cloneNode(true);
  dialog.querySelector("h2").textContent = frame.title;
  dialog.querySelector("ol").replaceChildren(
    ...frame.chapters.map(({ title, question, steps, scene }, i) => {
      const button = element("button", "", [
        element("span", "glyph", glyphOf(scene), { "aria-hidden": "true" }),
        element("span", "at", String(i + 1)),
        element("strong", "", title),
        element("span", "question", question),
        element("span", "steps", steps > 1 ? `${steps} steps` : "1 step"),
      ], { type: "button", "data-chapter": i + 1 });
      if (i + 1 === frame.chapter) button.setAttribute("aria-current", "step");
      return element("li", "", button);
    }),
  );
}
