"""What all tests share: the network, `lpips` as an oracle on the same weights, and photographs."""

import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

from explorer.backbones import Network, find_backbone, network
from explorer.distortions import CATALOGUE, distort
from explorer.errors import FetchError
from explorer.files.fetching import fetch
from explorer.images import Picture, derive
from explorer.metrics.perceptual import reference_cache
from explorer.samples import load_sample
from tests.oracle import Oracle, Pair

if "PYTEST_XDIST_WORKER" in os.environ:
    # The workers share the cores; threads of both, and of the servers they start, would wait for each other.
    torch.set_num_threads(1)
    os.environ["OMP_NUM_THREADS"] = "1"


class Together(LoadScopeScheduling):
    """Where several processes share the tests, those that share a server or a fixture go to one."""

    def _split_scope(self, nodeid: str) -> str:
        path = Path(nodeid.partition("::")[0])
        if path.parent.name != "browser":
            return str(path)
        if path.name.startswith(("test_viewer", "test_gallery")):
            return "viewers"
        return "early pages" if path.name < "test_i" else "late pages"  # half of them each


@pytest.hookimpl(optionalhook=True)  # where xdist is at work
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Together:
    """Take our own scheduler: xdist's groups come to nothing where pytest keeps a test's name to itself."""
    return Together(config, log)


@pytest.fixture(scope="session")
def oracles() -> dict[str, Oracle]:
    """Of AlexNet, by heads' name."""
    return {name: Oracle(name) for name in find_backbone("alexnet").head_names}


@pytest.fixture(scope="session")
def trunk() -> Network:
    """AlexNet on the CPU, as all users share it."""
    return network(find_backbone("alexnet"), "cpu")


@pytest.fixture(scope="session")
def vgg16_weights():
    """The trained weights of VGG16 are on this machine when this returns; they are fetched at most once."""
    try:
        fetch("vgg16", find_backbone("vgg16").weights, lambda _come, _whole: None, lambda: False)
    except FetchError as error:
        if "CI" in os.environ:
            raise
        pytest.skip(f"the weights of VGG16 cannot be had here: {error}")


@pytest.fixture
def empty_cache():
    """The shared cache of reference features, empty before and after, with its budget put back."""
    budget = reference_cache.budget
    reference_cache.clear()
    yield reference_cache
    reference_cache.budget = budget
    reference_cache.clear()


@pytest.fixture(scope="session")
def photo():
    """A bundled sample, scaled to exactly (width, height)."""

    def make(name: str, size: tuple[int, int] = (256, 256)) -> Picture:
        sample = load_sample(name)
        scaled = Image.fromarray(sample.pixels).resize(size, Image.Resampling.LANCZOS)
        return derive(sample, np.array(scaled))

    return make


@pytest.fixture(scope="session")
def pairs(photo):
    """A sample under every distortion of the catalogue at one severity."""

    def make(name: str, size: tuple[int, int], severity: float = 0.5) -> Iterator[Pair]:
        reference = photo(name, size)
        for distortion in CATALOGUE:
            pixels = distort(reference.pixels, distortion, severity)
            label = f"{name} {size[0]}x{size[1]} {distortion} {severity}"
            yield Pair(label, reference, derive(reference, pixels))

    return make


@pytest.fixture(scope="session")
def pair(photo) -> Pair:
    """One ordinary pair of an odd size: a photograph and its JPEG."""
    reference = photo("cat", (301, 207))
    return Pair("cat jpeg 0.6", reference, derive(reference, distort(reference.pixels, "jpeg", 0.6)))
