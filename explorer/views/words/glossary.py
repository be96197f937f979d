"""The glossary on the screen: searched while one types, each word at an address of its own."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import streamlit as st

from explorer.words import WORDS, alphabetical, capitalised

FOLDER = Path(__file__).parent
KEY = "glossary"

_component = st.components.v2.component(
    KEY,
    html=(FOLDER / "glossary.html").read_text(encoding="utf-8"),
    css=(FOLDER / "glossary.css").read_text(encoding="utf-8"),
    js=(FOLDER / "glossary.js").read_text(encoding="utf-8"),
)


def draw_glossary(term: str, on_term: Callable[[str], None]) -> None:
    """Draw all words.

    Args:
        term: Key of the one that it is opened at; "" for its beginning.
        on_term: Called with the key of another one that was chosen.
    """

    def chosen() -> None:
        now = st.session_state[KEY].term
        if now in WORDS:
            on_term(now)

    _component(key=KEY, data={"entries": _entries(), "term": term}, on_term_change=chosen)


def _entries() -> list[dict[str, Any]]:
    """All entries as the browser takes them, in the order of the alphabet."""
    return [
        {
            "key": key,
            "term": capitalised(WORDS[key].term),
            "short": WORDS[key].short,
            "long": WORDS[key].long,
            "see": [{"key": other, "term": WORDS[other].term} for other in WORDS[key].see],
            "source": _source(key),
        }
        for key in alphabetical()
    ]


def _source(key: str) -> dict[str, str] | None:
    source = WORDS[key].source
    return source and {"citation": source.citation, "address": source.address}
