// Element: HTML made in JavaScript, by components that have no viewer's scripts.

/** An element with a text, a node or a list of these in it; texts are never read as HTML. */
function element(tag, className = "", content = [], attributes = {}) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.append(...[content].flat().filter((part) => part !== ""));
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
}
