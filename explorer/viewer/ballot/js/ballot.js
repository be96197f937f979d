// A ballot: one trial after the other. Texts are never read as HTML, and an earlier answer is never shown.

const states = new WeakMap(); // the component's element -> its state
const BLIND = 300; // milliseconds after a trial has come in which a tap is still meant for the one before
const MOST_PICTURES = 24; // that are held
// CSS pixels between pictures, and of a button around its picture; as in ballot.css. A phone's are for the pictures.
const SPACE = { screen: { between: 14, frame: 14 }, phone: { between: 6, frame: 0 } };
const LARGEST = 320; // CSS pixels to which a small picture is enlarged
const HIGHEST = { screen: 0.62, phone: 0.27, alone: 0.55 }; // of the window: a picture's part of its height at most
const QUESTIONS = { "2afc": "Which is closer to the reference?", jnd: "Two pictures, one after the other. Are they the same?" };
const KEYS = {
  "2afc": { a: "A", 1: "A", ArrowLeft: "A", b: "B", 2: "B", ArrowRight: "B" },
  jnd: { s: "same", 1: "same", ArrowLeft: "same", d: "different", 2: "different", ArrowRight: "different" },
};
const STREAMLIT_KEYS = ["r", "c"]; // rerun and clear cache

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".ballot");
  if (isOld(root, data)) return;
  if (!states.has(root)) start(root);
  const state = states.get(root);
  Object.assign(state, { data, send: setTriggerValue });
  take(state);
}

function start(root) {
  const state = { root, data: null, pictures: new Map(), message: null, trial: null, token: "", end: () => {} };
  states.set(root, state);
  for (const button of root.querySelectorAll(".choice")) button.addEventListener("click", () => answer(state, button.dataset.answer));
  root.querySelector(".start").addEventListener("click", () => state.message ?? begin(state));
  root.querySelector(".show").addEventListener("click", () => showPair(state));
  startScreen(root);
  // Keys answer wherever the focus is: there is nothing else on this page.
  const pressed = (event) => (root.isConnected ? keyPressed(state, event) : document.removeEventListener("keydown", pressed, true));
  document.addEventListener("keydown", pressed, true);
  const looking = setInterval(() => (root.isConnected ? paintSign(state) : clearInterval(looking)), 500);
  addEventListener("online", () => root.isConnected && state.message && deliver(state));
  new ResizeObserver(() => lay(state)).observe(root);
}

/** Follow what the server says: who one is, at which stage, which trial; and whether it has taken what was said. */
function take(state) {
  const { data, message } = state;
  hold(state);
  if (data.stage === "hello") {
    // Also where the server was started anew: what is on the screen stays, and so does an answer that was not taken.
    if (message?.action !== "hello") say(state, { action: "hello" });
    else paintSign(state);
    return;
  }
  if (data.token && data.token !== state.token) {
    state.token = data.token;
    keep(data.code, { token: data.token });
  }
  const now = data.stage === "vote" ? data.turns[0].trial : null;
  state.unsaved ??= kept(data.code).unsaved ?? null;
  // It is saved only where another trial is asked, or none is left; where the server cannot say, it is kept.
  if (state.unsaved && state.unsaved.trial !== now && ["vote", "finished"].includes(data.stage)) dropAnswer(state);
  const isOpen = { hello: false, start: data.stage === "welcome", vote: message?.trial === now };
  if (message && !isOpen[message.action]) taken(state);
  draw(state);
  if (lacks(state)) say(state, { action: "hello" }); // which tells what pictures there are
  else if (state.unsaved?.trial === now && now !== null && !state.message) say(state, { action: "vote", ...state.unsaved });
  else paintSign(state);
}

/** Take part as somebody new, whose answer an earlier one is not. */
function begin(state) {
  dropAnswer(state);
  say(state, { action: "start" });
}

function dropAnswer(state) {
  keep(state.data.code, { unsaved: (state.unsaved = null) });
}

/** Whether a picture of the trial that is asked is missing, as in an element that Streamlit has made anew. */
function lacks({ data, pictures }) {
  if (data.stage !== "vote") return false;
  const { reference, first, second } = data.turns[0];
  return [reference, first, second].some((digest) => !pictures.has(digest));
}

/** Keep the pictures that came, decoded, and let go of the oldest. */
function hold({ data, pictures }) {
  for (const [digest, text] of Object.entries(data.pictures)) {
    if (pictures.has(digest)) continue;
    const image = new Image();
    Object.assign(image, { src: `data:image/png;base64,${text}`, draggable: false, alt: "" });
    pictures.set(digest, image);
    image.decode().catch(() => {}); // ahead: who waits for it decodes it again
  }
  const wanted = new Set(data.turns.flatMap(({ reference, first, second }) => [reference, first, second]));
  for (const digest of [...pictures.keys()]) {
    if (pictures.size <= MOST_PICTURES) return;
    if (!wanted.has(digest)) pictures.delete(digest);
  }
}

function draw(state) {
  const { root, data } = state;
  const text = (selector, words) => (root.querySelector(selector).textContent = words);
  for (const section of root.querySelectorAll("section")) section.hidden = section.className !== (data.stage === "vote" ? "trial" : data.stage);
  root.dataset.stage = data.stage;
  root.querySelector(".top").hidden = data.stage !== "vote";
  text(".title", data.title);
  text(".welcome h2", data.title || "You are asked");
  text(".welcome .what", `${data.each === 1 ? "Once" : `${data.each} times`}: ${whatIsAsked(data.kind)}`);
  text(".finished p", `${data.done} of ${data.each} answers are saved. You can close this page.`);
  text(".closed h2", data.problem || "This session is closed.");
  text(".closed p", data.done ? `Your ${data.done} ${data.done === 1 ? "answer is" : "answers are"} saved.` : "Ask who has given you the code.");
  text(".place span", `${Math.min(data.done + 1, data.each)} of ${data.each}`);
  Object.assign(root.querySelector("progress"), { max: data.each || 1, value: data.done });
  if (data.stage === "vote" && state.trial !== data.turns[0].trial && !lacks(state)) show(state);
  if (data.stage !== "vote") {
    state.end();
    state.trial = null;
  }
}

function whatIsAsked(kind) {
  if (kind === "jnd") return "you see two pictures, one after the other, each for a second. Say whether they are the same.";
  return "you see a picture, the reference, and two versions of it, A and B. Tap the one that looks closer to the reference.";
}

/** Show the trial that is asked now, whole at once. */
async function show(state) {
  const { root, data } = state;
  const [turn] = data.turns;
  const images = [turn.reference, turn.first, turn.second].map((digest) => state.pictures.get(digest));
  state.end();
  Object.assign(state, { trial: turn.trial, since: performance.now(), ready: Infinity, frames: null, images: [] });
  await Promise.allSettled(images.map((image) => image.decode()));
  if (state.trial !== turn.trial) return;
  const isJnd = data.kind === "jnd";
  root.querySelector(".question").textContent = QUESTIONS[data.kind];
  root.querySelector(".of-2afc").hidden = isJnd;
  root.querySelector(".of-jnd").hidden = !isJnd;
  for (const button of root.querySelectorAll(".choice")) Object.assign(button, { ariaPressed: "false", disabled: isJnd });
  // One picture may be two of the three: each has a place of its own.
  state.images = images.map((image, at) => (images.indexOf(image) === at ? image : image.cloneNode()));
  if (isJnd) {
    root.querySelector(".window .frame").replaceChildren();
    lay(state);
    const isStill = matchMedia("(prefers-reduced-motion: reduce)").matches;
    root.querySelector(".show").hidden = !isStill; // who is disturbed by what moves says when
    if (!isStill) showPair(state);
  } else {
    const names = ["The reference", "Version A", "Version B"];
    state.images.forEach((image, at) => {
      image.alt = names[at];
      root.querySelector([".reference .frame", '[data-answer="A"] .frame', '[data-answer="B"] .frame'][at]).replaceChildren(image);
    });
    lay(state);
    requestAnimationFrame((now) => Object.assign(state, { began: now, ready: now + BLIND }));
  }
  root.dataset.trial = turn.trial;
}

function showPair(state) {
  const { root, images } = state;
  root.querySelector(".show").hidden = true;
  const frame = root.querySelector(".window .frame");
  state.end = flash(frame, images.slice(1), {
    seen: (now) => {
      state.began = now; // of the picture with which it can be answered
    },
    over: (frames) => {
      Object.assign(state, { frames, ready: 0 });
      for (const button of root.querySelectorAll(".of-jnd .choice")) button.disabled = false;
    },
  });
}

/** Take an answer, once: the next trial comes when it is saved. */
function answer(state, chosen) {
  const { root, trial, data } = state;
  const now = performance.now();
  if (data.stage !== "vote" || trial === null || state.unsaved || now < state.ready) return;
  state.unsaved = { trial, answer: chosen, milliseconds: Math.round(now - state.began), frames: state.frames, scale: state.scale };
  keep(data.code, { unsaved: state.unsaved });
  for (const button of root.querySelectorAll(".choice")) {
    button.ariaPressed = String(button.dataset.answer === chosen);
    button.disabled = true;
  }
  say(state, { action: "vote", ...state.unsaved });
}

function keyPressed(state, event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.composedPath()[0].matches?.("input, textarea, summary")) return;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const chosen = state.data?.stage === "vote" ? KEYS[state.data.kind]?.[key] : undefined;
  if (chosen && !event.repeat && !isDisabled(state, chosen)) answer(state, chosen);
  else if (!chosen && !STREAMLIT_KEYS.includes(key)) return;
  if (chosen) event.preventDefault();
  event.stopPropagation();
}

const isDisabled = ({ root }, chosen) => root.querySelector(`[data-answer="${chosen}"]`).disabled;

/** How wide each picture of a row may be, in CSS pixels. */
const roomOf = (root, columns, { between, frame }) => (root.clientWidth - (columns - 1) * between) / columns - frame;

/**
 * All pictures of a trial in one scale. Small ones are enlarged, a pixel taking a whole number of the screen's, as squares:
 * nothing is made up between them; one that is seen alone no more than those that lie beside others, so that an answer of
 * either kind is about the same picture. Large ones are made to fit.
 */
function lay(state) {
  const { root, data, images } = state;
  if (data?.stage !== "vote" || !images?.length) return;
  const isPhone = root.clientWidth <= 640;
  const isJnd = data.kind === "jnd";
  const device = isPhone ? "phone" : "screen";
  const beside = roomOf(root, isPhone ? 2 : 3, SPACE[device]);
  const room = isJnd ? roomOf(root, 1, SPACE.screen) : beside;
  const highest = window.innerHeight * HIGHEST[isJnd ? "alone" : device];
  const largest = Math.min(LARGEST, beside, window.innerHeight * HIGHEST[device]);
  const dots = window.devicePixelRatio || 1;
  const width = Math.max(...images.map((image) => image.naturalWidth), 1);
  const height = Math.max(...images.map((image) => image.naturalHeight), 1);
  const fits = Math.min(room / width, highest / height, Math.max(largest / Math.max(width, height), 1 / dots));
  const isWhole = fits * dots >= 1;
  const scale = isWhole ? Math.floor(fits * dots) / dots : fits;
  state.scale = scale * dots; // pixels of the screen for one of a picture
  for (const image of images) {
    Object.assign(image.style, { width: `${image.naturalWidth * scale}px`, height: `${image.naturalHeight * scale}px` });
    image.style.imageRendering = isWhole ? "pixelated" : "auto";
  }
  root.style.setProperty("--seen", `${Math.round(width * scale)}px`);
  root.style.setProperty("--tall", `${Math.round(height * scale)}px`);
}
