// Swipe: on a touch screen a finger that wipes to the left leads on, and one to the right leads back.

const WIPE_PX = 60; // from here it is no tap
const WIPE_MS = 700; // a slower one reads with a finger
const STEEP = 1.6; // how much wider than high it is: else the page is scrolled
const EDGE_PX = 16; // where the browser has a wipe of its own

/** Whether something that the finger is on moves sideways itself: a slider, a picture that is dragged, a wide table. */
function takesWipes(path) {
  const takes = (each) => {
    if (each.matches("input, textarea, select, dialog, [role=dialog]")) return true;
    const { touchAction, overflowX } = getComputedStyle(each);
    return ["none", "pan-y"].includes(touchAction) || (["auto", "scroll"].includes(overflowX) && each.scrollWidth > each.clientWidth + 1);
  };
  return path.some((each) => each instanceof Element && takes(each));
}

/** Where a finger wiped: 1 to the left, -1 to the right, 0 for whatever else it did. */
function wiped(from, to) {
  const [x, y] = [to.x - from.x, to.y - from.y];
  const isWipe = Math.abs(x) >= WIPE_PX && Math.abs(x) > STEEP * Math.abs(y) && to.at - from.at <= WIPE_MS;
  const isFromEdge = from.x < EDGE_PX || from.x > innerWidth - EDGE_PX;
  return isWipe && !isFromEdge ? -Math.sign(x) : 0;
}

function createSwipe(state) {
  let from = null;
  const placeOf = ({ changedTouches: [{ clientX, clientY }], timeStamp }) => ({ x: clientX, y: clientY, at: timeStamp });
  const listeners = {
    touchstart: (event) => {
      const path = event.composedPath();
      const isInLesson = path.some((each) => each.classList?.contains("st-key-learn"));
      from = event.touches.length === 1 && isInLesson && !takesWipes(path) ? placeOf(event) : null; // two fingers zoom
    },
    touchend: (event) => {
      const by = from ? wiped(from, placeOf(event)) : 0;
      from = null;
      if (by) state.go(stepFrom(state.frame, state.at, by));
    },
    touchcancel: () => (from = null),
  };
  for (const [name, heard] of Object.entries(listeners)) {
    const listen = (event) => (state.root.isConnected ? heard(event) : document.removeEventListener(name, listen));
    document.addEventListener(name, listen, { passive: true });
  }
}
