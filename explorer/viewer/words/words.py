"""A glossary: searched while one types, each word at an address of its own; the browser's side is `js/`."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass

from explorer.viewer.common.component import read
from explorer.viewer.common.small import called, numbered, register_small


@dataclass(frozen=True)
class OtherWord:
    """A word that an entry leads to: its key, and how it is written."""

    key: str
    term: str


@dataclass(frozen=True)
class WordSource:
    """Where a word comes from: a line to read, and an address to follow."""

    citation: str
    address: str


@dataclass(frozen=True)
class WordEntry:
    """A word and what is said of it.

    Attributes:
        key: As an address has it.
        term: As it is written.
        short: One sentence.
        long: A paragraph.
        see: Other entries.
        source: None where there is none to follow.
    """

    key: str
    term: str
    short: str
    long: str
    see: tuple[OtherWord, ...] = ()
    source: WordSource | None = None


_component = register_small("words", "glossary", read("words/words.html"))


def words(entries: Sequence[WordEntry], term: str, *, key: str, on_term: Callable[[str], None]) -> None:
    """Draw all words.

    Args:
        entries: In order.
        term: Key of the one that it is opened at; "" for its beginning.
        key: Of the component.
        on_term: Called with the key of another one that was chosen.
    """
    known = {entry.key for entry in entries}

    def chosen(now: str) -> None:
        if now in known:
            on_term(now)

    _component(
        key=key,
        data=numbered(key, {"entries": [asdict(entry) for entry in entries], "term": term}),
        on_term_change=called(key, "term", chosen),
    )
