"""The safe part of Markdown: four marks, and all else is shown as it is written."""

import re
from html.parser import HTMLParser

import pytest

from explorer.errors import SettingError
from explorer.lessons.markup import Span, as_html, as_markdown, check, plain, relinked, spans, words_in

HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "[x](javascript:alert(1))",
    "[x](https://example.org)",
    '[x](region?a="onclick=alert)',
    "![x](https://example.org/x.png)",
    "# Not a heading",
    "1. no list",
    "- no list",
    "> no quote",
    ":red[no colour] :material/home: $x$ ~~x~~ | a | b |",
    "https://example.org www.example.org me@example.org",
    "**<b>**",
    "`<b>`",
    "\\*no\\*",
]


class Tags(HTMLParser):
    """Notes all tags and attributes of a text."""

    def __init__(self, text: str):
        super().__init__()
        self.seen: list[tuple[str, dict]] = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.seen.append((tag, dict(attrs)))


def test_marks_are_taken_apart():
    assert spans("A **bold**, *thin* `x*y*` and [link](region?a=b) end") == (
        Span("text", "A "),
        Span("bold", "bold"),
        Span("text", ", "),
        Span("italic", "thin"),
        Span("text", " "),
        Span("code", "x*y*"),
        Span("text", " and "),
        Span("link", "link", "region?a=b"),
        Span("text", " end"),
    )


@pytest.mark.parametrize("text", ["2*3*4", "a ** b ** c", "* a *", "**", "a*", "[x]", "[x] (y)", "``"])
def test_what_is_no_mark_is_text(text):
    assert spans(text) == (Span("text", text),)


@pytest.mark.parametrize("text", HOSTILE)
def test_html_has_no_tag_but_ours_and_no_link_out_of_the_app(text):
    for tag, attributes in Tags(as_html(text)).seen:
        assert tag in ("strong", "em", "code", "a")
        assert set(attributes) <= {"href", "target", "rel", "style"}
        assert re.fullmatch(r"[a-z]+(\?[^:\"<>]*)?", attributes.get("href", "a"))


@pytest.mark.parametrize("text", HOSTILE)
def test_markdown_escapes_all_that_is_no_mark_of_ours(text):
    shown = as_markdown(text)
    unescaped = re.sub(r"\\.|`[^`]*`", "", shown)
    assert not re.search(r"[<>#|$~:!\[]", re.sub(r"\[[^\]]*\]\([a-z]+(\?[^)]*)?\)", "", unescaped))
    assert not re.match(r"\s*(\d+[.)]|[-+>#])", unescaped)


@pytest.mark.parametrize("text", ["x <y", "x <y and z> w", "if a<b, or b>c", "<3", "a < b"])
def test_a_sign_in_prose_is_no_tag_and_is_escaped(text):
    check(text)
    assert Tags(as_html(text)).seen == []


@pytest.mark.parametrize(
    "text", ["<b>", "</b>", "<br/>", "<br />", "<img src=x onerror=y>", "<!-- x", "<x-y a='b'>", "<SCRIPT"]
)
def test_a_tag_is_refused(text):
    with pytest.raises(SettingError, match="no HTML"):
        check(f"a {text} b")


def test_paper_has_no_links():
    assert as_html("[a](region) **b**", is_linked=False) == "a <strong>b</strong>"


def test_words_are_counted_without_their_marks():
    assert words_in("A **bold one**, 8 × 8 [link here](region?a=b) – `x`") == 8
    assert plain("**a** [b](region)") == "a b"


def test_links_are_written_anew_and_nothing_else():
    assert relinked("**a** [b](x) `[c](y)`", str.upper) == "**a** [b](X) `[c](y)`"
