"""The causal map in the background: its scores stream, and what is finished stays."""

import threading
from dataclasses import replace

import pytest

from explorer.analysis.region import causal_task, restore_each, tiles
from explorer.backbones.passes.windows import WindowPasses
from explorer.distortions import distort
from explorer.errors import SettingError
from explorer.images import derive
from explorer.jobs import Pool
from explorer.metrics import Method

SECONDS = 180


@pytest.fixture(scope="module")
def small_pair(photo):
    reference = photo("cat", (96, 80))
    return reference, derive(reference, distort(reference.pixels, "jpeg", 0.7))


@pytest.fixture(scope="module")
def method():
    return Method(device="cpu")


@pytest.fixture
def pool():
    pool = Pool({"compute": 1}, budget=1_000_000_000)
    yield pool
    pool.end()


def scores_of(pair, boxes, method):
    return tuple(score for part in restore_each(*pair, boxes, method) for score in part)


def test_a_finished_map_holds_every_tiles_restore_score(pool, small_pair, method):
    job = pool.start(causal_task(*small_pair, 4, method))
    assert job.wait(SECONDS)
    assert (job.state, job.done, job.total) == ("done", 16, 16)
    assert job.results == scores_of(small_pair, tiles((96, 80), 4), method)


def test_a_cancelled_map_ends_early_and_keeps_its_tiles(pool, small_pair, method):
    first_is_there, go_on = threading.Event(), threading.Event()

    def is_wanted() -> bool:
        if not job.results:
            return True
        first_is_there.set()
        return go_on.wait(SECONDS)

    task = causal_task(*small_pair, 8, method)
    held = threading.Event()
    blocker = pool.start(replace(task, work=lambda _: held.wait(SECONDS)))  # until `job` is known
    job = pool.start(task, is_wanted)
    held.set()
    assert blocker.wait(SECONDS)
    assert first_is_there.wait(SECONDS)
    assert job.line == "Measuring the causal map: 1 of 64 tiles"
    job.cancel()
    go_on.set()
    assert job.wait(SECONDS)
    assert job.state == "cancelled"
    assert job.results == scores_of(small_pair, tiles((96, 80), 8)[: job.done], method)
    assert 1 <= job.done < job.total


def test_a_map_that_fails_says_why(pool, photo, method):
    tiny = photo("cat", (20, 20))
    job = pool.start(causal_task(tiny, tiny, 4, method))
    assert job.wait(SECONDS)
    assert job.state == "failed"
    assert "at least 31" in job.error


@pytest.mark.parametrize("part", ["base", "changed"])
def test_a_map_for_which_memory_runs_out_says_how_to_mend_that(pool, small_pair, method, monkeypatch, part):
    def full(*_):
        raise RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried to allocate 9 bytes")

    monkeypatch.setattr(WindowPasses, part, full)
    job = pool.start(causal_task(*small_pair, 4, method))
    assert job.wait(SECONDS)
    assert job.error.startswith("The pair is too large for this machine's memory at 96 × 80; ")


def test_more_tiles_than_pixels_are_refused_before_any_work(photo, method):
    tiny = photo("cat", (40, 12))
    with pytest.raises(SettingError, match="too small for 16 × 16"):
        causal_task(tiny, tiny, 16, method)


@pytest.mark.parametrize("size", [(128, 96), (1024, 1024)], ids=str)
def test_a_larger_picture_needs_more_memory_up_to_what_is_kept(small_pair, method, photo, size):
    larger = photo("cat", size)
    assert causal_task(*small_pair, 4, method).size < causal_task(larger, larger, 4, method).size
