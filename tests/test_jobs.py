"""Work in the background: bounded, streamed, shared, cancelled, left; and what is said of it."""

import logging
import threading
import weakref
from dataclasses import replace
from typing import ClassVar

import pytest

from explorer import jobs
from explorer.errors import ImageError, SettingError
from explorer.jobs import Pool, Task
from explorer.pace import Pace, time_words

SECONDS = 60  # after which a test that waits has failed


class Clock:
    """Seconds that pass when a test says so."""

    def __init__(self):
        self.now = 100.0

    def __call__(self):
        return self.now


class Steps:
    """Work of so many steps, each done when a test lets it."""

    made: ClassVar[list] = []  # in the test at hand

    def __init__(self, total=4, **task):
        self.made.append(self)
        self.total = total
        self.allowed = threading.Semaphore(0)
        self.finished = threading.Semaphore(0)
        self.begun = threading.Event()
        self.task = Task("Counting", self.work, total=total, **task)

    def work(self, job):
        self.begun.set()
        for step in range(self.total):
            assert self.allowed.acquire(timeout=SECONDS)
            try:
                job.add(step)
            finally:
                self.finished.release()

    def let(self, steps):
        """Let so many steps be done, and wait until they are."""
        for _ in range(steps):
            self.allowed.release()
            assert self.finished.acquire(timeout=SECONDS)

    def let_all(self):
        self.allowed.release(self.total)


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def pool(clock):
    pool = Pool({"compute": 2, "network": 1}, budget=100, clock=clock)
    yield pool
    for steps in Steps.made:
        steps.let_all()
    Steps.made.clear()
    pool.end(SECONDS)


def test_a_job_that_is_done_holds_its_results_in_their_order(pool):
    steps = Steps()
    job = pool.start(steps.task)
    steps.let_all()
    assert job.wait(SECONDS)
    assert (job.state, job.results, job.done, job.error) == ("done", (0, 1, 2, 3), 4, "")


def test_results_stream_while_the_job_runs(pool):
    steps = Steps()
    job = pool.start(steps.task)
    assert (job.state, job.results, job.line) == ("running", (), "Counting: 0 of 4")
    steps.let(2)
    assert (job.state, job.results, job.done, job.line) == ("running", (0, 1), 2, "Counting: 2 of 4")


def test_no_more_jobs_run_than_there_are_workers(pool):
    work = [Steps() for _ in range(4)]
    started = [pool.start(each.task) for each in work]
    assert [job.state for job in started] == ["running", "running", "waiting", "waiting"]
    work[1].let_all()
    assert started[1].wait(SECONDS)
    assert work[2].begun.wait(SECONDS)
    assert [job.state for job in started] == ["running", "done", "running", "waiting"]


def test_computations_do_not_keep_a_fetch_from_starting(pool):
    for _ in range(3):
        pool.start(Steps().task)
    assert pool.start(Steps(lane="network").task).state == "running"


def test_jobs_wait_until_their_bytes_fit_and_nobody_overtakes(pool):
    large, larger, small = Steps(size=60), Steps(size=50), Steps(size=10)
    first, second, third = (pool.start(each.task) for each in (large, larger, small))
    assert [job.state for job in (first, second, third)] == ["running", "waiting", "waiting"]
    assert second.line == "Counting: waiting for its turn"
    large.let_all()
    assert first.wait(SECONDS)
    assert larger.begun.wait(SECONDS)
    assert small.begun.wait(SECONDS)


def test_a_job_larger_than_the_budget_is_refused_in_words(pool):
    steps = Steps(size=101)
    with pytest.raises(SettingError, match=r"Counting may take .* GB of memory.*choose a smaller size"):
        pool.start(steps.task)
    assert not steps.begun.is_set()


def test_a_cancelled_job_keeps_what_is_finished(pool):
    steps = Steps()
    job = pool.start(steps.task)
    steps.let(2)
    job.cancel()
    assert job.is_ending
    assert job.line == "Counting: cancelling …"
    steps.let(1)
    assert job.wait(SECONDS)
    assert (job.state, job.results, job.is_ending) == ("cancelled", (0, 1, 2), False)
    assert job.line == "Counting: cancelled, 3 of 4"


def test_a_job_cancelled_at_its_last_step_is_done(pool):
    steps = Steps()
    job = pool.start(steps.task)
    steps.let(3)
    job.cancel()
    steps.let(1)
    assert job.wait(SECONDS)
    assert job.state == "done"


def test_a_job_cancelled_while_it_waits_never_starts_and_lets_others_pass(pool):
    pool.start(Steps(size=60).task)
    steps, behind = Steps(size=50), Steps(size=40)
    job, other = pool.start(steps.task), pool.start(behind.task)
    assert other.state == "waiting"
    job.cancel()
    assert (job.state, job.is_over, job.results) == ("cancelled", True, ())
    assert other.state == "running"
    assert not steps.begun.is_set()


def test_a_job_ends_when_its_owner_has_gone_and_keeps_what_is_finished(pool):
    here = threading.Event()
    here.set()
    steps = Steps()
    job = pool.start(steps.task, here.is_set)
    steps.let(1)
    here.clear()
    steps.let(1)
    assert job.wait(SECONDS)
    assert (job.state, job.results) == ("cancelled", (0, 1))


def test_an_owner_can_leave_a_job_that_others_still_want(pool):
    steps = Steps(key="shared")
    one, other = (lambda: True), (lambda: True)
    job = pool.start(steps.task, one)
    pool.start(steps.task, other)
    job.leave(one)
    steps.let(1)
    assert job.state == "running"
    job.leave(other)
    steps.let(1)
    assert job.wait(SECONDS)
    assert (job.state, job.results) == ("cancelled", (0, 1))


def test_a_job_whose_owner_goes_while_it_waits_does_no_work(pool):
    running = [Steps(), Steps()]
    for each in running:
        pool.start(each.task)
    steps, here = Steps(), threading.Event()
    job = pool.start(steps.task, here.is_set)
    running[0].let_all()
    assert job.wait(SECONDS)
    assert (job.state, steps.begun.is_set()) == ("cancelled", False)


def test_a_job_that_all_have_left_while_it_waits_lets_others_pass(pool):
    pool.start(Steps(size=60).task)
    steps, behind = Steps(size=50), Steps(size=40)
    one, other = (lambda: True), (lambda: True)
    job = pool.start(replace(steps.task, key="shared"), one)
    assert pool.start(replace(steps.task, key="shared"), other) is job
    next_one = pool.start(behind.task)
    job.leave(one)
    assert (job.state, next_one.state) == ("waiting", "waiting")
    job.leave(other)
    assert (job.state, next_one.state) == ("cancelled", "running")
    assert not steps.begun.is_set()


def test_a_job_whose_owners_have_all_gone_while_it_waits_lets_others_pass(pool):
    pool.start(Steps(size=60).task)
    steps, here = Steps(size=50), threading.Event()
    here.set()
    job = pool.start(steps.task, here.is_set)
    assert job.state == "waiting"
    here.clear()
    behind = pool.start(Steps(size=40).task)
    assert (job.state, behind.state) == ("cancelled", "running")
    assert not steps.begun.is_set()


def test_a_job_of_one_key_is_shared_until_its_last_owner_has_gone(pool):
    steps, here = Steps(key="shared"), {"first", "second"}
    job = pool.start(steps.task, lambda: "first" in here)
    assert pool.start(Steps(key="shared").task, lambda: "second" in here) is job
    assert pool.find("shared") is job
    steps.let(1)
    here.remove("first")
    steps.let(1)
    assert job.state == "running"
    here.remove("second")
    steps.let(1)
    assert job.wait(SECONDS)
    assert job.state == "cancelled"


def test_whoever_cancels_a_shared_job_cancels_it_for_all_and_the_next_starts_anew(pool):
    steps = Steps(key="shared")
    job = pool.start(steps.task)
    pool.start(steps.task)
    job.cancel()
    again = pool.start(Steps(key="shared").task)
    assert again is not job
    assert pool.find("shared") is again


def test_a_job_that_is_over_is_found_by_its_key_and_not_joined(pool):
    steps = Steps(key="once")
    job = pool.start(steps.task)
    steps.let_all()
    assert job.wait(SECONDS)
    assert pool.find("once") is job
    assert pool.start(Steps(key="once").task) is not job
    assert pool.find("never") is None


def test_few_of_those_that_are_over_are_kept_for_their_key(pool, monkeypatch):
    monkeypatch.setattr(jobs, "KEPT", 2)
    long = pool.start(Steps(key="long").task)
    for key in "abc":
        assert pool.start(Task("Nothing", lambda job: None, key=key)).wait(SECONDS)
    assert [pool.find(key) is not None for key in "abc"] == [False, False, True]
    assert pool.find("long") is long


def test_a_job_that_fails_says_the_errors_sentence_and_keeps_what_is_finished(pool):
    def work(job):
        job.add("first")
        raise ImageError("The image is too small.")

    job = pool.start(Task("Counting", work, total=2))
    assert job.wait(SECONDS)
    assert (job.state, job.error, job.results) == ("failed", "The image is too small.", ("first",))


def test_a_defect_is_said_in_a_sentence_and_told_to_the_log(pool, caplog):
    def work(job):
        raise KeyError("lost")

    with caplog.at_level(logging.ERROR, "explorer.jobs"):
        job = pool.start(Task("Counting", work))
        assert job.wait(SECONDS)
    assert job.state == "failed"
    assert job.error == "Counting met a fault of the program, which its log tells: KeyError('lost')."
    assert "KeyError" in caplog.text
    assert "Traceback" in caplog.text


def test_a_failed_job_leaves_its_worker_and_its_bytes_to_the_next(pool):
    def work(job):
        raise ImageError("The image is too small.")

    for _ in range(5):
        assert pool.start(Task("Counting", work, size=100)).wait(SECONDS)


def test_no_thread_is_left_when_all_is_over(pool):
    before = threading.active_count()
    work = [Steps() for _ in range(3)]
    started = [pool.start(each.task) for each in work]
    for each in work:
        each.let_all()
    assert all(job.wait(SECONDS) for job in started)
    assert wait_for(lambda: threading.active_count() == before)


def wait_for(condition):
    """Whether a condition becomes true; the last lines of a thread cannot be waited for otherwise."""
    return condition() or any(condition() for _ in range(200) if not threading.Event().wait(0.01))


def test_the_end_of_the_program_cancels_what_runs_and_what_waits(pool):
    work = [Steps() for _ in range(3)]
    started = [pool.start(each.task) for each in work]
    assert work[0].begun.wait(SECONDS)
    assert work[1].begun.wait(SECONDS)
    for each in work:
        each.let_all()  # they end at their next step
    pool.end(SECONDS)
    assert all(job.is_over for job in started)
    assert started[2].state == "cancelled"


def test_nothing_starts_at_the_end_of_the_program(pool, monkeypatch):
    work = [Steps(size=60), Steps(size=60), Steps(size=60)]
    running, *waiting = (pool.start(each.task) for each in work)
    assert work[0].begun.wait(SECONDS)

    def no_thread(*_, **__):
        raise RuntimeError("can't create new thread at interpreter shutdown")

    monkeypatch.setattr(threading, "Thread", no_thread)
    pool.end(patience=0)
    assert [job.state for job in waiting] == ["cancelled", "cancelled"]
    work[0].let_all()
    assert running.wait(SECONDS)
    assert not any(each.begun.is_set() for each in work[1:])


@pytest.mark.parametrize("state", ["done", "cancelled"])
def test_a_job_that_is_over_lets_its_work_go_and_keeps_its_words(pool, state):
    pictures = threading.Event()  # anything that can be referred to weakly
    gone = weakref.ref(pictures)

    def work(job, pictures=pictures):
        for step in range(2):
            if state == "cancelled":
                job.cancel()
            job.add(step)

    job = pool.start(Task("Counting", work, total=2, unit="tiles", key="large"))
    del work, pictures
    assert job.wait(SECONDS)
    assert wait_for(lambda: gone() is None)
    assert job.line == f"Counting: {state}, {job.done} of 2 tiles"
    assert pool.find("large") is job


def estimates(pool, clock, durations):
    """What a job says after each step, of which each takes so many seconds."""
    steps = Steps(len(durations))
    job = pool.start(steps.task)
    assert steps.begun.wait(SECONDS)
    said = []
    for seconds in durations[:-1]:
        clock.now += seconds
        steps.let(1)
        said.append(job.seconds_left)
    steps.let_all()
    return said


@pytest.mark.parametrize("seconds", [0.01, 0.5, 4, 30])
def test_the_estimate_of_steady_work_is_right_within_a_factor_of_two(pool, clock, seconds):
    said = estimates(pool, clock, [seconds] * 100)
    known = {done: left for done, left in enumerate(said, start=1) if left is not None}
    assert len(known) >= 70
    for done, left in known.items():
        assert left == pytest.approx((100 - done) * seconds, rel=0.5)


def test_a_slow_start_does_not_count_and_nothing_is_said_before_enough_is_known(pool, clock):
    said = estimates(pool, clock, [60] + [1] * 19)
    assert said[:2] == [None, None]
    assert said[2] == pytest.approx(17, rel=0.1)


def test_the_estimate_follows_work_that_becomes_slower(pool, clock):
    said = estimates(pool, clock, [0.5] * 60 + [5] * 10)
    assert said[64] == pytest.approx(25, rel=0.3)


def test_a_step_that_takes_its_time_makes_the_estimate_longer(pool, clock):
    steps = Steps(10)
    job = pool.start(steps.task)
    for _ in range(5):
        clock.now += 1
        steps.let(1)
    before = job.seconds_left
    assert before == pytest.approx(5)
    clock.now += 20
    assert job.seconds_left > 3 * before


def test_a_count_that_begins_anew_is_estimated_anew(clock):
    pace = Pace(clock)
    for done in (10, 20, 30):
        clock.now += 1
        pace.note(done)
    assert pace.seconds_left(40) == pytest.approx(1)
    pace.note(1)
    assert pace.seconds_left(40) is None


def test_the_line_says_what_how_far_and_how_long_still(pool, clock):
    steps = Steps(45)
    job = pool.start(replace(steps.task, label="Measuring the ladder", unit="rungs"))
    for _ in range(12):
        clock.now += 0.25
        steps.let(1)
    assert job.line == "Measuring the ladder: 12 of 45 rungs, about 8 seconds left"


def test_bytes_of_which_the_whole_is_unknown_are_said_as_they_come(pool):
    at_work, go_on = threading.Event(), threading.Event()

    def work(job):
        job.at(3, 0)
        at_work.set()
        go_on.wait(SECONDS)
        job.at(3, 64)

    job = pool.start(Task("Fetching", work, amount="{} MB".format))
    assert at_work.wait(SECONDS)
    assert job.line == "Fetching: 3 MB"
    go_on.set()
    assert job.wait(SECONDS)
    assert job.line == "Fetching: done, 3 MB of 64 MB"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.2, "a second"), (8.2, "8 seconds"), (89, "89 seconds"), (200, "3 minutes"), (3 * 3600, "3 hours")],
)
def test_times_are_said_in_one_way(seconds, words):
    assert time_words(seconds) == words


class Guest:
    """An owner who stays."""

    def __call__(self):
        return True


def test_one_who_starts_many_jobs_has_one_in_each_round_and_who_comes_later_does_not_wait_for_all(pool):
    greedy, other = Guest(), Guest()
    work = [Steps(lane="network") for _ in range(4)]
    started = [pool.start(each.task, greedy) for each in work]
    late = [Steps(lane="network") for _ in range(2)]
    theirs = [pool.start(each.task, other) for each in late]
    work[0].let_all()
    assert late[0].begun.wait(SECONDS)
    late[0].let_all()
    assert work[1].begun.wait(SECONDS)
    work[1].let_all()
    assert late[1].begun.wait(SECONDS)
    assert [job.state for job in started] == ["done", "done", "waiting", "waiting"]
    assert [job.state for job in theirs] == ["done", "running"]


def test_a_shared_job_that_waits_moves_up_to_the_round_of_who_joins_it(pool):
    greedy, other = Guest(), Guest()
    work = [Steps(lane="network", key=number) for number in range(3)]
    started = [pool.start(each.task, greedy) for each in work]
    assert pool.start(work[2].task, other) is started[2]
    work[0].let_all()
    assert work[2].begun.wait(SECONDS)
    assert started[1].state == "waiting"


def test_one_owners_jobs_leave_half_of_the_bytes_to_the_others_who_do_not_wait_for_them(pool):
    greedy, other = Guest(), Guest()
    first, second = (pool.start(Steps(size=40).task, greedy) for _ in range(2))
    assert (first.state, second.state) == ("running", "waiting")
    assert pool.start(Steps(size=60).task, other).state == "running"


def test_a_job_that_needs_more_than_its_owners_share_runs_where_the_owner_has_no_other(pool):
    assert pool.start(Steps(size=90).task, Guest()).state == "running"
