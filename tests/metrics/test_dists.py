"""DISTS agrees with its own package, adds up, and is 0 for identical pictures."""

import math
import warnings

import pytest
import torch
import torchvision
from DISTS_pytorch import DISTS

from benchmarks.others import Unfilled
from explorer.backbones import Network, find_backbone
from explorer.backbones.networks import dists
from explorer.backbones.row import IMAGENET_SCALING
from explorer.distortions import distort
from explorer.errors import WeightsError
from explorer.files.weights import load_state
from explorer.images import derive
from explorer.metrics import measure
from explorer.metrics.dists import layer_terms, split_weights
from explorer.metrics.perceptual import input_batch
from tests.grid import few

CHANNELS = {"picture": 3, "conv1_2": 64, "conv2_2": 128, "conv3_3": 256, "conv4_3": 512, "conv5_3": 512}
ROW = find_backbone("dists")
PAIRS = [
    ("coffee", (64, 33), "gaussian_noise", 0.9),
    ("rocket", (9, 31), "contrast", 0.7),
    ("astronaut", (128, 128), "gaussian_blur", 0.5),
    ("cat", (301, 207), "jpeg", 0.6),
]


def convolutions(kind):
    """VGG16's convolutions: random ones from a seed, or the trained ones, which a fixture has fetched."""
    if kind == "random":
        torch.manual_seed(0)
        return dists(weights=None).state_dict()
    state = load_state(find_backbone("vgg16").weights)
    return {key: tensor for key, tensor in state.items() if key.startswith("features.")}


def packages_metric(state, folder):
    """The package's own metric; it loads all of VGG16 from torch hub's folder, where these weights lie."""
    with torch.device("meta"):
        shapes = torchvision.models.vgg16(weights=None).state_dict()
    # The classifier is never used. Its file holds one number for each of its tensors, spread over the shape.
    unused = {key: torch.zeros(1).expand(value.shape) for key, value in shapes.items() if key not in state}
    (folder / "hub" / "checkpoints").mkdir(parents=True)
    hub_name = torchvision.models.VGG16_Weights.IMAGENET1K_V1.url.rpartition("/")[2]
    torch.save({**state, **unused}, folder / "hub" / "checkpoints" / hub_name)
    with pytest.MonkeyPatch.context() as environment, warnings.catch_warnings():
        environment.setenv("TORCH_HOME", str(folder))
        for message in ("The parameter 'pretrained' is deprecated", "Arguments other than a weight enum"):
            warnings.filterwarnings("ignore", message, UserWarning)
        with Unfilled():  # VGG16 is drawn whole, and then overwritten
            metric = DISTS()
    # In float64 the oracle does not suffer from its own differences of large numbers.
    return metric.double().eval().requires_grad_(False)


@pytest.fixture(scope="module", params=["random", "trained"])
def both(request, tmp_path_factory):
    """(our network, layer -> weights, the package's metric) on the same weights."""
    if request.param == "trained":
        request.getfixturevalue("vgg16_weights")
    state = convolutions(request.param)
    metric = packages_metric(state, tmp_path_factory.mktemp("torch_home"))
    weights = split_weights(metric.alpha.float().flatten(), metric.beta.float().flatten(), CHANNELS)
    return Network(ROW, state, "cpu"), weights, metric


@pytest.fixture(
    params=few(PAIRS, 2), ids=lambda pair: f"{pair[0]} {pair[1][0]}x{pair[1][1]} {pair[2]} {pair[3]}"
)
def pictures(request, photo):
    name, size, distortion, severity = request.param
    reference = photo(name, size)
    return reference, derive(reference, distort(reference.pixels, distortion, severity))


def ledger(network, weights, reference, distorted):
    """Layer -> (structure, texture)."""
    batch = input_batch([reference, distorted], IMAGENET_SCALING, "cpu")
    with torch.inference_mode():
        return {
            name: layer_terms(activation[0], activation[1], *weights[name])
            for name, activation in network.activations(batch, ROW.layer_names)
        }


def packages_ledger(metric, reference, distorted):
    """Layer -> (structure, texture), from the package's features and weights by the paper's definition."""
    whole = metric.alpha.sum() + metric.beta.sum()
    terms = {}
    features = (metric.forward_once(in_unit_range(picture)) for picture in (reference, distorted))
    start = 0
    for name, x, y in zip(CHANNELS, *features, strict=True):
        part = slice(start, start := start + CHANNELS[name])
        x, y = x[0].flatten(1), y[0].flatten(1)
        mean_x, mean_y = x.mean(1), y.mean(1)
        likeness = (2 * mean_x * mean_y + 1e-6) / (mean_x**2 + mean_y**2 + 1e-6)
        covariance = (x * y).mean(1) - mean_x * mean_y
        spread = x.var(1, correction=0) + y.var(1, correction=0)
        correlation = (2 * covariance + 1e-6) / (spread + 1e-6)
        structure = (metric.beta.flatten()[part] / whole * (1 - correlation)).sum()
        texture = (metric.alpha.flatten()[part] / whole * (1 - likeness)).sum()
        terms[name] = float(structure), float(texture)
    return terms


def in_unit_range(picture):
    return torch.from_numpy(picture.pixels.copy()).double().permute(2, 0, 1)[None] / 255


def total(terms):
    return math.fsum(math.fsum(parts) for parts in terms.values())


def test_the_parts_sum_to_the_packages_score(both, pictures):
    network, weights, metric = both
    terms = ledger(network, weights, *pictures)
    expected = float(metric(*map(in_unit_range, pictures)))
    assert expected > 1e-3
    assert total(terms) == pytest.approx(expected, abs=1e-5)


def test_the_packages_own_precision_agrees_to_1e_4(both, pictures):
    network, weights, metric = both
    try:
        expected = float(metric.float()(*(in_unit_range(picture).float() for picture in pictures)))
    finally:
        metric.double()
    assert total(ledger(network, weights, *pictures)) == pytest.approx(expected, abs=1e-4)


def test_structure_and_texture_of_each_layer_are_the_papers(both, pictures):
    network, weights, metric = both
    terms = ledger(network, weights, *pictures)
    for name, expected in packages_ledger(metric, *pictures).items():
        assert terms[name] == pytest.approx(expected, abs=1e-5), name


def test_identical_pictures_have_distance_0(both, photo):
    network, weights, _ = both
    picture = photo("cat", (65, 48))
    assert abs(total(ledger(network, weights, picture, picture))) <= 1e-6


def test_which_picture_is_the_reference_does_not_matter(both, photo):
    network, weights, _ = both
    one, other = photo("cat", (65, 48)), photo("coffee", (65, 48))
    there, back = (total(ledger(network, weights, *pair)) for pair in ((one, other), (other, one)))
    assert there == pytest.approx(back, rel=1e-6)
    assert there > 0.05


def activation(*shape, seed=0):
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed))


def ones(channels):
    return torch.ones(channels, dtype=torch.float64)


def by_definition(x, y, alpha, beta):
    """The paper's terms in float64, without any rearrangement."""
    x, y = x.double().flatten(0, 1), y.double().flatten(0, 1)
    mean_x, mean_y = x.mean(0), y.mean(0)
    covariance = ((x - mean_x) * (y - mean_y)).mean(0)
    spread = x.var(0, correction=0) + y.var(0, correction=0)
    structure = beta * (1 - (2 * covariance + 1e-6) / (spread + 1e-6))
    texture = alpha * (1 - (2 * mean_x * mean_y + 1e-6) / (mean_x**2 + mean_y**2 + 1e-6))
    return float(structure.sum()), float(texture.sum())


# The last ones are more than one strip: by their rows, and in a single row.
@pytest.mark.parametrize("shape", [(1, 1, 5), (7, 9, 4), (3, 1, 2), (700, 300, 4), (2, 300_000, 3)])
def test_terms_are_those_of_the_definition(shape):
    x, y = activation(*shape), activation(*shape, seed=1) + 0.3
    alpha, beta = torch.rand((2, shape[2]), dtype=torch.float64, generator=torch.Generator().manual_seed(2))
    assert layer_terms(x, y, alpha, beta) == pytest.approx(by_definition(x, y, alpha, beta), rel=1e-5)


def test_small_deviations_from_a_large_mean_are_not_lost():
    x, y = 1000 + activation(60, 80, 3), 1000 + activation(60, 80, 3, seed=1)
    expected, _ = by_definition(x, y, ones(3), ones(3))
    assert layer_terms(x, y, ones(3), ones(3))[0] == pytest.approx(expected, rel=1e-4)
    mean_x, mean_y = x.mean((0, 1)), y.mean((0, 1))
    careless = (x * y).mean((0, 1)) - mean_x * mean_y  # in float32, as the package does it
    true = ((x - mean_x) * (y - mean_y)).mean((0, 1))
    assert (careless - true).abs().max() > 1e-3


@pytest.mark.parametrize("value", [0.0, 1e-6, 1.0, 1e4])
def test_identical_activations_have_no_terms_at_all(value):
    flat = torch.full((5, 6, 2), value)
    assert layer_terms(flat, flat.clone(), ones(2), ones(2)) == (0, 0)
    x = value * activation(5, 6, 2)
    assert layer_terms(x, x.clone(), ones(2), ones(2)) == (0, 0)


def test_a_brighter_copy_differs_in_texture_alone():
    x = activation(20, 30, 2) + 1
    structure, texture = layer_terms(x, x + 0.5, ones(2), ones(2))
    assert structure < 1e-9
    assert texture > 0.01


def test_the_same_values_in_other_places_differ_in_structure_alone():
    x = activation(20, 30, 2) + 1
    structure, texture = layer_terms(x, x.flip(0), ones(2), ones(2))
    assert structure > 0.5
    assert texture < 1e-9


def test_alpha_weighs_texture_and_beta_structure_channel_by_channel():
    x, y = activation(20, 30, 2), activation(20, 30, 2, seed=1) + 1
    structures, textures = zip(
        *(layer_terms(x[..., c : c + 1], y[..., c : c + 1], ones(1), ones(1)) for c in range(2)), strict=True
    )
    alpha, beta = torch.tensor([2.0, 3.0]), torch.tensor([5.0, 7.0])
    structure, texture = layer_terms(x, y, alpha, beta)
    assert structure == pytest.approx(5 * structures[0] + 7 * structures[1])
    assert texture == pytest.approx(2 * textures[0] + 3 * textures[1])


def test_activations_are_left_as_they_were():
    x, y = activation(4, 5, 2), activation(4, 5, 2, seed=1)
    before = x.clone(), y.clone()
    layer_terms(x, y, ones(2), ones(2))
    assert torch.equal(x, before[0])
    assert torch.equal(y, before[1])


@pytest.mark.parametrize(
    ("x", "y"),
    [((4, 5, 2), (4, 6, 2)), ((4, 5), (4, 5)), ((1, 4, 5, 2), (1, 4, 5, 2)), ((0, 5, 2), (0, 5, 2))],
)
def test_activations_that_cannot_be_compared_are_refused(x, y):
    with pytest.raises(ValueError, match="one shape"):
        layer_terms(torch.zeros(x), torch.zeros(y), ones(2), ones(2))


@pytest.mark.parametrize(("alpha", "beta"), [(1, 2), (2, 3)])
def test_weights_of_another_number_of_channels_are_refused(alpha, beta):
    with pytest.raises(ValueError, match=r"weights must be \(2,\)"):
        layer_terms(torch.zeros(4, 5, 2), torch.zeros(4, 5, 2), ones(alpha), ones(beta))


def test_weights_are_cut_by_layer_and_sum_to_1():
    alpha, beta = torch.arange(1.0, 7.0), torch.arange(7.0, 13.0)
    split = split_weights(alpha, beta, {"first": 1, "second": 3, "third": 2})
    assert list(split) == ["first", "second", "third"]
    assert sum(float(a.sum() + b.sum()) for a, b in split.values()) == pytest.approx(1, abs=1e-15)
    torch.testing.assert_close(split["second"][0] * 78, torch.tensor([2.0, 3, 4], dtype=torch.float64))
    torch.testing.assert_close(split["third"][1] * 78, torch.tensor([11.0, 12], dtype=torch.float64))


@pytest.mark.parametrize("shape", [(5,), (7,), (1, 6, 1, 1), (0,)])
def test_more_or_fewer_weights_than_channels_are_refused(shape):
    for alpha, beta in ((torch.ones(shape), torch.ones(6)), (torch.ones(6), torch.ones(shape))):
        with pytest.raises(WeightsError, match="must be 6 for texture and 6 for structure"):
            split_weights(alpha, beta, {"first": 2, "second": 4})


@pytest.mark.parametrize("value", [math.nan, math.inf, -0.1])
def test_weights_that_are_negative_or_no_numbers_are_refused(value):
    spoilt = torch.ones(2)
    spoilt[1] = value
    for alpha, beta in ((spoilt, torch.ones(2)), (torch.ones(2), spoilt)):
        with pytest.raises(WeightsError, match="negative or no numbers"):
            split_weights(alpha, beta, {"only": 2})


def test_weights_that_are_all_0_are_refused():
    with pytest.raises(WeightsError, match="all 0"):
        split_weights(torch.zeros(2), torch.zeros(2), {"only": 2})


@pytest.mark.usefixtures("vgg16_weights")
def test_a_measurement_with_dists_is_the_packages_number(photo, tmp_path):
    reference = photo("cat", (96, 80))
    distorted = derive(reference, distort(reference.pixels, "jpeg", 0.6))
    measured = measure(reference, distorted, backbone="dists")
    expected = packages_metric(convolutions("trained"), tmp_path)(*map(in_unit_range, (reference, distorted)))
    assert measured.score == pytest.approx(float(expected), abs=1e-5)
    for layer in measured.layers:
        assert layer.map is None
        assert layer.distance == pytest.approx(layer.parts["structure"] + layer.parts["texture"])
