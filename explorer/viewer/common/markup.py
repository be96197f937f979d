"""HTML of the components, with what several of them have alike from `common/html/`."""

import re
from pathlib import Path

FOLDER = Path(__file__).parent / "html"
# <include src="name" word="text" /> stands for a piece, <include src="name">...</include> for one around
# the lines in between. Pieces name the words that differ in braces.
_EMPTY = re.compile(r'<include src="(\w+)"((?:\s+\w+="[^"]*")*)\s*/>')
_AROUND = re.compile(r'<include src="(\w+)">(.*?)</include>', re.DOTALL)
_WORD = re.compile(r'(\w+)="([^"]*)"')


def expanded(html: str) -> str:
    """HTML with each `include` replaced by the piece that it names; a piece includes nothing itself.

    Raises:
        FileNotFoundError: there is no such piece.
        KeyError: a piece has a word that its `include` does not give.
    """
    html = _EMPTY.sub(lambda found: _piece(found[1], dict(_WORD.findall(found[2]))), html)
    return _AROUND.sub(lambda found: _piece(found[1], {"body": found[2].strip()}), html)


def _piece(name: str, words: dict[str, str]) -> str:
    return (FOLDER / f"{name}.html").read_text(encoding="utf-8").strip().format_map(words)
