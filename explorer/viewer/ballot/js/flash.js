// Flash: two pictures one after the other, timed by the frames of the screen, as the paper's JND test shows them.

const SECOND = 1000; // milliseconds of each picture
const GAP = 250; // between them
const CALM = 600; // before the first, so that nobody misses it
const LATE = 60; // more than this off, and the pair is shown once more
const MOST_TRIES = 3; // on a machine that cannot do better the times are what they are, and are sent

/**
 * Show two pictures in a frame.
 *
 * Calls `seen` with the time of the second picture's first frame once that is on, and `over` with the milliseconds that
 * first picture, gap and second one were on. Returns a function that ends it.
 */
function flash(frame, [first, second], { seen, over }) {
  const steps = [
    [null, CALM],
    [first, SECOND],
    [null, GAP],
    [second, SECOND],
    [null, 0],
  ];
  let [request, step, tries] = [0, -1, 1];
  let times = [];
  const next = (now) => {
    step += 1;
    times.push(now);
    frame.replaceChildren(...(steps[step][0] ? [steps[step][0]] : []));
    if (step === 3) seen(now);
    if (step < steps.length - 1) return true;
    const frames = [1, 2, 3].map((at) => Math.round(10 * (times[at + 1] - times[at])) / 10);
    const isLate = [SECOND, GAP, SECOND].some((wanted, i) => Math.abs(frames[i] - wanted) > LATE);
    if (isLate && tries < MOST_TRIES) {
      Object.assign(frame.dataset, { again: tries });
      [step, times, tries] = [-1, [], tries + 1];
      return next(now);
    }
    over(frames);
    return false;
  };
  const tick = (now) => {
    // A step ends with the frame that is nearest to its end, not with the first one behind it.
    const isOver = step < 0 || now - times[step] >= steps[step][1] - 8;
    if (!isOver || next(now)) request = requestAnimationFrame(tick);
  };
  request = requestAnimationFrame(tick);
  return () => cancelAnimationFrame(request);
}
