"""Sweeps in the background: what is found comes point by point, each with what is to be seen of it."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from explorer.analysis.candidate_maps import on_grid
from explorer.analysis.cost import peak_bytes
from explorer.analysis.inspection import combined_end, scale_end
from explorer.analysis.sweep import Axis, Point, measured_steps
from explorer.backbones import graph_of
from explorer.cache import ByteBudgetCache
from explorer.distortions import Step
from explorer.images import Picture, measured_size, resize
from explorer.jobs import Job, Task
from explorer.metrics import Method
from explorer.metrics.footprints import combined_map

PICTURE_SIDE = 512  # pixels of a picture that is shown; smaller ones are shown as they are
MAP_SIDE = 128  # cells of a map that is shown; means over its own cells where these are more
POINT_BYTES = 2000  # about what the numbers of a point take


@dataclass(frozen=True, eq=False)
class Look:
    """What is seen of a point.

    Attributes:
        picture: The distorted picture, its longest side at most `PICTURE_SIDE`.
        layers: A map a layer in the sum, float32 (h, w) of at most `MAP_SIDE` cells a side, whose mean is the
            layer's distance; none for a metric without maps.
        layers_end, combined_end: Where the scales of the layers' maps and of their sum end.
    """

    picture: Picture
    layers: tuple[np.ndarray, ...]
    layers_end: float
    combined_end: float

    @property
    def bytes(self) -> int:
        """Of memory."""
        return self.picture.pixels.nbytes + sum(values.nbytes for values in self.layers)


@dataclass(frozen=True, eq=False)
class Found:
    """A point of one of the curves.

    Attributes:
        curve: Which of the axes that are measured together.
        look: None where it is not to be seen.
    """

    curve: int
    point: Point
    look: Look | None


Kept = ByteBudgetCache[Found]


def sweep_task(
    reference: Picture, axes: Sequence[Axis], seen: int, method: Method, kept: Kept
) -> Task[Found]:
    """Measure one axis after the other; what is known already comes first, and is not measured again.

    Args:
        reference: At the size that is measured.
        axes: Of one length or several.
        seen: How many of them are to be seen, from the first one on; of the others numbers are enough.
        method: The network's metric, beside PSNR and SSIM.
        kept: Where what is found is kept for all.
    """
    total = sum(len(axis.steps) for axis in axes)

    def work(job: Job[Found]) -> None:
        for curve, axis in enumerate(axes):
            is_seen = curve < seen
            missing = []
            for place, step in enumerate(axis.steps):
                known = _known(reference, step, method, is_seen, kept)
                if known is None:
                    missing.append(place)
                else:
                    look = known.look if is_seen else None
                    job.add(Found(curve, replace(known.point, place=place), look))
            if not missing:
                continue
            steps = [axis.steps[place] for place in missing]
            for point in measured_steps(reference, steps, (method,), with_pictures=is_seen):
                look = _look(point, method) if is_seen else None
                bare = replace(point, place=missing[point.place], maps=(), picture=None)
                found = Found(curve, bare, look)
                key = _key(reference, axis.steps[bare.place], method, is_seen)
                kept.put(key, found, POINT_BYTES + (look.bytes if look else 0))
                job.add(found)

    return Task(
        "Measuring the sweep", work, size=_bytes(reference, total, method), total=total, unit="points"
    )


def _key(reference: Picture, step: Step, method: Method, is_seen: bool) -> Hashable:
    """What a point depends on. A step that changes nothing is the same for all distortions and seeds."""
    what = step if step.values is not None else None
    return reference.digest, what, method.identity, is_seen


def _known(reference: Picture, step: Step, method: Method, is_seen: bool, kept: Kept) -> Found | None:
    """A point that is kept; one with its picture does where none is to be seen."""
    found = kept.get(_key(reference, step, method, is_seen))
    if found is None and not is_seen:
        found = kept.get(_key(reference, step, method, True))
    return found


def _look(point: Point, method: Method) -> Look:
    (maps,) = point.maps
    if maps is None:
        return Look(resize(point.picture, PICTURE_SIDE), (), 1.0, 1.0)
    layers = [maps[name] for name in method.layers]
    combined = combined_map(layers, measured_size(point.picture.size, MAP_SIDE))
    small = tuple(on_grid(values, (MAP_SIDE, MAP_SIDE)) for values in layers)
    return Look(resize(point.picture, PICTURE_SIDE), small, scale_end(*small), combined_end(combined))


def _bytes(reference: Picture, points: int, method: Method) -> int:
    """About the memory that it takes: of the largest pass, and of what is shown of all points."""
    width, height = measured_size(reference.size, PICTURE_SIDE)
    maps = 4 * MAP_SIDE * MAP_SIDE * len(method.layers)
    return peak_bytes(graph_of(method.row), reference.size) + points * (3 * width * height + maps)
