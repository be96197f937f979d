"""What a class is asked: versions of one PSNR, two at a time, which the store takes as a session."""

import io
from itertools import combinations

import numpy as np
import pytest
from PIL import Image

import explorer
from explorer.distortions import Recipe, distorted
from explorer.errors import SettingError
from explorer.images import as_picture, resize
from explorer.judgments.asking.drafts import Setup
from explorer.lessons.trials import class_plan, title_of
from explorer.samples import load_sample


@pytest.fixture(scope="module")
def reference():
    return resize(load_sample("cat"), 200)


def pixels(data):
    return np.asarray(Image.open(io.BytesIO(data)).convert("RGB"))


def test_any_two_of_the_three_are_a_trial_and_all_have_one_psnr(reference):
    plan, pictures = class_plan(reference, Setup("Which?", sentinels=1))
    trials = [trial for trial in plan.trials if not trial.is_sentinel]
    shown = {digest for trial in trials for digest in (trial.a, trial.b)}
    assert {frozenset((trial.a, trial.b)) for trial in trials} == set(map(frozenset, combinations(shown, 2)))
    assert (len(trials), len(plan.trials), plan.each, plan.title) == (3, 4, 4, "Which?")
    values = [explorer.measure(reference, pixels(pictures[digest])).psnr for digest in shown]
    assert max(values) - min(values) < 0.01


def test_a_condition_makes_its_picture_again(reference):
    plan, pictures = class_plan(reference, Setup(sentinels=0))
    for trial in plan.trials:
        made = distorted(reference, Recipe.from_link(trial.condition_a))
        assert np.array_equal(made.pixels, pixels(pictures[trial.a]))


def test_versions_are_called_as_in_the_chapter_that_makes_them(reference):
    plan, _ = class_plan(reference, Setup(sentinels=0))
    conditions = {each for trial in plan.trials for each in (trial.condition_a, trial.condition_b)}
    titles = sorted(title_of(condition, min(reference.size)) for condition in conditions)
    assert [title.split()[0] for title in titles] == ["Blur", "Noise", "Shift"]
    assert titles[2] == "Shift 2 px"
    assert titles[0].endswith(" px")


def test_a_flat_picture_has_nothing_to_ask():
    flat = as_picture(np.full((64, 64, 3), 90, np.uint8), "flat")
    with pytest.raises(SettingError, match="choose another one"):
        class_plan(flat, Setup())
