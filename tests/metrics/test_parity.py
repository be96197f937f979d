"""The score, each layer and each map equal those of the `lpips` package on the same weights and input."""

import numpy as np
import pytest

from explorer.metrics import compare
from explorer.samples import SAMPLES

SIZES = [(64, 64), (256, 256), (301, 207)]
PASSES = [("lpips-0.1", "uniform"), ("lpips-0.0",)]  # heads that share their input scaling

# Places with almost no feature amplify rounding, and `uniform` does not weigh it down.
MAP_TOLERANCE = {"lpips-0.1": 1e-5, "lpips-0.0": 1e-5, "uniform": 1e-4}


@pytest.mark.parametrize("size", SIZES, ids=lambda size: "{}x{}".format(*size))
@pytest.mark.parametrize("sample", SAMPLES)
def test_score_layers_and_maps_equal_those_of_lpips_under_every_distortion(
    sample, size, pairs, trunk, oracles
):
    for pair in pairs(sample, size):
        for heads_of_a_pass in PASSES:
            comparison = compare(pair.reference, pair.distorted, trunk, heads_of_a_pass)
            for heads in heads_of_a_pass:
                check(comparison.measurement(heads), oracles[heads](pair), f"{pair.label} {heads}")


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
