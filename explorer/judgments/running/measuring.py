"""Trials one after the other: in batches that are always the same ones, on all cores, in their order."""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import torch

from explorer.analysis.cost import rulers_bytes
from explorer.cores import MOST, on_all_cores, usable
from explorer.errors import ImageError
from explorer.judgments.running.distances import distances, too_small_for
from explorer.judgments.running.reading import Files, Seen, look, read_files, sizes_of
from explorer.judgments.running.way import Way
from explorer.judgments.sets import Trial
from explorer.metrics.scores import TOGETHER

# Trials that are measured together: 64 x 64 pixels are then as fast as they get, and a kill costs a second.
# It is not to be chosen, since on a GPU a number's last digits depend on it.
BATCH = 24
# Of pictures that are held at once: a batch of 128 pixels, or one large trial. Files say little of that, for
# a flat picture is small in its file and large in memory.
MOST_PIXELS = 24 * 3 * 128 * 128
PIXEL_BYTES = 64  # that one of these takes while they are compared: SSIM has its planes in float64

TOO_LARGE = "The pictures do not fit in this machine's memory; measure at a smaller size."

Found = tuple[tuple[tuple[float, ...], ...] | None, str]  # a trial's distances, or the sentence of why not
Share = Callable[[Callable, Sequence], list]


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
    share = on_all_cores if workers == 1 else _one_after_the_other

    def work(batch: Batch) -> list[Outcome]:
        files = share(read_files, batch.trials)
        return outcomes(batch, files, measured_files(files, way, share))

    every = batches(trials, places)
    # Alone it works in this thread, which may stand behind others.
    for found in map(work, every) if workers == 1 else _side_by_side(work, every, workers):
        yield from (each for each in found if wanted is None or each.place in wanted)


def _side_by_side(
    work: Callable[[Batch], list[Outcome]], every: Sequence[Batch], workers: int
) -> Iterator[list[Outcome]]:
    """Work on so many batches at once; what is found comes in their order."""
    waiting: deque[Future[list[Outcome]]] = deque()
    with ThreadPoolExecutor(workers) as threads:
        try:
            for batch in every:
                waiting.append(threads.submit(work, batch))
                if len(waiting) > workers + 1:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for left in waiting:
                left.cancel()


def room_for(trials: Sequence[Trial], way: Way) -> int:
    """About the memory in bytes that measuring trials takes in one thread, told by the first of them."""
    whole, (width, height) = sizes_of(read_files(trials[0]), way) if trials else ((0, 0), (0, 0))
    read = min(MOST, usable()) * 2 * 3 * whole[0] * whole[1]
    # What passes a network at once is a few small trials, or a large one, whose three pictures are 1.5 pairs.
    side = max(1, width, height, int(TOGETHER**0.5))
    held = PIXEL_BYTES * max(MOST_PIXELS, 3 * width * height)
    return read + held + rulers_bytes(way.rulers, (side, side)) * 3 // 2


def load_networks(way: Way) -> None:
    """Load all networks, so that missing weights are said before the work begins."""
    for method in way.methods:
        _ = method.network


def measured_files(files: Sequence[Files], way: Way, share: Share) -> list[Found]:
    """As `measured`, of files; of large pictures only some are held at a time.

    Args:
        files: Of a batch.
        way: The metrics and the size.
        share: Does a piece of work on each of some parts, such as `on_all_cores`.
    """
    found, start = [], 0
    pixels = [_pixels(each, way) for each in files]
    while start < len(files):
        stop, held = start, 0
        while stop < len(files) and (stop == start or held + pixels[stop] <= MOST_PIXELS):
            held += pixels[stop]
            stop += 1
        found += measured(share(lambda own: look(own, way), files[start:stop]), way)
        start = stop
    return found


def _pixels(files: Files, way: Way) -> int:
    """Of all pictures of a trial together, at the measured size."""
    width, height = sizes_of(files, way)[1]
    return len(files.contents) * width * height


def measured(seen: Sequence[Seen], way: Way) -> list[Found]:
    """Distances of each trial, or the sentence that says why there are none; those of one size together."""
    found: list[Found] = [(None, each.error) for each in seen]
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
        except (ImageError, MemoryError) as error:
            values = str(error) if isinstance(error, ImageError) else TOO_LARGE
        for row, place in enumerate(places):
            if isinstance(values, str):
                found[place] = None, values
            else:
                found[place] = tuple(tuple(values[ruler][row].tolist()) for ruler in way.rulers), ""
    return found


def outcomes(batch: Batch, files: Sequence[Files], found: Sequence[Found]) -> list[Outcome]:
    """What became of a batch's trials."""
    return [
        Outcome(trial, batch.first + place, own, error, read.digest)
        for place, (trial, read, (own, error)) in enumerate(zip(batch.trials, files, found, strict=True))
    ]


def _one_after_the_other(work: Callable, parts: Sequence) -> list:
    return list(map(work, parts))
