// One entry of the browser's history a step, and this browser's key to its uploads.
//
// Streamlit pushes an entry for another page, without parameters, and a second one when the page's script writes its
// link: Back then leads to the bare one, which is no view. So the first link that is written into an entry replaces it,
// and only what the user changes from there on makes another one. That holds for an entry that was gone back to as
// well, and for the one that the app was opened on. Where a script opens another page, there is one more that is bare:
// Streamlit clears the address of the page before, and a browser with much to do then writes the link of the page to
// come there as well. So what follows a cleared address is no view until the page has said that it was its own. Where
// this script does not run, Back meets the bare entries, and Python leaves the settings there as they are. Another part
// of the same pictures is no other step: whoever has looked around in them goes back to the view before with one Back.

const PLACE = ["zoom", "middle_x", "middle_y"]; // as in settings.py
const KEEPER = Symbol.for("lpips-explorer.history");

function keep() {
  const keeper = { hasLink: false, isCleared: false, written: null, page: null };
  const push = history.pushState;
  history.pushState = function (state, title, url) {
    const to = new URL(url ?? location.href, location.href);
    const isOtherPage = to.pathname !== location.pathname;
    if (!isOtherPage && keeper.hasLink && withoutPlace(to) === withoutPlace(location)) {
      return history.replaceState(state, title, url);
    }
    const isNoView = keeper.isCleared || !(isOtherPage || keeper.hasLink);
    if (isOtherPage) Object.assign(keeper, { hasLink: false, isCleared: false, page: pageOf(to) });
    else if (keeper.hasLink && !to.search) Object.assign(keeper, { isCleared: true, page: pageOf(to) });
    return (isNoView ? history.replaceState : push).apply(history, [state, title, url]);
  };
  addEventListener("popstate", () => Object.assign(keeper, { hasLink: false, isCleared: false, page: pageOf(location) }));
  return keeper;
}

/** An address's parameters but for those that say which part of the pictures is seen. */
function withoutPlace({ search }) {
  const parameters = new URLSearchParams(search);
  for (const name of PLACE) parameters.delete(name);
  return parameters.toString();
}

const pageOf = ({ pathname }) => pathname.replace(/\/$/, "");

function setCookie({ name, key, path }) {
  // Another tab may have set it before: all tabs of a browser have one key.
  const sent = document.cookie.split("; ").find((cookie) => cookie.startsWith(`${name}=`));
  if (/=[0-9a-f]{64}$/.test(sent ?? "")) return;
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `${name}=${key}; Path=${path}; SameSite=Strict${secure}`;
}

export default function ({ data }) {
  window[KEEPER] ??= keep();
  const keeper = window[KEEPER];
  // A number that was seen before comes with an element of an earlier run, which says nothing of this address; so does
  // what the page before has sent at its end, where another was opened meanwhile.
  const isOfThisPage = keeper.page === null || keeper.page === data.page;
  if (data.written !== undefined && data.written !== keeper.written && isOfThisPage) {
    Object.assign(keeper, { hasLink: true, isCleared: false, written: data.written });
  }
  if (data.cookie) setCookie(data.cookie);
}
