"""Scores of many pictures against one reference are the very floats that their measurements give."""

import functools
import math

import pytest

import explorer
from explorer.backbones import find_backbone, network
from explorer.distortions import distort
from explorer.errors import ImageError
from explorer.images import derive
from explorer.metrics import Method
from explorer.metrics import scores as module
from explorer.metrics.scores import classic_scores, scores, scores_on
from tests.grid import few

SIZE = (121, 90)
CASES = few(
    [
        ("alexnet", "lpips-0.1", None),
        ("alexnet", "lpips-0.0", ("conv2", "conv5")),
        ("resnet18", "uniform", ("layer3",)),
        ("vit_b_16", "uniform", None),  # crops to 112 x 80
        ("dists", "dists", ("picture", "conv2_2")),
        ("alexnet", "lpips-0.0", None),
        ("alexnet", "uniform", None),
        ("resnet18", "uniform", None),
        ("swin_t", "uniform", None),
        ("dists", "dists", None),
    ],
    5,
    tuples=True,
)
measure = functools.partial(explorer.measure, device="cpu")


@pytest.fixture(scope="module")
def pictures(photo):
    """(reference, distorted versions), the last of which is the reference itself."""
    reference = photo("rocket", SIZE)
    distortions = (("jpeg", 0.6), ("gaussian_blur", 0.3), ("gaussian_noise", 0.9))
    distorted = [derive(reference, distort(reference.pixels, *chosen)) for chosen in distortions]
    return reference, [*distorted, reference]


def of(name):
    return network(find_backbone(name), "cpu", "trained" if name == "alexnet" else "random")


def ready(name, layers):
    """(network, the layers or all of its own)."""
    return of(name), layers or find_backbone(name).layer_names


@pytest.mark.parametrize(("backbone", "heads", "layers"), CASES, ids=str)
def test_each_score_is_the_float_of_its_own_measurement(backbone, heads, layers, pictures, empty_cache):
    reference, distorted = pictures
    trunk, names = ready(backbone, layers)
    seen = scores_on(trunk, reference, distorted, heads, names)
    assert len(seen) == len(distorted)
    for score, picture in zip(seen, distorted, strict=True):
        empty_cache.clear()  # so that nothing of the scores' own pass is taken again
        fresh = measure(reference, picture, backbone, heads, layers, weights=trunk.weights)
        assert score == fresh.score
    assert min(seen[:-1]) > 0
    assert seen[-1] == 0


@pytest.mark.parametrize(("backbone", "heads"), [("alexnet", "lpips-0.1"), ("dists", "dists")])
def test_pictures_together_score_as_each_alone(backbone, heads, pictures):
    reference, distorted = pictures
    trunk, names = ready(backbone, None)
    together = scores_on(trunk, reference, distorted, heads, names)
    alone = [scores_on(trunk, reference, [picture], heads, names)[0] for picture in distorted]
    assert together == alone


def test_features_in_the_cache_give_the_same_floats(pictures, empty_cache):
    reference, distorted = pictures
    trunk, names = ready("alexnet", None)
    first = scores_on(trunk, reference, distorted, "lpips-0.1", names)
    kept = empty_cache.used
    assert kept > 0
    assert scores_on(trunk, reference, distorted, "lpips-0.1", names) == first
    assert empty_cache.used == kept
    empty_cache.budget = 0  # and so does a reference that is too large to be kept
    empty_cache.clear()
    assert scores_on(trunk, reference, distorted, "lpips-0.1", names) == first
    assert empty_cache.used == 0


def test_no_picture_has_no_score(pictures):
    reference, _ = pictures
    trunk, names = ready("alexnet", None)
    assert scores_on(trunk, reference, [], "lpips-0.1", names) == []


def test_a_picture_too_small_for_the_network_is_refused(photo):
    small = photo("cat", (30, 40))
    trunk, names = ready("alexnet", None)
    with pytest.raises(ImageError, match="needs at least 31"):
        scores_on(trunk, small, [small], "lpips-0.1", names)


@pytest.mark.parametrize(
    "ask",
    [lambda *pair: scores(Method(size=50), pair[0], pair[1:]), lambda *pair: classic_scores(*pair, 50)],
    ids=["scores", "classic_scores"],
)
def test_memory_that_runs_out_before_the_first_pass_is_told_with_the_mend(ask, pictures, monkeypatch):
    def full(*_):
        raise MemoryError

    monkeypatch.setattr(module, "resize", full)
    reference, (distorted, *_) = pictures
    with pytest.raises(ImageError, match="memory at 50 × 37; measure at a smaller size"):
        ask(reference, distorted)


def test_scores_are_plain_finite_floats(pictures):
    reference, distorted = pictures
    trunk, names = ready("alexnet", None)
    for score in scores_on(trunk, reference, distorted, "uniform", names):
        assert type(score) is float
        assert math.isfinite(score)
