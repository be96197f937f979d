"""Several runs side by side, made in the background, paused, gone on with and made longer.

A job writes what it makes into the `Journey`, and any thread may read it meanwhile. A job that was cancelled
leaves it as it is, and another one goes on from there.
"""

import time
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol, TypeVar

import numpy as np
from torch import Tensor

from explorer.analysis.rulers import Ruler
from explorer.backbones import find_device
from explorer.errors import ExplorerError
from explorer.images import Picture, derive
from explorer.jobs import Job, Progress, Task, pool
from explorer.metrics import Method
from explorer.synthesis.cost import step_bytes
from explorer.synthesis.pauses import own_turn, pausing
from explorer.synthesis.process import Point, Process, is_kept, run
from explorer.synthesis.standing import Standing, said_of, standing_of

LOOK = 0.2  # seconds between two looks at how far the work is
LIVE = 0.4  # seconds between two frames of a run that are measured only to be seen, at least
REST = 8  # a frame that is only to be seen takes this part of the time, at most


@dataclass(frozen=True, eq=False)
class Plan:
    """What is to be made.

    Attributes:
        key: What the result depends on, but for the number of steps: equal for plans that make the same.
        label: What is done, in words that begin a line, such as "Lowering and raising LPIPS".
        reference: At the size that is measured.
        method: By which layers and maps are told; its size is None.
        witnesses: Other metrics, which are asked of the frames that stay when the steps are made.
        make: Loads what is needed; a process for each run, by its name, in the order in which they are shown.
        size: About the bytes of memory that a step takes; 0 for what one of the method does.
        rulers: The metrics whose gradients a step of all runs together takes, each as often as it does, by
            which the time is told before it is known; none for the method's, twice.
    """

    key: Hashable
    label: str
    reference: Picture
    method: Method
    witnesses: tuple[Ruler, ...]
    make: Callable[[], Mapping[str, Process]]
    size: int = 0
    rulers: tuple[Ruler, ...] = ()


@dataclass(frozen=True, eq=False)
class Frame:
    """A step of a run that stays.

    Attributes:
        run: Its name.
        step: From 0, the start.
        picture: In 8 bits.
        standing: What is said of that.
    """

    run: str
    step: int
    picture: Picture
    standing: Standing


@dataclass(eq=False)
class Journey:
    """What was made of a plan so far; written by one job at a time, and read by any thread.

    Who reads several things that have to fit together takes a `copy` first. What the work itself needs, such
    as networks' features of the reference, is made anew by each job, and let go of at its end.

    Attributes:
        plan: What is made.
        points: For each run where it is.
        curves: For each run what it lowers or raises, a value a step, from 0 on.
        said: What witnesses say, by run and step of the frames that they were asked of.
        is_over: Whether no run has anything left to be done, whatever steps are left; known once a job ends.
    """

    plan: Plan
    points: dict[str, Point] = field(default_factory=dict)
    curves: dict[str, list[float]] = field(default_factory=dict)
    said: dict[tuple[str, int], Mapping[Ruler, float]] = field(default_factory=dict)
    is_over: bool = False
    _names: tuple[str, ...] = ()  # of all runs, also those that have not begun
    _kept: dict[str, list[Frame]] = field(default_factory=dict)
    _last: dict[str, Frame] = field(default_factory=dict)
    _due: float = 0.0  # when the next frame that does not stay is measured

    @property
    def runs(self) -> tuple[str, ...]:
        """Names of those that have begun, in their order."""
        return tuple(self.curves)

    def frames(self, name: str) -> tuple[Frame, ...]:
        """The frames of a run that stay, and the last one that was measured, by their steps."""
        kept, last = list(self._kept.get(name, ())), self._last.get(name)
        if last is not None and (not kept or kept[-1].step < last.step):
            kept.append(last)
        return tuple(kept)

    def values(self, frame: Frame) -> dict[Ruler, float | None]:
        """What each metric says of a frame, as far as it was asked."""
        return dict(frame.standing.values) | dict(self.said.get((frame.run, frame.step), {}))

    @property
    def step(self) -> int:
        """The farthest that a run has come."""
        return max((point.step for point in tuple(self.points.values())), default=0)

    @property
    def has_begun(self) -> bool:
        """Whether there is a frame of each run."""
        names = self._names or self.runs
        return bool(names) and all(map(self.frames, names))

    @property
    def has_unasked(self) -> bool:
        """Whether there are witnesses, and they were not asked of where a run is, or of where it began."""
        if not self.plan.witnesses or not self.has_begun:
            return False
        ends = ((name, self.frames(name)[place].step) for name in self.runs for place in (0, -1))
        return any(end not in self.said for end in ends)

    @property
    def nbytes(self) -> int:
        """Bytes of memory that it holds: pictures, maps, and where the runs are."""
        made = self.copy()
        frames = [frame for frames in made._kept.values() for frame in frames] + [*made._last.values()]
        arrays = [array for frame in frames for array in (frame.picture.pixels, *_maps_of(frame))]
        # A tensor that several runs share, such as what stays, is there once.
        tensors = {id(each): each for point in made.points.values() for each in _tensors_of(point)}
        return sum(each.nbytes for each in (*arrays, *tensors.values()))

    def copy(self) -> "Journey":
        """As it is now, while the job goes on; for each of its frames there is a value on the curve.

        The job writes points and values before their frames, so frames are copied first, each kind at once.
        """
        kept = {name: list(frames) for name, frames in tuple(self._kept.items())}
        last = dict(self._last)
        curves = {name: list(values) for name, values in tuple(self.curves.items())}
        points, said = dict(self.points), dict(self.said)
        return Journey(self.plan, points, curves, said, self.is_over, self._names, kept, last)

    def take(self, made: "Journey") -> None:
        """Show what another one has made; it has no points, and so cannot be gone on with."""
        self.curves |= made.curves  # first: where there are frames, they have a curve
        self._kept |= made._kept

    def task(self, steps: int) -> Task[Frame]:
        """The work that goes on until so many steps in all; its results are the frames that came."""

        def work(job: Job[Frame]) -> None:
            self._go_on(job, steps)

        plan = self.plan
        size = plan.size or step_bytes([plan.method], plan.reference.size)
        return Task(plan.label, work, size=size, unit="steps")

    def _go_on(self, job: Job[Frame], steps: int) -> None:
        """One step of each run after the other, so that all of them grow together."""
        with pausing(job.go_on):
            processes = dict(self.plan.make())
        self._names = tuple(processes)
        try:
            self._advance_all(job, steps, processes)
        finally:
            self.is_over = all(
                name in self.points and process.is_over(self.points[name])
                for name, process in processes.items()
            )
            processes.clear()  # graphs and features, which are not to stay while witnesses are asked
            self._measure_last(job)  # also where it was paused, or has met what is not finite
        self.ask_witnesses(job)
        job.at(job.total, job.total)

    def _advance_all(self, job: Job[Frame], steps: int, processes: Mapping[str, Process]) -> None:
        plan = self.plan
        device = find_device(plan.method.device)
        under_way: dict[str, Iterator[Point]] = {
            name: run(process, steps, self.points.get(name)) for name, process in processes.items()
        }
        total = steps * len(under_way) + 1  # at last the witnesses
        done = sum(point.step for point in self.points.values())
        while under_way:
            is_due, spent = time.monotonic() >= self._due, 0.0
            for name, points in list(under_way.items()):
                with pausing(job.go_on), own_turn(device, plan.reference.size):  # gives way to a page's pass
                    point = next(points, None)
                if point is None:
                    del under_way[name]
                    done += steps - min(steps, self.points[name].step)  # what an early end has saved
                    continue
                self.points[name] = point
                self.curves.setdefault(name, []).append(point.value)
                spent += self._measure(job, name, point, is_due)
                done += point.step > 0
                job.advance(done, total)
            if spent:
                self._due = time.monotonic() + max(LIVE, REST * spent)

    def _measure(self, job: Job[Frame], name: str, point: Point, is_due: bool) -> float:
        """Measure a frame that stays, and others where one is due for who watches; returns the seconds."""
        start = time.monotonic()
        if is_kept(point.step):
            frame = self._frame(name, point)
            self._kept.setdefault(name, []).append(frame)
            job.keep(frame)
        elif is_due:
            self._last[name] = self._frame(name, point)
        else:
            return 0.0
        return time.monotonic() - start

    def _measure_last(self, job: Job[Frame]) -> None:
        for name, point in self.points.items():
            frames = self.frames(name)
            if not frames or frames[-1].step < point.step:
                self._last[name] = self._frame(name, point)
            if not is_kept(point.step):
                job.keep(self._last[name])

    def ask_witnesses(self, job: Job[Frame]) -> None:
        """Called by a job's work: what the other metrics say of the ends first, then of the starts."""
        if not self.plan.witnesses:
            return
        asked: dict[str, Mapping[Ruler, float]] = {}
        for place in (-1, 0):
            for name in self.runs:
                frame = self.frames(name)[place]
                if (name, frame.step) in self.said:
                    continue
                known = asked.get(frame.picture.digest)  # all runs may begin at one picture
                if known is None:
                    job.go_on()
                    (known,) = said_of(self.plan.reference, [frame.picture], self.plan.witnesses)
                asked[frame.picture.digest] = self.said[name, frame.step] = known

    def _frame(self, name: str, point: Point) -> Frame:
        picture = derive(self.plan.reference, point.pixels)
        return Frame(name, point.step, picture, standing_of(self.plan.reference, picture, self.plan.method))


class Stepped(Protocol):
    """What belongs to a step of a run."""

    @property
    def step(self) -> int:
        """From 0, the start."""


S = TypeVar("S", bound=Stepped)


def frame_at(frames: Sequence[S], step: int | None) -> S:
    """The frame that is seen while the playhead is at a step: the last by then, or else the first there is.

    Args:
        frames: By their steps; one at least.
        step: None for the last one.
    """
    before = [frame for frame in frames if step is None or frame.step <= step]
    return before[-1] if before else frames[0]


def _maps_of(frame: Frame) -> Iterable[np.ndarray]:
    return () if frame.standing.maps is None else frame.standing.maps.values()


def _tensors_of(point: Point) -> Iterator[Tensor]:
    """All that a run is resumed from."""
    yield from (point.levels, *point.memory)
    if point.slope is not None:
        yield point.slope


def travel(plan: Plan, steps: int, told: Progress = lambda _done, _total: None) -> Journey:
    """Make all of a plan, and wait for it; Ctrl-C ends the work within a step.

    Args:
        plan: What is made.
        steps: Of each run.
        told: Told the steps that are finished, and all.

    Raises:
        SettingError: it would take more memory than there is.
        ExplorerError: why it failed.
    """
    journey = Journey(plan)
    job = pool.start(journey.task(steps))
    try:
        while not job.wait(LOOK):
            told(job.done, job.total)
    finally:
        job.cancel()  # where it is over, that is nothing
        job.wait()
    if job.state == "failed":
        raise ExplorerError(job.error)
    told(job.total, job.total)
    return journey
