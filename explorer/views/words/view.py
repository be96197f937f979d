"""Which word the page Words is opened at, and the link that carries it."""

from collections.abc import Mapping
from dataclasses import dataclass

from explorer.views.common.settings import quoted
from explorer.words import WORDS


@dataclass(frozen=True)
class WordsView:
    """Where the glossary is opened.

    Attributes:
        term: A key of the glossary; "" at its beginning.
    """

    PAGE = "words"

    term: str = ""

    def to_link(self) -> dict[str, str]:
        """The page's own parameter, where a word is chosen."""
        return {"term": self.term} if self.term else {}

    @classmethod
    def from_link(cls, link: Mapping[str, str]) -> tuple["WordsView", tuple[str, ...]]:
        """Read a link's parameter; returns the view, and a sentence where it names no word."""
        term = link.get("term", "")
        if not term or term in WORDS:
            return cls(term), ()
        return cls(), (f"The glossary has no word {quoted(term)}; look for another one below.",)
