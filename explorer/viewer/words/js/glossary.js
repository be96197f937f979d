// Glossary: all words, those alone that hold what is typed, and one of them that is chosen.

const glossaries = new WeakMap(); // the component's element -> its glossary, which so survives reruns

/** A word as a link with an address of its own, which can be copied and opened in another tab. */
function wordLink({ key, term }) {
  const link = element("a", "", term);
  link.href = `?term=${key}`;
  link.dataset.term = key;
  return link;
}

function entryOf(entry) {
  const article = element("article", "entry", [
    element("h3", "", wordLink(entry)),
    element("p", "short", entry.short),
    element("p", "long", entry.long),
  ]);
  if (entry.see.length) {
    const links = entry.see.flatMap((other, i) => (i ? [" · ", wordLink(other)] : [wordLink(other)]));
    article.append(element("p", "see", ["See also ", ...links]));
  }
  if (entry.source) {
    const link = element("a", "", entry.source.citation);
    Object.assign(link, { href: entry.source.address, target: "_blank", rel: "noreferrer" });
    article.append(element("p", "source", link));
  }
  article.dataset.key = entry.key;
  article.tabIndex = -1;
  return article;
}

function createGlossary(parent) {
  const part = (name) => parent.querySelector(name);
  const glossary = { input: part("input"), none: part(".none"), index: part(".index"), list: part(".entries") };
  glossary.input.addEventListener("input", () => search(glossary));
  part(".glossary").addEventListener("click", (event) => {
    const { term } = event.target.closest("a[data-term]")?.dataset ?? {};
    if (!term || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    choose(glossary, term);
    glossary.report(term);
  });
  return glossary;
}

/** Show the words that hold all that is typed, in their name or in what is said of them. */
function search({ input, none, index, list }) {
  const wanted = input.value.toLowerCase().split(/\s+/).filter(Boolean);
  let found = 0;
  [...list.children].forEach((entry, i) => {
    const text = entry.textContent.toLowerCase();
    const isFound = wanted.every((word) => text.includes(word));
    entry.hidden = index.children[i].hidden = !isFound;
    found += isFound;
  });
  none.hidden = found > 0;
  none.textContent = found ? "" : `No word here has “${input.value.trim()}” in it; try a shorter one.`;
}

/** Mark a word and bring it into sight; one that the search has hidden ends the search. */
function choose(glossary, term) {
  glossary.term = term;
  const { input, index, list } = glossary;
  for (const each of [...list.children, ...index.children]) {
    if ((each.dataset.key ?? each.dataset.term) === term) each.setAttribute("aria-current", "true");
    else each.removeAttribute("aria-current");
  }
  const chosen = list.querySelector("[aria-current]");
  if (!chosen) return;
  if (chosen.hidden) {
    input.value = "";
    search(glossary);
  }
  index.querySelector("[aria-current]").scrollIntoView({ block: "nearest" }); // it scrolls by itself
  chosen.scrollIntoView({ block: "start" });
  chosen.focus({ preventScroll: true }); // so that Tab and a screen reader go on from here
}

export default function ({ data, parentElement, setTriggerValue }) {
  if (isOld(parentElement, data)) return;
  if (!glossaries.has(parentElement)) glossaries.set(parentElement, createGlossary(parentElement));
  const glossary = glossaries.get(parentElement);
  glossary.report = (term) => setTriggerValue("term", term);
  if (!glossary.list.children.length) {
    glossary.index.replaceChildren(...data.entries.map(wordLink));
    glossary.list.replaceChildren(...data.entries.map(entryOf));
  }
  // A run that began before the last click still names the word before: Python has the last one once it has run.
  if (data.term !== glossary.sent) {
    glossary.sent = data.term;
    if (data.term !== (glossary.term ?? "")) choose(glossary, data.term);
  }
}
