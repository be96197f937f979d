"""Shift-tolerant LPIPS agrees with its own package: layer by layer, in sizes odd and even, heads included."""

from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file
from stlpips_pytorch import stlpips, utils

from explorer.backbones import Network, find_backbone
from explorer.distortions import distort
from explorer.files.weights import BUNDLED
from explorer.images import derive
from explorer.metrics.perceptual import EPSILON, layer_maps
from tests.grid import few

TOLERANCE = 1e-5
NETWORKS = {"alexnet_shift": "alex", "vgg16_shift": "vgg"}  # ours -> the package's
PAIRS = [
    ("coffee", (64, 33), "gaussian_noise", 0.9),
    ("rocket", (21, 58), "contrast", 0.7),
    ("astronaut", (128, 128), "gaussian_blur", 0.5),
    ("cat", (301, 207), "jpeg", 0.6),
]


def batch_of(picture):
    """As the package wants it, float32 in [-1, 1]; the same rounding as ours."""
    pixels = torch.from_numpy(picture.pixels.copy()).to(torch.float32)
    return (pixels / 127.5 - 1).permute(2, 0, 1)[None]


@pytest.fixture(scope="module", params=NETWORKS)
def both(request):
    """(row, our network, the package's metric) on the weights file that the package installs."""
    row, theirs = find_backbone(request.param), NETWORKS[request.param]
    published = Path(stlpips.__file__).parent / "weights" / "vST0.0" / f"{theirs}_shift_tolerant.pth"
    state = torch.load(published, map_location="cpu", weights_only=True)
    trunk = {key: tensor for key, tensor in state.items() if key.startswith("net.")}
    metric = stlpips.LPIPS(net=theirs, variant="shift_tolerant", verbose=False).requires_grad_(False)
    return row, Network(row, trunk, "cpu"), metric


@pytest.fixture(params=few(PAIRS, 2), ids=lambda pair: "{} {} {} {}".format(*pair))
def pictures(request, photo):
    name, size, distortion, severity = request.param
    reference = photo(name, size)
    return reference, derive(reference, distort(reference.pixels, distortion, severity))


@pytest.mark.parametrize("heads", ["st-lpips", "uniform"])
def test_score_and_layers_are_the_packages(heads, both, pictures, empty_cache):
    row, network, metric = both
    metric.lpips = heads == "st-lpips"
    with torch.inference_mode():
        first, *others = metric(*map(batch_of, pictures), retPerLayer=True)[1]
        # The package adds the other layers into its first one's tensor.
        total = float(first)
        expected = [total - sum(map(float, others)), *map(float, others)]
    (maps,) = layer_maps(network, pictures[0], [pictures[1]], [heads])
    distances = [maps[heads][layer].mean(dtype=np.float64) for layer in row.layer_names]
    assert total > 1e-3
    np.testing.assert_allclose(distances, expected, rtol=0, atol=TOLERANCE * max(1, total))
    assert sum(distances) == pytest.approx(total, abs=TOLERANCE * max(1, total))


def test_activations_are_the_packages(both, pictures):
    row, network, metric = both
    scaled = metric.scaling_layer(batch_of(pictures[1]))
    with torch.inference_mode():
        # The package's own slices overwrite their input.
        expected, features = [], scaled.clone()
        for part in metric.net.children():
            features = part(features)
            expected.append(features.clone())
        for (_, ours), theirs in zip(network.activations(scaled, row.layer_names), expected, strict=True):
            torch.testing.assert_close(
                ours.permute(0, 3, 1, 2),
                theirs,
                rtol=0,
                atol=1e-5 * theirs.max().item(),
                check_stride=False,
            )


def test_the_blurs_are_the_published_constants_and_nothing_of_the_trunk_is_left_over(both):
    row, _, metric = both
    published = {key: value for key, value in metric.state_dict().items() if key.startswith("net.")}
    ours = row.builder(weights=None)
    blurs = [key for key in ours.state_dict() if key.endswith(".filt")]
    assert blurs
    assert all(torch.equal(ours.state_dict()[key], published[key]) for key in blurs)
    ours.load_state_dict(published, strict=True)


def test_the_bundled_heads_are_the_published_ones_and_not_negative(both):
    row, _, metric = both
    bundled = load_file(BUNDLED / row.heads["st-lpips"].file)
    assert list(bundled) == list(row.layer_names)
    for weights, published in zip(bundled.values(), metric.lins, strict=True):
        assert torch.equal(weights, published.model[1].weight.flatten())
        assert weights.min() >= 0


def test_scaling_and_epsilon_are_those_of_lpips(both):
    row, _, metric = both
    assert metric.version == "0.1"  # scaled before the network
    shift, scale = (torch.tensor(values) for values in (row.scaling.shift, row.scaling.scale))
    assert torch.equal(metric.scaling_layer.shift.flatten(), shift)
    assert torch.equal(metric.scaling_layer.scale.flatten(), scale)
    assert utils.normalize_tensor.__defaults__ == (EPSILON,)
