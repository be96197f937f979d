"""Text in Streamlit's Markdown."""

import re

JOINER = "\u2060"
_IN_ADDRESS = re.compile(r"(?<=:)(?=//)|(?<=www)(?=\.)|(?<=@)(?=\w)", re.IGNORECASE)


def plain(text: str) -> str:
    """Text for a Markdown element that is shown as it is: file names and links may hold any character.

    Addresses become no links. Streamlit looks for them once the escapes are read, so that only a letter
    between their parts helps: one without width, at which no line is broken.
    """
    return re.sub(r"([\\`*_\[\]$~<:&@])", r"\\\1", _IN_ADDRESS.sub(JOINER, text))
