"""A hub's file: complete, resumed, refused, cancelled; what lies in the cache is whole or nothing."""

import hashlib
import io
import os
import threading
import time
from dataclasses import replace

import pytest
import torch

from explorer.errors import FetchCancelledError, FetchError, WeightsError
from explorer.files import transfer
from explorer.files.fetching import fetch
from explorer.files.source import WeightsFile
from explorer.files.weights import load_state, status
from tests.files.file_server import FileServer, Served
from tests.processes import loaded


def state_file(seed=0):
    """A hub's file of 80 kB."""
    stream = io.BytesIO()
    torch.save({"features.0.weight": torch.rand(20_000, generator=torch.manual_seed(seed))}, stream)
    return stream.getvalue()


CONTENT = state_file()
HALF = len(CONTENT) // 2
CHECKSUM = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture
def server():
    with FileServer() as server:
        server.files["/net.pth"] = Served(CONTENT)
        yield server


@pytest.fixture
def served(server):
    return server.files["/net.pth"]


@pytest.fixture
def cache(tmp_path, monkeypatch):
    """The empty cache folder; no other place holds anything."""
    monkeypatch.setenv("EXPLORER_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("TORCH_HOME", str(tmp_path / "torch"))
    monkeypatch.delenv("EXPLORER_WEIGHTS", raising=False)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    return tmp_path / "cache" / "weights"


@pytest.fixture
def wanted(server):
    """The file as a row of the catalogue names it: with the start of its checksum, as hub names tell it."""
    return WeightsFile("net.pth", CHECKSUM[:8], len(CONTENT), server.url("/net.pth"))


class Watch:
    """Keeps what a fetch reports, and cancels it once so much has come."""

    def __init__(self, cancel_at=None):
        self.seen = []
        self._cancel_at = cancel_at

    def progress(self, fetched, total):
        self.seen.append((fetched, total))

    def cancelled(self):
        return self._cancel_at is not None and bool(self.seen) and self.seen[-1][0] >= self._cancel_at


def run(files, watch=None):
    watch = watch or Watch()
    return fetch("net", files, watch.progress, watch.cancelled)


def leftovers(cache):
    return {path.name for path in cache.iterdir() if path.suffix != ".lock"}


def asked_ranges(server):
    return [headers.get("Range") for _, headers in server.requests]


def test_a_file_comes_whole_and_says_how_far_it_is(cache, wanted):
    watch = Watch()
    assert status([wanted]).kind == "fetch"
    path = run([wanted], watch)
    assert path == cache / "net.pth"
    assert path.read_bytes() == CONTENT
    assert leftovers(cache) == {"net.pth"}
    fetched = [amount for amount, _ in watch.seen]
    assert fetched == sorted(fetched)
    assert fetched[-1] == len(CONTENT)
    assert len(set(fetched)) > 2
    assert {total for _, total in watch.seen} == {len(CONTENT)}
    assert status([wanted]).where == "in the cache"
    assert load_state([wanted])["features.0.weight"].shape == (20_000,)


def test_a_file_that_is_there_is_not_fetched_again(cache, wanted, server):
    run([wanted])
    run([wanted])
    assert len(server.requests) == 1


def test_a_cut_off_transfer_goes_on_where_it_stopped(cache, wanted, server, served):
    served.cut_after, served.cuts = HALF, 1
    assert run([wanted]).read_bytes() == CONTENT
    first, second = asked_ranges(server)
    assert first is None
    assert 0 < int(second.removeprefix("bytes=").removesuffix("-")) <= HALF
    assert server.requests[1][1]["If-Range"] == served.tag


def test_a_transfer_goes_on_in_a_later_fetch(cache, wanted, server, served):
    served.pause = 0.002
    with pytest.raises(FetchCancelledError):
        run([wanted], Watch(cancel_at=HALF))
    have = (cache / "net.pth.part").stat().st_size
    assert 0 < have < len(CONTENT)
    assert not (cache / "net.pth").exists()
    served.pause = 0
    assert run([wanted]).read_bytes() == CONTENT
    assert asked_ranges(server)[-1] == f"bytes={have}-"
    assert leftovers(cache) == {"net.pth"}


def test_a_server_that_knows_no_ranges_sends_it_anew(cache, wanted, server, served):
    served.cut_after, served.cuts, served.ranges = HALF, 1, False
    assert run([wanted]).read_bytes() == CONTENT
    assert asked_ranges(server)[1] is not None


@pytest.mark.parametrize("conditions", [True, False], ids=["says so", "heeds no condition"])
@pytest.mark.parametrize("tagged", [True, False], ids=["tag", "no tag"])
def test_a_file_that_changed_in_the_meantime_starts_anew(conditions, tagged, cache, wanted, served):
    served.conditions = conditions
    served.content, served.tag = state_file(seed=1), '"old"' if tagged else ""
    served.cut_after, served.cuts = HALF, 9
    part = cache / "net.pth.part"
    cache.mkdir(parents=True)
    with pytest.raises(transfer.SourceFailure):
        transfer.download(wanted.source, part, Watch().progress, Watch().cancelled, pauses=())
    assert part.stat().st_size > 0
    served.content, served.tag, served.cuts = CONTENT, '"new"' if tagged else "", 0
    assert run([wanted]).read_bytes() == CONTENT
    assert leftovers(cache) == {"net.pth"}


def test_a_part_that_was_whole_already_is_not_fetched_again(cache, wanted, server):
    cache.mkdir(parents=True)
    part = cache / "net.pth.part"
    transfer.download(wanted.source, part, Watch().progress, Watch().cancelled)
    assert run([wanted]).read_bytes() == CONTENT
    assert asked_ranges(server) == [None, f"bytes={len(CONTENT)}-"]


def test_a_wrong_checksum_is_said_and_what_came_is_deleted(cache, wanted, served):
    served.content = state_file(seed=1)
    with pytest.raises(FetchError, match="wrong checksum and was deleted") as caught:
        run([wanted])
    assert leftovers(cache) == set()
    message = str(caught.value)
    assert f"put net.pth into {cache}" in message
    assert wanted.source in message
    assert "\n" not in message
    served.content = CONTENT
    assert run([wanted]).read_bytes() == CONTENT


def test_a_file_that_is_gone_is_said_without_asking_again(cache, wanted, server):
    server.files.clear()
    with pytest.raises(FetchError, match=r"not there any more \(404\)"):
        run([wanted])
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("code", "said"),
    [(403, r"refused it \(403\)"), (407, r"proxy asks for a name"), (410, r"any more \(410\)")],
)
def test_other_refusals_are_said(code, said, cache, wanted, served):
    served.failures = [code]
    with pytest.raises(FetchError, match=said):
        run([wanted])


def test_a_busy_server_is_asked_again(cache, wanted, server, served):
    served.failures = [503]
    assert run([wanted]).read_bytes() == CONTENT
    assert len(server.requests) == 2


def test_a_server_that_stays_out_of_order_is_given_up(tmp_path, wanted, server, served):
    served.failures = [500] * 9
    with pytest.raises(transfer.SourceFailure, match=r"\(500\), 3 times in a row"):
        transfer.download(
            wanted.source, tmp_path / "part", Watch().progress, Watch().cancelled, pauses=(0.01, 0.01)
        )
    assert len(server.requests) == 3


def test_a_server_that_cuts_every_answer_is_outlasted_while_something_comes(tmp_path, wanted, served):
    served.cut_after, served.cuts = len(CONTENT) // 8, 99
    part = tmp_path / "part"
    transfer.download(wanted.source, part, Watch().progress, Watch().cancelled, pauses=(0.01,))
    assert part.read_bytes() == CONTENT


def test_a_silent_server_is_left_in_time_and_said(tmp_path, wanted, served):
    served.silent_after = 1024
    with pytest.raises(transfer.SourceFailure, match="no answer in time"):
        transfer.download(
            wanted.source, tmp_path / "part", Watch().progress, Watch().cancelled, (1.0, 0.2), pauses=()
        )


def test_a_silent_server_does_not_hold_up_a_cancel(cache, wanted, served):
    served.silent_after = 40_000
    watch = Watch(cancel_at=1)
    begin = time.monotonic()
    with pytest.raises(FetchCancelledError):
        run([wanted], watch)
    assert time.monotonic() - begin < 5  # its patience alone would take 20


def test_no_server_at_all_is_said_with_what_to_do_by_hand(tmp_path, wanted, server):
    server.shutdown()
    server.server_close()
    with pytest.raises(transfer.SourceFailure, match="no connection"):
        transfer.download(
            wanted.source, tmp_path / "part", Watch().progress, Watch().cancelled, pauses=(0.01,)
        )


def test_a_proxy_that_cannot_be_reached_is_said(cache, wanted, monkeypatch):
    with FileServer() as gone:
        address = gone.url("")
    monkeypatch.setenv("NO_PROXY", "")
    monkeypatch.setenv("no_proxy", "")
    monkeypatch.setenv("http_proxy", address)
    with pytest.raises(FetchError, match=r"the proxy could not be reached.*put net\.pth into"):
        run([wanted])


def test_the_next_source_is_tried_and_all_reasons_are_told(cache, wanted, server):
    missing = replace(wanted, file="other.pth", source=server.url("/other.pth"))
    assert run([missing, wanted]).name == "net.pth"
    (cache / "net.pth").unlink()
    server.files.clear()
    with pytest.raises(FetchError) as caught:
        run([missing, wanted])
    assert str(caught.value).count("(404)") == 2


def test_two_users_at_once_get_one_whole_file_by_one_transfer(cache, wanted, server, served):
    served.pause = 0.002
    paths = []
    threads = [threading.Thread(target=lambda: paths.append(run([wanted]))) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [path.read_bytes() for path in paths] == [CONTENT] * 3
    assert len(server.requests) == 1


def test_two_programs_at_once_get_one_whole_file_by_one_transfer(cache, wanted, server, served, tmp_path):
    served.pause = 0.002
    program = f"""
import sys, time
from pathlib import Path
from explorer.files.fetching import fetch
from explorer.files.source import WeightsFile
ready, other = map(Path, sys.argv[1:])
ready.touch()
while not other.exists():
    time.sleep(0.001)
fetch("net", [{wanted!r}], lambda fetched, total: None, lambda: False)
"""
    signs = tmp_path / "first is ready", tmp_path / "second is ready"
    with loaded(program, *signs) as first, loaded(program, *reversed(signs)) as second:
        ends = first.communicate(), second.communicate()
    assert (first.returncode, second.returncode) == (0, 0), ends
    assert (cache / "net.pth").read_bytes() == CONTENT
    assert len(server.requests) == 1
    assert leftovers(cache) == {"net.pth"}


def test_who_waits_for_another_fetch_can_cancel(cache, wanted, served):
    served.silent_after = 1024
    holding = Watch(cancel_at=None)
    stop = threading.Event()
    outcome = []

    def hold():
        try:
            fetch("net", [wanted], holding.progress, stop.is_set)
        except FetchCancelledError as error:
            outcome.append(error)

    first = threading.Thread(target=hold)
    first.start()
    while not holding.seen:
        time.sleep(0.01)
    with pytest.raises(FetchCancelledError):
        fetch("net", [wanted], Watch().progress, lambda: True)
    stop.set()
    first.join()
    assert len(outcome) == 1


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="only Linux has a device that is always full")
def test_a_full_disk_is_said_and_nothing_is_left_on_it(cache, wanted):
    cache.mkdir(parents=True)
    (cache / "net.pth.part").symlink_to("/dev/full")
    with pytest.raises(
        FetchError, match=rf"disk of the cache folder {cache} is full.*EXPLORER_CACHE"
    ) as caught:
        run([wanted])
    assert "\n" not in str(caught.value)
    assert leftovers(cache) == set()
    assert run([wanted]).read_bytes() == CONTENT


def test_a_cache_folder_that_cannot_be_is_said_with_its_mend(cache, wanted):
    cache.parent.write_text("a file in the way")
    with pytest.raises(FetchError, match=r"cannot be written.*EXPLORER_CACHE"):
        run([wanted])


def test_a_damaged_file_in_the_cache_is_fetched_anew(cache, wanted):
    cache.mkdir(parents=True)
    (cache / "net.pth").write_bytes(CONTENT[:-1])
    assert run([wanted]).read_bytes() == CONTENT


def test_a_damaged_file_in_the_named_folder_is_said_before_anything_is_fetched(
    cache, wanted, server, tmp_path, monkeypatch
):
    monkeypatch.setenv("EXPLORER_WEIGHTS", str(tmp_path))
    (tmp_path / "net.pth").write_bytes(b"damaged")
    with pytest.raises(WeightsError, match=r"net\.pth is damaged"):
        run([wanted])
    assert not server.requests


def test_weights_that_come_with_the_project_have_nowhere_to_be_fetched_from(cache):
    with pytest.raises(FetchError, match="come with the project"):
        run([WeightsFile("none.safetensors", CHECKSUM)])


def test_an_address_that_is_none_is_said(cache):
    with pytest.raises(FetchError, match="address cannot be used"):
        run([WeightsFile("net.pth", CHECKSUM, 0, "nonsense")])


def test_a_note_that_was_spoiled_starts_anew(cache, wanted, server):
    cache.mkdir(parents=True)
    (cache / "net.pth.part").write_bytes(CONTENT[:HALF])
    (cache / "net.pth.part.json").write_text("{")
    assert run([wanted]).read_bytes() == CONTENT
    assert asked_ranges(server) == [None]
