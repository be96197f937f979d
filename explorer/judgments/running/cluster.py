"""The same on a cluster, by Ray: workers that each load the networks once, and may die.

The one who asks reads the files and sends their bytes, so that no worker needs to see the folder. Batches
come back in whatever order they are done, and are given in that of the set: numbers and files are those of a
run on one machine, for the batches are the same.
"""

import os
import socket
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from explorer.cores import on_all_cores
from explorer.errors import SettingError
from explorer.judgments.running.measuring import (
    BATCH,
    Batch,
    Found,
    Outcome,
    batches,
    load_networks,
    measured_files,
    outcomes,
)
from explorer.judgments.running.reading import Files, read_files
from explorer.judgments.running.way import Way
from explorer.judgments.sets import Trial
from explorer.names import cut, harmless

AUTO = "auto"
INSTALL = "pip install 'lpips-explorer[ray]'"
IN_HAND = 2  # batches that a worker has, so that it need not wait for the next
AHEAD = 16  # batches for each worker that are done before the one that is waited for, at most
PATIENCE = 10.0  # seconds for an answer from the cluster's address
START = 120.0  # seconds for the first of the workers to load torch and the networks
MOST_DEATHS = 3  # of workers over one batch, before it is taken to be the batch that kills them


def measure_on_cluster(
    trials: Sequence[Trial], way: Way, address: str = AUTO, places: Sequence[int] | None = None
) -> Iterator[Outcome]:
    """As `measuring.measure`, by the workers of a Ray cluster.

    Args:
        trials, way, places: As there.
        address: Of the cluster, such as "ray://host:10001"; "auto" takes the one that runs on this machine
            or is named in RAY_ADDRESS, and starts one on this machine where there is none.

    Raises:
        SettingError: Ray is not installed, the cluster cannot be reached, none of its workers is free, or
            they die again and again.
        WeightsError: weights are missing or damaged on this machine.
    """
    ray = _ray()
    load_networks(way)  # what is missing here is most likely missing there
    own = _connect(ray, address)
    try:
        wanted = None if places is None else set(places)
        for found in _Pool(ray, way).run(batches(trials, places)):
            yield from (each for each in found if wanted is None or each.place in wanted)
    except (ray.exceptions.RayError, ConnectionError) as error:
        raise SettingError(
            f"The Ray cluster has failed ({_said(error)}); look at its log, or leave out --ray."
        ) from error
    finally:
        if own:
            ray.shutdown()


class Worker:
    """What runs on a worker, as an actor of Ray: its networks are loaded once, before it gets work."""

    def __init__(self, way: Way):
        import torch

        torch.set_num_threads(1)  # a worker has one core
        self._way = way

    def load(self) -> None:
        """Load the networks; who answers this has started, and lacks nothing."""
        load_networks(self._way)

    def measure(self, files: list[Files]) -> list[Found]:
        """The distances of a batch's trials, or why there are none."""
        return measured_files(files, self._way, lambda work, parts: list(map(work, parts)))


@dataclass(eq=False)
class _Place:
    """Where one worker is: its actor, whether that has answered, and how many starts have failed in a row."""

    actor: Any
    is_ready: bool = False
    failed: int = 0


class _Pool:
    """Workers, what each has in hand, and what is done before its turn.

    A cluster may be used by others as well, and an actor for which there is no room is never started: so
    only those that have answered are given work.
    """

    def __init__(self, ray: Any, way: Way, patience: float = START):
        self._ray, self._way, self._patience = ray, way, patience
        resources = ray.cluster_resources()
        self._gpus = int(resources.get("GPU", 0)) if _wants_gpu(way) else 0
        self._asked: dict[Any, _Place] = {}  # reference -> who is to answer
        self._running: dict[Any, tuple[_Place, Batch, list[Files]]] = {}  # reference -> worker, what it has
        self._deaths: dict[int, int] = {}  # by the first place of a batch
        self._places = [_Place(None) for _ in range(max(1, self._gpus or int(resources.get("CPU", 1))))]
        for place in self._places:
            self._start(place)

    def run(self, every: Sequence[Batch]) -> Iterator[list[Outcome]]:
        """The outcomes of all batches, in their order."""
        waiting, done = deque(every), {}
        try:
            for batch in every:
                while batch.first not in done:
                    self._hand_out(waiting, batch.first)
                    self._take_back(waiting, done)
                yield done.pop(batch.first)
        finally:
            for place in self._places:
                self._kill(place)

    def _hand_out(self, waiting: deque[Batch], first: int) -> None:
        """Give each worker as much as it may have, but nothing too far ahead of what is waited for."""
        ready = [place for place in self._places if place.is_ready]
        for place in ready:
            while (
                waiting
                and sum(place is owner for owner, _, _ in self._running.values()) < IN_HAND
                and waiting[0].first < first + AHEAD * len(ready) * BATCH
            ):
                batch = waiting.popleft()
                files = on_all_cores(read_files, batch.trials)
                self._running[place.actor.measure.remote(files)] = place, batch, files

    def _take_back(self, waiting: deque[Batch], done: dict[int, list[Outcome]]) -> None:
        """Wait for one that answers: it has started, or is done with a batch."""
        patience = None if self._running else self._patience
        ready, _ = self._ray.wait([*self._asked, *self._running], num_returns=1, timeout=patience)
        if not ready:
            raise SettingError(
                f"None of the cluster's workers has started within {self._patience:.0f} seconds; all may be "
                "taken by other work. Try again when some are free, or leave out --ray."
            )
        if ready[0] in self._asked:
            self._see_start(ready[0])
        else:
            self._see_batch(ready[0], waiting, done)

    def _see_start(self, answer: Any) -> None:
        place = self._asked.pop(answer)
        try:
            self._get(answer)
        except self._ray.exceptions.RayError as error:
            place.failed += 1
            if place.failed < MOST_DEATHS:
                self._start(place)
            elif not self._asked and not any(each.is_ready for each in self._places):
                raise SettingError(
                    f"None of the cluster's workers can be started ({_said(error)}); look at its log, or "
                    "leave out --ray."
                ) from error
        else:
            place.is_ready, place.failed = True, 0

    def _see_batch(self, answer: Any, waiting: deque[Batch], done: dict[int, list[Outcome]]) -> None:
        """Keep what a batch gave; those of a worker that is lost wait anew, before all others."""
        place, batch, files = self._running.pop(answer)
        try:
            done[batch.first] = outcomes(batch, files, self._get(answer))
        except self._ray.exceptions.RayError as error:
            lost = [(key, own) for key, (owner, own, _) in self._running.items() if owner is place]
            for key, _ in lost:
                del self._running[key]
            for own in sorted([batch, *(own for _, own in lost)], key=lambda each: -each.first):
                waiting.appendleft(own)
            self._count_death(batch, error)
            self._start(place)

    def _get(self, answer: Any) -> Any:
        """What a worker answers.

        Raises:
            SettingError: it says what it lacks, or fails by itself.
            RayError: it is lost, in one of the many ways that Ray knows.
        """
        try:
            return self._ray.get(answer)
        except self._ray.exceptions.RayTaskError as error:
            cause = getattr(error, "cause", None) or error
            raise SettingError(
                f"A worker of the cluster failed: {_said(cause).removesuffix('.')}. Give it what it lacks, "
                "or leave out --ray."
            ) from error

    def _count_death(self, batch: Batch, error: Exception) -> None:
        self._deaths[batch.first] = self._deaths.get(batch.first, 0) + 1
        if self._deaths[batch.first] >= MOST_DEATHS:
            raise SettingError(
                f"Ray's workers died {MOST_DEATHS} times over the same trials ({_said(error)}); look at the "
                "cluster's log, or leave out --ray."
            ) from error

    def _start(self, place: _Place) -> None:
        """Start a worker where there is none, or one that is lost."""
        self._kill(place)
        options = {"num_cpus": 0 if self._gpus else 1, "num_gpus": 1 if self._gpus else 0}
        place.actor = self._ray.remote(Worker).options(**options).remote(self._way)
        place.is_ready = False
        self._asked[place.actor.load.remote()] = place

    def _kill(self, place: _Place) -> None:
        with suppress(Exception):  # it may be dead, and so may the cluster
            self._ray.kill(place.actor)


def _said(error: BaseException) -> str:
    """What an error says, in a line: the first, or of a worker that could not be made the last."""
    lines = str(error).strip().splitlines() or [type(error).__name__]
    return cut(harmless(lines[-1 if "creation task" in lines[0] else 0]))


def _ray() -> Any:
    try:
        import ray
    except ImportError:
        raise SettingError(f"Ray is not installed; run `{INSTALL}`, or leave out --ray.") from None
    return ray


def _connect(ray: Any, address: str) -> bool:
    """Join a cluster, or start one on this machine; whether it is ours to leave."""
    if ray.is_initialized():
        return False
    quiet = {"logging_level": "error", "log_to_driver": False}
    os.environ.setdefault("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")  # Ray's own advice, else it warns
    named = os.environ.get("RAY_ADDRESS", AUTO) if address == AUTO else address
    _check_answers(named)
    try:
        try:
            ray.init(address=named, **quiet)
        except ConnectionError:
            if named != AUTO:
                raise
            ray.init(include_dashboard=False, **quiet)  # none runs here yet
    except Exception as error:  # Ray has one of its own for nearly every way in which this goes wrong
        raise _no_cluster(named, _said(error)) from error
    return True


def _check_answers(address: str) -> None:
    """Refuse an address at which nothing listens; Ray itself would look for it for minutes."""
    if address in (AUTO, "local"):
        return
    host, _, port = address.removeprefix("ray://").rpartition(":")
    if not host or not port.isdecimal():
        raise _no_cluster(address, "an address is HOST:PORT or ray://HOST:PORT")
    try:
        socket.create_connection((host.strip("[]"), int(port)), timeout=PATIENCE).close()
    except (OSError, OverflowError) as error:
        raise _no_cluster(address, getattr(error, "strerror", None) or str(error)) from error


def _no_cluster(address: str, why: str) -> SettingError:
    return SettingError(
        f"There is no Ray cluster at {cut(harmless(address))} ({why}); start one with `ray start --head`, or "
        "check the address."
    )


def _wants_gpu(way: Way) -> bool:
    return any(method.device in ("auto", "cuda") for method in way.methods)
