// Head: which chapter this is, and what it asks; the clock, all chapters, and the way into class mode and out of it.

function createHead(state) {
  createOverview(state);
  state.root.querySelector(".mode").addEventListener("click", () => state.send("mode", state.frame.is_classroom ? "page" : "classroom"));
  const showClock = createClock(state.root, () => state.frame);
  return () => {
    const { root, frame } = state;
    const { title, question } = frame.chapters[frame.chapter - 1];
    root.querySelector(".head .at").textContent = frame.chapter;
    root.querySelector(".head .title").textContent = title;
    root.querySelector(".head > .question").textContent = question;
    const mode = root.querySelector(".mode");
    const [wide, short] = frame.is_classroom ? ["Leave class mode", "Leave"] : ["Class mode", "Class mode"];
    mode.querySelector(".wide").textContent = wide;
    mode.querySelector(".short").textContent = short;
    mode.setAttribute("aria-label", wide);
    drawOverview(state);
    showClock(frame.is_classroom);
  };
}
