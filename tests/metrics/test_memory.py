"""Out of a GPU's memory: smaller batches, then the CPU, and a sentence that says so."""

from dataclasses import dataclass

import pytest
import torch

from explorer.backbones import Backbone, find_backbone, network
from explorer.metrics.measuring import compare_on
from explorer.metrics.memory import LARGEST_BATCH, is_out_of_memory, with_smaller_batches
from tests.grid import few

ALEXNET = find_backbone("alexnet")


@dataclass
class FullGpu:
    """Stands for a network on a device of which this machine has none; nothing but its memory is asked."""

    device: str = "cuda"
    backbone: Backbone = ALEXNET
    weights: str = "random"
    precision: str = "float32"

    @property
    def identity(self):
        raise torch.OutOfMemoryError("CUDA out of memory.")


@dataclass
class Run:
    """Fits in memory up to some number at once, on the CPU always."""

    largest: int
    error: type[Exception] = torch.OutOfMemoryError
    message: str = "CUDA out of memory. Tried to allocate 2 GiB."

    def __post_init__(self):
        self.tried = []

    def __call__(self, trunk, batch):
        self.tried.append((trunk.device, batch))
        if trunk.device != "cpu" and batch > self.largest:
            raise self.error(self.message)
        return f"{trunk.device} {batch}"


def test_what_fits_is_run_once_and_nothing_is_said():
    run, trunk = Run(largest=LARGEST_BATCH), FullGpu()
    assert with_smaller_batches(run, trunk) == (f"cuda {LARGEST_BATCH}", trunk, ())
    assert run.tried == [("cuda", LARGEST_BATCH)]


def test_batches_are_halved_until_one_fits_and_that_is_said():
    run, trunk = Run(largest=2), FullGpu()
    result, used, notes = with_smaller_batches(run, trunk, batch=16)
    assert run.tried == [("cuda", 16), ("cuda", 8), ("cuda", 4), ("cuda", 2)]
    assert (result, used) == ("cuda 2", trunk)
    assert tuple(map(str, notes)) == ("out of memory on cuda: computed 2 at a time",)


@pytest.mark.parametrize("batch", few([3, 1, 16]))
def test_where_not_even_one_fits_the_cpu_computes_and_that_is_said(batch):
    run = Run(largest=0)
    result, used, notes = with_smaller_batches(run, FullGpu(), batch)
    assert run.tried[-2:] == [("cuda", 1), ("cpu", 1)]
    assert result == "cpu 1"
    assert used is network(ALEXNET, "cpu", "random")  # of the same weights
    assert tuple(map(str, notes)) == ("out of memory on cuda: computed on the CPU",)


def test_on_the_cpu_pictures_pass_one_at_a_time():
    run = Run(largest=0)
    trunk = FullGpu(device="cpu")
    assert with_smaller_batches(run, trunk) == ("cpu 1", trunk, ())


def test_the_words_of_mps_are_understood_too():
    run = Run(largest=0, error=RuntimeError, message="MPS backend out of memory (MPS allocated: 9 GB)")
    _, used, notes = with_smaller_batches(run, FullGpu(device="mps"), batch=1)
    assert used.device == "cpu"
    assert tuple(map(str, notes)) == ("out of memory on mps: computed on the CPU",)


@pytest.mark.parametrize(
    "error", [RuntimeError("the shapes do not fit"), ValueError("out of memory"), KeyError()]
)
def test_any_other_error_passes_through_at_once(error):
    tried = []

    def run(trunk, batch):
        tried.append(batch)
        raise error

    with pytest.raises(type(error)) as caught:
        with_smaller_batches(run, FullGpu())
    assert caught.value is error
    assert tried == [LARGEST_BATCH]


def test_an_error_on_the_cpu_passes_through_even_if_it_is_of_memory():
    def run(trunk, batch):
        raise MemoryError("the machine is full")

    with pytest.raises(MemoryError, match="the machine is full"):
        with_smaller_batches(run, FullGpu(device="cpu"))


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (torch.OutOfMemoryError("x"), True),
        (MemoryError(), True),
        (RuntimeError("MPS backend out of memory"), True),
        (RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried"), True),
        (RuntimeError("the device is gone"), False),
        (RuntimeError("CUDA error: an illegal memory access was encountered"), False),
        (OSError("out of memory"), False),
    ],
)
def test_only_errors_of_memory_count_as_such(error, expected):
    assert is_out_of_memory(error) is expected


@pytest.mark.parametrize("precision", few(["tf32", "float32", "bf16"]))
def test_a_measurement_on_a_full_gpu_comes_from_the_cpu_and_says_so(precision, small_pair):
    gpu, pair = FullGpu(precision=precision), (small_pair.reference, small_pair.distorted)
    comparison = compare_on(gpu, *pair, ["uniform"])
    # The CPU has no TF32: what it computes instead is exact, and is called so.
    own = "float32" if precision == "tf32" else precision
    cpu = network(ALEXNET, "cpu", "random", own)
    expected = compare_on(cpu, *pair, ["uniform"]).measurement("uniform")
    measured = comparison.measurement("uniform")
    assert (measured.device, measured.weights, measured.precision) == ("cpu", "random", own)
    assert measured.score == expected.score
    assert tuple(map(str, measured.notes)) == ("out of memory on cuda: computed on the CPU",)
