"""Trials one after the other: in batches that are always the same ones, on all cores, in their order."""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import torch

from explorer.cores import on_all_cores, usable
from explorer.errors import ImageError
from explorer.judgments.running.distances import distances, too_small_for
from explorer.judgments.running.reading import Files, Seen, count_of, look, read_files
from explorer.judgments.running.way import Way
from explorer.judgments.sets import Trial

# Trials that are measured together: 64 x 64 pixels are then as fast as they get, and a kill costs a second.
# It is not to be chosen, since on a GPU a number's last digits depend on it.
BATCH = 24


@dataclass(frozen=True)
class Outcome:
    """What became of a trial.

    Attributes:
        trial: The trial.
        place: In the set, from 0.
        distances: For each metric, in their order, (d0, d1) of a triplet, else (d,); smaller is closer, so
            that PSNR and SSIM stand here as their negatives. None where it could not be measured.
        error: The sentence that says why; "" otherwise.
        digest: Of its files, as they were measured; "" where they could not be read.
    """

    trial: Trial
    place: int
    distances: tuple[tuple[float, ...], ...] | None
    error: str
    digest: str


@dataclass(frozen=True, eq=False)
class Batch:
    """Trials that are measured together, and where the first of them stands in the set."""

    first: int
    trials: tuple[Trial, ...]


def batches(trials: Sequence[Trial], places: Sequence[int] | None = None) -> list[Batch]:
    """The batches with the trials at these places, or all: always whole, so that numbers stay the same."""
    starts = range(0, len(trials), BATCH)
    if places is not None:
        starts = sorted({place // BATCH * BATCH for place in places})
    return [Batch(start, tuple(trials[start : start + BATCH])) for start in starts]


def measure(trials: Sequence[Trial], way: Way, places: Sequence[int] | None = None) -> Iterator[Outcome]:
    """Measure the trials of a set by several metrics, in their order; each file is decoded once for all.

    What cannot be read or measured does not stop the rest. As many batches are worked on at once as torch
    leaves cores free: `torch.set_num_threads(1)` before the first is the fastest for small pictures.

    Args:
        trials: Of a set, all of one kind.
        way: The metrics and the size.
        places: Those to be measured, from 0; None measures all.

    Raises:
        WeightsError: weights are missing or damaged; said before a trial is read.
    """
    load_networks(way)
    wanted = None if places is None else set(places)
    workers = max(1, usable() // torch.get_num_threads())

    def work(batch: Batch) -> list[Outcome]:
        share = on_all_cores if workers == 1 else _one_after_the_other
        files = share(read_files, batch.trials)
        seen = share(lambda own: look(own, way), files)
        return outcomes(batch, files, measured(seen, way))

    with ThreadPoolExecutor(workers) as threads:
        waiting: deque[Future[list[Outcome]]] = deque()
        try:
            for batch in batches(trials, places):
                waiting.append(threads.submit(work, batch))
                if len(waiting) > workers + 1:
                    yield from _wanted(waiting.popleft().result(), wanted)
            while waiting:
                yield from _wanted(waiting.popleft().result(), wanted)
        finally:
            for left in waiting:
                left.cancel()


def load_networks(way: Way) -> None:
    """Load all networks, so that missing weights are said before the work begins."""
    for method in way.methods:
        _ = method.network


def measured(seen: Sequence[Seen], way: Way) -> list[tuple[tuple[tuple[float, ...], ...] | None, str]]:
    """Distances of each trial, or the sentence that says why there are none; those of one size together."""
    found: list = [(None, each.error) for each in seen]
    by_size: dict[tuple[int, ...], list[int]] = {}
    for place, each in enumerate(seen):
        if not each.error:
            by_size.setdefault(each.pictures[0].shape, []).append(place)
    for (height, width, _), places in by_size.items():
        why = too_small_for((width, height), way.rulers)
        try:
            values = why or distances(
                np.stack([np.stack(seen[place].pictures) for place in places]), way.rulers
            )
        except ImageError as error:  # such as memory that ran out
            values = str(error)
        for row, place in enumerate(places):
            if isinstance(values, str):
                found[place] = None, values
            else:
                found[place] = tuple(tuple(values[ruler][row].tolist()) for ruler in way.rulers), ""
    return found


def outcomes(
    batch: Batch, files: Sequence[Files], found: Sequence[tuple[tuple[tuple[float, ...], ...] | None, str]]
) -> list[Outcome]:
    """What became of a batch's trials."""
    return [
        Outcome(trial, batch.first + place, own, error, read.digest)
        for place, (trial, read, (own, error)) in enumerate(zip(batch.trials, files, found, strict=True))
    ]


def _wanted(found: Sequence[Outcome], wanted: set[int] | None) -> Iterator[Outcome]:
    return (each for each in found if wanted is None or each.place in wanted)


def _one_after_the_other(work: Callable, parts: Sequence) -> list:
    return list(map(work, parts))


__all__ = [
    "BATCH",
    "Batch",
    "Outcome",
    "batches",
    "count_of",
    "load_networks",
    "measure",
    "measured",
    "outcomes",
]
