"""Intervals hold the truth as often as they say, and quick ways of drawing give what plain ones do."""

import numpy as np
import pytest
from scipy import stats

from explorer.judgments.intervals import codes_of, draws_of, draws_of_means, expanded, interval, mean_of
from explorer.judgments.scores import agreement, jnd_precision, self_agreement
from explorer.judgments.weighted import (
    kendall_statistic,
    pearson_statistic,
    precision_statistic,
    spearman_statistic,
)
from tests.grid import few


def votes(rng, references, each=1, people=5):
    """Two metrics' agreements, and the ceiling's terms, of references with several trials each; groups."""
    groups = np.repeat(np.arange(references), each)
    nearer = rng.beta(0.6, 0.6, references)[groups] + rng.normal(size=len(groups)) * 0.1 * (each > 1)
    judge = rng.binomial(people, np.clip(nearer, 0, 1)) / people
    says = nearer + rng.normal(size=(2, len(groups))) * [[0.3], [0.6]]
    return np.stack([*(agreement(each, 1 - each, judge) for each in says), self_agreement(judge)]), groups


@pytest.mark.parametrize(
    ("references", "each", "sets"),
    few([(40, 1, 800), (15, 4, 3000), (25, 1, 3000), (25, 20, 1500), (300, 1, 3000)], tuples=True),
)
def test_they_hold_the_truth_in_95_of_100_simulated_sets(references, each, sets):
    rng = np.random.default_rng(5)
    truth = votes(rng, 400_000 // each, each)[0].mean(axis=1)
    truth = [*truth, truth[0] - truth[1]]
    held = np.zeros(4)
    for seed in range(sets):
        drawn = draws_of_means(*votes(rng, references, each), 500, seed)
        found = [*map(drawn.interval, range(3)), drawn.compare(0, 1).difference]
        held += [each.low <= value <= each.high for each, value in zip(found, truth, strict=True)]
    share = held / sets
    # Two metrics that mostly agree differ in few of 25 trials: there a difference is held in 92 of 100.
    assert (
        (share >= [0.93, 0.93, 0.93, 0.93 if references >= 40 or each > 1 else 0.91]) & (share <= 0.97)
    ).all()


@pytest.mark.grid
@pytest.mark.parametrize(("references", "each"), [(25, 8), (60, 4), (81, 5)])
def test_those_of_correlations_hold_the_truth_too(references, each):
    def opinions(count):
        """Distances as a row, opinion scores, groups."""
        distance = rng.random(count * each)
        noise = rng.normal(size=count * each) * 0.2 + np.repeat(rng.normal(size=count) * 0.1, each)
        return distance[None], distance + noise, np.repeat(np.arange(count), each)

    rng, sets = np.random.default_rng(1), 1500
    first, second, _ = opinions(100_000)
    truth = [stats.spearmanr(first[0], second).statistic, stats.pearsonr(first[0], second).statistic]
    held = np.zeros(2)
    for seed in range(sets):
        drawn = draws_of(
            [make(*opinions(references)) for make in (spearman_statistic, pearson_statistic)],
            references,
            500,
            seed,
        )
        found = [drawn.interval(0), drawn.interval(1)]
        held += [each.low <= value <= each.high for each, value in zip(found, truth, strict=True)]
    assert ((held / sets >= 0.93) & (held / sets <= 0.97)).all(), held / sets


def test_alike_groups_drawn_by_kind_have_the_spread_of_groups_drawn_one_by_one():
    values, groups = votes(np.random.default_rng(0), 3000)
    by_kind = draws_of_means(values, groups, 4000)
    shaken = values + np.random.default_rng(1).normal(size=values.shape) * 1e-9  # no two are alike
    one_by_one = draws_of_means(shaken, groups, 4000)
    np.testing.assert_allclose(by_kind.resampled.std(axis=1), one_by_one.resampled.std(axis=1), rtol=0.05)
    np.testing.assert_allclose(by_kind.value, values.mean(axis=1), atol=1e-12)
    for place in range(3):
        ours = by_kind.interval(place)
        theirs = stats.bootstrap((values[place],), np.mean, n_resamples=4000, method="percentile", rng=2)
        ends = theirs.confidence_interval
        width = ends.high - ends.low
        assert ours.low == pytest.approx(ends.low, abs=0.06 * width)
        assert ours.high == pytest.approx(ends.high, abs=0.06 * width)


def test_trials_of_one_reference_are_drawn_together():
    values = np.repeat([0.0, 1.0], 50)[None]
    apart = draws_of_means(values, np.arange(100)).interval(0)
    together = draws_of_means(values, np.repeat(np.arange(10), 10)).interval(0)
    assert together.high - together.low > 2.5 * (apart.high - apart.low)
    assert (apart.groups, together.groups) == (100, 10)


def test_the_same_seed_draws_the_same():
    values, groups = votes(np.random.default_rng(0), 50)
    one, same, other = (draws_of_means(values, groups, 100, seed).interval(0) for seed in (1, 1, 2))
    assert one == same
    assert one != other


def test_a_metric_is_no_better_than_itself():
    values, groups = votes(np.random.default_rng(0), 50)
    found = draws_of_means(values[[0, 0]], groups).compare(0, 1)
    assert found.share == 0.5
    assert (found.difference.value, found.difference.low, found.difference.high) == (0, 0, 0)


def test_a_clearly_better_metric_is_so_in_all_resamples():
    values, groups = votes(np.random.default_rng(0), 2000)
    found = draws_of_means(values, groups).compare(0, 1)
    assert found.difference.low > 0
    assert found.share == 1
    other = draws_of_means(values, groups).compare(1, 0)
    assert other.share == 0
    assert other.difference.high == pytest.approx(-found.difference.low)


def test_one_reference_has_no_interval_and_neither_has_a_mean_with_it():
    one = draws_of_means(np.array([[0.2, 0.4]]), np.zeros(2, int))
    assert one.value[0] == pytest.approx(0.3)
    assert np.isnan([one.interval(0).low, one.interval(0).high]).all()
    many = draws_of_means(np.array([[0.2, 0.4]]), np.arange(2))
    mean = mean_of([one, many])
    assert mean.interval(0).value == pytest.approx(0.3)
    assert np.isnan(mean.interval(0).low)


def drawn_rows(codes, counts):
    """The rows of a resample, written out."""
    return np.concatenate([np.repeat(np.flatnonzero(codes == code), n) for code, n in enumerate(counts)])


@pytest.mark.parametrize("digits", [16, 1])
@pytest.mark.parametrize(
    ("make", "plain"),
    [
        (spearman_statistic, lambda x, y: stats.spearmanr(x, y).statistic),
        (kendall_statistic, lambda x, y: stats.kendalltau(x, y).statistic),
        (pearson_statistic, lambda x, y: stats.pearsonr(x, y).statistic),
        (precision_statistic, lambda x, y: jnd_precision(x, y).score),
    ],
)
def test_a_score_by_weights_is_that_of_the_resample_written_out(make, plain, digits):
    rng = np.random.default_rng(3)
    codes = rng.permutation(np.repeat(np.arange(8), 5))
    first, second = rng.random((2, 40)).round(digits)
    counts = np.vstack([np.ones(8), rng.multinomial(8, np.ones(8) / 8, 20)])
    found = make(np.stack([first, second]), second, codes)(counts.astype(float))
    for got, each in zip(found.T, counts.astype(int), strict=True):
        rows = drawn_rows(codes, each)
        assert got[0] == pytest.approx(plain(first[rows], second[rows]), abs=1e-12)
        assert got[1] == pytest.approx(plain(second[rows], second[rows]), abs=1e-12)


def test_a_constant_or_infinite_side_has_no_correlation_and_no_interval():
    rng = np.random.default_rng(3)
    x, codes = rng.random(10), np.arange(10)
    for make in (spearman_statistic, kendall_statistic, pearson_statistic):
        found = interval(make(np.ones((1, 10)), x, codes), 10, 50)
        assert np.isnan([found.value, found.low, found.high]).all()
    infinite = np.append(x[1:], -np.inf)
    assert np.isnan(interval(pearson_statistic(infinite[None], x, codes), 10, 50).value)
    assert np.isfinite(interval(spearman_statistic(infinite[None], x, codes), 10, 50).low)


def test_the_fewer_groups_the_wider_is_an_interval():
    assert expanded(2) < expanded(5) < expanded(50) < 0.025
    assert expanded(100_000) == pytest.approx(0.025, abs=1e-5)


def test_labels_of_any_text_are_counted():
    codes, count = codes_of(np.array(["b", "a", "b"], object))
    assert (codes.tolist(), count) == ([0, 1, 0], 2)
