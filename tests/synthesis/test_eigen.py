"""Directions that a metric sees most and least: those of a dense Jacobian, and seen by lpips itself."""

from contextlib import contextmanager
from itertools import pairwise

import numpy as np
import pytest
import torch
from torch.nn.functional import conv2d, cosine_similarity, softplus

from benchmarks.others import lpips_model
from explorer.backbones import BACKBONES
from explorer.errors import ImageError, SettingError
from explorer.images import derive
from explorer.metrics import Lpips, Method
from explorer.synthesis import eigen
from explorer.synthesis.eigen import CLOSE, Direction, Jacobian, jacobian_of, quotient
from explorer.synthesis.levels import levels_of, scaled
from explorer.synthesis.networks import module_of
from explorer.synthesis.process import run

PSNR = 40.0


def noise(shape, seed=0):
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed))


def last(jacobian, is_most, steps):
    *_, point = run(Direction(jacobian, noise(jacobian.at.shape), PSNR, is_most), steps)
    return point


@pytest.fixture(scope="module")
def small(photo):
    """Two layers of convolution, with unit features, on a crop of 16 x 16 pixels; and its dense Jacobian."""
    at = levels_of(photo("cat", (300, 300)))[:, :, 130:146, 60:76].contiguous()
    first, second = 0.2 * noise((8, 3, 3, 3), 1), 0.2 * noise((8, 8, 3, 3), 2)

    def function(levels):
        # Softplus: with ReLU and no bias a change of contrast is not seen at all, and its eigenvalue is 0.
        one = softplus(conv2d(scaled(levels), first, padding=1))
        two = softplus(conv2d(one, second, padding=1))
        return torch.cat([(each / (each.norm(dim=1, keepdim=True) + 1e-10)).flatten() for each in (one, two)])

    (dense,) = torch.autograd.functional.jacobian(function, (at,), vectorize=True)
    return Jacobian(function, at), dense.flatten(1).double()


def test_both_products_are_those_of_a_dense_jacobian(small):
    jacobian, dense = small
    change = noise(jacobian.at.shape, 3)
    values = noise(dense.shape[:1], 4)
    forward = dense @ change.flatten().double()
    back = values.double() @ dense
    assert torch.allclose(jacobian(change).double(), forward, rtol=1e-4, atol=1e-6)
    assert torch.allclose(jacobian.transposed(values).flatten().double(), back, rtol=1e-4, atol=1e-6)


def test_both_eigenvalues_are_those_of_a_dense_jacobian_to_a_thousandth(small):
    jacobian, dense = small
    spectrum = torch.linalg.eigvalsh(dense.T @ dense) * dense.shape[1]  # of changes of 1 grey level each
    for is_most, expected in ((True, spectrum[-1]), (False, spectrum[0])):
        point = last(jacobian, is_most, steps=400)
        assert eigen.is_settled(point), point.step
        assert point.value == pytest.approx(float(expected), rel=1e-3)
        assert point.value == pytest.approx(quotient(jacobian, point.memory[0]), rel=1e-4)


@pytest.mark.grid
def test_an_alexnet_layer_has_the_largest_eigenvalue_of_its_dense_jacobian(photo):
    reference, module = photo("cat", (31, 31)), Lpips(layers=["conv1"])
    jacobian = jacobian_of(Method(layers=("conv1",)), reference)

    def outputs(levels):
        return eigen.compared(module, levels)

    rows = torch.autograd.functional.jacobian(outputs, jacobian.at, vectorize=True).flatten(1).double()
    largest = float(torch.linalg.matrix_norm(rows, 2)) ** 2 * rows.shape[1]
    assert last(jacobian, True, steps=100).value == pytest.approx(largest, rel=1e-3)


@pytest.mark.parametrize("layers", [("conv1",), None], ids=str)
def test_none_of_200_random_directions_is_seen_more_or_less_than_those_that_were_found(photo, layers):
    jacobian = jacobian_of(Method(layers=layers), photo("coffee", (64, 64)))
    most, least = (last(jacobian, is_most, steps=8) for is_most in (True, False))
    random = [quotient(jacobian, noise(jacobian.at.shape, seed)) for seed in range(1, 201)]
    assert least.value < min(random) < max(random) < most.value


@pytest.mark.grid
def test_so_it_is_of_a_larger_picture_after_all_steps(photo):
    jacobian = jacobian_of(Method(), photo("cat", (128, 128)))
    most, least = (last(jacobian, is_most, steps=60) for is_most in (True, False))
    random = [quotient(jacobian, noise(jacobian.at.shape, seed)) for seed in range(1, 201)]
    assert least.value < min(random) < max(random) < most.value


def test_each_step_is_seen_more_or_less_than_the_one_before_until_it_is_settled(photo):
    jacobian = jacobian_of(Method(), photo("cat", (64, 64)))
    start = noise(jacobian.at.shape)
    for is_most, steps in ((True, 40), (False, 10)):
        points = list(run(Direction(jacobian, start, PSNR, is_most), steps))
        values = [point.value for point in points]
        pairs = pairwise(values)
        slack = 1 + 1e-6  # the last ones of those that settle are equal but for rounding
        assert all(before <= slack * after if is_most else after <= before for before, after in pairs)
        if is_most:  # and then it is over, before the steps are
            assert points[-1].step < 40
            rest = points[-1].slope.square().mean().sqrt() / points[-1].value
            assert rest <= CLOSE


def test_small_changes_have_the_distance_that_the_quotient_foretells_by_lpips_itself(photo):
    reference = photo("cat", (64, 64))
    jacobian = jacobian_of(Method(), reference)
    direction = last(jacobian, True, steps=8)
    change = direction.memory[0].double() * 1e-4  # too small to leave the parabola
    model = lpips_model().double()
    x0 = levels_of(reference).double()
    with torch.no_grad():
        distance = float(model(scaled(x0), scaled(x0 + change)))
    assert distance / 1e-4**2 == pytest.approx(direction.value, rel=2e-2)


def test_a_point_shows_the_reference_changed_along_its_direction_at_the_psnr_asked_for(photo):
    reference = photo("cat", (64, 64))
    jacobian = jacobian_of(Method(), reference)
    for is_most in (True, False):
        point = last(jacobian, is_most, steps=5)
        change = (point.levels - jacobian.at).flatten()
        along = cosine_similarity(change, point.memory[0].flatten(), dim=0)
        assert along > 0.999
        error = np.mean((point.pixels.astype(float) - reference.pixels) ** 2)
        assert 10 * np.log10(255**2 / error) == pytest.approx(PSNR, abs=0.02)


def test_the_image_of_a_direction_is_its_own_however_many_steps_have_mixed_it(photo):
    jacobian = jacobian_of(Method(layers=("conv1",)), photo("cat", (40, 40)))
    point = last(jacobian, False, steps=4 * eigen.ANEW)
    direction, image, *_ = point.memory
    own = jacobian(direction)
    assert (image - own).norm() <= 1e-6 * own.norm()  # mixed alone it is 3e-4 off by then
    assert point.value == pytest.approx(quotient(jacobian, direction), rel=1e-5)


def test_a_run_that_was_interrupted_has_the_same_bits(photo, monkeypatch):
    monkeypatch.setattr(eigen, "ANEW", 4)  # between the interruption and the end
    jacobian = jacobian_of(Method(layers=("conv2",)), photo("coffee", (64, 64)))
    process = Direction(jacobian, noise(jacobian.at.shape), PSNR, False)
    *_, whole = run(process, 6)
    *_, half = run(process, 3)
    *_, rest = run(process, 6, half)
    assert torch.equal(whole.levels, rest.levels)
    assert whole.value == rest.value
    again = jacobian_of(Method(layers=("conv2",)), photo("coffee", (64, 64)))
    *_, anew = run(Direction(again, noise(jacobian.at.shape), PSNR, False), 6)
    assert torch.equal(whole.levels, anew.levels)


def test_a_black_picture_has_finite_directions(photo):
    black = derive(photo("cat", (64, 64)), np.zeros((64, 64, 3), np.uint8))
    point = last(jacobian_of(Method(), black), True, steps=3)
    assert np.isfinite(point.value)
    assert torch.isfinite(point.levels).all()


def test_a_metric_without_a_gradient_is_refused_with_those_that_have_one(photo):
    with pytest.raises(SettingError, match=r"has no gradient here.*such as alexnet"):
        jacobian_of(Method("dists"), photo("cat", (64, 64)))


@pytest.mark.parametrize(
    ("method", "layers", "size", "said"),
    [
        (Method(), None, (30, 64), "AlexNet needs at least 31 on the short side; use a larger image"),
        (Method(), ["conv9"], (64, 64), "AlexNet has no layer 'conv9'"),
    ],
)
def test_what_has_no_directions_is_told_in_a_sentence(photo, method, layers, size, said):
    with pytest.raises((ImageError, SettingError), match=said):
        jacobian_of(method, photo("cat", size), layers)


def test_a_graph_takes_one_pass_in_the_devices_turn_of_a_network_that_all_share(photo, monkeypatch):
    passes, turns, features = [], [], Lpips.features

    @contextmanager
    def turn(device, _size):
        turns.append(device)
        yield
        turns.pop()

    def counted(module, pictures):
        passes.append((module, *turns))
        return features(module, pictures)

    monkeypatch.setattr(eigen, "turn", turn)
    monkeypatch.setattr(Lpips, "features", counted)
    method = Method(layers=("conv1",), device="cpu")
    for _ in range(2):
        jacobian_of(method, photo("cat", (64, 64)))
    assert passes == [(module_of(method, "cpu"), "cpu")] * 2


def test_the_graph_and_both_products_are_exact(monkeypatch):
    entered, within = [], []

    @contextmanager
    def exactly(precision, device):
        entered.append((precision, device))
        within.append(device)
        yield
        within.pop()

    monkeypatch.setattr(eigen, "computing_with", exactly)

    def function(levels):
        assert within  # also what is differentiated is computed so
        return levels.square().flatten()

    jacobian = Jacobian(function, torch.ones(1, 3, 2, 2))
    jacobian(jacobian.at)
    jacobian.transposed(jacobian.at.flatten())
    assert entered == [("float32", "cpu")] * 3


FEW = ("mobilenet_v3_large",)  # some of its operators torch derives once alone; so it is of vit_b_16


@pytest.mark.parametrize(
    "name",
    [
        name if name in FEW else pytest.param(name, marks=pytest.mark.grid)
        for name in BACKBONES
        if name != "dists"
    ],
)
def test_every_network_with_a_gradient_has_both_directions(photo, name):
    row = BACKBONES[name]
    jacobian = jacobian_of(Method(name, weights="random"), photo("cat", (64, 64)), row.layer_names[-1:])
    low, high = last(jacobian, False, steps=1), last(jacobian, True, steps=1)
    middle = quotient(jacobian, noise(jacobian.at.shape))
    assert low.value < middle < high.value


@pytest.mark.skipif(not torch.cuda.is_available(), reason="there is no GPU")
def test_on_a_gpu_the_directions_are_those_of_the_cpu(photo):
    found = {}
    for device in ("cpu", "cuda"):
        jacobian = jacobian_of(Method(device=device), photo("cat", (64, 64)))
        assert jacobian.at.device.type == device
        found[device] = [last(jacobian, is_most, steps=10) for is_most in (True, False)]
    assert all(point.levels.device.type == "cuda" for point in found["cuda"])
    for one, other in zip(*found.values(), strict=True):
        assert one.value == pytest.approx(other.value, rel=1e-3)
