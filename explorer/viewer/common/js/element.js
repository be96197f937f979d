// Element: what components that have no viewer's scripts share: HTML made in JavaScript, and which data are old.

/** An element with a text, a node or a list of these in it; texts are never read as HTML. */
function element(tag, className = "", content = [], attributes = {}) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.append(...[content].flat().filter((part) => part !== ""));
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
}

const newest = new WeakMap(); // the component's element -> the number of the data that it was given last

/** Whether data are older than what came before: while this script loads, Streamlit may hand them over in any order. */
function isOld(root, { number }) {
  if (number < newest.get(root)) return true;
  newest.set(root, number);
  return false;
}
