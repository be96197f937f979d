import math
from dataclasses import replace

import numpy as np
import pytest

from explorer.analysis.cost import estimate
from explorer.analysis.inspection import inspect, layers_end, scale_end
from explorer.analysis.viewing import viewing
from explorer.analysis.wording import percent, three_numbers
from explorer.backbones import find_backbone
from explorer.distortions import distort
from explorer.images import derive, load, resize
from explorer.metrics import Method, compare
from explorer.metrics.measuring import compare_on
from explorer.samples import load_sample

LAYERS = find_backbone("alexnet").layer_names
HEADS = ["lpips-0.1", "uniform"]


@pytest.fixture(scope="module")
def comparison(trunk):
    reference = resize(load_sample("cat"), 128)
    distorted = derive(reference, distort(reference.pixels, "jpeg", 0.6))
    return compare_on(trunk, reference, distorted, HEADS)


@pytest.mark.parametrize("heads", HEADS)
@pytest.mark.parametrize("layers", [LAYERS, LAYERS[1:3], LAYERS[:1]], ids=len)
def test_the_combined_map_holds_the_layers_in_the_sum_and_no_other(comparison, heads, layers):
    shown = inspect(comparison, heads, layers)
    assert [layer.name for layer in shown.layers] == list(LAYERS)
    assert [layer.name for layer in shown.layers if shown.is_in_sum(layer)] == list(layers)
    assert shown.combined.mean(dtype=np.float64) == pytest.approx(shown.measurement.score, rel=1e-6)


def test_a_layer_outside_the_sum_has_a_distance_and_no_share(comparison):
    shown = inspect(comparison, "lpips-0.1", ["conv2"])
    whole = inspect(comparison, "lpips-0.1", LAYERS)
    for layer, member in zip(shown.layers, whole.layers, strict=True):
        assert layer.distance == member.distance
        assert math.isnan(layer.share) == (layer.name != "conv2")


def test_the_scales_cover_all_but_the_last_half_percent_of_every_map_and_no_more(comparison):
    shown = inspect(comparison, "lpips-0.1", LAYERS)
    for layer in shown.layers:
        beyond = np.count_nonzero(layer.map > shown.shared_maximum)
        assert beyond <= np.ceil(0.005 * layer.map.size)  # of few cells the percentile leaves out one
    assert np.mean(shown.combined > shown.combined_maximum) <= 0.005
    # The combined map is their sum, and does not darken them.
    assert shown.shared_maximum == max(scale_end(layer.map) for layer in shown.layers)
    assert shown.shared_maximum < shown.combined_maximum


def test_layers_keep_their_scale_whichever_of_them_are_in_the_sum(comparison):
    whole, part = (inspect(comparison, "lpips-0.1", layers) for layers in (LAYERS, ["conv1"]))
    assert part.shared_maximum == whole.shared_maximum
    assert part.combined_maximum < whole.combined_maximum


def test_a_layer_that_is_zero_everywhere_does_not_set_the_scale_of_the_others(comparison):
    first, second, *_ = inspect(comparison, "lpips-0.1", LAYERS).layers
    zero = replace(first, map=np.zeros_like(first.map))
    assert layers_end([zero, second]) == scale_end(second.map) < 1
    assert layers_end([zero]) == layers_end([replace(first, map=None)]) == 1


def test_the_scale_of_several_maps_ends_at_the_percentile_of_all_values_together():
    low, high = np.linspace(0, 1, 1000), np.linspace(0, -3, 1000)
    together = np.abs(np.concatenate([low, high]))
    assert scale_end(low, high) == pytest.approx(np.percentile(together, 99.5))


@pytest.mark.parametrize("step", [1, 18, 500], ids=["most at the end", "where the sample looks", "few"])
def test_the_scale_of_a_large_map_ends_at_the_percentile_of_all_its_values(step):
    values = np.random.default_rng(0).random((600, 500), dtype=np.float32)
    values.flat[::step] += 7
    values[:5] = np.nan
    assert scale_end(values) == pytest.approx(np.nanpercentile(values.astype(float), 99.5), rel=1e-6)


def test_a_scale_never_ends_at_zero():
    assert scale_end() == 1
    assert scale_end(np.zeros((4, 4))) == 1
    assert scale_end(np.full((4, 4), np.nan)) == 1
    spike = np.zeros((100, 100))
    spike[0, 0] = 3
    assert scale_end(spike) == 3


def test_the_sentence_names_the_leading_layers_with_their_sum(comparison):
    shown = inspect(comparison, "lpips-0.1", LAYERS)
    first, second = sorted(shown.measurement.layers, key=lambda layer: -layer.share)[:2]
    assert shown.sentence.startswith(
        f"At 128 × 128, {first.name} and {second.name} make {first.share + second.share:.0%} of the distance"
    )


def test_the_sentence_names_one_layer_where_it_makes_more_than_half(comparison):
    shown = inspect(comparison, "lpips-0.1", ["conv1", "conv5"])
    (share,) = [layer.share for layer in shown.measurement.layers if layer.name == "conv5"]
    assert shown.sentence.startswith(f"At 128 × 128, conv5 makes {share:.0%} of the distance")


def test_the_sentence_says_of_the_least_layer_its_share_and_what_its_cells_see(comparison):
    shown = inspect(comparison, "lpips-0.1", LAYERS)
    least = min(shown.measurement.layers, key=lambda layer: layer.share)
    assert least.name == "conv1"
    assert shown.sentence.endswith(
        f"; conv1, whose cells see 11 × 11 pixels, makes the least, {percent(least.share)}."
    )


def test_the_sentence_of_a_single_layer_says_so(comparison):
    assert "the only layer" in inspect(comparison, "lpips-0.1", ["conv3"]).sentence


def test_identical_images_are_called_identical_and_nothing_is_nan_but_the_shares(trunk):
    picture = resize(load_sample("cat"), 64)
    shown = inspect(compare_on(trunk, picture, picture, HEADS), "lpips-0.1", LAYERS)
    assert "identical" in shown.sentence
    assert shown.measurement.score < 1e-9
    assert np.isfinite(shown.combined).all()
    assert shown.shared_maximum > 0


def test_all_black_pairs_are_identical(trunk):
    black = load(np.zeros((40, 50, 3), np.uint8))
    shown = inspect(compare_on(trunk, black, black, HEADS), "uniform", LAYERS)
    assert shown.measurement.score < 1e-9
    assert math.isinf(shown.measurement.psnr)
    assert shown.measurement.ssim == pytest.approx(1)


def test_what_fits_a_screen_is_viewed_as_measured(comparison):
    shown = viewing(inspect(comparison, "lpips-0.1", LAYERS))
    assert not shown.is_reduced
    assert shown.reference is comparison.reference
    assert shown.squared_error is None


def test_what_does_not_is_reduced_with_its_mean_kept(comparison):
    shown = viewing(inspect(comparison, "lpips-0.1", LAYERS), largest_side=64)
    assert shown.is_reduced
    assert shown.reference.size == shown.distorted.size == (64, 64)
    assert shown.squared_error.shape == shown.dissimilarity.shape == (64, 64)
    assert shown.squared_error.mean() == pytest.approx(comparison.squared_error.mean(), rel=1e-5)
    assert np.isfinite(shown.dissimilarity[8:-8, 8:-8]).all()


def test_an_estimate_grows_with_the_pixels(trunk):
    small = estimate(trunk.graph, (1000, 500), (500, 500), 0.1)
    large = estimate(trunk.graph, (4000, 2000), (500, 500), 0.1)
    assert small.seconds == pytest.approx(0.2)
    assert large.seconds == pytest.approx(3.2)
    assert 14 * small.bytes < large.bytes < 18 * small.bytes
    assert str(large) == f"about 3 s and {large.bytes / 1e9:.1f} GB"


def test_a_sentence_and_the_numbers_say_their_size_where_it_is_not_as_given(pair):
    for size in (None, 128):
        comparison = compare(pair.reference, pair.distorted, Method(size=size, device="cpu"))
        shown = inspect(comparison, "lpips-0.1", comparison.layers)
        hints = [hint for _, _, hint in three_numbers(shown.measurement, "LPIPS")]
        words = [shown.sentence.casefold(), *hints]
        place = "at {} × {}".format(*shown.measurement.size)
        assert [place in text for text in words] == [size is not None] * len(words)
        assert shown.measurement.is_as_given == (size is None)
