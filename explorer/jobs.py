"""Work in the background: bounded, shared by all users, and left without losing what is finished.

A page starts a `Task` and goes on. The `Job` that it gets can be read by any page and thread while it runs:
how far it is, how long it still takes, and the results so far. It ends when its work is done, when somebody
cancels it, or when none of its owners wants it any more; what is finished by then stays.
"""

import atexit
import logging
import threading
import time
from collections import Counter, OrderedDict
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Generic, Literal, TypeVar

from explorer.errors import ExplorerError, SettingError
from explorer.pace import Clock, Pace, left_words
from explorer.shares import half_of_memory
from explorer.turns import Rounds, stand_aside, step_back

log = logging.getLogger("explorer.jobs")

T = TypeVar("T")
Progress = Callable[[int, int], None]  # told steps or bytes that are finished, and all of them (0: unknown)
Owner = Callable[[], bool]  # whether it still wants the work; asked again and again, from any thread
State = Literal["waiting", "running", "done", "failed", "cancelled"]
Lane = Literal["compute", "network", "pictures"]

# A long causal map must not keep a fetch from starting, so each kind of work has workers of its own. More
# than two computations at a time only make each other slow: they share the device's turns. Two large pictures
# that are read at once only take both cores from who looks at small ones.
LANES: Mapping[Lane, int] = {"compute": 2, "network": 4, "pictures": 1}
PATIENCE = 8.0  # seconds that running jobs have to end when the program does
KEPT = 64  # jobs that can be found by their key; those that are over go first
SHARE = 0.5  # of all bytes, which one owner's jobs may take together: the others find room when they come


class NotWantedError(Exception):
    """Raised inside a job's work, to leave it: it was cancelled, or nobody wants it any more."""


def always() -> bool:
    """The owner who wants a job until it is done."""
    return True


@dataclass(frozen=True, eq=False)
class Task(Generic[T]):
    """What a job does.

    Attributes:
        label: What it does, in words that begin a line, such as "Measuring the ladder".
        work: Does it. It is given the job, and tells it what is finished: with `add` or `advance`, which
            leave the work where it is not wanted any more, or with `at` and `is_wanted`.
        lane: Whose workers it takes: those who compute, those who wait for a network, or those who read and
            change large pictures.
        size: Bytes of memory that it may take; it waits until they are free.
        total: Steps or bytes in all; 0 where only the work will know.
        unit: What is counted, behind the numbers, such as "tiles".
        amount: Writes one number of them, such as megabytes.
        key: Jobs of one key are one job, which all who start it share; None shares nothing.
    """

    label: str
    work: "Callable[[Job[T]], None]"
    lane: Lane = "compute"
    size: int = 0
    total: int = 0
    unit: str = ""
    amount: Callable[[int], str] = str
    key: Hashable = None


class Job(Generic[T]):
    """One run of a task, made by `Pool.start`. Any thread may read it.

    Attributes:
        task: What it does; once that is over, without the work, which may hold on to pictures.
        state: "waiting" for a worker or memory, "running", "done", "failed", or "cancelled": asked to end,
            or not wanted any more.
        done, total: Steps or bytes that are finished, and all of them (0: unknown).
        error: Why it failed; "" otherwise.
    """

    def __init__(self, task: Task[T], pool: "Pool", clock: Clock):
        self.task = task
        self.state: State = "waiting"
        self.done, self.total = 0, task.total
        self.error = ""
        self._pool = pool
        self._clock, self._began = clock, clock()
        self._pace = Pace(clock)
        self._results: list[T] = []
        self._owners: set[Owner] = set()
        self._round = 0  # as `Rounds` counts
        self._cancel = threading.Event()
        # Waited for in the thread's place: a Ctrl-C inside Thread.join() marks the thread as ended.
        self._over = threading.Event()

    @property
    def results(self) -> tuple[T, ...]:
        """What is finished, in its order."""
        return tuple(self._results)

    @property
    def is_over(self) -> bool:
        """Whether it is done, failed or cancelled."""
        return self._over.is_set()

    @property
    def is_ending(self) -> bool:
        """Whether it was asked to end, and has not yet."""
        return self._cancel.is_set() and not self.is_over

    @property
    def seconds_left(self) -> float | None:
        """An estimate while it runs; None where too little is known."""
        return self._pace.seconds_left(self.total) if self.state == "running" and self.total else None

    @property
    def seconds(self) -> float:
        """Since it was started; it may have waited a part of them."""
        return self._clock() - self._began

    @property
    def amounts(self) -> str:
        """How far it is, such as "12 of 45" or "3 MB of 64 MB"."""
        amount, unit = self.task.amount, f" {self.task.unit}" if self.task.unit else ""
        return (
            f"{amount(self.done)} of {amount(self.total)}{unit}" if self.total else amount(self.done) + unit
        )

    @property
    def line(self) -> str:
        """What it does, how far it is and how long it still takes, as pages and the shell say it."""
        label = self.task.label
        if self.is_ending:
            return f"{label}: cancelling …"
        if self.state == "waiting":
            return f"{label}: waiting for its turn"
        if self.state == "failed":
            return f"{label}: {self.error}"
        if self.state == "running":
            left = self.seconds_left
            return f"{label}: {self.amounts}" + (f", {left_words(left)}" if left is not None else "")
        return f"{label}: {self.state}, {self.amounts}"

    @property
    def is_shared(self) -> bool:
        """Whether several owners want it."""
        return len(self._owners) > 1

    def cancel(self) -> None:
        """Ask it to end, whoever else wants it; it does at its next step, and keeps what is finished."""
        self._pool._cancel(self)

    def leave(self, owner: Owner) -> None:
        """Tell that this owner wants it no more; it ends if no other does."""
        self._pool._leave(self, owner)

    def wait(self, seconds: float | None = None) -> bool:
        """Wait until it is over, at most this long; tells whether it is. Ctrl-C ends the wait alone."""
        return self._over.wait(seconds)

    def keep(self, *results: T) -> None:
        """Called by the work: keep these results."""
        self._results += results

    def add(self, *results: T) -> None:
        """Called by the work: keep these results, each a step that is finished.

        Raises:
            NotWantedError: others are left, and it is not wanted any more.
        """
        self.keep(*results)
        self.advance(len(self._results), self.total)

    def advance(self, done: int, total: int) -> None:
        """Called by the work: as `at`, and the work is left where it is not wanted.

        Raises:
            NotWantedError: others are left, and it is not wanted any more.
        """
        self.at(done, total)
        if done < total or not total:
            self.go_on()
            stand_aside()

    def at(self, done: int, total: int) -> None:
        """Called by the work: so many steps are finished, of so many (0: unknown)."""
        self.done, self.total = done, total
        self._pace.note(done)

    def is_wanted(self) -> bool:
        """Called by the work: whether to go on; asks the owners. Once it is not, it stays so."""
        if self._cancel.is_set():
            return False
        return self._pool._is_wanted(self)

    def go_on(self) -> None:
        """Called by the work where it could end.

        Raises:
            NotWantedError: it is not wanted any more.
        """
        if not self.is_wanted():
            raise NotWantedError


class Pool:
    """Bounded workers and memory for all jobs of a program."""

    def __init__(self, lanes: Mapping[Lane, int], budget: int, clock: Clock = time.monotonic):
        """Args:
        lanes: Workers of each lane.
        budget: Bytes that running jobs may take together.
        clock: Seconds, for the estimates.
        """
        self.budget = budget
        self._lanes, self._clock = lanes, clock
        self._rounds = {lane: Rounds() for lane in lanes}
        self._waiting: list[Job[Any]] = []
        self._running: set[Job[Any]] = set()
        self._by_key: OrderedDict[Hashable, Job[Any]] = OrderedDict()
        self._changing = threading.Lock()

    def refusal(self, label: str, size: int) -> SettingError | None:
        """Why something that may take `size` bytes of memory is never started; None where it can be."""
        if size <= self.budget:
            return None
        return SettingError(
            f"{label} may take {size / 1e9:.1f} GB of memory, and this machine can spare "
            f"{self.budget / 1e9:.1f} GB; choose a smaller size to measure at."
        )

    def start(self, task: Task[T], is_wanted: Owner = always) -> Job[T]:
        """Start a task as soon as it has a worker and memory, or join the job that has its key already.

        Args:
            is_wanted: The owner. One that is equal to another, such as the same page, is that one.

        Raises:
            SettingError: it may take more memory than all jobs have.
        """
        refusal = self.refusal(task.label, task.size)
        if refusal is not None:
            raise refusal
        with self._changing:
            job = self._by_key.get(task.key) if task.key is not None else None
            if job is None or job._cancel.is_set() or job.is_over:
                job = Job(task, self, self._clock)
                self._waiting.append(job)
                self._keep(job)
            if is_wanted not in job._owners:
                own = self._rounds[task.lane].next_of(is_wanted)
                job._round = min(own, job._round) if job._owners else own
                job._owners.add(is_wanted)
        self._go_on(but=job)
        return job

    def find(self, key: Hashable) -> Job[Any] | None:
        """The last job of this key, running or over; None if there was none of late."""
        with self._changing:
            return self._by_key.get(key)

    def end(self, patience: float = PATIENCE) -> None:
        """Cancel all jobs, and give those that run so many seconds to end; none starts any more."""
        with self._changing:
            running = tuple(self._running)
            for job in (*running, *self._waiting):
                job._cancel.set()
            self._drop(*self._waiting)
        deadline = time.monotonic() + patience
        for job in running:
            job.wait(max(0.0, deadline - time.monotonic()))

    def _keep(self, job: Job[Any]) -> None:
        if job.task.key is None:
            return
        self._by_key.pop(job.task.key, None)
        self._by_key[job.task.key] = job
        over = [key for key, each in self._by_key.items() if each.is_over]
        for key in over[: max(0, len(self._by_key) - KEPT)]:
            del self._by_key[key]

    def _go_on(self, but: Job[Any] | None = None) -> None:
        """Start what fits, also behind jobs that wait and that nobody wants any more; `but` is not asked."""
        with self._changing:
            self._start_what_fits()
            waiting = [job for job in self._waiting if job is not but]
        # Owners are asked outside of the lock: nobody knows what they take.
        unwanted = [job for job in waiting if not self._is_wanted(job)]
        if unwanted:
            with self._changing:
                self._drop(*unwanted)
                self._start_what_fits()

    def _start_what_fits(self) -> None:
        """Start jobs round by round of their owners, and in their order within one.

        Within a lane nobody overtakes, so that a large one has its turn too; but an owner whose jobs take
        their share of the memory waits for these alone, and keeps nobody waiting.
        """
        busy = Counter(job.task.lane for job in self._running)
        free = self.budget - sum(job.task.size for job in self._running)
        blocked = set()
        for job in sorted(self._waiting, key=lambda job: job._round):
            lane = job.task.lane
            if lane not in blocked and self._has_its_share(job):
                continue
            if lane in blocked or busy[lane] >= self._lanes[lane] or job.task.size > free:
                blocked.add(lane)
                continue
            self._waiting.remove(job)
            self._running.add(job)
            self._rounds[lane].serve(job._round)
            busy[lane] += 1
            free -= job.task.size
            job.state = "running"
            # A daemon: the program that ends gives it `PATIENCE`, and no more.
            threading.Thread(target=self._run, args=(job,), name=job.task.label, daemon=True).start()

    def _has_its_share(self, job: Job[Any]) -> bool:
        """Whether all who want a job have others running that leave no room for it in their share.

        The program itself, such as a command of the shell, shares with nobody.
        """
        return always not in job._owners and all(
            (held := sum(other.task.size for other in self._running if owner in other._owners))
            and held + job.task.size > SHARE * self.budget
            for owner in job._owners
        )

    def _run(self, job: Job[Any]) -> None:
        step_back()
        state: State = "failed"
        try:
            job.go_on()  # its owners may have gone while it waited
            job.task.work(job)
            state = "done"
        except NotWantedError:
            state = "cancelled"
        except ExplorerError as error:
            job.error = str(error)
        except Exception as error:
            job.error = f"{job.task.label} met a fault of the program, which its log tells: {error!r}."
            log.exception("%s failed", job.task.label)
        finally:
            with self._changing:
                self._running.discard(job)
                self._finish(job, state)
            self._go_on()

    def _finish(self, job: Job[Any], state: State) -> None:
        log.debug("%s: %s after %d of %d", job.task.label, state, job.done, job.total)
        job.state = state
        job._owners.clear()  # a page's owner may hold on to what that page showed
        job.task = replace(job.task, work=_nothing)
        job._over.set()

    def _drop(self, *jobs: Job[Any]) -> None:
        """Finish those of the jobs that still wait, without any work."""
        for job in jobs:
            if job in self._waiting:
                self._waiting.remove(job)
                self._finish(job, "cancelled")

    def _cancel(self, job: Job[Any]) -> None:
        with self._changing:
            job._cancel.set()
            self._drop(job)
        self._go_on()  # it may have kept others waiting

    def _leave(self, job: Job[Any], owner: Owner) -> None:
        with self._changing:
            job._owners.discard(owner)
            if not job._owners:
                self._drop(job)
        self._go_on()

    def _is_wanted(self, job: Job[Any]) -> bool:
        with self._changing:
            owners = frozenset(job._owners)
        if any(is_wanted() for is_wanted in owners):
            return True
        with self._changing:
            if job._owners == owners:  # nobody has joined meanwhile
                job._cancel.set()
        return not job._cancel.is_set()


def _nothing(_job: Job[Any]) -> None:
    """The work of a job that is over."""


pool = Pool(LANES, half_of_memory())

# So that no pip outlives the program.
atexit.register(pool.end)
