// Outbox: what was said is sent again until it was taken, also after a reload; and who the participant is.
//
// It was taken where the server's data have gone on: another stage, or another trial. So nothing is lost where a message,
// or the answer to it, gets lost, and the server, which takes the same answer once, counts nothing twice.

const FIRST_WAIT = 3000; // milliseconds until a message is sent again; then twice as long each time
const LONGEST_WAIT = 15000;
const SLOW = 1000; // before then nothing is said of it
const LOST = 6000; // after that it is likely that nobody hears

/** What this browser keeps of a session; a browser that keeps nothing goes on without. */
function kept(code) {
  try {
    return JSON.parse(localStorage.getItem(`explorer.vote.${code}`)) ?? {};
  } catch {
    return {};
  }
}

function keep(code, changes) {
  try {
    localStorage.setItem(`explorer.vote.${code}`, JSON.stringify({ ...kept(code), ...changes }));
  } catch {
    // It is full, or closed to pages: then this tab alone knows.
  }
}

/** Say something, until `taken` is called. */
function say(state, message) {
  window.clearTimeout(state.again);
  Object.assign(state, { message, wait: FIRST_WAIT, since: performance.now() });
  deliver(state);
}

function deliver(state) {
  window.clearTimeout(state.again);
  const token = state.token || kept(state.data.code).token || "";
  const perDegree = screenKept()?.perDegree ?? null;
  state.send("said", { ...state.message, token, perDegree, held: [...state.pictures.keys()] });
  state.again = window.setTimeout(() => {
    if (!state.root.isConnected) return;
    state.wait = Math.min(2 * state.wait, LONGEST_WAIT);
    deliver(state);
  }, state.wait);
  paintSign(state);
}

function taken(state) {
  window.clearTimeout(state.again);
  state.message = null;
  paintSign(state);
}

/** Say how it stands with what was said, where that takes longer than it should. */
function paintSign(state) {
  window.clearTimeout(state.painting);
  const sign = state.root.querySelector(".sign");
  const waited = state.message ? performance.now() - state.since : 0;
  const kind = state.message?.action === "vote" ? "Your answer is kept here and sent again." : "It is tried again.";
  if (!state.message || waited < SLOW) sign.textContent = "";
  else if (state.data.problem) sign.textContent = `${state.data.problem} ${kind}`;
  else if (waited < LOST && navigator.onLine) sign.textContent = state.message.action === "vote" ? "Saving …" : "Connecting …";
  else sign.textContent = `Not saved yet: no connection. ${kind}`;
  sign.classList.toggle("is-bad", sign.textContent.length > 15);
  if (state.message && state.root.isConnected) state.painting = window.setTimeout(() => paintSign(state), 500);
}
