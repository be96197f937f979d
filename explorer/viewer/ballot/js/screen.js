// Screen: how large its pixels are, measured with a bank card, and how many of them a degree of the eye takes.

const CARD = { long: 85.6, short: 53.98 }; // millimetres, ISO/IEC 7810 ID-1
const SCREEN_KEY = "explorer.screen";

function screenKept() {
  try {
    return JSON.parse(localStorage.getItem(SCREEN_KEY));
  } catch {
    return null;
  }
}

/**
 * Pixels of the screen in a degree of the eye.
 *
 * `width` in CSS pixels of a side of `millimetres`, `distance` of the eye in centimetres.
 */
function pixelsPerDegree(width, millimetres, distance, dots) {
  return (((width * dots) / millimetres) * 2 * 10 * distance * Math.tan(Math.PI / 360));
}

function startScreen(root) {
  const part = (name) => root.querySelector(`.screen .${name}`);
  const [width, distance, card] = [part("width"), part("distance"), part("card")];
  const isNarrow = window.innerWidth < 480;
  const side = isNarrow ? "short" : "long"; // a card lies upright on a phone
  part("side").textContent = side;
  card.dataset.side = side;
  width.max = Math.min(window.innerWidth - 44, 700);
  width.value = Math.round(((isNarrow ? 158 : 96) / 25.4) * CARD[side]);
  distance.value = isNarrow ? 35 : 60;
  const measured = () => pixelsPerDegree(Number(width.value), CARD[side], Number(distance.value), window.devicePixelRatio || 1);
  const isPlausible = () => distance.validity.valid && distance.value !== "" && measured() >= 5 && measured() <= 1000;
  const paint = () => {
    card.style.width = `${width.value}px`;
    const known = screenKept()?.perDegree;
    const now = isPlausible() ? `${Math.round(measured())} pixels of your screen in a degree.` : "Type a distance from 15 to 300 cm.";
    part("per").textContent = known ? `Kept: ${Math.round(known)} pixels in a degree. Now: ${now}` : now;
    part("use").disabled = !isPlausible();
    part("forget").hidden = !known;
  };
  const store = (change) => {
    try {
      change();
    } catch {
      // This browser keeps nothing for pages.
    }
    paint();
  };
  for (const input of [width, distance]) input.addEventListener("input", paint);
  part("use").addEventListener("click", () => store(() => localStorage.setItem(SCREEN_KEY, JSON.stringify({ perDegree: measured() }))));
  part("forget").addEventListener("click", () => store(() => localStorage.removeItem(SCREEN_KEY)));
  card.addEventListener("pointermove", ({ buttons, clientX }) => {
    if (!buttons) return;
    width.value = Math.round(clientX - card.getBoundingClientRect().left);
    paint();
  });
  card.addEventListener("pointerdown", (event) => card.setPointerCapture(event.pointerId));
  paint();
}
