"""A lesson's file: what it says is read, and what is no good is one sentence with its line."""

import random
import re
import time
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest

from explorer.errors import LessonError
from explorer.lessons.document import MOST_BYTES
from explorer.lessons.lesson import MOST_WORDS, words_of
from explorer.lessons.markup import as_html
from explorer.lessons.reading import (
    MOST_STEPS,
    OF_CHAPTER,
    OF_LESSON,
    OF_STEP,
    bundled,
    bundled_paths,
    read,
)
from explorer.views.common.settings import OWN_PARAMETERS, Settings
from explorer.views.learn.view import LearnView

ROOT = Path(__file__).resolve().parents[2]
HEAD = "lesson: A title\nsteps:\n  - chapter: First\n    view: region?sample=cat\n"  # four lines

WHOLE = """\
# A lesson with all that there is.
lesson: "All: of it"
about: Has *everything*.
minutes: 7
steps:
  - chapter: First
    question: Why?
    formula: '\\sum_c w_c^2 (\\hat{y}_c - \\hat{y}_{0c})^2'
    view: region?sample=cat&boxes=1,2,30,40;5,6,70,80
    text: >
      A **box** in two
      lines, and [the pair](inspect?sample=cat).
    try: Move `it`.
    next: And then?
    answer: no
    sources:
      - Zhang et al. 2018, equation 1
  - view: https://lpips.example.org/below/match?sample=coffee&equal=ssim#there
    formula: 'd_l'
  - chapter: Second
    view: learn?scene=cell&sample=cat
"""


def refused(text: str | bytes) -> LessonError:
    """Why a file is refused: one short sentence."""
    with pytest.raises(LessonError) as error:
        read("bad", text if isinstance(text, bytes) else text.encode())
    sentence = str(error.value)
    assert len(sentence) < 400
    assert "\n" not in sentence
    assert sentence.endswith((".", "?"))
    assert sentence.startswith(f"Line {error.value.line}: ") or error.value.line == 0
    return error.value


def test_all_that_a_file_says_is_read():
    lesson = read("all", WHOLE.encode())
    assert (lesson.name, lesson.title, lesson.about, lesson.minutes) == (
        "all",
        "All: of it",
        "Has *everything*.",
        7,
    )
    first, second = lesson.chapters
    assert (first.title, first.question, first.tryings[0], first.leads) == (
        "First",
        "Why?",
        "Move `it`.",
        "And then?",
    )
    assert first.answer == "no"  # a text, and not YAML's false
    assert first.formula.startswith(r"\sum_c w_c^2")
    assert [step.formula for step in first.steps] == ["", "d_l"]
    assert first.formulas == (first.formula, "d_l")
    assert first.sources == ("Zhang et al. 2018, equation 1",)
    assert first.steps[0].text == "A **box** in two lines, and [the pair](inspect?sample=cat)."
    assert dict(first.steps[0].sight.parameters) == {"sample": "cat", "boxes": "1,2,30,40;5,6,70,80"}
    assert (first.steps[1].sight.page, dict(first.steps[1].sight.parameters)) == (
        "match",
        {"sample": "coffee", "equal": "ssim"},
    )
    assert second.steps[0].sight.scene == "cell"
    assert lesson.places == ((1, 1), (1, 2), (2, 1))
    assert [step.line for chapter in lesson.chapters for step in chapter.steps] == [9, 18, 21]


@pytest.mark.parametrize("path", bundled_paths(), ids=lambda path: path.stem)
def test_every_lesson_that_comes_with_the_app_is_good_and_no_chapter_has_too_many_words(path):
    lesson = bundled(path.stem)
    assert all(0 < words_of(chapter) <= MOST_WORDS for chapter in lesson.chapters)
    # The question that a screen ends with is answered by the next.
    assert all(chapter.leads for chapter in lesson.chapters[:-1])
    assert all(chapter.question for chapter in lesson.chapters)


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("", 0, "empty"),
        ("hello", 1, "title"),
        ("- a", 1, "title"),
        ("lesson: ''\nsteps: []", 1, "“lesson” is missing or empty"),
        ("lesson: A", 1, "has steps"),
        ("lesson: A\nsteps: none", 2, "has steps"),
        ("lesson: A\nsteps:\n  - view: region", 3, "begins a chapter"),
        ("lesson: A\nsteps:\n  - chapter: B", 3, "no view"),
        ("lesson: A\nsteps:\n  - chapter: B\n    view:", 4, "view is missing"),
        ("lesson: A\nabout: [x]\nsteps: []", 2, "must be a text"),
        ("minutes: ten\n" + HEAD, 1, "whole number"),
        ("minutes: 0\n" + HEAD, 1, "whole number"),
        ("lesson: B\n" + HEAD, 2, "twice, first in line 1"),
        (HEAD + "    txt: x", 5, "did you mean text?"),
        (HEAD + "    xyzzy: x", 5, "a step has chapter"),
        (HEAD + "  - view: region\n    question: why", 6, "belongs to the step that begins a chapter"),
        (HEAD + "  - text", 5, "a step has a view"),
        (HEAD + "    sources: {a: b}", 5, "list of texts"),
        (HEAD + "    text: **bold** begins", 5, "quotation marks"),
        (HEAD + "    text: &name x", 5, "anchors"),
        (HEAD + "    text: *name", 5, "aliases"),
        (HEAD + "    text: !!python/object:os.system x", 5, "tags"),
        (HEAD + "    text: `code` begins", 5, "quotation marks"),
        (HEAD + "    text: a: b", 5, "colon"),
        (HEAD + '    text: "open', 5, "never closed"),
        (HEAD + '    text: "\\q"', 5, "backslash"),
        (HEAD + '    text: "\\U00110000"', 5, "does not exist"),
        (HEAD + '    text: "\\UFFFFFFFF"', 5, "does not exist"),
        (HEAD + '    text: >\n      a\n      b\n    try: "\\UFFFFFFFF"', 8, "does not exist"),
        (HEAD + "    text: a\u2028b\x85c\u2029d\n    txt: x", 6, "did you mean text?"),
        (HEAD + "    formula: \\rule{1000em}{1000em}", 5, "\\rule"),
        (HEAD + "    formula: x \\hspace*{900em} y", 5, "\\hspace"),
        (HEAD + "    formula: x \\kern900em y", 5, "\\kern"),
        (HEAD + "    formula: x \\mskip900mu y", 5, "\\mskip"),
        (HEAD + "    formula: \\begin{matrix}a \\\\[900em] b\\end{matrix}", 5, "moves lines apart"),
        (HEAD + '    text: "[x](learn?chapter=nan)"', 5, "whole number"),
        (HEAD + '    text: "[x](learn?lesson=../x)"', 5, "no lesson is named"),
        (HEAD + '    text: "[x](learn?scene=cell)"', 5, "names a chapter"),
        (HEAD + "\ttext: x", 5, "tab"),
        (HEAD + "   text: x", 5, "indented"),
        (HEAD + "---\nlesson: B", 5, "one lesson"),
        (HEAD + "    text: a <script>alert(1)</script>", 5, "no HTML (<script>)"),
        (HEAD + '    text: "![x](https://example.org/x.png)"', 5, "no pictures"),
        (HEAD + '    text: "[x](https://example.org/x)"', 5, "in this app"),
        (HEAD + '    text: "**a *b* c**"', 5, "bold"),
        (HEAD + '    text: "[x](javascript:alert(1))"', 5, "leads to a view"),
        (HEAD + "    formula: \\href{https://example.org}{x}", 5, "\\href"),
        (HEAD + "    formula: \\frac{1", 5, "brace"),
        (HEAD + "    formula: \\left( x", 5, "no LaTeX"),
        (HEAD + "    formula: x^\\nonesuch", 5, "\\nonesuch"),
        (HEAD + "    formula: \\text{<b>}", 5, "\\lt"),
        (HEAD + "    formula: $x$", 5, "without $"),
        (HEAD + "    text: " + "word " * (MOST_WORDS + 1), 3, "121 words"),
        (HEAD + "    text: " + "w" * 900, 5, "more than 800 letters"),
        (b"lesson: \xff", 1, "UTF-8"),
        (b"lesson: A\nabout: \x00", 2, "letter"),
        (HEAD.encode("utf-16"), 1, "UTF-8"),
        (b"\x89PNG\r\n\x1a\n" + b"\x00" * 50, 1, "UTF-8"),
        (b"PK\x03\x04" + b"\x00" * 50, 1, "letter"),
        (b"x" * (MOST_BYTES + 1), 0, "KB"),
        (HEAD + "  - view: region\n" * MOST_STEPS, 4 + MOST_STEPS, "at most"),
    ],
)
def test_what_is_no_lesson_is_told_with_its_line(text, line, words):
    error = refused(text)
    assert words in str(error)
    assert error.line == line


BOMB = "a: &a [x, x]\n" + "".join(
    f"{b}: &{b} [*{a}, *{a}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize(
    "text",
    [
        *(BOMB, "[" * 60_000, "{" * 60_000, "- " * 30_000, "? " * 30_000, '"' * 60_000, "a: " * 20_000),
        HEAD + "    text: " + "[" * 60_000,
        "a:\n" + "".join(f"{' ' * depth}a:\n" for depth in range(1, 330)),
    ],
    ids=len,
)
def test_a_file_that_is_made_to_be_slow_is_refused_in_time(text):
    start = time.perf_counter()
    refused(text)
    assert time.perf_counter() - start < 5  # the parser alone takes minutes


def test_whatever_is_changed_in_a_file_it_is_read_or_refused_in_a_sentence():
    dice = random.Random(0)
    whole = (bundled_paths()[0].read_bytes() + WHOLE.encode())[:6000]
    sentences = []
    for _ in range(60):
        data = bytearray(dice.choice((whole, WHOLE.encode())))
        for _ in range(dice.randint(1, 4)):
            place = dice.randrange(len(data))
            data[place : place + dice.randint(0, 3)] = bytes(
                dice.choices(b"[]{}*&!|>-:?'\"%@`#\n\t \x00\xff<a", k=2)
            )
        try:
            read("changed", bytes(data))
        except LessonError as error:
            sentences.append(str(error))
    assert len(sentences) > 20
    assert not any("\n" in sentence for sentence in sentences)


def test_a_link_in_a_text_is_one_of_this_app_whatever_host_it_was_copied_from():
    lesson = read("linked", (HEAD + '    text: "[x](https://example.org/?sample=cat)"').encode())
    assert lesson.chapters[0].steps[0].text == "[x](inspect?sample=cat)"


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("learn?chapter=3&step=2", "learn?chapter=3&step=2"),
        ("https://example.org/below/learn?chapter=3&classroom=1&cell_x=0.4", "learn?chapter=3&cell_x=0.4"),
        ("learn?lesson=own~0123456789ab&step=2", "learn?lesson=own~0123456789ab&step=2"),
        ("learn", "learn"),
    ],
)
def test_a_link_in_a_text_to_a_chapter_opens_that_chapter(written, address):
    (step,) = read("linked", (HEAD + f'    text: "[x]({written})"').encode()).chapters[0].steps
    assert step.text == f"[x]({address})"
    assert f'href="{address.replace("&", "&amp;")}"' in as_html(step.text)
    assert read("linked", (HEAD + f'    text: "{step.text}"').encode()).chapters[0].steps[0] == step
    link = dict(parse_qsl(urlsplit(written).query))
    view, problems = LearnView.from_link(dict(parse_qsl(urlsplit(address).query)))
    assert replace(LearnView.from_link(link)[0], is_classroom=False) == view
    assert not problems


def test_a_file_of_another_system_is_read_as_well():
    data = WHOLE.replace("\n", "\r\n").encode("utf-8-sig")
    assert read("all", data) == read("all", WHOLE.encode())


def test_the_example_of_the_documentation_is_a_lesson_and_has_every_key():
    text = (ROOT / "docs" / "lessons.md").read_text(encoding="utf-8")
    example = re.search(r"```yaml\n(.+?)```", text, re.DOTALL)[1]
    lesson = read("example", example.encode())
    assert [len(chapter.steps) for chapter in lesson.chapters] == [2, 1]
    told = set(re.findall(r"^\| `(\w+)` \|", text, re.MULTILINE))
    assert told == {*OF_LESSON, *OF_CHAPTER, *OF_STEP}
    assert all(re.search(rf"\b{key}:", example) for key in told)
    for chapter in lesson.chapters:
        for step in chapter.steps:
            named = {*OWN_PARAMETERS.get(step.sight.page, ())}
            link = {name: text for name, text in step.sight.parameters.items() if name not in named}
            Settings.from_link(link, is_strict=True)


def test_a_step_keeps_what_is_to_be_tried_until_another_says_its_own():
    steps = ["- chapter: A\n    view: inspect", "- view: inspect\n    try: One", "- view: inspect"]
    steps += ["- view: inspect\n    try: Two", "- chapter: B\n    view: inspect"]
    first, second = read("lesson", ("lesson: A\nsteps:\n  " + "\n  ".join(steps)).encode()).chapters
    assert [step.trying for step in first.steps] == ["", "One", "One", "Two"]
    assert first.tryings == ("One", "Two")
    assert second.tryings == ()
    assert words_of(first) == 2
