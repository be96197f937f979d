"""Scores of pictures near a pair: those of whole passes, whatever differs, and as often as one likes."""

import numpy as np
import pytest

from explorer.backbones import find_backbone, network
from explorer.distortions import distort
from explorer.images import derive
from explorer.metrics import window_scores as local
from explorer.metrics.scores import scores_on
from explorer.metrics.window_scores import window_scores
from tests.grid import few

CASES = [
    ("alexnet", "trained", "lpips-0.1", None),
    ("alexnet", "trained", "lpips-0.0", ("conv2", "conv4")),
    ("alexnet", "trained", "uniform", ("features.0", "conv1", "features.5", "conv5")),
    ("vgg16", "random", "uniform", ("conv3_3", "features.17")),
    pytest.param("vgg16", "random", "lpips-0.1", None, marks=pytest.mark.grid),
]


def a_pair(photo, size):
    reference = photo("coffee", size)
    return reference, derive(reference, distort(reference.pixels, "jpeg", 0.7))


def random_boxes(width, height, count, seed):
    rng = np.random.default_rng(seed)
    for _ in range(count):
        left, right = sorted(rng.choice(width + 1, 2, replace=False))
        top, bottom = sorted(rng.choice(height + 1, 2, replace=False))
        yield slice(top, bottom), slice(left, right)
    yield slice(0, height), slice(0, width)
    yield slice(height - 1, height), slice(width - 1, width)


@pytest.mark.parametrize("size", few([(131, 77), (96, 96)]))
@pytest.mark.parametrize(("backbone", "weights", "heads", "layers"), CASES)
def test_each_score_is_that_of_a_whole_pass(photo, backbone, weights, heads, layers, size):
    row = find_backbone(backbone)
    net, names = network(row, "cpu", weights), layers or row.layer_names
    reference, distorted = a_pair(photo, size)
    near = window_scores(net, reference, distorted, heads, names)
    # VGG16 takes its time; the whole image and its last pixel are among the boxes of all.
    for box in random_boxes(*size, count=1 if backbone == "vgg16" else 5, seed=size[0]):
        pixels = distorted.pixels.copy()
        pixels[box] = reference.pixels[box]
        picture = derive(distorted, pixels)
        (expected,) = scores_on(net, reference, [picture], heads, names)
        assert near.score(picture) == pytest.approx(expected, rel=1e-6, abs=1e-7)


def test_nothing_of_a_picture_stays_for_the_next_one(photo, trunk):
    names = trunk.backbone.layer_names
    reference, distorted = a_pair(photo, (120, 90))
    near = window_scores(trunk, reference, distorted, "lpips-0.1", names)
    first = near.score(distorted)
    assert first == pytest.approx(scores_on(trunk, reference, [distorted], "lpips-0.1", names)[0], rel=1e-9)
    restored = near.score(reference)
    assert restored == pytest.approx(0, abs=1e-7)
    assert near.score(distorted) == first
    assert near.score(reference) == restored


def test_where_it_cannot_be_had_there_is_none(photo, trunk, monkeypatch):
    names = trunk.backbone.layer_names
    pair = a_pair(photo, (96, 96))
    assert window_scores(trunk, *pair, "lpips-0.1", names) is not None
    rougher = network(trunk.backbone, "cpu", "trained", "bf16")
    assert window_scores(rougher, *pair, "lpips-0.1", names) is None
    for name in ("resnet18", "dists"):
        row = find_backbone(name)
        net = network(row, "cpu", "random")
        assert window_scores(net, *pair, row.head_names[0], row.layer_names) is None
    monkeypatch.setattr(local, "LARGEST", 100_000)
    assert window_scores(trunk, *pair, "lpips-0.1", names) is None
