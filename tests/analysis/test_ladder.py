import itertools
import runpy
from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from explorer.analysis import ladder
from explorer.analysis.ladder import RUNGS, climb, percentile, rung_picture, standings
from explorer.analysis.rulers import PSNR, SSIM
from explorer.cache import ByteBudgetCache
from explorer.distortions import CATALOGUE, distort
from explorer.images import derive, load
from explorer.jobs import Pool
from explorer.metrics import Method, measure

METHOD = Method("alexnet", "lpips-0.1", device="cpu")
RULERS = (METHOD, PSNR, SSIM)


@pytest.fixture(scope="module")
def climbed(photo):
    """A small pair, the scores of its ladder, and the progress that was said."""
    base = photo("cat", (48, 48))
    distorted = derive(base, distort(base.pixels, "jpeg", 0.6))
    scores = ByteBudgetCache(10**7)
    said = list(climb(base, distorted, RULERS, scores))
    return base, distorted, scores, said


def test_the_ladder_is_fixed():
    assert len(RUNGS) == 45 == len(set(RUNGS))
    assert {rung.distortion for rung in RUNGS} <= set(CATALOGUE)


def test_a_distortion_that_comes_new_changes_no_rung(monkeypatch):
    fog = replace(CATALOGUE["contrast"], name="fog", label="Fog")
    monkeypatch.setitem(CATALOGUE, "fog", fog)
    rungs = runpy.run_path(ladder.__file__)["RUNGS"]  # as of a start with the new catalogue
    assert [(rung.distortion, rung.severity) for rung in rungs] == [
        (rung.distortion, rung.severity) for rung in RUNGS
    ]


@pytest.mark.parametrize(
    ("index", "digest"),
    [
        (2, "68160cda41b8adad2b072cfaa811d258"),  # Gaussian noise at 0.5
        (24, "36ea053787232aaf43973497c1119b61"),  # Contrast at 0.9
        (26, "54c343d9e76755233d51b91357c4583d"),  # Saturation at 0.3
        (33, "95e147832f73bc20db21364068ccf597"),  # Shift at 0.7
    ],
)
def test_the_rungs_are_the_pixels_that_they_have_always_been(index, digest):
    # Of computed pixels, since photographs are decoded and scaled by libraries that may change. So are JPEG
    # and blurs, which therefore are not among these.
    base = load(np.random.default_rng(3).integers(0, 256, (48, 64, 3), dtype=np.uint8))
    assert rung_picture(base, RUNGS[index]).digest == digest


def test_a_rung_is_always_the_same_pixels(photo):
    base = photo("cat", (48, 48))
    for rung in RUNGS[::7]:
        assert rung_picture(base, rung).digest == rung_picture(base, rung).digest


def test_a_large_reference_is_brought_to_the_ladders_size(photo):
    assert max(ladder.base_of(photo("coffee", (600, 400))).size) == ladder.LONGEST_SIDE
    small = photo("coffee", (60, 40))
    assert ladder.base_of(small) is small


def test_scores_are_those_of_a_measurement_and_lower_is_closer(climbed):
    base, distorted, scores, _ = climbed
    found = standings(base, distorted, RULERS, scores)
    expected = measure(base, distorted)
    assert found[METHOD].score == pytest.approx(expected.score, rel=1e-6)
    assert found[PSNR].score == pytest.approx(-expected.psnr)
    assert found[SSIM].score == pytest.approx(-expected.ssim)
    rung = rung_picture(base, RUNGS[3])
    assert found[METHOD].scores[3] == pytest.approx(measure(base, rung).score, rel=1e-6)


def test_percentiles_are_those_of_scipy(climbed):
    base, distorted, scores, _ = climbed
    for standing in standings(base, distorted, RULERS, scores).values():
        expected = stats.percentileofscore(standing.scores, standing.score, kind="mean")
        assert standing.percentile == pytest.approx(expected)


def test_a_pair_below_all_rungs_stands_at_0_and_above_all_at_100():
    assert percentile(np.arange(1.0, 46), 0) == 0
    assert percentile(np.arange(1.0, 46), 99) == 100


def test_nothing_is_measured_twice_and_what_is_missing_is_known_to_be(climbed):
    base, distorted, scores, said = climbed
    assert said
    assert list(climb(base, distorted, RULERS, scores)) == []
    assert standings(base, distorted, RULERS, ByteBudgetCache(10**7)) == {}
    # Heads that share a pass come with it.
    assert list(climb(base, distorted, (Method("alexnet", "uniform", device="cpu"),), scores)) == []


def test_a_climb_that_was_ended_goes_on_where_it_was(climbed):
    base, distorted, _, said = climbed
    scores = ByteBudgetCache(10**7)
    first = climb(base, distorted, (METHOD,), scores)
    for _ in range(5):
        next(first)
    first.close()
    rest = list(climb(base, distorted, (METHOD,), scores))
    assert len(rest) == len(RUNGS) + 1 - 5
    assert len(said) > len(rest)


def test_a_ladder_in_the_background_tells_each_ruler_that_is_complete_and_ends_with_all(climbed):
    base, distorted, known, _ = climbed
    scores = ByteBudgetCache(10**7)
    task = ladder.ladder_task(base, distorted, RULERS, scores)
    pool = Pool({"compute": 1}, budget=task.size)
    job = pool.start(task)
    assert job.wait(120)
    assert (job.state, job.done) == ("done", len(RULERS) * (len(RUNGS) + 1))
    assert set(job.results) == set(RULERS)
    expected = standings(base, distorted, RULERS, known)
    for ruler, standing in standings(base, distorted, RULERS, scores).items():
        assert standing.score == expected[ruler].score


def test_a_ladder_that_nobody_wants_any_more_keeps_the_scores_that_it_has(climbed):
    base, distorted, _, _ = climbed
    scores = ByteBudgetCache(10**7)
    answers = itertools.chain([True] * 4, itertools.repeat(False))
    pool = Pool({"compute": 1}, budget=10**9)
    job = pool.start(ladder.ladder_task(base, distorted, (METHOD,), scores), lambda: next(answers))
    assert job.wait(60)
    assert (job.state, job.done) == ("cancelled", 4)
    assert ladder.ladder_task(base, distorted, (METHOD,), scores).total == len(RUNGS) + 1 - 4


def test_pairs_of_one_reference_share_its_ladder(climbed):
    base, distorted, _, _ = climbed
    keys = {ladder.ladder_task(base, pair, RULERS, ByteBudgetCache(1)).key for pair in (base, distorted)}
    assert len(keys) == 1
