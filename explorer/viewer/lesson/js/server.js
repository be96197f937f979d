// Server: what the foot has asked for may be lost on the way, as where the server was started anew. The foot asks again, shows that it waits, and gives up where it is not heard.

const LOOKS_MS = 200; // how often it is looked at
const LATE_MS = 700; // so long nobody need be told
const IDLE_MS = 1000; // a server that has had nothing to do for so long has not heard what was sent
const MOST_TIMES = 10; // that one step is asked for: a busy server may lose several
const STEP_EVENT = "lpips-lesson-step";

const appState = (name) => document.querySelector("[data-testid=stApp]")?.dataset[name];
const isConnected = () => (appState("testConnectionState") ?? "CONNECTED") === "CONNECTED";
const isIdle = () => isConnected() && appState("testScriptState") !== "running";

/** The foot is where Python is. */
function drop(state) {
  Object.assign(state, { wanted: null, isLate: false, at: { chapter: state.frame.chapter, step: state.frame.step } });
}

function watchServer(state) {
  const { root } = state;
  let idleSince = 0;
  let wasConnected = true;
  const look = () => {
    const now = performance.now();
    const isBack = isConnected() && !wasConnected;
    wasConnected = isConnected();
    if (!isIdle()) idleSince = 0;
    else idleSince ||= now;
    const { wanted } = state;
    if (!wanted) return;
    const isUnheard = idleSince && now - Math.max(idleSince, wanted.sent) > IDLE_MS;
    if (isUnheard && wanted.times >= MOST_TIMES) drop(state);
    else if (isBack || isUnheard) {
      Object.assign(wanted, { sent: now, times: wanted.times + 1 });
      state.send("go", { chapter: wanted.chapter, step: wanted.step });
    }
    if (state.wanted) state.isLate = state.isLate || now - wanted.sent > LATE_MS || !isConnected();
    state.draw();
  };
  const beat = setInterval(() => (root.isConnected ? look() : stop()), LOOKS_MS);
  const back = () => state.wanted && drop(state); // Back of the browser is the later wish
  const stop = () => {
    clearInterval(beat);
    window.removeEventListener("popstate", back);
  };
  window.addEventListener("popstate", back);
}

/** The head has no wish of its own: what is chosen in the overview is asked for by the foot. */
function askFoot(to) {
  document.dispatchEvent(new CustomEvent(STEP_EVENT, { detail: to }));
}

function followOverview(state) {
  const follow = ({ detail }) => {
    if (state.root.isConnected) state.go(detail);
    else document.removeEventListener(STEP_EVENT, follow);
  };
  document.addEventListener(STEP_EVENT, follow);
}
