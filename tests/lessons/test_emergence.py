"""One ladder by networks that know more and more: each number is a measurement's, each order SciPy's."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from scipy import stats

import explorer
from explorer.analysis.ladder import RUNGS, base_of, rung_picture
from explorer.backbones import BACKBONES
from explorer.errors import SettingError
from explorer.images import resize
from explorer.lessons import emergence
from explorer.lessons.emergence import Way, gather_ladder, gathered, total_of, ways_at_hand, ways_of
from explorer.lessons.filters import GREY, first_filters, first_weights, mosaic
from explorer.lessons.sides import sides_of
from explorer.metrics import Method
from explorer.samples import load_sample
from tests.lessons.learned import few

METHOD = Method()


@pytest.fixture(scope="module")
def base():
    return resize(load_sample("cat"), 96)


@pytest.fixture(scope="module")
def steps(base):
    """All that is told on the way, as (done, what came)."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(emergence.kmeans, "_state", few()[0])
        told = []
        gather_ladder(base, METHOD, lambda done, came: told.append((done, came)))
        return told


@pytest.fixture(scope="module")
def found(steps):
    return gathered(METHOD, [step for _, came in steps for step in came])


@pytest.mark.parametrize("place", [0, 23, 44])
def test_each_score_is_that_of_a_measurement_of_its_picture(base, found, place):
    shown = rung_picture(base, RUNGS[place])
    for kind, choices in {
        "random": {"weights": "random", "heads": "uniform"},
        "trained": {"heads": "uniform"},
        "learned": {"heads": "lpips-0.1"},
    }.items():
        whole = explorer.measure(base, shown, **choices)
        first = explorer.measure(base, shown, layers=["conv1", "conv2"], **choices)
        assert found.scores(kind)[place] == pytest.approx(whole.score, abs=1e-6)
        assert found.scores(kind, "first")[place] == pytest.approx(first.score, abs=1e-6)
        assert found.classic["PSNR"][place] == pytest.approx(whole.psnr)
        assert found.classic["SSIM"][place] == pytest.approx(whole.ssim)


def test_agreement_is_scipys_rank_correlation_with_similarities_turned(found):
    for part in ("all", "first"):
        told = found.agreement(part)
        assert told.names == ("PSNR", "SSIM", "random", "k-means", "trained", "learned")
        expected = stats.spearmanr(found.scores("trained", part), -found.classic["PSNR"]).statistic
        row, column = told.names.index("trained"), told.names.index("PSNR")
        assert told.correlations[row, column] == pytest.approx(expected, abs=1e-12)


@pytest.mark.grid
def test_random_features_order_more_like_psnr_than_trained_ones_and_kmeans_lies_between():
    """What the chapter lets one see, on its own picture as the page has it."""
    came = []
    gather_ladder(base_of(load_sample("cat")), METHOD, lambda _done, steps: came.extend(steps))
    told = gathered(METHOD, came).agreement()
    with_psnr = dict(zip(told.names, told.correlations[0], strict=True))
    assert with_psnr["random"] > with_psnr["k-means"] > with_psnr["trained"] > with_psnr["learned"]


def test_ranks_are_places_among_what_is_known_so_far(steps):
    early = gathered(METHOD, [step for _, came in steps[:10] for step in came])
    ranks = early.ranks("trained")
    assert np.isnan(ranks[10:]).all()
    assert sorted(ranks[:10]) == list(range(1, 11))
    assert not early.is_whole("trained")
    assert early.agreement().names == ()
    assert early.is_in_step("trained")
    assert not early.is_in_step("k-means")


def test_every_step_is_told_once_and_none_is_missing(steps):
    assert [done for done, _ in steps if done <= len(RUNGS)] == list(range(1, len(RUNGS) + 1))
    assert steps[-1][0] == total_of(ways_of(METHOD))
    assert all(earlier <= later for (earlier, _), (later, _) in pairwise(steps))


@pytest.mark.parametrize("name", [name for name, row in BACKBONES.items() if row.uniform])
def test_every_backbone_with_uniform_heads_has_random_and_trained_and_only_alexnet_kmeans(name):
    kinds = [way.kind for way in ways_of(Method(name))]
    assert kinds[0] == "random"
    assert "trained" in kinds
    assert ("k-means" in kinds) == (name == "alexnet")
    assert ("learned" in kinds) == bool(BACKBONES[name].heads)


def test_heads_that_scale_the_input_otherwise_come_in_a_pass_of_their_own(base):
    old = Method(heads="lpips-0.0")
    shown = rung_picture(base, RUNGS[5])
    found = emergence.measured(base, shown, ways_of(old))
    assert found["learned"].score == pytest.approx(
        explorer.measure(base, shown, heads="lpips-0.0").score, abs=1e-6
    )
    assert found["trained"].score == pytest.approx(
        explorer.measure(base, shown, heads="uniform").score, abs=1e-6
    )


def test_a_metric_without_maps_is_refused_in_one_sentence():
    with pytest.raises(SettingError, match="choose another backbone"):
        ways_of(Method("dists"))


def test_where_trained_weights_are_missing_random_ones_are_at_hand(monkeypatch, tmp_path):
    monkeypatch.setenv("EXPLORER_WEIGHTS", str(tmp_path))
    ways = ways_of(Method("vit_b_16", weights="random"))
    assert [way.kind for way in ways] == ["random", "trained"]
    assert [way.kind for way in ways_at_hand(ways)] == ["random"]


def test_a_ladder_of_some_ways_tells_of_these_alone(base):
    ways = (Way("random", Method(weights="random", heads="uniform"), METHOD.layers),)
    told = []
    with pytest.raises(InterruptedError):
        gather_ladder(base, METHOD, lambda _done, came: told.extend(came) or _stop(), ways)
    assert {each.name for each in told} == {"random", "PSNR", "SSIM"}
    assert total_of(ways) == len(RUNGS)


def _stop():
    raise InterruptedError


def test_the_size_and_layers_of_the_settings_do_not_change_the_ladder():
    assert ways_of(replace(METHOD, size=64, layers=("conv3",))) == ways_of(METHOD)


def test_a_mosaic_shows_each_filter_in_its_own_place_and_contrast():
    filters = np.zeros((4, 3, 2, 2), np.float32)
    filters[0, 0] = 5.0
    filters[3, 2] = -0.1
    shown = mosaic(filters)
    assert shown.shape == (2 * 12 - 4, 2 * 12 - 4, 3)
    assert tuple(shown[0, 0]) == (255, GREY, GREY)
    assert tuple(shown[-1, -1]) == (GREY, GREY, 1)
    faint = mosaic(filters, np.array([0.25, 1.0, 1.0, 1.0]))
    assert faint[0, 0, 0] == pytest.approx(GREY + 127 / 2, abs=1)


def test_filters_are_the_networks_own_and_weights_those_of_the_layer_that_they_make():
    trained = first_filters(METHOD.network)
    assert trained.shape == (64, 3, 11, 11)
    np.testing.assert_array_equal(trained, METHOD.network.module.features[0].weight.numpy())
    assert first_weights(METHOD).shape == (64,)
    assert (first_weights(METHOD) >= 0).all()


def test_people_side_as_the_paper_prints_and_as_the_votes_say():
    sides = sides_of("alexnet")
    assert {kind: round(100 * row.mean, 1) for kind, row in sides.rows.items()} == {
        "random": 64.3,
        "k-means": 66.6,
        "trained": 69.0,
        "learned": 69.7,
    }
    # The mean of the six subsets' scores, counted by others from the same file.
    assert sides.counted.score == pytest.approx(
        np.mean([0.7748, 0.8287, 0.7119, 0.6104, 0.6523, 0.6243]), abs=1e-4
    )
    assert sides.counted.people == pytest.approx(
        np.mean([0.8084, 0.8435, 0.7360, 0.6609, 0.6883, 0.6861]), abs=1e-4
    )
    assert sides.counted.trials == 36_344


def test_backbones_that_the_paper_does_not_name_have_no_row():
    assert sides_of("resnet50").rows == {}
    assert sides_of("resnet50").counted is None
    assert set(sides_of("vgg16").rows) == {"trained", "learned"}
