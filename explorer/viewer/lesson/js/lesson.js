// Lesson: the component, which is the head or the foot of a step.

const lessons = new WeakMap(); // the component's element -> its state, which so survives reruns

function createLesson(parent, part) {
  const state = { root: parent.querySelector(".lesson"), frame: null, at: null, wanted: null, isLate: false, send: null };
  state.root.append(state.root.querySelector(`[data-part=${part}]`).content);
  state.go = (to) => {
    if (isSame(to, state.at)) return;
    Object.assign(state, { at: to, wanted: { ...to, sent: performance.now(), times: 1 } });
    state.draw();
    state.send("go", to);
  };
  if (part === "head") state.go = askFoot;
  state.draw = part === "head" ? createHead(state) : createFoot(state);
  return state;
}

export default function ({ data, parentElement, setTriggerValue }) {
  if (isOld(parentElement, data)) return;
  if (!lessons.has(parentElement)) lessons.set(parentElement, createLesson(parentElement, data.part));
  const state = lessons.get(parentElement);
  state.send = setTriggerValue;
  take(state, data);
  state.draw();
}

/** What Python says; while it answers an earlier press, the foot stays where the last one has led. */
function take(state, frame) {
  const at = { chapter: frame.chapter, step: frame.step };
  const isNew = state.frame && state.frame.chapter !== frame.chapter;
  state.frame = frame;
  const { wanted } = state;
  if (wanted && isSame(wanted, at)) drop(state);
  else if (!wanted) state.at = at;
  if (isNew && frame.part === "foot") document.querySelector('[data-testid="stMain"]')?.scrollTo(0, 0);
}
