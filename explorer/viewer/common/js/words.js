// Words: what needs a word of explanation has it from the glossary, as a title and in the list behind "?".

/** `words` are [{key, term, short}, ...]; an element names its own by data-word, several with spaces between. */
function explainWords({ root, parts }, words) {
  const known = new Map(words.map((word) => [word.key, word]));
  for (const element of root.querySelectorAll("[data-word]")) {
    element.title = element.dataset.word
      .split(" ")
      .map((key) => `${known.get(key).term}: ${known.get(key).short}`)
      .join("\n");
  }
  if (parts.words.children.length) return;
  for (const { term, short } of words) {
    parts.words.append(
      ...[["dt", term], ["dd", short]].map(([name, textContent]) =>
        Object.assign(document.createElement(name), { textContent }),
      ),
    );
  }
}
