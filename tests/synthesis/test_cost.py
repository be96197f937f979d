"""What a step is said to cost, beside what it takes."""

import math

import pytest
import torch
from torch.multiprocessing.reductions import StorageWeakRef
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves

from explorer.backbones import graph_of
from explorer.errors import SettingError
from explorer.jobs import Pool
from explorer.metrics import Method
from explorer.synthesis.competition import Competition
from explorer.synthesis.cost import step_bytes, step_seconds
from explorer.synthesis.journey import Journey, Plan
from explorer.synthesis.keeping import Keeping
from explorer.synthesis.process import run

ALEX, VGG = Method(device="cpu"), Method("vgg16", weights="random", device="cpu")
SQUEEZE = Method("squeezenet1_1", "uniform", weights="random", device="cpu")
RESNET = Method("resnet50", weights="random", device="cpu")


class Handed(TorchDispatchMode):
    """Bytes of all that torch has handed out inside, and that is not let go: now, and at most."""

    def __init__(self):
        super().__init__()
        self.most, self._live = 0, {}

    def __torch_dispatch__(self, function, types, args=(), kwargs=None):
        made = function(*args, **(kwargs or {}))
        for tensor in tree_leaves(made):
            if isinstance(tensor, torch.Tensor):
                storage = tensor.untyped_storage()
                self._live[storage._cdata] = StorageWeakRef(storage), storage.nbytes()
        self._live = {place: each for place, each in self._live.items() if not each[0].expired()}
        self.most = max(self.most, sum(size for _, size in self._live.values()))
        return made


def most_handed_out(plan):
    """Bytes at the peak of two steps of all runs, one after the other; the networks are there before."""
    plan.make()
    with Handed() as handed:
        points = {}
        under_way = {name: run(process, 2) for name, process in plan.make().items()}
        for name in 3 * list(under_way):
            points[name] = next(under_way[name])  # lets go of the one before, as a journey does
    return handed.most


def competing(hold, at, moved, runs=("lowered", "raised")):
    """A plan of these, by the picture's size."""
    return lambda reference: Competition(reference, hold, at, moved, "gaussian_noise", ALEX, runs=runs).plan()


def growing(reference):
    """Five pictures at once."""
    return Keeping(reference, tuple((layer,) for layer in ALEX.layers), ALEX).plan()


@pytest.mark.parametrize(
    ("planned", "size"),
    [
        pytest.param(competing("PSNR", 24.0, ALEX, ("raised",)), (128, 96), id="AlexNet, one run"),
        pytest.param(competing("PSNR", 24.0, ALEX), (128, 96), id="AlexNet"),
        pytest.param(competing("SSIM", 0.6, "PSNR"), (96, 80), id="SSIM"),
        pytest.param(competing(ALEX, 0.3, SQUEEZE), (96, 80), id="two networks"),
        pytest.param(growing, (96, 80), id="five layers"),
        pytest.param(competing("PSNR", 24.0, VGG), (128, 128), id="VGG16", marks=pytest.mark.grid),
        pytest.param(competing("PSNR", 24.0, RESNET), (128, 128), id="ResNet-50", marks=pytest.mark.grid),
    ],
)
def test_steps_are_said_to_take_what_they_take_at_their_peak_and_not_much_more(planned, size, photo):
    plan = planned(photo("cat", size))
    most = most_handed_out(plan)
    assert most <= plan.size <= 1.8 * most


def test_memory_grows_with_the_pixels_and_what_stays_is_added_up():
    small, large = (step_bytes([VGG], (side, side)) for side in (256, 1024))
    assert large == pytest.approx(16 * small, rel=0.02)
    size, picture = (256, 256), 3 * 4 * 256**2
    alone, both = step_bytes([VGG], size), step_bytes([ALEX, VGG], size)
    grids = graph_of(ALEX.row).grids(size)
    features = sum(4 * graph_of(ALEX.row).channels(name) * math.prod(grids[name]) for name in ALEX.layers)
    assert both - alone == picture + features  # beside the larger one's pass the reference's features stay
    assert step_bytes([VGG], size, runs=3) - alone == 2 * 6 * picture
    assert step_bytes([Method(layers=("conv1",))], size) < step_bytes([ALEX], size)


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
