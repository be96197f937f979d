"""What all tests share: the network, `lpips` as an oracle on the same weights, and photographs."""

import os
from collections.abc import Iterator

import numpy as np
import pytest
import torch
from PIL import Image

from explorer.backbones import Network, find_backbone, network
from explorer.distortions import CATALOGUE, distort
from explorer.errors import FetchError
from explorer.files.fetching import fetch
from explorer.images import Picture, derive
from explorer.metrics.perceptual import reference_cache
from explorer.samples import load_sample
from tests.oracle import Oracle, Pair

if "PYTEST_XDIST_WORKER" in os.environ:
    torch.set_num_threads(1)  # the workers share the cores; threads of both would wait for each other


@pytest.hookimpl(tryfirst=True)  # before xdist reads the groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Where several processes share the tests, keep those together that share a server or a fixture."""
    for item in items:
        folder, name = item.path.parent.name, item.path.name
        if folder != "browser":
            group = f"{folder}/{name}"
        elif name.startswith(("test_viewer", "test_gallery")):
            group = "viewers"
        else:  # half of them, by their names
            group = f"pages {name > 'test_i'}"
        item.add_marker(pytest.mark.xdist_group(group))


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
