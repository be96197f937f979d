// Clock: how much is left of a lesson's time. It is kept in this tab, so that a reload or a visit elsewhere does not stop it.

const RUNS_MS = 250; // how often it is looked at: a second is then never late by more

const clockKey = (name) => `lpips-explorer.clock.${name}`;

/** {until} in milliseconds of the epoch while it runs, {left} in milliseconds while it does not. */
function readClock({ name, minutes }) {
  try {
    const kept = JSON.parse(sessionStorage.getItem(clockKey(name)));
    if (Number.isFinite(kept?.until) || Number.isFinite(kept?.left)) return kept;
  } catch {
    // what is there is no clock, or nothing may be kept: it begins anew
  }
  return keepClock(name, { until: Date.now() + minutes * 60_000 });
}

function keepClock(name, clock) {
  try {
    sessionStorage.setItem(clockKey(name), JSON.stringify(clock));
  } catch {
    // it then lasts until the page is loaded again
  }
  return clock;
}

const leftOf = (clock) => clock.left ?? clock.until - Date.now();

/** "6:40 left", "0:20 over". */
function clockText(milliseconds) {
  const seconds = Math.abs(Math.ceil(milliseconds / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")} ${milliseconds > -1000 ? "left" : "over"}`;
}

function createClock(root, frameOf) {
  const timer = root.querySelector(".timer");
  const button = timer.querySelector(".clock");
  const again = timer.querySelector(".again");
  const ring = timer.querySelector(".left");
  let clock = null;
  const draw = () => {
    const { minutes } = frameOf();
    const left = leftOf(clock);
    const isPaused = "left" in clock;
    timer.dataset.state = isPaused ? "paused" : left < 0 ? "over" : "runs";
    again.hidden = !isPaused;
    const text = clockText(left);
    if (button.lastChild.textContent !== text) button.lastChild.textContent = text;
    button.title = isPaused ? "Let the clock go on" : "Stop the clock";
    button.setAttribute("aria-label", `${text}. ${button.title}`);
    ring.style.strokeDashoffset = 1 - Math.min(Math.max(left / (minutes * 60_000), 0), 1);
  };
  const set = (next) => {
    clock = keepClock(frameOf().name, next);
    draw();
  };
  button.addEventListener("click", () => set("left" in clock ? { until: Date.now() + clock.left } : { left: leftOf(clock) }));
  again.addEventListener("click", () => set({ until: Date.now() + frameOf().minutes * 60_000 }));
  const beat = setInterval(() => {
    if (!root.isConnected) clearInterval(beat);
    else if (clock) draw();
  }, RUNS_MS);
  return (isShown) => {
    timer.hidden = !isShown;
    clock = isShown ? readClock(frameOf()) : null;
    if (clock) draw();
  };
}
