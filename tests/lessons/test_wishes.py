"""What a link may ask of a scene: what it cannot is told with the line of the lesson's file."""

import pytest

from explorer.errors import LessonError
from explorer.lessons.reading import bundled, bundled_paths, read
from explorer.lessons.sights import OF_LESSON, SCENES
from explorer.lessons.wishes import CELL_STEPS, LEDGER_STEPS, PARTS, check, readers
from explorer.viewer.cell.cell import STEPS
from explorer.viewer.ledger.ledger import SUM
from explorer.viewer.training import training
from explorer.views.common.settings import OWN_PARAMETERS


def lesson(view):
    return read("own", f"lesson: Mine\nsteps:\n  - chapter: One\n    view: {view}\n".encode())


@pytest.mark.parametrize(
    ("view", "words"),
    [
        ("learn?scene=cell&cell_x=nan", "cell_x “nan”: it must be a number from 0 to 1."),
        ("learn?scene=cell&cell_layer=conv9", "choose one of conv1, conv2"),
        ("learn?scene=cell&cell_channel=-1", "whole number from 0"),
        ("learn?scene=cell&cell_shown=6", "from 1 to 5"),
        ("learn?scene=features&seen_layer=", "choose one of conv1"),
        ("learn?scene=features&backbone=resnet50&seen_layer=conv9", "layer1"),
        ("learn?scene=features&backbone=nonesuch&seen_layer=conv1", "There is no backbone 'nonesuch'"),
        ("learn?scene=closer&closer_pair=both", "choose one of "),
        ("learn?scene=ledger&ledger_shown=4", "from 1 to 3"),
        ("learn?scene=ledger&ledger_heads=mine", "choose one of chosen, "),
        ("learn?scene=ledger&ledger_off=conv1,conv2,conv3,conv4,conv5", "at least one layer"),
        ("learn?scene=needles&needle_shift=1.5", "choose a whole number from 0"),
        ("learn?scene=needles&needle_blur=inf", "choose a number from 0"),
        ("learn?scene=needles&needle_map=lips", "choose one of "),
        ("learn?scene=training&training_layers=last", "choose one of all, first"),
        ("learn?scene=failing&failing_levels=3", "choose one of 1, 2, 4"),
        ("learn?scene=quiz&quiz_at=7", "choose one of 1, "),
        ("learn?scene=quiz&quiz_said=15", "for none"),
        ("learn?scene=vote&cell_x=0.5", "scene vote has no “cell_x”"),
    ],
)
def test_what_a_scene_cannot_show_is_told_with_its_line(view, words):
    with pytest.raises(LessonError) as error:
        check(lesson(view))
    assert str(error.value).startswith("Line 4: the view cannot be had: ")
    assert str(error.value).endswith(".")
    assert words in str(error.value)


@pytest.mark.parametrize(
    "view",
    [
        "learn?scene=cell&cell_x=0.25&cell_y=1&cell_layer=conv3&severity=77",  # which is the page's to say
        "learn?scene=cell&backbone=vgg16&cell_layer=conv5",  # the layer as deep
        "learn?scene=features&backbone=alexnet&heads=uniform&layers=conv1,features.3&seen_layer=features.3",
        "learn?scene=ledger&ledger_off=conv1,conv2&ledger_heads=uniform",
        "learn?scene=quiz&quiz_at=score&quiz_said=1-2",
        "inspect?cell_x=nan",  # which is no view of a scene
    ],
)
def test_what_it_can_show_is_taken(view):
    check(lesson(view))


@pytest.mark.parametrize("path", bundled_paths(), ids=lambda path: path.stem)
def test_every_bundled_lesson_asks_for_what_can_be_shown(path):
    check(bundled(path.stem))


def test_every_scene_has_its_own_parameters_and_no_other_scene_has_them():
    known = readers()
    assert set(known) == set(SCENES)
    names = [name for own in known.values() for name in own]
    assert len(set(names)) == len(names)
    assert {*names, *OF_LESSON, "scene"} == {*OWN_PARAMETERS["learn"]}


def test_steps_and_parts_are_those_that_are_drawn():
    assert (CELL_STEPS, LEDGER_STEPS, PARTS) == (STEPS, SUM, training.PARTS)
