"""What a step is said to cost, beside what it takes."""

import pytest
import torch

from explorer.distortions import distort
from explorer.errors import SettingError
from explorer.images import derive
from explorer.jobs import Pool
from explorer.metrics import Method
from explorer.synthesis.cost import step_bytes, step_seconds
from explorer.synthesis.journey import Journey, Plan
from explorer.synthesis.levels import levels_of
from explorer.synthesis.networks import module_of
from explorer.synthesis.objective import Objective

ALEX, VGG = Method(device="cpu"), Method("vgg16", weights="random", device="cpu")
SQUEEZE = Method("squeezenet1_1", "uniform", weights="random", device="cpu")
RESNET = Method("resnet50", weights="random", device="cpu")


def held_on_the_way_back(ruler, reference):
    """Bytes of all that autograd keeps for one gradient, each storage once."""
    objective = Objective(ruler, reference, "cpu")
    noisy = levels_of(derive(reference, distort(reference.pixels, "gaussian_noise", 0.5)))
    held = {}

    def pack(tensor):
        storage = tensor.untyped_storage()
        held[storage.data_ptr()] = storage
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(pack, lambda tensor: tensor):
        value = objective(noisy.requires_grad_())
        weights = {buffer.untyped_storage().data_ptr() for buffer in _buffers(objective)}
        found = sum(storage.nbytes() for place, storage in held.items() if place not in weights)
        (slope,) = torch.autograd.grad(value, noisy)
    assert slope.abs().sum() > 0
    return found


def _buffers(objective):
    ruler = objective.ruler
    return () if isinstance(ruler, str) else module_of(ruler, "cpu").buffers()


@pytest.mark.parametrize(
    ("ruler", "size"),
    [
        pytest.param(ALEX, (256, 192), id="AlexNet"),
        pytest.param(SQUEEZE, (128, 128), id="SqueezeNet"),
        pytest.param("SSIM", (128, 96), id="SSIM"),
        pytest.param(VGG, (96, 64), id="VGG16", marks=pytest.mark.grid),
        pytest.param(RESNET, (96, 96), id="ResNet-50", marks=pytest.mark.grid),
    ],
)
def test_a_step_is_said_to_take_what_autograd_keeps_and_not_much_more(ruler, size, photo):
    held = held_on_the_way_back(ruler, photo("cat", size))
    assert held <= step_bytes([ruler], size) <= 5 * held  # its pictures and memory beside it


def test_memory_grows_with_the_pixels_and_is_that_of_the_largest_ruler():
    small, large = (step_bytes([VGG], (side, side)) for side in (256, 1024))
    assert large == pytest.approx(16 * small, rel=0.02)
    assert step_bytes(["PSNR", ALEX, VGG], (256, 256)) == step_bytes([VGG], (256, 256))
    assert step_bytes([Method(layers=("conv1",))], (256, 256)) < step_bytes([ALEX], (256, 256))


def test_a_first_guess_at_the_time_grows_with_pixels_and_networks():
    size = (256, 256)
    quick, usual, long = (step_seconds([ruler], size) for ruler in ("PSNR", ALEX, VGG))
    assert 0 < quick < usual < long
    assert step_seconds([ALEX], (512, 512)) > 3 * usual
    assert step_seconds([ALEX, "SSIM"], size) > usual


def test_what_does_not_fit_in_memory_is_refused_before_the_first_step(photo):
    reference = photo("cat", (512, 512))
    plan = Plan("key", "Lowering LPIPS", reference, VGG, (), lambda: pytest.fail("it was begun"))
    task = Journey(plan).task(10)
    assert task.size == step_bytes([VGG], (512, 512))
    with pytest.raises(SettingError, match=r"Lowering LPIPS may take 1\.4 GB .* choose a smaller size"):
        Pool({"compute": 1}, task.size - 1).start(task)
