"""The quiz: its answers are measured on the picture that is seen, as the explorer measures them."""

import numpy as np
import pytest

import explorer
from explorer.errors import ImageError
from explorer.images import as_picture
from explorer.lessons.lesson import MOST_WORDS, words_of
from explorer.lessons.pictures import LONGEST
from explorer.lessons.quiz import (
    ASKED,
    CLEAR,
    MAKERS,
    MOST_OPTIONS,
    Question,
    Scores,
    _asked,
    _Quiz,
    alike,
    questions,
    seen,
)
from explorer.lessons.reading import bundled
from explorer.metrics import Method
from explorer.samples import SAMPLES, load_sample

QUICK = tuple(maker for maker in MAKERS if maker is not alike)  # the ladder takes seconds


@pytest.fixture(scope="module")
def cat():
    return explorer_picture("cat")


def explorer_picture(name, side=160):
    from explorer.images import resize

    return resize(load_sample(name), side)


@pytest.fixture(scope="module")
def asked(cat):
    return quick(cat, Method())


def quick(reference, method) -> dict[str, Question]:
    """The questions but that about the ladder, by their chapters."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("explorer.lessons.quiz.MAKERS", QUICK)
        return {question.chapter: question for question in questions(reference, method)}


def test_each_question_has_a_few_answers_one_of_which_is_right(asked):
    assert len(asked) >= 4
    for question in asked.values():
        assert 2 <= len(question.options) <= MOST_OPTIONS
        assert 0 <= question.right < len(question.options)
        assert len({option.label for option in question.options}) == len(question.options)
        assert question.said.endswith(".")
        assert question.pictures[0][0] == "Reference"


def test_the_chapter_with_all_of_its_questions_is_short(asked):
    chapter = next(each for each in bundled().chapters if each.steps[0].sight.scene == "quiz")
    said = words_of(chapter) + sum(len(question.text.split()) for question in asked.values())
    assert 60 < said <= MOST_WORDS - 10  # the sixth has so many


def test_numbers_are_those_that_the_explorer_measures_of_the_pictures_that_are_seen(asked):
    for chapter in ("closer", "needles"):
        question = asked[chapter]
        reference, *versions = (picture for _, picture in question.pictures)
        values = {option.label: option.value for option in question.options}
        for label, picture in question.pictures[1:]:
            measured = explorer.measure(reference, picture)
            assert values[label] == measured.score
            assert f"{measured.score:.4f}" in question.said
        assert len(versions) == len(values)


def test_the_largest_layer_and_size_are_those_of_the_measurement(asked):
    question = asked["ledger"]
    measured = explorer.measure(question.pictures[0][1], question.pictures[1][1])
    largest = max(measured.layers, key=lambda layer: layer.distance)
    assert question.options[question.right].label == largest.name
    question = asked.get("failing")
    if question is not None:
        for option in question.options:
            size = int(option.label.split()[0])
            assert (
                option.value
                == explorer.measure(question.pictures[0][1], question.pictures[1][1], size=size).score
            )


def test_most_of_a_cell_is_made_by_as_many_channels_as_are_said(cat):
    from explorer.analysis.cell import by_hand
    from explorer.lessons.quiz import channels

    quiz = _Quiz(cat, Method(), Scores(1), lambda: None)
    question = channels(quiz)
    picture = question.pictures[1][1]
    measured = explorer.measure(cat, picture)
    layer = max(measured.layers, key=lambda layer: layer.distance)
    place = np.unravel_index(int(np.argmax(layer.map)), layer.map.shape)
    cell = by_hand(cat, picture, Method(), layer.name, tuple(map(int, place)))
    products = np.sort(cell.products)[::-1]
    count = int(question.options[question.right].value)
    assert products[:count].sum() >= 0.9 * cell.value > products[: count - 1].sum()


def test_a_picture_has_one_quiz_and_another_one_another(cat, asked):
    again = quick(cat, Method())
    assert [each.text for each in again.values()] == [each.text for each in asked.values()]
    assert [each.options for each in again.values()] == [each.options for each in asked.values()]
    other = quick(explorer_picture("astronaut", 100), Method())
    assert [each.said for each in other.values()] != [each.said for each in asked.values()]


def test_what_is_not_clear_on_a_picture_is_not_asked():
    flat = as_picture(np.full((80, 80, 3), 120, np.uint8), "flat")
    asked = quick(flat, Method())
    assert set(asked) <= {"features"}  # a shift, a blur change nothing; only what a cell sees is known
    assert CLEAR > 0


def test_a_picture_that_is_too_small_is_refused_in_words():
    small = as_picture(np.zeros((20, 20, 3), np.uint8), "small")
    with pytest.raises(ImageError, match="at least 31"):
        list(questions(small, Method()))


@pytest.mark.grid
def test_a_metric_without_maps_has_questions_all_the_same():
    cat = explorer_picture("cat", 64)  # DISTS takes VGG16
    asked = quick(cat, Method("dists"))
    assert {"closer", "needles"} <= set(asked)
    assert "cell" not in asked
    scores = {option.label: option.value for option in asked["needles"].options}
    assert scores["Noise"] == explorer.measure(cat, dict(asked["needles"].pictures)["Noise"], "dists").score


def test_whoever_waits_no_more_ends_it(cat):
    def check():
        raise InterruptedError

    with pytest.raises(InterruptedError):
        next(questions(cat, Method(), check=check))


@pytest.mark.grid
def test_the_ladder_puts_random_weights_nearest_to_psnr():
    found = {question.chapter: question for question in questions(load_sample("cat"), Method())}
    question = found["training"]
    (random,) = (option for option in question.options if option.label == "Random weights")
    assert random.value == max(option.value for option in question.options)
    assert 0.9 < random.value < 1


def test_who_knows_nothing_cannot_tell_the_answer_by_its_place():
    seen_at, drawn_at = set(), set()
    for name in SAMPLES:
        quiz = _Quiz(load_sample(name), Method(), Scores(1), lambda: None)
        question = seen(quiz)
        seen_at.add(question.right)
        drawn_at.add(quiz.some_of([1, 3, 9, 27, 81], 9, 3).index(9))
    assert len(seen_at) > 2
    assert drawn_at == {0, 1, 2}


def test_right_answers_stand_at_each_place_equally_often_whatever_is_asked():
    quiz = _Quiz(explorer_picture("brick", 64), Method(), Scores(1), lambda: None)
    measured = {name: (float(number), str(number)) for number, name in enumerate("abcd", 1)}
    asked = [
        _asked(quiz, "ledger", "Which?", measured, best, "", "", ()) for best in (max, min) for _ in range(4)
    ]
    assert sorted(question.right for question in asked) == [0, 0, 1, 1, 2, 2, 3, 3]
    assert {question.options[question.right].label for question in asked[:4]} == {"d"}
    orders = {tuple(option.label for option in question.options) for question in asked}
    assert len(orders) > 4
    # A row that begins at one: the right one can be nowhere but first.
    assert quiz.some_of([1, 3], 1) == [1, 3]


@pytest.mark.grid
@pytest.mark.parametrize("name", SAMPLES)
def test_every_sample_has_six_questions(name):
    assert len(list(questions(explorer_picture(name, LONGEST), Method()))) == ASKED
