"""What all tests share: the network, `lpips` as an oracle on the same weights, and photographs."""

import ctypes
import os
from collections.abc import Iterator

import numpy as np
import pytest
from PIL import Image

from explorer.analysis.ladder import DISTORTIONS
from explorer.backbones import Network, find_backbone, network
from explorer.cache import everything
from explorer.distortions import distort
from explorer.errors import FetchError
from explorer.files.fetching import fetch
from explorer.images import Picture, derive
from explorer.metrics.perceptual import reference_cache
from explorer.samples import load_sample
from tests.oracle import Oracle, Pair

_trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # where glibc is


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> None:
    """Give back the memory of a file's tests after its last: without that a process grows to over 2 GB."""
    if nextitem is None or nextitem.path != item.path:
        with everything.lock:
            everything.make_room(everything.budget)
        if _trim is not None:
            _trim(0)


@pytest.fixture(scope="session", autouse=True)
def votes_of_tests(tmp_path_factory):
    """Sessions and votes of the tests and their servers are not among those of whoever runs them."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("EXPLORER_VOTES", str(tmp_path_factory.mktemp("votes")))
        environment.delenv("EXPLORER_DATABASE", raising=False)
        yield


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
    """A sample under the ladder's distortions, one of each kind of error, at one severity."""

    def make(name: str, size: tuple[int, int], severity: float = 0.5) -> Iterator[Pair]:
        reference = photo(name, size)
        for distortion in DISTORTIONS:
            pixels = distort(reference.pixels, distortion, severity)
            label = f"{name} {size[0]}x{size[1]} {distortion} {severity}"
            yield Pair(label, reference, derive(reference, pixels))

    return make


def photo_and_jpeg(reference: Picture) -> Pair:
    """An ordinary pair."""
    return Pair("cat jpeg 0.6", reference, derive(reference, distort(reference.pixels, "jpeg", 0.6)))


@pytest.fixture(scope="session")
def pair(photo) -> Pair:
    """One ordinary pair of an odd size: a photograph and its JPEG."""
    return photo_and_jpeg(photo("cat", (301, 207)))


@pytest.fixture(scope="session")
def small_pair(photo) -> Pair:
    """The same at a size at which many passes are quick."""
    return photo_and_jpeg(photo("cat", (151, 103)))
