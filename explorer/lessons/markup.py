"""The safe part of Markdown that lessons may use: **bold**, *italics*, `code`, and links to views of the app.

Everything else is shown as it is written: no HTML, no picture, no other site. Whoever shows a text takes it
apart here (`spans`), so that nothing which a file says is ever read as markup a second time.
"""

import html
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from explorer.errors import SettingError

Kind = Literal["text", "bold", "italic", "code", "link"]

_MARKED = re.compile(
    r"(?<![\w*])\*\*(?=[^\s*])(?P<bold>[^*]+?)(?<=\S)\*\*(?![\w*])"
    r"|(?<![\w*])\*(?=[^\s*])(?P<italic>[^*]+?)(?<=\S)\*(?![\w*])"
    r"|`(?P<code>[^`]+)`"
    r"|(?<!!)\[(?P<link>[^\[\]]+)\]\((?P<address>[^()\s]+)\)"
)
_OF_APP = re.compile(r"[a-z]+(\?[\w%&=+.~*-]*)?")  # as `Sight.address` writes it
# As a browser reads one: "x <y" and "a <b and c> d" are prose.
_TAG = re.compile(r"<[/!?]?[A-Za-z][\w:-]{0,20}(?:\s[^<>]*=[^<>]*)?\s*/?>|<!--|<script", re.IGNORECASE)
_PICTURE = re.compile(r"!\[[^\]]*\][(\[]")
_TAGS = {"bold": "strong", "italic": "em", "code": "code"}
_ESCAPED = re.compile(r"([\\`*_\[\]$~<>:&@#|!+.()-])")
JOINER = "\u2060"  # without width: Streamlit makes links of bare addresses once the escapes are read
_IN_ADDRESS = re.compile(r"(?<=:)(?=//)|(?<=www)(?=\.)|(?<=@)(?=\w)", re.IGNORECASE)


@dataclass(frozen=True)
class Span:
    """A part of a text that is shown in one way.

    Attributes:
        kind: How.
        text: Its letters, without marks.
        address: Of a link, as it is written; "" of others.
    """

    kind: Kind
    text: str
    address: str = ""


def spans(text: str) -> tuple[Span, ...]:
    """The parts of a text, in their order; marks do not nest."""
    found, end = [], 0
    for match in _MARKED.finditer(text):
        if match.start() > end:
            found.append(Span("text", text[end : match.start()]))
        kind = next(kind for kind in ("bold", "italic", "code", "link") if match[kind] is not None)
        found.append(Span(kind, match[kind], match["address"] or ""))
        end = match.end()
    if end < len(text):
        found.append(Span("text", text[end:]))
    return tuple(found)


def check(text: str) -> None:
    """Refuse what looks like markup that is not taken, so that nobody wonders why it is shown as it is.

    Raises:
        SettingError: with a sentence that begins in small letters.
    """
    parts = spans(text)
    without_code = "".join(span.text for span in parts if span.kind != "code")
    unread = "\n".join(span.text for span in parts if span.kind == "text")
    tag = _TAG.search(without_code)
    if tag:
        raise SettingError(f"a text has no HTML ({tag[0]}); write **bold**, *italics* or `code`.")
    if _PICTURE.search(without_code):
        raise SettingError("a text has no pictures; the view shows them.")
    if "](" in unread:
        raise SettingError("a link in a text leads to a view, as in [words](region?sample=cat).")
    if "**" in unread:
        raise SettingError("** stands before and behind what is bold, and has no other mark within.")


def plain(text: str) -> str:
    """A text without its marks."""
    return "".join(span.text for span in spans(text))


def words_in(text: str) -> int:
    """How many words a reader reads: what has a letter or a digit, between spaces."""
    return sum(any(map(str.isalnum, word)) for word in plain(text).split())


def as_html(text: str, is_linked: bool = True) -> str:
    """A text as HTML, for inside a paragraph.

    Args:
        is_linked: Whether links lead somewhere; on paper they are words.
    """
    return "".join(_html(span, is_linked) for span in spans(text))


def as_markdown(text: str) -> str:
    """A text for Streamlit's Markdown, in which all that is no mark of ours is escaped."""
    return "".join(map(_markdown, spans(text)))


def relinked(text: str, address_of: Callable[[str], str]) -> str:
    """A text with the addresses of its links as `address_of` makes them of what was written."""
    return _MARKED.sub(
        lambda match: f"[{match['link']}]({address_of(match['address'])})" if match["link"] else match[0],
        text,
    )


def _html(span: Span, is_linked: bool) -> str:
    words = html.escape(span.text)
    if span.kind == "link" and is_linked and _OF_APP.fullmatch(span.address):
        address = html.escape(span.address)
        return f'<a href="{address}" target="_blank" rel="noopener" style="color: inherit">{words}</a>'
    tag = _TAGS.get(span.kind)
    return f"<{tag}>{words}</{tag}>" if tag else words


def _markdown(span: Span) -> str:
    if span.kind == "code":  # nothing in it is read; a backtick in it would have ended it
        return f"`{span.text}`"
    words = _ESCAPED.sub(r"\\\1", _IN_ADDRESS.sub(JOINER, " ".join(span.text.split("\n"))))
    if span.kind == "link" and _OF_APP.fullmatch(span.address):
        return f"[{words}]({span.address})"
    mark = {"bold": "**", "italic": "*"}.get(span.kind, "")
    return f"{mark}{words}{mark}"
