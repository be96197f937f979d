// Foot: back, all chapters as dots, the question that comes next, and Next. It moves at once, before Python has answered.

function createFoot(state) {
  const { root } = state;
  const foot = root.querySelector(".foot");
  foot.querySelector(".back").addEventListener("click", () => state.go(stepFrom(state.frame, state.at, -1)));
  foot.querySelector(".next").addEventListener("click", () => state.go(stepFrom(state.frame, state.at, 1)));
  foot.querySelector(".dots").addEventListener("click", (event) => {
    const dot = event.target.closest("button");
    if (dot) state.go({ chapter: Number(dot.dataset.chapter), step: 1 });
  });
  createKeys(state);
  createSwipe(state);
  followOverview(state);
  watchServer(state);
  return () => drawFoot(state);
}

function drawFoot({ root, frame, at, isLate }) {
  const foot = root.querySelector(".foot");
  foot.classList.toggle("late", isLate);
  const { title, leads, steps, sources } = frame.chapters[at.chapter - 1];
  const before = stepFrom(frame, at, -1);
  const after = stepFrom(frame, at, 1);
  const back = foot.querySelector(".back");
  const next = foot.querySelector(".next");
  back.disabled = isSame(before, at);
  back.querySelector(".to").textContent = before.chapter === at.chapter ? "Back" : frame.chapters[before.chapter - 1].title;
  back.setAttribute("aria-label", back.disabled ? "Back" : `Back to ${nameOf(frame, before)}`);
  next.disabled = isSame(after, at);
  next.querySelector(".to").textContent = "Next";
  next.setAttribute("aria-label", next.disabled ? "Next" : `Next: ${nameOf(frame, after)}`);
  const from = foot.querySelector(".sources");
  from.textContent = sources;
  from.title = sources;
  foot.querySelector(".leads").textContent = isLate && !isConnected() ? "Waiting for the server …" : at.step < steps ? `Step ${at.step} of ${steps}` : leads;
  drawDots(foot.querySelector(".dots"), frame, at);
  const said = `Chapter ${at.chapter} of ${frame.chapters.length}: ${title}${steps > 1 ? `, step ${at.step} of ${steps}` : ""}`;
  const spoken = foot.querySelector(".spoken");
  if (spoken.textContent !== said) spoken.textContent = said;
}

/** A step for a screen reader. */
function nameOf({ chapters }, { chapter, step }) {
  const { title, steps } = chapters[chapter - 1];
  return steps > 1 ? `${title}, step ${step}` : title;
}

/** A dot a chapter; the one that is seen is its number, with its steps below. The dots stay, so that the focus does. */
function drawDots(list, { chapters }, at) {
  while (list.children.length > chapters.length) list.lastChild.remove();
  chapters.forEach(({ title, steps }, i) => {
    const button = list.children[i]?.firstChild ?? list.appendChild(element("li", "", element("button", "", [], { type: "button" }))).firstChild;
    const number = i + 1;
    button.dataset.chapter = number;
    button.title = `${number}. ${title}`;
    button.setAttribute("aria-label", `Chapter ${number}: ${title}`);
    button.className = number < at.chapter ? "done" : "";
    if (number !== at.chapter) {
      button.removeAttribute("aria-current");
      button.replaceChildren();
      return;
    }
    button.setAttribute("aria-current", "step");
    const ticks = Array.from({ length: steps > 1 ? steps : 0 }, (_, k) => element("i", k < at.step ? "done" : ""));
    button.replaceChildren(element("b", "", String(number)), element("span", "ticks", ticks, { "aria-hidden": "true" }));
  });
}
