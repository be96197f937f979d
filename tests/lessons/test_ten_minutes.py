"""The lesson of ten minutes: seven chapters, the quiz and the class, each short, cited, and leading on."""

import re

import pytest

from explorer.lessons.lesson import MOST_WORDS, words_of
from explorer.lessons.reading import bundled

LESSON = bundled()
CHAPTERS = ("closer", "features", "cell", "ledger", "needles", "training", "failing")
CITED = re.compile(r"[Ss]ection|[Ee]quation|[Ff]igure|[Tt]able|arXiv|\b(19|20)\d\d\b")
EACH = [pytest.param(chapter, id=chapter.title) for chapter in LESSON.chapters]
SEVEN = EACH[: len(CHAPTERS)]


def test_it_has_the_seven_chapters_then_the_quiz_and_the_class():
    scenes = [{step.sight.scene for step in chapter.steps} for chapter in LESSON.chapters]
    assert scenes == [{name} for name in (*CHAPTERS, "quiz", "vote")]


@pytest.mark.parametrize("chapter", EACH)
def test_a_chapter_is_short_and_asks_one_question(chapter):
    assert 0 < words_of(chapter) <= MOST_WORDS
    assert chapter.question.count("?") == 1
    assert all(step.trying for step in chapter.steps)
    assert chapter.answer


@pytest.mark.parametrize("chapter", SEVEN)
def test_a_chapter_says_where_it_comes_from_and_leads_on(chapter):
    assert any(CITED.search(source) for source in chapter.sources)
    assert chapter.leads.endswith("?")


@pytest.mark.parametrize("chapter", SEVEN)
def test_no_text_holds_a_number_that_is_measured(chapter):
    texts = chapter.texts
    measured = re.compile(r"\d\.\d|\d ?(dB|%)")
    assert [text for text in texts if measured.search(text)] == []
