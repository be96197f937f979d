// One entry of the browser's history a step, and this browser's key to its uploads.
//
// Streamlit pushes several entries on the way to another page: without parameters, the one before once more where a
// script opens the page, and, in a browser with much to do, the new link on the page before. Back would lead to these,
// which are no views. So an entry is a view once a run has come to its end there, with the link that the run says; any
// that is pushed until then takes its place. That holds for an entry that was gone back to as well. The one that the
// app was opened on stays, also for whoever goes to another page at once. Where this script does not run, Back meets
// the entries that are no views, and Python leaves the settings there as they are. Another part of the same pictures is
// no other step: whoever has looked around in them goes back to the view before with one Back.

const PLACE = ["zoom", "middle_x", "middle_y"]; // as in settings.py
const EMBED = ["embed", "embed_options"]; // Streamlit's, of which Python is not told
const KEEPER = Symbol.for("lpips-explorer.history");

function keep() {
  // Whether the entry is a view, and whether it is one of its page at least, whose settings may be no good.
  const keeper = { isView: false, isSeen: true };
  const push = history.pushState;
  history.pushState = function (state, title, url) {
    const to = new URL(url ?? location.href, location.href);
    const isOtherPage = to.pathname !== location.pathname;
    const isSameView = !isOtherPage && keeper.isView && isEqual(to, location, PLACE);
    if (isSameView || !(isOtherPage ? keeper.isSeen : keeper.isView)) {
      return history.replaceState(state, title, url);
    }
    Object.assign(keeper, { isView: false, isSeen: false });
    return push.call(history, state, title, url);
  };
  addEventListener("popstate", () => Object.assign(keeper, { isView: false, isSeen: false }));
  return keeper;
}

/** Whether two addresses have the same parameters, but for some. */
function isEqual(one, other, except) {
  const [first, second] = [one, other].map(({ search }) => {
    const parameters = Object.fromEntries(new URLSearchParams(search)); // of several, Python has the last one
    except.forEach((name) => delete parameters[name]);
    return JSON.stringify(Object.entries(parameters).sort());
  });
  return first === second;
}

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
  // The element of an earlier run, or of the page before, says nothing of this address.
  const isOfThisPage = data.page === location.pathname.replace(/\/$/, "");
  const written = { search: `?${new URLSearchParams(data.link)}` };
  if (isOfThisPage && isEqual(written, location, EMBED)) {
    Object.assign(keeper, { isView: keeper.isView || data.is_view, isSeen: true });
  }
  if (data.cookie) setCookie(data.cookie);
}
