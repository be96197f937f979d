"""How sure: the changes are what they say, and a verdict survives those that leave the closer one closer."""

import json

import numpy as np
import pytest

import explorer
from explorer.analysis.rulers import PSNR
from explorer.analysis.stability import (
    CHANGES,
    Changed,
    Stability,
    decided,
    stability,
    stability_task,
    verdict,
    verdict_task,
)
from explorer.distortions import distort
from explorer.errors import ImageError
from explorer.images import derive
from explorer.jobs import Pool
from explorer.metrics import Method

METHOD = Method(device="cpu")
BY_NAME = {change.name: change.apply for change in CHANGES}


@pytest.fixture(scope="module")
def blurred(photo):
    base = photo("cat", (96, 80))
    return base, derive(base, distort(base.pixels, "gaussian_blur", 0.4))


def made(score, *scores):
    """A stability of such scores under changes called a, b, c ..."""
    changed = tuple(
        Changed(name, f"changed by {name}", each) for name, each in zip("abcdef", scores, strict=False)
    )
    return Stability("LPIPS", (9, 9), score, changed)


def test_no_border_enters_where_both_are_moved(photo):
    pixels = photo("cat", (64, 48)).pixels
    assert np.array_equal(BY_NAME["cropped"](pixels, 0), pixels[:-3, :-3])
    assert np.array_equal(BY_NAME["left_2"](pixels, 0), pixels[:-3, 2:-1])
    assert np.array_equal(BY_NAME["up_3"](pixels, 0), pixels[3:, :-3])
    assert np.array_equal(BY_NAME["mirrored"](pixels, 0)[:, ::-1], pixels)


def test_the_dither_moves_a_third_of_the_values_by_a_level_and_is_each_pictures_own():
    grey = np.full((128, 128, 3), 100, np.uint8)
    one, other = (BY_NAME["dithered"](grey, place).astype(int) - 100 for place in (0, 1))
    assert np.mean(np.abs(one) == 1) == pytest.approx(0.317, abs=0.01)
    assert np.abs(one).max() <= 3
    assert not np.array_equal(one, other)
    assert np.array_equal(one, BY_NAME["dithered"](grey, 0).astype(int) - 100)


def test_the_scores_are_those_of_the_changed_pairs_measured_by_themselves(blurred):
    base, other = blurred
    found = stability(base, other, METHOD)
    assert found.score == explorer.measure(base, other, device="cpu").score
    assert [each.name for each in found.changed] == [change.name for change in CHANGES]
    for each in found.changed:
        pair = [BY_NAME[each.name](picture.pixels, place) for place, picture in enumerate((base, other))]
        measured = explorer.measure(*map(np.ascontiguousarray, pair), device="cpu").score
        assert each.score == pytest.approx(measured, rel=1e-6)
    scores = [each.score for each in found.changed]
    assert (found.low, found.high) == (min(scores), max(scores))
    assert found.low < found.mean < found.high
    assert found.spread == pytest.approx((found.high - found.low) / found.score)
    assert f"{found.low:.4f} to {found.high:.4f}" in found.sentence
    assert found.farthest.label in found.sentence


def test_identical_pictures_move_by_the_dither_alone_and_are_plain_json(photo):
    base = photo("cat", (64, 64))
    found = stability(base, base, METHOD)
    assert [each.name for each in found.changed if each.score] == ["dithered"]
    assert found.spread is None
    plain = json.loads(json.dumps(found.to_dict(), allow_nan=False))
    assert (plain["score"], plain["spread"], len(plain["changes"])) == (0, None, len(CHANGES))
    assert json.dumps(stability(base, base, PSNR).to_dict(), allow_nan=False)


def test_a_change_that_leaves_too_small_a_picture_is_left_out_and_named(photo):
    base = photo("cat", (31, 40))  # AlexNet's smallest side
    other = derive(base, distort(base.pixels, "jpeg", 0.6))
    found = stability(base, other, METHOD)
    assert {each.name for each in found.changed} == {"mirrored", "dithered", "smaller", "larger"}
    assert "moved left by 1 px" in found.left_out
    tiny = photo("cat", (20, 20))
    with pytest.raises(ImageError, match="at least 31"):
        stability(tiny, tiny, METHOD)


def test_a_clear_verdict_survives_all_changes_by_every_kind_of_metric(blurred):
    base, far = blurred
    near = derive(base, distort(base.pixels, "gaussian_noise", 0.1))
    for ruler in (METHOD, PSNR):
        found = verdict([(base, far), (base, near)], ["far", "near"], ruler)
        assert found.names == ("near", "far")
        assert (found.survived, found.turned) == (len(CHANGES), ())
        assert f"near is closer than far, and stays so under all {len(CHANGES)}" in found.sentence


def test_the_changes_that_turn_a_verdict_are_named_and_a_tie_turns_it_as_well():
    found = decided(["A", "B"], [made(0.30, 0.31, 0.29, 0.32), made(0.31, 0.32, 0.28, 0.32)])
    assert found.names == ("A", "B")
    assert [each.name for each in found.turned] == ["b", "c"]
    assert found.survived == 1
    assert found.sentence == (
        "By LPIPS A is closer than B, and stays so under 1 of 3 changes that nobody sees; no more where all "
        "are changed by b or changed by c."
    )
    assert found.to_dict()["turned"] == ["b", "c"]


def test_of_a_similarity_the_larger_value_is_closer():
    found = decided(["A", "B"], [made(20.0, 21.0), made(30.0, 20.0)], higher_is_closer=True)
    assert (found.names, found.survived) == (("B", "A"), 0)


def test_two_that_are_equally_far_have_no_verdict():
    found = decided(["A", "B"], [made(0.3, 0.3), made(0.3, 0.2)])
    assert (found.is_tie, found.turned, found.to_dict()["survived"]) == (True, (), None)
    assert "equally far" in found.sentence


def test_only_changes_that_both_candidates_have_decide():
    found = decided(["A", "B"], [made(0.3, 0.3, 0.9), made(0.4, 0.4)])
    assert (found.survived, len(found.stabilities[0].changed)) == (1, 1)


def test_in_the_background_both_are_the_same_and_tell_how_far_they_are(blurred):
    base, other = blurred
    pool = Pool({"compute": 1}, 10**12)
    job = pool.start(stability_task(base, other, METHOD))
    assert job.wait(120)
    assert (job.state, job.done, job.total) == ("done", 12, 12)
    assert job.results == (stability(base, other, METHOD),)
    pairs = [(base, other), (base, base)]
    job = pool.start(verdict_task(lambda: pairs, ["A", "B"], METHOD, base.size))
    assert job.wait(120)
    assert (job.done, job.total) == (24, 24)
    assert job.results == (verdict(pairs, ["A", "B"], METHOD),)


def test_the_public_functions_ask_at_the_measured_size(blurred):
    base, other = blurred
    found = explorer.stability(base, other, size=64, device="cpu")
    assert (found.size, found.score) == ((64, 53), explorer.measure(base, other, size=64, device="cpu").score)
    found = explorer.verdict(base, other, base, size=64, device="cpu")
    assert found.names == ("Cat (2)", "Cat")
    assert found.stabilities[0].score == 0
