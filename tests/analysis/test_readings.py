"""As far as what: a distortion of the reference reads as itself, and what has no one strength is said so."""

import json
import math
import os

import numpy as np
import pytest

import explorer
from explorer.analysis.readings import (
    LADDERS,
    SEEDS,
    chosen_ladders,
    read_ladders,
    readings_task,
)
from explorer.analysis.readings import reading as module
from explorer.analysis.readings.crossing import PLACES
from explorer.backbones import find_backbone
from explorer.cache import ByteBudgetCache
from explorer.distortions import Recipe, Step, distort, distorted
from explorer.errors import SettingError
from explorer.files.weights import status
from explorer.images import Picture, derive, load
from explorer.jobs import Pool
from explorer.metrics import Method
from tests.grid import few

METHOD = Method(device="cpu")
SAMPLES = ("cat", "astronaut", "coffee", "rocket", "brick")
BACKBONES = ("alexnet", "squeezenet1_1", "vgg16")
CASES = [(sample, name) for name in BACKBONES for sample in SAMPLES]


def read(base: Picture, other: Picture, *names: str, scores=None, **how):
    """The readings of a pair, by AlexNet unless another method is given."""
    scores = ByteBudgetCache(10**7) if scores is None else scores
    return read_ladders(base, other, how.pop("method", METHOD), scores, names or None, **how)


def under(base: Picture, name: str, seed: int = 0, **values: float) -> Picture:
    """The base under a distortion, its lengths in pixels."""
    if name in ("gaussian_blur", "shift"):
        values = {key: 100 * value / min(base.size) for key, value in values.items()}
    return distorted(base, Recipe((Step(name, values, seed),)))


@pytest.mark.parametrize(("sample", "backbone"), few(CASES, 1, tuples=True))
def test_a_blur_of_1_8_px_reads_as_itself_and_more_of_it_as_more(sample, backbone, photo, request):
    if backbone == "vgg16":
        request.getfixturevalue("vgg16_weights")
    elif not status(find_backbone(backbone).weights).ready and "CI" not in os.environ:
        pytest.skip(f"{backbone} is not on this machine; name its folder in EXPLORER_WEIGHTS")
    base, scores, method = photo(sample, (256, 256)), ByteBudgetCache(10**7), Method(backbone, device="cpu")
    for sigma in (1.3, 1.8, 2.5):
        other = under(base, "gaussian_blur", sigma=sigma)
        found = read(base, other, "gaussian_blur", scores=scores, method=method)
        (reading,) = found.readings
        assert reading.value == pytest.approx(sigma, rel=0.03)
        assert reading.outcome == "reached"
        assert found.sentence == f"As far as Gaussian blur of {sigma} px."


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("jpeg", {"quality": 22}, "JPEG quality 22"),
        ("shift", {"shift": 2}, "shift of 2 px"),
        ("contrast", {"contrast": 60}, "contrast at 60%"),
    ],
)
def test_a_distortion_of_the_reference_reads_as_itself(name, value, words, photo):
    base, scores = photo("cat", (96, 64)), ByteBudgetCache(10**7)
    (reading,) = read(base, under(base, name, **value), name, scores=scores).readings
    assert reading.words == words
    assert reading.value == pytest.approx(*value.values(), rel=0.03)
    assert (reading.low, reading.high, reading.seeds) == (reading.value, reading.value, 1)


def test_noise_is_read_with_three_seeds_and_their_range_holds_the_median(photo):
    base = photo("cat", (96, 64))
    (reading,) = read(base, under(base, "gaussian_noise", seed=9, sigma=20), "gaussian_noise").readings
    assert reading.seeds == len(SEEDS) == 3
    assert reading.low <= reading.value <= reading.high
    assert reading.value == pytest.approx(20, rel=0.1)
    assert "3 seeds" in reading.note


def test_the_step_of_a_reading_makes_a_picture_with_the_score_that_is_told(photo):
    base = photo("cat", (96, 64))
    found = read(base, under(base, "jpeg", quality=30))
    assert [each.distortion for each in found.readings] == list(LADDERS)
    for reading in found.readings:
        measured = explorer.measure(base, reading.step.apply(base.pixels), device="cpu").score
        assert reading.score == pytest.approx(measured, rel=1e-5)
        if reading.outcome == "reached":
            assert measured == pytest.approx(found.score, rel=0.003)


def test_between_two_whole_steps_both_are_told(photo):
    base = photo("cat", (96, 64))
    one, two = (explorer.measure(base, under(base, "shift", shift=px)).score for px in (1, 2))
    sigmas = np.linspace(1, 30, 40)
    others = [under(base, "gaussian_noise", sigma=sigma) for sigma in sigmas]
    middle = (one + two) / 2
    other = min(others, key=lambda each: abs(explorer.measure(base, each).score - middle))
    (reading,) = read(base, other, "shift").readings
    assert reading.outcome == "between two steps"
    assert reading.between == (1, 2)
    assert reading.words == "shift between 1 and 2 px"
    assert reading.strength == "1 to 2 px"
    assert not reading.is_below_all


def test_what_is_closer_than_the_weakest_step_is_told_so(photo):
    base = photo("cat", (96, 64))
    found = read(base, under(base, "gaussian_noise", sigma=1), "shift")
    (reading,) = found.readings
    assert (reading.outcome, reading.value, reading.between) == ("between two steps", None, (None, 1))
    assert found.sentence == "Closer than shift of 1 px."
    assert reading.strength == "closer than 1 px"


def test_what_is_farther_than_the_strongest_step_is_told_so(photo):
    base = photo("cat", (96, 64))
    noise = derive(base, np.random.default_rng(0).integers(0, 256, base.pixels.shape, dtype=np.uint8))
    found = read(base, noise, "contrast", "gaussian_blur")
    contrast = found.readings[0]
    assert (contrast.outcome, contrast.value, contrast.high) == ("beyond the strongest", None, None)
    assert "Farther than any contrast" in found.sentence
    assert contrast.strength == "farther than any"


def test_a_curve_that_falls_again_is_said_to_turn(photo):
    columns = (np.arange(96) // 3 % 2 * 160 + 40).astype(np.uint8)  # a shift by 6 pixels is none
    base = load(np.repeat(np.tile(columns, (96, 1))[..., None], 3, axis=2))
    found = read(base, under(base, "shift", shift=3), "shift")
    (reading,) = found.readings
    assert reading.outcome == "turns"
    assert reading.value <= 3
    assert "as other strengths: that curve turns" in found.sentence
    assert "turns" in reading.note
    weaker = read(base, under(base, "gaussian_noise", sigma=12), "shift")
    (reading,) = weaker.readings
    assert (reading.outcome, reading.value, reading.between) == ("turns", None, (None, 1))
    assert weaker.sentence == "Closer than shift of 1 px."
    assert reading.strength == "closer than 1 px"


def test_identical_pictures_have_no_reading(photo):
    base = photo("cat", (64, 64))
    found = read(base, base)
    assert (found.score, found.readings) == (0, ())
    assert "The score is 0" in found.sentence


def test_another_pair_of_the_reference_measures_no_place_again(photo, monkeypatch):
    base, scores, measured = photo("cat", (64, 64)), ByteBudgetCache(10**7), []
    measure = module.value
    monkeypatch.setattr(module, "value", lambda *asked: measured.append(asked) or measure(*asked))
    read(base, under(base, "jpeg", quality=20), "jpeg", "contrast", scores=scores)
    first = len(measured)
    again = under(base, "jpeg", quality=20)
    read(base, again, "jpeg", "contrast", scores=scores)
    assert len(measured) == first
    read(base, under(base, "gaussian_blur", sigma=1), "jpeg", "contrast", scores=scores)
    assert len(measured) - first <= first - 2 * len(PLACES) + 8


def test_what_was_measured_stays_where_the_work_is_ended(photo):
    base, scores = photo("cat", (64, 64)), ByteBudgetCache(10**7)
    count = 0

    def go_on():
        nonlocal count
        count += 1
        if count > 5:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        read(base, under(base, "jpeg", quality=20), scores=scores, go_on=go_on)
    assert scores.used > 0
    counted = []
    found = read(
        base, under(base, "jpeg", quality=20), "gaussian_blur", scores=scores, go_on=lambda: counted.append(1)
    )
    assert found.readings
    whole = []
    read(base, under(base, "jpeg", quality=20), "gaussian_blur", go_on=lambda: whole.append(1))
    assert len(counted) == len(whole) - 5


def test_in_the_background_it_tells_how_far_it_is_and_ends_with_all(photo):
    base = photo("cat", (64, 64))
    other = under(base, "jpeg", quality=20)
    job = Pool({"compute": 1}, 10**12).start(readings_task(base, other, METHOD, ByteBudgetCache(10**7)))
    assert job.wait(120)
    assert (job.state, job.done, job.total) == ("done", 7, 7)
    assert job.results == (read(base, other),)


def test_as_json_it_is_plain_and_names_the_strength_with_its_unit(photo):
    base = photo("cat", (64, 64))
    found = read(base, under(base, "gaussian_noise", sigma=1))
    plain = json.loads(json.dumps(found.to_dict(), allow_nan=False))
    assert plain["size"] == [64, 64]
    assert plain["sentence"] == found.sentence
    for own, reading in zip(plain["readings"], found.readings, strict=True):
        assert Step.from_dict(own["step"]) == reading.step
        assert own["value"] == reading.value
        assert own["unit"] == LADDERS[own["distortion"]].unit


def test_the_public_function_reads_at_the_measured_size(photo):
    base = photo("cat", (96, 96))
    other = derive(base, distort(base.pixels, "gaussian_blur", 0.4))
    found = explorer.readings(base, other, ["gaussian_blur"], size=64, device="cpu")
    assert found.size == (64, 64)
    assert found.score == explorer.measure(base, other, size=64, device="cpu").score
    assert math.isfinite(found.readings[0].value)


@pytest.mark.parametrize(
    ("names", "words"),
    [
        ("jpeg", "a list of names"),
        ([], "a list of names"),
        (["jpeg", "jpeg"], "each once"),
        (["fog"], "no ladder 'fog'"),
    ],
)
def test_ladders_that_are_none_are_refused(names, words):
    with pytest.raises(SettingError, match=words):
        chosen_ladders(names)
