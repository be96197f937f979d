"""Where two metrics disagree most: found by ranks, both sure, nothing shown twice."""

import json
import math
from itertools import permutations

import numpy as np
import pytest

from explorer.analysis.disagreement import check_rulers, disagreements
from explorer.analysis.rulers import PSNR, SSIM, values
from explorer.analysis.version_grid import (
    GridRow,
    GridVersion,
    check_severities,
    grid_task,
    measured,
    named_distortions,
)
from explorer.distortions import CATALOGUE, Recipe, Step, distorted
from explorer.errors import ImageError, SettingError
from explorer.jobs import Pool
from explorer.metrics import Method
from explorer.metrics.scores import scores
from tests.grid import EVERY_PHOTOGRAPH

METHOD = Method(device="cpu")
BOTH = PSNR, METHOD
NAMES = ("contrast", "gaussian_blur", "jpeg", "shift")


@pytest.fixture(scope="module")
def reference(photo):
    return photo("cat", (64, 64))


def rows_of(told, names=NAMES):
    """A grid with these values: name -> (PSNR, distance) at each severity."""
    rows = []
    for name, (own, pairs) in zip(names, told.items(), strict=False):
        versions = tuple(
            GridVersion(Step.at(name, (place + 1) / len(pairs)), f"{own}{place}", pair)
            for place, pair in enumerate(pairs)
        )
        rows.append(GridRow(name, versions))
    return rows


def preferred(found):
    return [(card.first.digest, card.second.digest) for card in found.cards]


def test_a_pair_is_told_with_the_version_that_each_metric_finds_closer(reference):
    found = disagreements(reference, BOTH, rows_of({"a": [(30.0, 0.9)], "b": [(20.0, 0.1)]}))
    (card,) = found.cards
    assert (card.first.digest, card.second.digest) == ("a0", "b0")
    assert card.clarity == 1
    assert card.shown == (("30.00 dB", "20.00 dB"), ("0.9000", "0.1000"))
    assert card.agreeing(card.first) == 0
    assert card.agreeing(card.second) == 1
    assert (found.ordered, found.reversed) == (1, 1)


def test_the_clearer_a_pair_is_to_the_less_sure_metric_the_earlier_it_comes(reference):
    # By PSNR a > b > c > d. By distance d is closest, then b, c, a: a and d are three ranks apart by both.
    told = {"a": [(40.0, 0.9)], "b": [(30.0, 0.2)], "c": [(20.0, 0.3)], "d": [(10.0, 0.1)]}
    found = disagreements(reference, BOTH, rows_of(told))
    assert preferred(found)[0] == ("a0", "d0")
    assert found.cards[0].leads == (1, 1)
    every = disagreements(reference, BOTH, rows_of(told)).cards
    assert [card.clarity for card in every] == sorted((card.clarity for card in every), reverse=True)


def test_neither_a_unit_nor_a_stretch_of_a_metric_changes_what_is_found(reference):
    draw = np.random.default_rng(3)
    told = {own: [tuple(draw.uniform(0.1, 1, 2).tolist()) for _ in range(3)] for own in "abcd"}
    stretched = {
        own: [(math.exp(9 * one), 1000 * other**3) for one, other in pairs] for own, pairs in told.items()
    }
    first, second = (disagreements(reference, BOTH, rows_of(each)) for each in (told, stretched))
    assert preferred(first) == preferred(second) != []
    assert [card.leads for card in first.cards] == [card.leads for card in second.cards]


def test_ties_are_no_disagreement_and_an_infinite_value_is_the_first_rank(reference):
    tied = {"a": [(30.0, 0.9)], "b": [(30.0, 0.1)], "c": [(20.0, 0.5)]}
    found = disagreements(reference, BOTH, rows_of(tied))
    assert ("a0", "b0") not in preferred(found)
    assert found.ordered == 2
    endless = {"a": [(math.inf, 0.0)], "b": [(40.0, 0.2)], "c": [(20.0, 0.1)]}
    found = disagreements(reference, BOTH, rows_of(endless))
    assert preferred(found) == [("b0", "c0")]
    assert json.loads(json.dumps(found.to_dict(), allow_nan=False))
    version = found.versions[0].to_dict()
    assert version["values"] == [None, 0.0]


def test_no_version_and_no_two_distortions_are_shown_twice(reference):
    draw = np.random.default_rng(1)
    told = {own: [tuple(draw.uniform(0, 1, 2).tolist()) for _ in range(6)] for own in "abcd"}
    found = disagreements(reference, BOTH, rows_of(told))
    shown = [version for card in found.cards for version in (card.first, card.second)]
    assert len({version.digest for version in shown}) == len(shown)
    kinds = [frozenset((card.first.name, card.second.name)) for card in found.cards]
    assert len(set(kinds)) == len(kinds) > 3


def test_equal_pixels_are_one_version(reference):
    twin = (
        GridVersion(Step.at("jpeg", 0.5), "same", (25.0, 0.3)),
        GridVersion(Step.at("jpeg", 1), "same", (25.0, 0.3)),
    )
    other = GridVersion(Step.at("shift", 0.5), "other", (20.0, 0.1))
    found = disagreements(reference, BOTH, [GridRow("jpeg", twin), GridRow("shift", (other,))])
    assert [version.digest for version in found.versions] == ["same", "other"]
    assert len(found.cards) == 1


def test_metrics_that_agree_have_no_card_and_it_is_said(reference):
    found = disagreements(reference, BOTH, rows_of({"a": [(30.0, 0.1)], "b": [(20.0, 0.4)]}))
    assert found.cards == ()
    assert found.sentence.endswith("order all pairs of 2 versions of Cat alike.")
    tied = disagreements(reference, BOTH, rows_of({"a": [(30.0, 0.9)], "b": [(30.0, 0.1)]}))
    assert tied.sentence == f"No two of 2 versions of Cat are ordered by both PSNR and {METHOD.label}."
    alone = disagreements(reference, BOTH, rows_of({"a": [(30.0, 0.9)]}))
    assert alone.sentence == "There are no two versions of Cat that could be ordered."
    nothing = disagreements(reference, BOTH, [])
    assert (nothing.cards, nothing.versions) == ((), ())


def test_what_is_not_clear_is_not_offered_before_the_grid_is_whole(reference):
    told = {"a": [(9.0 - i, 0.1 * i) for i in range(8)], "b": [(8.5, 0.15)]}
    found = disagreements(reference, BOTH, rows_of(told))
    assert found.cards
    assert not found.clear


def test_sides_are_drawn_by_the_seed_and_tell_nothing(reference):
    draw = np.random.default_rng(2)
    told = {own: [tuple(draw.uniform(0, 1, 2).tolist()) for _ in range(6)] for own in "abcd"}
    cards = disagreements(reference, BOTH, rows_of(told)).cards
    lefts = [card.sides(seed)[0] is card.first for card in cards for seed in range(60)]
    assert 0.4 < np.mean(lefts) < 0.6
    for card, seed in zip(cards, range(9), strict=False):
        assert card.sides(seed) == card.sides(seed)
        assert set(card.sides(seed)) == {card.first, card.second}
        for ruler, verdict in enumerate(card.verdicts(BOTH, seed)):
            chosen = card.sides(seed)["AB".index(verdict.prefers)]
            assert chosen is (card.first, card.second)[ruler]
            left = card.shown[ruler][0 if card.sides(seed)[0] is card.first else 1]
            assert verdict.values[0] == left


def test_a_key_tells_pairs_apart_whichever_metric_comes_first(reference):
    (card,) = disagreements(reference, BOTH, rows_of({"a": [(30.0, 0.9)], "b": [(20.0, 0.1)]})).cards
    turned = rows_of({"a": [(0.9, 30.0)], "b": [(0.1, 20.0)]})
    (same,) = disagreements(reference, BOTH[::-1], turned).cards
    assert card.key == same.key
    assert (same.first.digest, card.first.digest) == ("b0", "a0")


@EVERY_PHOTOGRAPH
def test_on_photographs_every_card_is_a_true_disagreement_and_none_is_clearer(photo, sample, size):
    reference = photo(sample, size)
    rows = list(measured(reference, BOTH, NAMES, (0.3, 1.0)))
    found = disagreements(reference, BOTH, rows)
    versions = [version for row in rows for version in row.versions]
    pictures = [version.picture(reference) for version in versions]
    own = [values(ruler, reference, pictures) for ruler in BOTH]
    for one, other, version in zip(*own, versions, strict=True):
        assert version.values == (one, pytest.approx(other, abs=1e-6))
    for card in found.cards:
        assert card.first.values[0] > card.second.values[0]  # PSNR: higher is closer
        assert card.first.values[1] > card.second.values[1]  # a distance: lower is closer
    ranks = np.argsort(np.argsort([[-v.values[0], v.values[1]] for v in found.versions], axis=0), axis=0)
    best = max(
        min(ranks[j][0] - ranks[i][0], ranks[i][1] - ranks[j][1])
        for i, j in permutations(range(len(ranks)), 2)
    )
    assert best > 0
    assert found.cards[0].clarity == pytest.approx(best / (len(ranks) - 1))


def test_versions_have_the_values_that_they_have_alone(reference):
    (row,) = measured(reference, (SSIM, METHOD), ("gaussian_noise",), (0.5, 1.0), seed=4)
    for version, severity in zip(row.versions, (0.5, 1.0), strict=True):
        picture = distorted(reference, Recipe.at("gaussian_noise", severity, 4))
        assert version.digest == picture.digest
        assert version.values[1] == pytest.approx(scores(METHOD, reference, [picture])[0], abs=1e-6)
        assert Recipe.from_link(version.link).apply(reference.pixels).tobytes() == picture.pixels.tobytes()


def test_a_distortion_that_cannot_be_made_is_left_out_and_said(reference):
    def make(picture, recipe):
        if recipe.steps[0].name == "jpeg":
            raise SettingError("It needs a package.")
        return distorted(picture, recipe)

    rows = list(measured(reference, (PSNR, SSIM), ("contrast", "jpeg"), (1.0,), make=make))
    found = disagreements(reference, (PSNR, SSIM), rows)
    assert len(found.versions) == 1
    assert found.left_out == ("JPEG is left out: It needs a package.",)


def test_a_cancelled_grid_keeps_what_is_finished(reference):
    kept = []

    def stop_after_two(row):
        kept.append(row.name)
        if len(kept) == 2:
            job.cancel()

    pool = Pool({"compute": 1}, 10**10)
    task = grid_task(reference, (PSNR, SSIM), NAMES, (0.5, 1.0), keep=stop_after_two)
    assert task.total == len(NAMES)
    assert task.size > reference.pixels.nbytes * 2
    # The work waits for the name under which it cancels itself.
    job = None
    ready = task.work

    def work(own):
        nonlocal job
        job = own
        ready(own)

    started = pool.start(type(task)(task.label, work, size=task.size, total=task.total))
    assert started.wait(60)
    assert started.state == "cancelled"
    assert [row.name for row in started.results] == list(NAMES[:2])
    assert len(disagreements(reference, (PSNR, SSIM), started.results).versions) == 4


def test_a_picture_too_small_is_refused(photo):
    with pytest.raises(ImageError, match="11 × 11"):
        list(measured(photo("cat", (40, 8)), (PSNR, SSIM), ("contrast",)))


@pytest.mark.parametrize("rulers", [(PSNR, PSNR), (PSNR,), ()])
def test_two_different_metrics_are_needed(reference, rulers):
    with pytest.raises(SettingError, match="name two"):
        check_rulers(rulers)


@pytest.mark.parametrize(
    "severities", [(), (0.0,), (0.5, 1.5), ("much",), (math.nan,), [i / 30 for i in range(1, 30)]]
)
def test_severities_that_make_no_grid_are_refused(severities):
    with pytest.raises(SettingError):
        check_severities(severities)


def test_names_are_a_list_or_all():
    assert named_distortions("all") == tuple(CATALOGUE)
    assert named_distortions(["jpeg", "shift", "jpeg"]) == ("jpeg", "shift")
    for wrong in ("jpeg", [], ["fog"]):
        with pytest.raises(SettingError):
            named_distortions(wrong)
