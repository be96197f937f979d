"""Tooltips, from the glossary."""

from explorer.words import WORDS, capitalised


def tip(*terms: str, also: str = "") -> str:
    """What terms mean, as the help of a widget, and where to read on.

    Args:
        terms: Keys of the glossary, at least one.
        also: What else is to be said there, as Markdown; it comes last.

    Raises:
        KeyError: the glossary has no such key.
    """
    lines = [f"**{capitalised(WORDS[term].term)}**: {WORDS[term].short}" for term in terms]
    # It opens in a tab of its own, and leaves this one as it is.
    lines[-1] += f" [More](words?term={terms[0]})"
    return "  \n".join([*lines, *([also] if also else [])])
