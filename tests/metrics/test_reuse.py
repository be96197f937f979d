"""Whatever is cached, batched, streamed or left out, the numbers stay the same."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from explorer.backbones import find_backbone, network
from explorer.backbones.heads import head_weights
from explorer.backbones.passes import bands
from explorer.backbones.row import IMAGENET_SCALING
from explorer.distortions import distort
from explorer.errors import ImageError
from explorer.images import derive
from explorer.metrics import perceptual
from explorer.metrics.measuring import compare_on
from explorer.metrics.perceptual import feature_bytes, input_batch, layer_maps

LAYERS = find_backbone("alexnet").layer_names


def score(maps):
    return sum(float(map_.mean(dtype=np.float64)) for map_ in maps.values())


def assert_equal_bits(first, second):
    assert first.keys() == second.keys()
    for name, map_ in first.items():
        np.testing.assert_array_equal(map_, second[name], err_msg=name, strict=True)


def maps_of(trunk, reference, distorted, heads="lpips-0.1", layers=None):
    (result,) = layer_maps(trunk, reference, [distorted], [heads], layers)
    return result[heads]


@pytest.fixture(scope="module")
def pair(small_pair):
    return small_pair


@pytest.fixture
def fused(trunk):
    if not trunk.fused:
        pytest.skip("this torch has no fused CPU operators, and its plain ones pick kernels by batch size")
    return trunk


@pytest.fixture(scope="module")
def plain(trunk):
    return network(trunk.backbone, "cpu", plain=True)


@pytest.fixture(params=["fused", "plain"])
def either(request, plain):
    """The same network by the fused operators and by torch's public ones."""
    return request.getfixturevalue(request.param)


@pytest.fixture
def many(pair):
    """Sixteen distorted versions of one reference."""
    pixels = pair.reference.pixels
    return [
        derive(pair.reference, distort(pixels, "gaussian_blur", severity))
        for severity in np.linspace(0.1, 1, 16)
    ]


@pytest.mark.usefixtures("empty_cache")
def test_swapping_the_images_does_not_change_the_score(pair, either):
    forth = score(maps_of(either, pair.reference, pair.distorted))
    back = score(maps_of(either, pair.distorted, pair.reference))
    assert forth == pytest.approx(back, rel=1e-6)


def test_an_image_has_no_distance_to_itself_cold_cached_or_in_a_batch(pair, either, many, empty_cache):
    assert score(maps_of(either, pair.reference, pair.reference)) < 1e-9
    assert empty_cache.used > 0
    assert score(maps_of(either, pair.reference, pair.reference)) < 1e-9
    in_a_batch = [*many[:2], pair.reference, *many[8:10]]
    for _cached_then_cold in range(2):
        results = layer_maps(either, pair.reference, in_a_batch, ["lpips-0.1"], batch=len(in_a_batch))
        assert score(results[2]["lpips-0.1"]) < 1e-9
        assert score(results[3]["lpips-0.1"]) > 1e-3
        empty_cache.clear()


@pytest.mark.usefixtures("empty_cache")
def test_batches_of_one_two_and_sixteen_agree_bit_for_bit(pair, fused, many):
    alone = [maps_of(fused, pair.reference, distorted) for distorted in many]
    for size in (1, 2, 5, 16):  # of the last batch of 5 there is but one
        results = layer_maps(fused, pair.reference, many, ["lpips-0.1"], batch=size)
        for result, expected in zip(results, alone, strict=True):
            assert_equal_bits(result["lpips-0.1"], expected)


@pytest.mark.usefixtures("empty_cache")
def test_batches_agree_within_rounding_by_torchs_public_operators_too(pair, plain, many):
    alone = [maps_of(plain, pair.reference, distorted) for distorted in many[:5]]
    for result, expected in zip(
        layer_maps(plain, pair.reference, many[:5], ["lpips-0.1"], batch=3), alone, strict=True
    ):
        for layer, map_ in result["lpips-0.1"].items():
            np.testing.assert_allclose(map_, expected[layer], rtol=0, atol=1e-6, err_msg=layer)


def test_nothing_to_compare_is_no_result(pair, trunk):
    assert layer_maps(trunk, pair.reference, [], ["lpips-0.1"]) == []


def test_a_cached_reference_gives_the_same_bits_as_a_cold_one(pair, fused, empty_cache):
    cold = maps_of(fused, pair.reference, pair.distorted)
    assert empty_cache.used > 0
    assert_equal_bits(maps_of(fused, pair.reference, pair.distorted), cold)


def test_cached_bytes_are_as_many_as_foretold(pair, trunk, empty_cache):
    maps_of(trunk, pair.reference, pair.distorted)
    assert empty_cache.used == feature_bytes(trunk, pair.reference.size, LAYERS)


def test_a_pair_too_large_for_the_cache_is_streamed_and_leaves_nothing_behind(pair, empty_cache):
    squeezenet = network(find_backbone("squeezenet1_1"), "cpu", "random")  # no chain, so by whole layers
    names = squeezenet.backbone.layer_names
    kept = maps_of(squeezenet, pair.reference, pair.distorted)
    empty_cache.clear()
    empty_cache.budget = feature_bytes(squeezenet, pair.reference.size, names) - 1
    streamed = maps_of(squeezenet, pair.reference, pair.distorted)
    assert empty_cache.used == 0
    assert_equal_bits(streamed, kept)


@pytest.mark.parametrize("name", ["alexnet", "vgg16"])
def test_a_chain_too_large_for_the_cache_passes_in_bands_with_the_same_maps(
    name, pair, empty_cache, monkeypatch
):
    net, heads = network(find_backbone(name), "cpu", "random"), ["lpips-0.1", "uniform"]
    (whole,) = layer_maps(net, pair.reference, [pair.distorted], heads)
    empty_cache.clear()
    empty_cache.budget = feature_bytes(net, pair.reference.size, net.backbone.layer_names) - 1
    monkeypatch.setattr(bands, "BAND_BYTES", 1 << 17)
    told = []
    (banded,) = layer_maps(net, pair.reference, [pair.distorted], heads, advance=told.append)
    assert empty_cache.used == 0
    assert len(told) > 2 * len(net.backbone.layer_names)
    assert told == sorted(told)
    assert told[-1] == 1
    for choice, maps in whole.items():
        for layer, values in maps.items():
            np.testing.assert_allclose(banded[choice][layer], values, rtol=1e-5, atol=1e-6, err_msg=layer)
            assert banded[choice][layer].mean() == pytest.approx(values.mean(), rel=1e-6)


def test_a_large_picture_passes_a_cpu_in_bands_also_where_the_reference_is_kept(
    pair, fused, empty_cache, monkeypatch
):
    whole = maps_of(fused, pair.reference, pair.distorted)
    kept = empty_cache.used
    empty_cache.clear()
    monkeypatch.setattr(perceptual, "IN_BANDS", 0)
    monkeypatch.setattr(bands, "BAND_BYTES", 1 << 17)
    for _ in range(2):  # cold, and with the reference kept
        told = []
        (banded,) = layer_maps(fused, pair.reference, [pair.distorted], ["lpips-0.1"], advance=told.append)
        assert len(told) > 2 * len(LAYERS)
        assert empty_cache.used == kept
        for layer, values in whole.items():
            np.testing.assert_allclose(
                banded["lpips-0.1"][layer], values, rtol=1e-5, atol=1e-6, err_msg=layer
            )
    assert score(maps_of(fused, pair.reference, pair.reference)) == 0


@pytest.mark.usefixtures("empty_cache")
def test_heads_from_one_pass_equal_those_from_a_pass_each(pair, trunk):
    (together,) = layer_maps(trunk, pair.reference, [pair.distorted], ["lpips-0.1", "uniform"])
    for heads, maps in together.items():
        alone = maps_of(trunk, pair.reference, pair.distorted, heads)
        for layer, map_ in maps.items():
            # A product with two columns may add channels in another order than one with a single column.
            np.testing.assert_allclose(map_, alone[layer], rtol=1e-5, atol=1e-7, err_msg=f"{heads} {layer}")


def test_heads_of_different_scaling_do_not_share_cached_features(pair, trunk, empty_cache):
    new = maps_of(trunk, pair.reference, pair.distorted, "lpips-0.1")
    old = maps_of(trunk, pair.reference, pair.distorted, "lpips-0.0")
    empty_cache.clear()
    assert_equal_bits(maps_of(trunk, pair.reference, pair.distorted, "lpips-0.0"), old)
    assert score(old) != pytest.approx(score(new), rel=1e-3)


def test_heads_of_different_scaling_cannot_be_asked_for_in_one_pass(pair, trunk):
    with pytest.raises(ValueError, match="a pass each"):
        layer_maps(trunk, pair.reference, [pair.distorted], ["lpips-0.1", "lpips-0.0"])


def test_layers_agree_bit_for_bit_whatever_the_layers_asked_for_before(pair, trunk, empty_cache):
    whole = maps_of(trunk, pair.reference, pair.distorted)
    choices = [("conv1", "conv2"), ("conv4",), ("conv2", "conv5"), LAYERS]
    for first in choices:
        empty_cache.clear()
        maps_of(trunk, pair.reference, pair.distorted, layers=first)
        for then in choices:
            maps = maps_of(trunk, pair.reference, pair.distorted, layers=then)
            assert list(maps) == list(then)
            assert_equal_bits(maps, {name: whole[name] for name in then})


def test_each_layer_is_kept_once_and_only_those_that_were_asked_for(pair, trunk, empty_cache):
    size = pair.reference.size
    maps_of(trunk, pair.reference, pair.distorted, layers=("conv1", "conv2"))
    assert empty_cache.used == feature_bytes(trunk, size, ("conv1", "conv2"))
    maps_of(trunk, pair.reference, pair.distorted, layers=("conv2", "conv3"))
    assert empty_cache.used == feature_bytes(trunk, size, ("conv1", "conv2", "conv3"))
    maps_of(trunk, pair.reference, pair.distorted, "uniform", LAYERS)
    assert empty_cache.used == feature_bytes(trunk, size, LAYERS)


def test_trained_and_random_weights_do_not_share_cached_features(pair, trunk, empty_cache):
    control = network(trunk.backbone, "cpu", "random")
    alone = maps_of(control, pair.reference, pair.distorted)
    empty_cache.clear()
    trained = maps_of(trunk, pair.reference, pair.distorted)
    assert_equal_bits(maps_of(control, pair.reference, pair.distorted), alone)
    assert_equal_bits(maps_of(trunk, pair.reference, pair.distorted), trained)
    assert score(alone) != pytest.approx(score(trained), rel=1e-3)


def test_precisions_do_not_share_cached_features(pair, trunk, empty_cache):
    exact = maps_of(trunk, pair.reference, pair.distorted)
    empty_cache.clear()
    rougher = network(trunk.backbone, "cpu", "trained", "bf16")
    rough = maps_of(rougher, pair.reference, pair.distorted)
    assert_equal_bits(maps_of(trunk, pair.reference, pair.distorted), exact)
    assert_equal_bits(maps_of(rougher, pair.reference, pair.distorted), rough)
    assert not np.array_equal(rough["conv1"], exact["conv1"])


@pytest.mark.parametrize("heads", ["lpips-0.1", "lpips-0.0", "uniform"])
def test_fused_and_plain_paths_agree_within_the_tolerance(heads, pairs, fused, plain):
    for pair in pairs("china", (151, 103)):
        ours, theirs = (score(maps_of(way, pair.reference, pair.distorted, heads)) for way in (fused, plain))
        assert ours == pytest.approx(theirs, rel=0, abs=1e-5 * max(1, theirs)), pair.label


@pytest.mark.usefixtures("empty_cache")
def test_many_users_at_once_get_the_numbers_each_would_get_alone(photo, trunk):
    references = [photo(name, size) for name in ("cat", "text") for size in ((64, 64), (97, 80), (128, 99))]
    jobs = [
        (reference, derive(reference, distort(reference.pixels, "jpeg", severity)))
        for reference in references
        for severity in (0.3, 0.9)
    ]
    alone = [maps_of(trunk, *job) for job in jobs]
    with ThreadPoolExecutor(6) as pool:
        for _ in range(3):
            at_once = pool.map(lambda job: maps_of(trunk, *job), jobs)
            for one, other in zip(at_once, alone, strict=True):
                for layer, map_ in one.items():
                    np.testing.assert_allclose(map_, other[layer], rtol=0, atol=1e-6)


def test_maps_belong_to_the_caller_alone(pair, trunk):
    first = maps_of(trunk, pair.reference, pair.distorted)
    kept = {layer: map_.copy() for layer, map_ in first.items()}
    for map_ in first.values():
        map_.fill(7)
    assert_equal_bits(maps_of(trunk, pair.reference, pair.distorted), kept)


@pytest.mark.parametrize("size", [(30, 30), (20, 200), (200, 20), (1, 1)])
def test_a_side_below_the_smallest_is_refused_with_the_mend(size, photo, trunk):
    picture = photo("cat", size)
    with pytest.raises(ImageError, match=rf"{size[0]} × {size[1]} pixels.*AlexNet.*31.*larger"):
        layer_maps(trunk, picture, [picture], ["lpips-0.1"])
    with pytest.raises(ImageError):
        compare_on(trunk, picture, picture, ["lpips-0.1"])


def test_heads_sum_what_a_plain_formula_sums(pair, trunk):
    """Equation 1 of the paper, written out in float64 from the network's activations."""
    weights = head_weights(trunk.backbone, "lpips-0.1")
    batch = input_batch([pair.reference, pair.distorted], IMAGENET_SCALING, "cpu")
    ours = maps_of(trunk, pair.reference, pair.distorted)
    for layer, activation in trunk.activations(batch, LAYERS):
        features = activation.double().numpy()
        unit = features / (np.sqrt((features**2).sum(axis=-1, keepdims=True)) + 1e-10)
        terms = np.einsum("hwc,c->hw", (unit[0] - unit[1]) ** 2, weights[layer].double().numpy())
        np.testing.assert_allclose(ours[layer], terms, rtol=0, atol=1e-6, err_msg=layer)
