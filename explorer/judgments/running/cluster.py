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
from typing import Any

from explorer.cores import on_all_cores
from explorer.errors import SettingError
from explorer.judgments.running.measuring import (
    BATCH,
    Batch,
    Outcome,
    batches,
    load_networks,
    measured,
    outcomes,
)
from explorer.judgments.running.reading import Files, look, read_files
from explorer.judgments.running.way import Way
from explorer.judgments.sets import Trial
from explorer.names import cut, harmless

AUTO = "auto"
INSTALL = "pip install 'lpips-explorer[ray]'"
IN_HAND = 2  # batches that a worker has, so that it need not wait for the next
AHEAD = 16  # batches for each worker that are done before the one that is waited for, at most
PATIENCE = 10.0  # seconds for an answer from the cluster's address
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
        SettingError: Ray is not installed, the cluster cannot be reached, or its workers die again and again.
        WeightsError: weights are missing or damaged on this machine.
    """
    ray = _ray()
    load_networks(way)  # what is missing here is most likely missing there
    own = _connect(ray, address)
    try:
        wanted = None if places is None else set(places)
        for found in _Pool(ray, way).run(batches(trials, places)):
            yield from (each for each in found if wanted is None or each.place in wanted)
    finally:
        if own:
            ray.shutdown()


class Worker:
    """What runs on a worker, as an actor of Ray: the networks are loaded when it is made."""

    def __init__(self, way: Way):
        import torch

        torch.set_num_threads(1)  # a worker has one core
        self._way = way
        load_networks(way)

    def measure(self, files: list[Files]) -> list[tuple[tuple[tuple[float, ...], ...] | None, str]]:
        """The distances of a batch's trials, or why there are none."""
        return measured([look(own, self._way) for own in files], self._way)


class _Pool:
    """Workers, what each has in hand, and what is done before its turn."""

    def __init__(self, ray: Any, way: Way):
        self._ray, self._way = ray, way
        resources = ray.cluster_resources()
        self._gpus = int(resources.get("GPU", 0)) if _wants_gpu(way) else 0
        self._count = max(1, self._gpus or int(resources.get("CPU", 1)))
        self._workers = [self._new() for _ in range(self._count)]
        self._running: dict[Any, tuple[int, Batch, list[Files]]] = {}  # reference -> worker, what it has
        self._deaths: dict[int, int] = {}  # by the first place of a batch

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
            for worker in self._workers:
                with suppress(Exception):  # it may be dead, and so may the cluster
                    self._ray.kill(worker)

    def _hand_out(self, waiting: deque[Batch], first: int) -> None:
        """Give each worker as much as it may have, but nothing too far ahead of what is waited for."""
        for place in range(self._count):
            while (
                waiting
                and sum(place == owner for owner, _, _ in self._running.values()) < IN_HAND
                and waiting[0].first < first + AHEAD * self._count * BATCH
            ):
                batch = waiting.popleft()
                self._give(place, batch, on_all_cores(read_files, batch.trials))

    def _give(self, place: int, batch: Batch, files: list[Files]) -> None:
        self._running[self._workers[place].measure.remote(files)] = place, batch, files

    def _take_back(self, waiting: deque[Batch], done: dict[int, list[Outcome]]) -> None:
        """Wait for one that is done; those of a worker that has died wait anew, before all others."""
        (ready,), _ = self._ray.wait(list(self._running), num_returns=1)
        place, batch, files = self._running.pop(ready)
        try:
            done[batch.first] = outcomes(batch, files, self._ray.get(ready))
        except self._ray.exceptions.RayActorError as error:
            lost = [(key, own) for key, (owner, own, _) in self._running.items() if owner == place]
            for key, _ in lost:
                del self._running[key]
            for own in sorted([batch, *(own for _, own in lost)], key=lambda each: -each.first):
                waiting.appendleft(own)
            self._count_death(batch, error)
            self._workers[place] = self._new()

    def _count_death(self, batch: Batch, error: Exception) -> None:
        self._deaths[batch.first] = self._deaths.get(batch.first, 0) + 1
        if self._deaths[batch.first] >= MOST_DEATHS:
            said = str(error).strip().splitlines()
            raise SettingError(
                f"Ray's workers died {MOST_DEATHS} times over the same trials "
                f"({said[0] if said else 'without a word'}); look at the cluster's log, or leave out --ray."
            ) from error

    def _new(self) -> Any:
        options = {"num_cpus": 0 if self._gpus else 1, "num_gpus": 1 if self._gpus else 0}
        return self._ray.remote(Worker).options(**options).remote(self._way)


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
        said = str(error).strip().splitlines()
        raise _no_cluster(named, said[0] if said else type(error).__name__) from error
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
