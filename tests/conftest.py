"""What all tests share: the network, `lpips` as an oracle on the same weights, and photographs."""

import os
from collections.abc import Iterator
from pathlib import Path
from tempfile import mkdtemp

import numpy as np
import pytest
import torch
from PIL import Image
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

from explorer.analysis.ladder import DISTORTIONS
from explorer.backbones import Network, find_backbone, network
from explorer.distortions import distort
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


# A user's own heads, in a folder that is not the user's.
os.environ["EXPLORER_HEADS"] = mkdtemp()

# What takes longest comes first, so that no process waits for another at the end: the pages in the browser
# for one of two, for the other what computes with the catalogue's networks, which both would have to make.
# Then the first is done with its browser by the viewers, while the other goes on with what needs none.
SCOPES = ("pages", "networks", "views", "viewers", "processes")


def scope_of(test: str) -> str:
    """Which tests stay together: by the server, the networks or the process that they share, or by file."""
    path = Path(test.partition("::")[0])
    room = path.parts[1]
    if room == "browser":
        of_parts = path.name.startswith(("test_viewer", "test_gallery", "test_overlay"))
        return "viewers" if of_parts else "pages"
    if room in ("backbones", "metrics", "analysis"):
        return "networks"
    if room in ("cli", "files") or path.parent.name == "store" or path.name == "test_figure_formats.py":
        return "processes"
    return "views" if room == "views" else str(path)


class Together(LoadScopeScheduling):
    """Where several processes share the tests, those of one scope go to one."""

    def _split_scope(self, nodeid: str) -> str:
        return scope_of(nodeid)


@pytest.hookimpl(optionalhook=True)  # where xdist is at work
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Together:
    """Take our own scheduler: xdist's groups come to nothing where pytest keeps a test's name to itself."""
    config.option.loadscopereorder = False  # it would be by how many they are
    return Together(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the scopes into the order of `SCOPES` where several processes share the tests."""
    if "PYTEST_XDIST_WORKER" in os.environ:
        places = {scope: place for place, scope in enumerate(SCOPES)}
        items.sort(key=lambda item: places.get(scope_of(item.nodeid), len(places)))


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Note whether the run came to its end: `.ci/run` forgives what passes alone, and no run broken off."""
    cache = getattr(session.config, "cache", None)
    if cache is not None and "PYTEST_XDIST_WORKER" not in os.environ:
        cache.set("explorer/ended", exitstatus in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED))


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
