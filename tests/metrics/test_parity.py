"""The score, each layer and each map equal those of the `lpips` package on the same weights and input."""

import os

import numpy as np
import pytest

from explorer.backbones import find_backbone, find_heads, heads_sharing_a_pass, network
from explorer.backbones.loading import random_state
from explorer.distortions import distort
from explorer.files.weights import load_state, status
from explorer.images import derive
from explorer.metrics.measuring import compare_on
from tests.grid import EVERY_PHOTOGRAPH, few
from tests.oracle import Oracle, Pair

PASSES = [("lpips-0.1", "uniform"), ("lpips-0.0",)]  # heads that share their input scaling
PUBLISHED = ("alexnet", "vgg16", "squeezenet1_1")
KINDS = few(
    [
        *(f"trained {backbone}" for backbone in PUBLISHED),
        *("random alexnet", "random squeezenet1_1", "random vgg16"),
    ],
    4,
)

# Places with almost no feature amplify rounding, and `uniform` does not weigh it down.
MAP_TOLERANCE = {"lpips-0.1": 1e-5, "lpips-0.0": 1e-5, "uniform": 1e-4}


@pytest.mark.parametrize("severity", few([0.5, 0.1, 1.0]))
@EVERY_PHOTOGRAPH
def test_score_layers_and_maps_equal_those_of_lpips_under_every_kind_of_error(
    sample, size, severity, pairs, trunk, oracles
):
    for pair in pairs(sample, size, severity):
        for heads_of_a_pass in PASSES:
            comparison = compare_on(trunk, pair.reference, pair.distorted, heads_of_a_pass)
            for heads in heads_of_a_pass:
                check(comparison.measurement(heads), oracles[heads](pair), f"{pair.label} {heads}")


@pytest.fixture(scope="module", params=KINDS)
def kind(request):
    """(our network, `lpips` on the same weights by heads' name) of one backbone, trained or random."""
    weights, name = request.param.split()
    row = find_backbone(name)
    if weights == "random":
        state = random_state(row)
    else:
        if name == "vgg16":
            request.getfixturevalue("vgg16_weights")
        elif not status(row.weights).ready and "CI" not in os.environ:
            pytest.skip(f"{name} is not on this machine; name its folder in EXPLORER_WEIGHTS")
        state = load_state(row.weights, name)
    oracles = {heads: Oracle(heads, name, state) for heads in row.head_names}
    return network(row, "cpu", weights), oracles


@pytest.mark.parametrize(
    ("sample", "size", "distortion", "severity"),
    few(
        [
            ("astronaut", (64, 64), "gaussian_blur", 0.6),
            ("cat", (132, 33), "contrast", 0.5),
            ("cat", (64, 64), "saturation", 1.0),
            ("coffee", (97, 75), "jpeg", 0.3),
            ("text", (97, 75), "gaussian_noise", 0.9),
        ],
        2,
        tuples=True,
    ),
)
def test_every_published_network_equals_lpips_with_trained_and_with_random_weights(
    sample, size, distortion, severity, kind, photo
):
    net, oracles = kind
    reference = photo(sample, size)
    pair = Pair(
        f"{net.weights} {net.backbone.name} {sample} {size}",
        reference,
        derive(reference, distort(reference.pixels, distortion, severity)),
    )
    for heads, oracle in oracles.items():
        ours = compare_on(net, reference, pair.distorted, [heads]).measurement(heads)
        assert (ours.backbone, ours.weights, ours.heads) == (net.backbone.name, net.weights, heads)
        assert ours.score > 1e-4
        check(ours, oracle(pair), f"{pair.label} {heads}")


@pytest.mark.parametrize("name", PUBLISHED)
def test_the_heads_that_are_compared_are_all_that_a_published_network_has(name):
    row = find_backbone(name)
    assert {heads for a_pass in PASSES for heads in a_pass} == set(row.head_names)
    for heads_of_a_pass in PASSES:
        for heads in heads_of_a_pass:
            assert set(heads_sharing_a_pass(find_heads(heads, row), row)) == set(heads_of_a_pass)


def check(measurement, expected, case):
    score, distances, maps = expected
    within = {"rel": 0, "abs": 1e-5 * max(1, score)}
    assert measurement.score == pytest.approx(score, **within), case
    for layer, distance, map_ in zip(measurement.layers, distances, maps, strict=True):
        assert layer.distance == pytest.approx(distance, **within), f"{case} {layer.name}"
        tolerance = MAP_TOLERANCE[measurement.heads]
        np.testing.assert_allclose(
            layer.map, map_, rtol=0, atol=tolerance, err_msg=f"{case} {layer.name}", strict=True
        )
