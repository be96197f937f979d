// Outbox: what was said is sent again until it was taken, also after a reload; and who the participant is.
//
// It was taken where the server's data have gone on: another stage, or another trial. So nothing is lost where a message,
// or the answer to it, gets lost, and the server, which takes the same answer once, counts nothing twice.

const FIRST_WAIT = 3000; // milliseconds until a message is sent again; then twice as long each time
const LONGEST_WAIT = 15000;
const SLOW = 1000; // before then nothing is said of it
const LOST = 4000; // after that it is likely that nobody hears

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

/** Whether Streamlit has lost its server; its own words for that lie over the page and are of no help here. */
function isAway() {
  const now = document.querySelector("[data-testid=stApp]")?.dataset.testConnectionState;
  return !navigator.onLine || (now !== undefined && now !== "CONNECTED");
}

/** Say how it stands with what was said, where that takes longer than it should; looked at twice a second. */
function paintSign({ root, data, message, since }) {
  const sign = root.querySelector(".sign");
  const waited = message ? performance.now() - since : 0;
  const isVote = message?.action === "vote";
  const next = isVote ? "Your answer is kept here and sent again." : "This page goes on by itself.";
  const isLost = message ? waited > LOST || (waited > SLOW && isAway()) : isAway();
  let words = "";
  if (message && waited > SLOW && data.problem) words = `${data.problem} ${next}`;
  else if (isLost) words = `No connection. ${next}`;
  else if (waited > SLOW) words = isVote ? "Saving …" : "Connecting …";
  if (sign.textContent !== words) sign.textContent = words; // it is read aloud where it changes
  sign.classList.toggle("is-bad", isLost || Boolean(words && data.problem));
}
