"""The ledger of a recipe: parts sum to the score, on the screen too, and what is off has none."""

import csv
import io
import json
from dataclasses import replace
from decimal import Decimal
from types import SimpleNamespace

import numpy as np
import pytest

import explorer
from explorer.analysis.steps import StepLedger, step_ledger, steps_task
from explorer.distortions import Recipe, Step
from explorer.distortions.pictures import made_by
from explorer.errors import SettingError
from explorer.jobs import pool
from explorer.metrics import Method, compare

NOISE, BLUR = Step("gaussian_noise", {"sigma": 30}, 3), Step("gaussian_blur", {"sigma": 0.8})
JPEG = Step("jpeg", {"quality": 9})
RECIPE = Recipe([NOISE, replace(JPEG, is_on=False), BLUR, Step.at("shift", 0)])
METHOD = Method(device="cpu")
SECONDS = 60


@pytest.fixture(scope="module")
def reference(photo):
    return photo("cat", (97, 80))


@pytest.fixture(scope="module")
def ledger(reference):
    return step_ledger(reference, RECIPE, METHOD)


def test_each_score_is_that_of_the_pair_after_the_step_and_the_parts_sum_to_the_last(reference, ledger):
    pixels = reference.pixels
    for step, found in zip((NOISE, BLUR, Step.at("shift", 0)), ledger.found, strict=True):
        pixels = step.apply(pixels)
        pair = explorer.measure(reference, pixels, device="cpu")
        assert found.score == pytest.approx(pair.score, rel=1e-5)
        assert (found.measurement.psnr, found.measurement.ssim) == (pair.psnr, pytest.approx(pair.ssim))
        np.testing.assert_array_equal(found.look.picture.pixels, pixels)
    np.testing.assert_array_equal(pixels, RECIPE.apply(reference.pixels))
    assert sum(ledger.parts) == pytest.approx(ledger.scores[-1], rel=1e-12)
    assert ledger.parts[1] < 0 < ledger.parts[0]  # the blur takes noise away
    assert ledger.parts[2] == 0
    assert ledger.places == (1, 3, 4)
    assert ledger.is_complete


def shown_as(*scores):
    """A ledger of so many steps, with these scores."""
    name = SimpleNamespace(metric="LPIPS")
    found = tuple(
        SimpleNamespace(score=score, measurement=SimpleNamespace(name=name, psnr=9.0, ssim=0.5))
        for score in scores
    )
    return StepLedger(Recipe([JPEG] * len(scores)), METHOD, found)


@pytest.mark.parametrize("scores", [(0.00004, 0.00008, 0.00012), (0.12345, 0.1234499, 0.98765), (0.0, 0.3)])
def test_the_parts_as_they_are_shown_sum_to_the_score_as_it_is_shown(scores):
    made = shown_as(*scores)
    parts = [Decimal(part.replace("−", "-")) for part in made.shown_parts]
    assert sum(parts) == Decimal(made.shown_scores[-1])


def test_the_sentence_says_which_step_adds_most_and_which_takes_away(ledger):
    noise, blur, _ = ledger.shown_parts
    total = ledger.shown_scores[-1]
    assert ledger.sentence == (
        f"Step 1 (Gaussian noise) adds the most, {noise[1:]}; step 3 (Gaussian blur) takes {blur[1:]} away, "
        f"which leaves {total}."
    )
    assert shown_as(0.1, 0.3).sentence == "Step 2 (JPEG) adds the most, 0.2000 of 0.3000."
    both = "Step 1 (JPEG) adds the most, 0.5000; steps 2 and 3 take 0.3000 away, which leaves 0.2000."
    assert shown_as(0.5, 0.4, 0.2).sentence == both
    assert shown_as(0.25).sentence == "All of the distance, 0.2500, comes from JPEG."
    assert (
        shown_as(0.00004, 0.00003).sentence
        == "The steps change LPIPS by less than its last digit here shows."
    )
    # By the scores as they are shown, the second adds 0.0001 and the first nothing.
    assert shown_as(0.00004, 0.00006).sentence == "Step 2 (JPEG) adds the most, 0.0001 of 0.0001."
    contrast = replace(shown_as(0.25), recipe=Recipe([Step.at("contrast", 0.5)]))
    assert contrast.sentence == "All of the distance, 0.2500, comes from contrast."
    assert shown_as(0.0, 0.0).sentence == "The steps change nothing that LPIPS sees."
    assert "switched off" in StepLedger(Recipe([replace(JPEG, is_on=False)]), METHOD, ()).sentence
    assert replace(ledger, found=ledger.found[:1]).sentence == ""


def test_the_files_hold_every_step_and_all_digits(ledger):
    rows = list(csv.DictReader(io.StringIO(ledger.to_csv())))
    assert [row["name"] for row in rows] == ["gaussian_noise", "jpeg", "gaussian_blur", "shift"]
    assert [row["on"] for row in rows] == ["1", "0", "1", "1"]
    assert [float(row["part"]) for row in rows if row["part"]] == list(ledger.parts)
    assert rows[1]["score"] == ""
    assert rows[1]["values"] == "quality=9"
    document = json.loads(json.dumps(ledger.to_dict(), allow_nan=False))
    assert Recipe.from_json(json.dumps(document["recipe"])) == RECIPE
    assert [entry["step"] for entry in document["steps"]] == [1, 3, 4]
    assert document["score"] == ledger.scores[-1]
    short = replace(ledger, found=ledger.found[:1])
    assert [entry["score"] for entry in short.to_dict()["steps"]] == [ledger.scores[0], None, None]


def test_steps_come_one_by_one_in_the_background_and_a_failure_is_the_last(reference, ledger):
    def make(first, advance):
        pixels = reference.pixels
        for number, step in enumerate(RECIPE.active, start=1):
            if number == 3:
                raise SettingError("It cannot be done.")
            pixels = step.apply(pixels)
            advance(number)
            if number >= first:
                yield number, made_by(reference, Recipe(RECIPE.active[:number]), pixels)

    asked = []

    def measured(picture, progress):
        asked.append(picture.digest)
        return compare(reference, picture, METHOD, siblings=True, progress=progress)

    job = pool.start(steps_task(reference, RECIPE, METHOD, 2, make, measured))
    assert job.wait(SECONDS)
    (second, after), (third, error) = job.results
    assert (second, third) == (2, 3)
    assert after.score == pytest.approx(ledger.scores[1], rel=1e-5)
    assert str(error) == "It cannot be done."
    assert len(asked) == 1  # what was known is not measured again
