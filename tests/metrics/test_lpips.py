"""The formula and its module: gradients equal those of `lpips`, and the fast path equals the formula."""

import copy
import os
import pickle
from itertools import product

import numpy as np
import pytest
import torch

import explorer
from benchmarks.others import input_tensor, lpips_model
from explorer.backbones import HEADS, find_backbone, network, scaling_of, stacked_weights
from explorer.backbones.passes.features import Features
from explorer.distortions import distort
from explorer.errors import ImageError, SettingError, SizeMismatchError
from explorer.files.weights import status
from explorer.images import derive
from explorer.metrics.lpips import EPSILON, lpips, unit
from explorer.metrics.perceptual import input_batch, layer_maps
from tests.grid import few

PUBLISHED = ("alexnet", "vgg16", "squeezenet1_1")
ALL_HEADS = ("lpips-0.1", "lpips-0.0", "uniform")
# All heads of AlexNet and one choice of each other; in the grid all of all.
_FIRST = [*(("alexnet", heads) for heads in ALL_HEADS), *((name, "lpips-0.1") for name in PUBLISHED[1:])]
_ALL = product(PUBLISHED, ALL_HEADS)
EVERY_NETWORK = pytest.mark.parametrize(
    ("backbone", "heads"),
    few([*_FIRST, *(case for case in _ALL if case not in _FIRST)], len(_FIRST), tuples=True),
    indirect=["backbone"],
)
SIZES = ((32, 32), (48, 64), (67, 45))  # (width, height)
# Places with almost no feature amplify rounding, and `uniform` does not weigh it down.
MAP_TOLERANCE = {"lpips-0.1": 1e-5, "lpips-0.0": 1e-5, "uniform": 1e-4}


@pytest.fixture(scope="module")
def backbone(request):
    """The name of a published backbone whose trained weights are on this machine."""
    if request.param == "vgg16":
        request.getfixturevalue("vgg16_weights")
    elif not status(find_backbone(request.param).weights).ready and "CI" not in os.environ:
        pytest.skip(f"{request.param} is not on this machine; name its folder in EXPLORER_WEIGHTS")
    return request.param


@pytest.fixture(scope="module")
def module():
    """AlexNet with its own heads."""
    return explorer.Lpips()


def noise(*shape, seed=0):
    """Pictures in [-1, 1]."""
    return torch.rand(shape, generator=torch.Generator().manual_seed(seed)) * 2 - 1


def distorted_pair(photo, size, name="cat"):
    reference = photo(name, size)
    return reference, derive(reference, distort(reference.pixels, "gaussian_noise", 0.4))


@EVERY_NETWORK
def test_scores_and_gradients_equal_those_of_lpips(heads, backbone, photo):
    ours = explorer.Lpips(backbone, heads)
    theirs = lpips_model("0.0" if heads == "lpips-0.0" else "0.1", heads != "uniform", backbone=backbone)
    for size in SIZES:
        reference, distorted = map(input_tensor, distorted_pair(photo, size))
        scores, gradients = [], []
        for metric in (ours, theirs):
            pair = [reference.clone().requires_grad_(), distorted.clone().requires_grad_()]
            score = metric(*pair).reshape(1)
            score.sum().backward()
            scores.append(score.item())
            gradients.append(torch.stack([picture.grad for picture in pair]))
        assert scores[0] == pytest.approx(scores[1], rel=0, abs=1e-5 * max(1, scores[1])), size
        assert gradients[1].isfinite().all()
        largest = gradients[1].abs().max()
        assert largest > 0
        assert (gradients[0] - gradients[1]).abs().max() <= 1e-5 * largest, size


@EVERY_NETWORK
@pytest.mark.parametrize("plain", [False, True], ids=["fused", "plain"])
@pytest.mark.usefixtures("empty_cache")
def test_the_fast_path_equals_the_formula_in_double_precision(plain, heads, backbone, photo):
    fast = network(find_backbone(backbone), "cpu", plain=plain)
    row, names = fast.backbone, fast.backbone.layer_names
    features = Features(network(row, "cpu", plain=True), names).double()
    scaling = scaling_of(HEADS[heads], row)
    weights = [stacked_weights(row, [heads], name)[:, 0].double() for name in names]
    reference, distorted = distorted_pair(photo, (67, 45), "text")
    y0, y = (features(input_batch([p], scaling, "cpu").double()) for p in (reference, distorted))
    exact = lpips(y, y0, weights)
    (maps,) = layer_maps(fast, reference, [distorted], [heads])
    within = {"rel": 0, "abs": 1e-5 * max(1, exact.score.item())}
    distances = [maps[heads][layer].mean(dtype=np.float64) for layer in names]
    assert sum(distances) == pytest.approx(exact.score.item(), **within)
    for layer, distance, own, terms in zip(names, distances, exact.layers, exact.maps, strict=True):
        assert distance == pytest.approx(own.item(), **within), layer
        np.testing.assert_allclose(
            maps[heads][layer], terms[0].numpy(), rtol=0, atol=MAP_TOLERANCE[heads], err_msg=layer
        )


def test_layers_are_the_means_of_their_maps_and_the_score_is_their_sum():
    shapes = [(2, 5, 4, 3), (2, 2, 2, 7)]
    y, y0 = ([noise(*shape, seed=seed) for shape in shapes] for seed in (1, 2))
    found = lpips(y, y0, [torch.ones(3), torch.rand(7)])
    assert [terms.shape for terms in found.maps] == [(2, 5, 4), (2, 2, 2)]
    for distance, terms in zip(found.layers, found.maps, strict=True):
        torch.testing.assert_close(distance, terms.flatten(1).mean(1))
    torch.testing.assert_close(found.score, found.layers[0] + found.layers[1])


def test_weights_multiply_squared_differences_of_unit_features():
    y, y0 = torch.tensor([[[[3.0, 4.0]]]]), torch.tensor([[[[0.0, 2.0]]]])
    found = lpips([y], [y0], [torch.tensor([10.0, 1.0])])
    assert found.score.item() == pytest.approx(10 * 0.6**2 + (0.8 - 1) ** 2, rel=1e-6)


@pytest.mark.parametrize("scale", [1, 1e-3, 1e-10, 1e-12, 0])
def test_the_epsilon_stands_outside_the_root(scale):
    y = scale * noise(4, 6).double()
    expected = y / (y.square().sum(-1, keepdim=True).sqrt() + EPSILON)
    torch.testing.assert_close(unit(y), expected, rtol=1e-12, atol=0)


def test_gradients_of_the_formula_are_those_of_its_differences():
    y, y0 = (noise(1, 2, 2, 3, seed=seed).double().requires_grad_() for seed in (1, 2))
    weights = torch.rand(3, dtype=torch.float64)
    assert torch.autograd.gradcheck(lambda a, b: lpips([a], [b], [weights]).score, (y, y0))


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("scale", [0, 1e-30, 1e-20, 1e-10])
def test_gradients_are_finite_where_there_are_no_features_or_hardly_any(scale, dtype):
    y = (scale * noise(1, 2, 2, 5, seed=1)).to(dtype).requires_grad_()
    y0 = noise(1, 2, 2, 5, seed=2).to(dtype)
    score = lpips([y], [y0], [torch.ones(5, dtype=dtype)]).score
    score.sum().backward()
    assert score.isfinite().all()
    assert y.grad.isfinite().all()


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
def test_half_precision_features_are_normalised_in_float32(dtype):
    found = lpips(
        [torch.zeros(1, 1, 1, 4, dtype=dtype)], [torch.ones(1, 1, 1, 4, dtype=dtype)], [torch.ones(4)]
    )
    assert found.score.dtype == torch.float32
    assert found.score.item() == pytest.approx(1)


def test_at_identity_the_score_and_its_gradient_are_zero(module):
    a = noise(1, 3, 40, 40)
    b = a.clone().requires_grad_()
    score = module(a, b)
    score.sum().backward()
    assert score.item() == 0
    assert b.grad.abs().max() == 0


def test_the_gradient_is_finite_where_a_picture_has_no_feature_in_a_whole_layer():
    """There that of `lpips` is NaN."""
    blind = explorer.Lpips(layers=["conv5"])
    last = blind._features.get_submodule("_run.features.10")
    last.bias = torch.full((256,), -1e9)  # nothing passes the ReLU behind it
    a, b = noise(1, 3, 40, 40), noise(1, 3, 40, 40, seed=1).requires_grad_()
    assert blind._features(a)[0].abs().max() == 0
    blind(a, b).sum().backward()
    assert b.grad.isfinite().all()


def test_twenty_steps_from_noise_towards_a_photograph_lower_the_score(module, photo):
    target = input_tensor(photo("cat", (64, 64)))
    picture = (0.3 * noise(1, 3, 64, 64)).requires_grad_()
    optimizer = torch.optim.Adam([picture], lr=0.05)
    scores = []
    for _ in range(20):
        optimizer.zero_grad()
        score = module(target, picture)
        score.sum().backward()
        optimizer.step()
        with torch.no_grad():
            picture.clamp_(-1, 1)
        scores.append(score.item())
    assert scores[-1] < 0.5 * scores[0]


@pytest.mark.parametrize(
    ("backbone", "choices"),
    [
        ("alex", {}),
        ("alexnet", {"heads": "uniform", "layers": ["features.3", "conv1"]}),
        ("alexnet", {"weights": "random"}),  # whose default heads are uniform
        ("resnet18", {"weights": "random"}),
    ],
)
def test_scores_of_a_batch_are_those_that_measure_gives_each_pair(backbone, choices, photo):
    ours = explorer.Lpips(backbone, **choices)
    pairs = [distorted_pair(photo, (64, 48), name) for name in ("cat", "china")]
    first, second = (torch.cat([input_tensor(pair[place]) for pair in pairs]) for place in (0, 1))
    scores = ours(first, second)
    assert scores.shape == (2,)
    for score, pair in zip(scores.tolist(), pairs, strict=True):
        expected = explorer.measure(*pair, backbone=backbone, device="cpu", **choices)
        assert score == pytest.approx(expected.score, rel=0, abs=1e-5 * max(1, expected.score))
        assert (ours.backbone, ours.heads, ours.weights) == (
            expected.backbone,
            expected.heads,
            expected.weights,
        )
        assert ours.layers == tuple(layer.name for layer in expected.layers)
    torch.testing.assert_close(ours((first + 1) / 2, (second + 1) / 2, normalize=True), scores)


def test_nothing_in_it_trains_and_no_state_dict_holds_it(module):
    owner = torch.nn.ModuleDict({"metric": copy.deepcopy(module), "own": torch.nn.Linear(2, 2)})
    assert [name for name, _ in owner.named_parameters()] == ["own.weight", "own.bias"]
    assert sorted(owner.state_dict()) == ["own.bias", "own.weight"]
    owner.load_state_dict(owner.state_dict())


def test_a_network_with_dropout_and_batch_norm_scores_the_same_in_training():
    module = explorer.Lpips("efficientnet_b0", weights="random")
    a, b = noise(1, 3, 32, 32), noise(1, 3, 32, 32, seed=1)
    before = module.eval()(a, b)
    assert torch.equal(module.train()(a, b), before)
    assert torch.equal(module(a, b), before)


def test_double_precision_is_computed_in_double_precision_and_changes_no_other_module(module):
    a, b = noise(1, 3, 40, 40), noise(1, 3, 40, 40, seed=1)
    before = module(a, b)
    exact = explorer.Lpips().double()(a.double(), b.double())
    assert exact.dtype == torch.float64
    assert exact.item() == pytest.approx(before.item(), rel=1e-6)
    assert exact.item() != before.item()
    assert torch.equal(module(a, b), before)


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda module: pickle.loads(pickle.dumps(module))])
def test_a_copy_gives_the_same_scores_and_stays_out_of_state_dicts(copied):
    """By the network whose graph reads weights of its own, besides those of its modules."""
    module = explorer.Lpips("convnext_tiny", weights="random", layers=["stage1"])
    a, b = noise(1, 3, 32, 32), noise(1, 3, 32, 32, seed=1)
    twin = copied(module)
    assert torch.equal(twin(a, b), module(a, b))
    assert not list(twin.parameters())
    assert not twin.state_dict()


def test_it_can_be_compiled_with_its_gradient():
    module = explorer.Lpips(layers=["conv1", "conv2"])
    a, b = noise(1, 3, 40, 40), noise(1, 3, 40, 40, seed=1)
    compiled = torch.compile(module, backend="aot_eager")
    scores, gradients = [], []
    for metric in (module, compiled):
        picture = b.clone().requires_grad_()
        score = metric(a, picture)
        score.sum().backward()
        scores.append(score.detach())
        gradients.append(picture.grad)
    torch.testing.assert_close(scores[1], scores[0])
    torch.testing.assert_close(gradients[1], gradients[0])
    with pytest.raises(ImageError, match="at least 31"):
        compiled(a[..., :20], b[..., :20])


def test_it_can_be_made_inside_inference_mode_and_used_outside():
    with torch.inference_mode():
        module = explorer.Lpips("squeezenet1_1", weights="random")
        module(noise(1, 3, 32, 32), noise(1, 3, 32, 32, seed=1))
    b = noise(1, 3, 32, 32, seed=1).requires_grad_()
    module(noise(1, 3, 32, 32), b).sum().backward()
    assert b.grad.abs().max() > 0


GOOD = noise(1, 3, 40, 40)
NOT_FINITE = GOOD.clone()
NOT_FINITE[0, 0, 0, 0] = torch.nan


@pytest.mark.parametrize(
    ("a", "b", "error", "words"),
    [
        ((GOOD * 255).to(torch.uint8), GOOD, ImageError, r"a must be a tensor of floats .* not torch\.uint8"),
        (GOOD, GOOD.numpy(), ImageError, r"b must be a tensor of floats .* not ndarray"),
        (GOOD, GOOD[0], ImageError, r"b must have the shape \(N, 3, height, width\), not \(3, 40, 40\)"),
        (GOOD[:, :1], GOOD, ImageError, r"a must have the shape .* not \(1, 1, 40, 40\)"),
        (GOOD, GOOD.permute(0, 2, 3, 1), ImageError, r"b must have the shape .* not \(1, 40, 40, 3\)"),
        (GOOD, GOOD[..., :38], SizeMismatchError, "a measures 40 × 40 pixels and b 38 × 40"),
        (GOOD, GOOD.expand(4, -1, -1, -1), ImageError, r"a holds 1 pictures and b 4; .*\.expand"),
        (
            GOOD[..., :30],
            GOOD[..., :30],
            ImageError,
            "measures 30 × 40 pixels, but AlexNet needs at least 31",
        ),
        (GOOD, 1.5 * GOOD, ImageError, r"b has values from -1\.5 to 1\.5, beyond the range \[-1, 1\]"),
        (GOOD * 255, GOOD, ImageError, r"a has values from -25.*\.clamp\(-1, 1\)"),
        (GOOD, NOT_FINITE, ImageError, "b holds values that are not finite"),
        (GOOD / 0, GOOD, ImageError, "a holds values that are not finite"),
        (GOOD, GOOD.to("meta"), SettingError, "on cpu and meta, but this Lpips is on cpu"),
    ],
)
def test_what_is_no_pair_of_pictures_is_refused_in_words(a, b, error, words, module):
    with pytest.raises(error, match=words) as raised:
        module(a, b)
    if error is SizeMismatchError:
        assert (raised.value.reference_size, raised.value.distorted_size) == ((40, 40), (38, 40))


def test_pictures_below_0_are_refused_where_0_to_1_was_announced(module):
    with pytest.raises(ImageError, match=r"beyond the range \[0, 1\]") as raised:
        module(GOOD, GOOD, normalize=True)
    assert "normalize" not in str(raised.value)  # it is what was said already


def test_a_rounding_beyond_the_range_is_no_mistake(module):
    edge = torch.full_like(GOOD, 1 + 1e-6)
    assert module(edge, edge).item() == 0


def test_an_empty_batch_has_no_scores(module):
    assert module(GOOD[:0], GOOD[:0]).shape == (0,)


def test_a_size_between_the_steps_of_a_backbone_is_refused():
    module = explorer.Lpips("vit_b_16", weights="random", layers=["block3"])
    with pytest.raises(ImageError, match=r"ViT-B/16 takes sides that are multiples of 16; crop"):
        module(GOOD, GOOD)


def test_a_layer_without_cells_at_this_size_is_named():
    module = explorer.Lpips(heads="uniform", layers=["features.12"])
    small = GOOD[..., :31, :31]
    with pytest.raises(
        ImageError, match=r"31 × 31 pixels, at which AlexNet's layer features\.12 has no cells"
    ):
        module(small, small)


@pytest.mark.parametrize(
    ("choices", "words"),
    [
        ({"backbone": "dists"}, r"DISTS compares statistics of whole layers; use explorer\.measure"),
        ({"backbone": "vgg99"}, "no backbone 'vgg99'"),
        ({"heads": "dists"}, "AlexNet has no heads 'dists'"),
        ({"weights": "pretrained"}, "no weights 'pretrained'"),
        ({"layers": []}, "No layer is left"),
        ({"layers": ["conv9"]}, "no layer 'conv9'"),
    ],
)
def test_settings_that_it_cannot_have_are_refused_in_words(choices, words):
    with pytest.raises(SettingError, match=words):
        explorer.Lpips(**choices)


def test_features_for_autograd_come_from_a_plain_network_only():
    with pytest.raises(ValueError, match="plain=True"):
        Features(network(find_backbone("alexnet"), "cpu"), ("conv1",))
