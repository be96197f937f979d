"""A verdict turned by a few grey levels: within its bound, by the true gradient, measured as all else is."""

import math

import numpy as np
import pytest
import torch

import explorer
from benchmarks.others import lpips_model
from explorer.distortions import Recipe, Step, distorted
from explorer.errors import SettingError, SizeMismatchError
from explorer.lessons import turning
from explorer.lessons.failing import FAINT, faint_and_plain
from explorer.metrics import Method
from explorer.synthesis.bounds import Levels

SIZE = (72, 64)
UNIFORM = Method(heads="uniform")


@pytest.fixture(scope="module")
def versions(photo):
    """A reference, a version that looks like it, and one that does not."""
    reference = photo("cat", SIZE)
    plain = distorted(reference, Recipe((Step.at("gaussian_blur", 0.5),)))
    return reference, distorted(reference, Recipe((FAINT,))), plain


def levels_between(one, other):
    return np.abs(one.astype(int) - other.astype(int)).max()


@pytest.mark.parametrize("levels", [1, 4])
def test_no_frame_leaves_the_bound_and_each_has_the_score_of_its_own_8_bit_pixels(versions, levels):
    reference, faint, plain = versions
    made = list(turning.nudges(reference, faint, plain, Method(), Levels(levels), steps=6))
    assert np.array_equal(made[0].pixels, faint.pixels)
    assert [frame.step for frame in made] == list(range(len(made)))
    for frame in made:
        assert frame.pixels.dtype == np.uint8
        assert levels_between(frame.pixels, faint.pixels) <= levels
        measured = explorer.measure(reference, frame.pixels).score
        assert math.isclose(frame.score, measured, rel_tol=1e-4, abs_tol=1e-5)
    # The bound is reached where the verdict holds so long.
    assert levels == 4 or levels_between(made[-1].pixels, faint.pixels) == levels


@pytest.mark.parametrize("method", [Method(), UNIFORM], ids=lambda method: method.heads)
def test_a_visible_blur_is_overtaken_by_levels_that_nobody_sees_and_the_numbers_are_those_of_measure(
    versions, method
):
    reference, faint, _ = versions
    plain = faint_and_plain(reference, method).plain
    found = turning.turned(reference, faint, plain, method, Levels(4))
    for score, picture in ((found.before, faint), (found.after, found.picture), (found.other, plain)):
        measured = explorer.measure(reference, picture, heads=method.heads).score
        assert math.isclose(score, measured, rel_tol=1e-5, abs_tol=1e-6)
    assert found.before < found.other < found.after
    assert found.has_turned
    assert found.steps <= turning.STEPS
    assert math.isclose(found.course[-1], found.after, rel_tol=1e-4)


def test_what_does_not_turn_says_how_far_it_came(versions):
    found = turning.turned(*versions, Method(), Levels(1), steps=3)
    assert not found.has_turned
    assert found.steps == 3
    assert found.before < found.after < found.other


def test_the_first_step_goes_along_the_gradient_of_the_original_implementation(versions):
    reference, faint, plain = versions
    _, stepped, *_ = turning.nudges(reference, faint, plain, Method(), Levels(4), steps=1)
    model = lpips_model()
    x0, x = (torch.tensor(each.pixels).permute(2, 0, 1)[None] / 127.5 - 1 for each in (reference, faint))
    x.requires_grad_()
    model(x0, x).sum().backward()
    slope = x.grad[0].permute(1, 2, 0).numpy()
    moved = stepped.pixels.astype(int) - faint.pixels
    # Where the slope is next to nothing, and where a level is at its end, the sign is rounding or nothing.
    counts = (np.abs(slope) > 1e-3 * np.abs(slope).max()) & (faint.pixels > 0) & (faint.pixels < 255)
    assert counts.mean() > 0.5
    assert (moved[counts] == np.sign(slope[counts])).mean() > 0.999


def test_the_same_is_made_twice(versions):
    first, second = (turning.turned(*versions, Method(), Levels(2), steps=2) for _ in range(2))
    assert first.picture.digest == second.picture.digest
    assert first.course == second.course


def test_the_versions_the_other_way_round_are_refused(versions):
    reference, faint, plain = versions
    with pytest.raises(SettingError, match="swap the two"):
        next(turning.nudges(reference, plain, faint, Method(), Levels(2)))


@pytest.mark.parametrize("levels", [0, 17, 2.5, True, "2"])
def test_a_bound_that_is_none_is_refused(levels):
    with pytest.raises(SettingError, match="whole number from 1 to 16"):
        Levels(levels)


def test_a_metric_without_maps_and_versions_of_other_sizes_are_refused(versions, photo):
    reference, faint, plain = versions
    with pytest.raises(SettingError, match="place by place"):
        next(turning.nudges(*versions, Method("dists"), Levels(2)))
    with pytest.raises(SizeMismatchError):
        next(turning.nudges(reference, photo("cat", (64, 64)), plain, Method(), Levels(2)))
    with pytest.raises(SizeMismatchError):
        next(turning.nudges(reference, faint, photo("cat", (64, 64)), Method(), Levels(2)))
