"""The lesson of ten minutes: seven chapters, the quiz and the class, each short, cited, and leading on."""

import re
from importlib import import_module

import pytest

from explorer.lessons.lesson import MOST_WORDS, words_of
from explorer.lessons.markup import words_in
from explorer.lessons.reading import bundled, bundled_paths
from explorer.views.learn import scenes

LESSON = bundled()
CHAPTERS = ("closer", "features", "cell", "ledger", "needles", "training", "failing")
CITED = re.compile(r"\w.* (19|20)\d\d|arXiv \d{4}\.\d{5}")  # a work and its year, or its number
EACH = [pytest.param(chapter, id=chapter.title) for chapter in LESSON.chapters]
SEVEN = EACH[: len(CHAPTERS)]


def fixed_of(chapter):
    """The sentences that its scenes always say beside the file's."""
    names = {step.sight.scene for step in chapter.steps}
    return [
        said for name in names for said in getattr(import_module(f"{scenes.__name__}.{name}"), "FIXED", ())
    ]


def test_it_has_the_seven_chapters_then_the_quiz_and_the_class():
    scenes = [{step.sight.scene for step in chapter.steps} for chapter in LESSON.chapters]
    assert scenes == [{name} for name in (*CHAPTERS, "quiz", "vote")]


@pytest.mark.parametrize("chapter", EACH)
def test_a_chapter_is_short_and_asks_one_question(chapter):
    assert 0 < words_of(chapter) + sum(map(words_in, fixed_of(chapter))) <= MOST_WORDS
    assert chapter.question.count("?") == 1
    assert all(step.trying for step in chapter.steps)
    assert chapter.answer


@pytest.mark.parametrize("chapter", SEVEN)
def test_a_chapter_says_where_it_comes_from_and_leads_on(chapter):
    assert chapter.sources
    assert all(CITED.search(source) for source in chapter.sources)
    assert chapter.leads.endswith("?")


@pytest.mark.parametrize("name", [path.stem for path in bundled_paths()])
def test_no_text_and_no_answer_holds_a_number_that_is_measured(name):
    measured = re.compile(r"\d\.\d|\d ?(dB|%)")
    said = [text for chapter in bundled(name).chapters for text in (*chapter.texts, chapter.answer)]
    assert [text for text in said if measured.search(text)] == []
