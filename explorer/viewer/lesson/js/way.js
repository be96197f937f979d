// Way: where a lesson is, and which step comes next. A step is {chapter, step}, counted from 1.

/** All steps in their order. */
function stepsOf({ chapters }) {
  return chapters.flatMap(({ steps }, i) => Array.from({ length: steps }, (_, k) => ({ chapter: i + 1, step: k + 1 })));
}

const isSame = (one, other) => one.chapter === other.chapter && one.step === other.step;

/** The step that lies so many further; the last or the first one beyond the ends. */
function stepFrom(frame, at, by) {
  const steps = stepsOf(frame);
  const from = steps.findIndex((step) => isSame(step, at));
  return steps[Math.min(Math.max(from + by, 0), steps.length - 1)];
}
