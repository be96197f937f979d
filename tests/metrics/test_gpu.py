"""On a GPU the numbers are those of the CPU, unless a lower precision was asked for."""

import copy

import numpy as np
import pytest
import torch

import explorer
from benchmarks.others import lpips_model
from explorer.backbones import BACKBONES, available_precisions, find_backbone, find_device
from explorer.distortions import distort
from explorer.images import derive
from explorer.metrics import Method
from explorer.metrics.scores import scores

pytestmark = pytest.mark.skipif(not torch.cuda.is_available(), reason="this machine has no CUDA device")

# How far a precision may move AlexNet's score.
MOVES = {"float32": 1e-4, "tf32": 0.01, "bf16": 0.05}


@pytest.mark.parametrize("heads", find_backbone("alexnet").head_names)
@pytest.mark.parametrize("sample", ["cat", "text"])
def test_scores_layers_and_maps_on_cuda_equal_those_on_the_cpu(heads, sample, pairs):
    for pair in pairs(sample, (301, 207)):
        cpu, cuda = (
            explorer.measure(pair.reference, pair.distorted, heads=heads, device=device)
            for device in ("cpu", "cuda")
        )
        assert cuda.score == pytest.approx(cpu.score, rel=1e-4, abs=1e-9), pair.label
        for ours, theirs in zip(cuda.layers, cpu.layers, strict=True):
            case = f"{pair.label} {ours.name}"
            assert ours.distance == pytest.approx(theirs.distance, rel=1e-4, abs=1e-9), case
            np.testing.assert_allclose(ours.map, theirs.map, rtol=1e-3, atol=1e-4, err_msg=case)


@pytest.mark.parametrize("name", BACKBONES)
def test_every_backbone_gives_the_same_on_cuda_as_on_the_cpu(name, photo):
    reference = photo("cat", (112, 96))
    distorted = derive(reference, distort(reference.pixels, "jpeg", 0.7))
    for heads in find_backbone(name).head_names:
        cpu, cuda = (
            explorer.measure(reference, distorted, name, heads, device=device, weights="random")
            for device in ("cpu", "cuda")
        )
        assert cuda.device == "cuda"
        assert cuda.score == pytest.approx(cpu.score, rel=1e-3, abs=1e-9), heads
        for ours, theirs in zip(cuda.layers, cpu.layers, strict=True):
            assert ours.distance == pytest.approx(theirs.distance, rel=1e-3, abs=1e-7), f"{heads} {ours.name}"
            assert ours.grid == theirs.grid


@pytest.mark.parametrize("precision", available_precisions("cuda"))
def test_a_precision_moves_the_score_by_a_bounded_amount(precision, pair):
    exact = explorer.measure(pair.reference, pair.distorted, device="cpu").score
    measured = explorer.measure(pair.reference, pair.distorted, device="cuda", precision=precision)
    assert measured.precision == precision
    assert measured.score == pytest.approx(exact, rel=MOVES[precision])
    assert all(np.isfinite(layer.map).all() for layer in measured.layers)


def test_float32_stays_exact_whatever_was_asked_for_before_it(pair, empty_cache):
    def score(precision):
        empty_cache.clear()
        return explorer.measure(pair.reference, pair.distorted, device="cuda", precision=precision).score

    before = score("float32")
    others = [score(precision) for precision in ("tf32", "bf16")]
    assert score("float32") == pytest.approx(before, rel=1e-6)
    assert all(other != before for other in others)


@pytest.mark.parametrize("precision", available_precisions("cuda"))
def test_the_switches_of_the_process_are_put_back(precision, pair):
    def switches():
        return torch.backends.cuda.matmul.fp32_precision, torch.backends.cudnn.conv.fp32_precision

    before = switches()
    explorer.measure(pair.reference, pair.distorted, device="cuda", precision=precision)
    assert switches() == before


def test_a_cached_reference_gives_the_same_score_on_cuda(pair, empty_cache):
    cold, cached = (explorer.measure(pair.reference, pair.distorted, device="cuda") for _ in range(2))
    assert empty_cache.used > 0
    assert cached.score == pytest.approx(cold.score, rel=1e-5)


def test_a_pair_that_does_not_fit_into_the_gpus_memory_is_measured_on_the_cpu_which_is_said(
    photo, empty_cache
):
    pair = [photo(name, (1536, 1024)) for name in ("cat", "coffee")]
    explorer.measure(*pair, size=64, device="cuda")  # the weights are there
    empty_cache.clear()
    torch.cuda.empty_cache()
    torch.cuda.set_per_process_memory_fraction(1e-4)  # a few megabytes
    try:
        measured = explorer.measure(*pair, device="cuda")
    finally:
        torch.cuda.set_per_process_memory_fraction(1.0)
    assert measured.device == "cpu"
    assert tuple(map(str, measured.notes)) == ("out of memory on cuda: computed on the CPU",)
    assert measured.score == explorer.measure(*pair, device="cpu").score


@pytest.mark.parametrize("backbone", ["alexnet", "squeezenet1_1"])
def test_the_module_has_the_scores_and_gradients_of_the_package_on_cuda(backbone):
    torch.manual_seed(0)
    other = torch.rand(2, 3, 96, 112, device="cuda") * 2 - 1
    start = (torch.rand(2, 3, 96, 112, device="cuda") * 2 - 1).requires_grad_()
    ours = explorer.Lpips(backbone).cuda()
    theirs = copy.deepcopy(lpips_model("0.1", backbone=backbone)).cuda()  # the model is shared
    with torch.backends.cudnn.flags(enabled=True, deterministic=True, allow_tf32=False):
        scores = [ours(start, other), theirs(start, other).flatten()]
        gradients = [torch.autograd.grad(score.sum(), start)[0] for score in scores]
    torch.testing.assert_close(*scores, rtol=1e-5, atol=1e-6)
    assert (gradients[0] - gradients[1]).norm() <= 1e-5 * gradients[1].norm()


def test_identical_pictures_are_at_0_in_a_batch_of_any_size(photo):
    reference = photo("cat", (112, 96))
    blurred = derive(reference, distort(reference.pixels, "gaussian_blur", 0.4))
    method = Method(device="cuda")
    found = scores(method, reference, [blurred, reference, blurred])
    assert found[1] == 0
    assert found[0] == pytest.approx(found[2], rel=1e-5)
    assert scores(method, reference, [reference]) == [0]


def test_auto_picks_cuda(pair):
    assert find_device("auto") == "cuda"
    assert explorer.measure(pair.reference, pair.distorted).device == "cuda"
