"""How the tests are shared out to processes. What they share is in `fixtures.py`."""

import os
from pathlib import Path
from tempfile import mkdtemp

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

IS_WORKER = "PYTEST_XDIST_WORKER" in os.environ

if IS_WORKER:
    # The workers share the cores; threads of both, and of the servers they start, would wait for each other.
    import torch

    torch.set_num_threads(1)
    os.environ["OMP_NUM_THREADS"] = "1"


# A user's own heads, in a folder that is not the user's.
os.environ["EXPLORER_HEADS"] = mkdtemp()

# What takes longest comes first, so that no process waits for another at the end: the pages in the browser
# for one of two, for the other what computes with the catalogue's networks, which both would have to make.
# Then the first is done with its browser by the viewers, while the other goes on with what needs none. What
# comes just before the viewers lets the pages' server end, which holds a gigabyte.
SCOPES = ("pages", "networks", "views", "lessons", "viewers", "processes")


def pytest_configure(config: pytest.Config) -> None:
    """Bring the fixtures, but not torch into the process that only hands the tests out."""
    if IS_WORKER or not config.getoption("numprocesses", None):
        config.pluginmanager.import_plugin("tests.fixtures")


def scope_of(test: str) -> str:
    """Which tests stay together: by the server, the networks or the process that they share, or by file."""
    path = Path(test.partition("::")[0])
    room = path.parts[1]
    if room == "browser":
        # Of parts, or with a server of their own, for which there is room once that of all pages has ended.
        apart = path.name.startswith(("test_viewer", "test_gallery", "test_overlay", "test_installed"))
        return "viewers" if apart else "pages"
    if room in ("backbones", "metrics", "analysis"):
        return "networks"
    if room in ("cli", "files") or path.parent.name == "store" or path.name == "test_figure_formats.py":
        return "processes"
    return room if room in SCOPES else str(path)


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
    if IS_WORKER:
        places = {scope: place for place, scope in enumerate(SCOPES)}
        items.sort(key=lambda item: places.get(scope_of(item.nodeid), len(places)))


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Note whether the run came to its end: `.ci/run` forgives what passes alone, and no run broken off."""
    cache = getattr(session.config, "cache", None)
    if cache is not None and not IS_WORKER:
        cache.set("explorer/ended", exitstatus in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED))
