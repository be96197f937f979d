"""The causal map's thread: finished, cancelled, left alone, failed."""

import threading

import pytest

from explorer.analysis.region import restore_each, tiles
from explorer.analysis.region.background import CausalJob
from explorer.distortions import distort
from explorer.errors import SettingError
from explorer.images import derive
from explorer.metrics import Method

SECONDS = 60


@pytest.fixture(scope="module")
def small_pair(photo):
    reference = photo("cat", (96, 80))
    return reference, derive(reference, distort(reference.pixels, "jpeg", 0.7))


@pytest.fixture(scope="module")
def method():
    return Method(device="cpu")


def test_a_finished_job_holds_every_tiles_restore_score(small_pair, method):
    job = CausalJob(*small_pair, 4, method)
    assert job.wait(SECONDS)
    assert (job.state, job.done, job.total) == ("done", 16, 16)
    expected = [score for part in restore_each(*small_pair, tiles((96, 80), 4), method) for score in part]
    assert job.restored == expected
    assert job.seconds_left == 0


def test_a_cancelled_job_ends_early_and_keeps_its_tiles(small_pair, method):
    at_work, go_on = threading.Event(), threading.Event()

    def is_wanted() -> bool:
        at_work.set()
        return go_on.wait(SECONDS)

    job = CausalJob(*small_pair, 8, method, is_wanted)
    assert at_work.wait(SECONDS)
    assert job.seconds_left > 0
    job.cancel()
    go_on.set()
    assert job.wait(SECONDS)
    assert job.state == "cancelled"
    assert job.cancelling
    assert 1 <= job.done < job.total
    first = [
        score for part in restore_each(*small_pair, tiles((96, 80), 8)[: job.done], method) for score in part
    ]
    assert job.restored == first


def test_a_job_that_nobody_wants_any_more_ends(small_pair, method):
    answers = iter([True, True, False])
    job = CausalJob(*small_pair, 8, method, lambda: next(answers))
    assert job.wait(SECONDS)
    assert (job.state, job.done) == ("cancelled", 3)
    assert not job.cancelling


def test_a_job_that_fails_says_why(photo, method):
    tiny = photo("cat", (20, 20))
    job = CausalJob(tiny, tiny, 4, method)
    assert job.wait(SECONDS)
    assert job.state == "failed"
    assert "at least 31" in job.error


def test_more_tiles_than_pixels_are_refused_before_any_work(photo, method):
    tiny = photo("cat", (40, 12))
    with pytest.raises(SettingError, match="too small for 16 × 16"):
        CausalJob(tiny, tiny, 16, method)
