"""A sweep as the page shows it: what was measured of it so far, its curves, and the viewer's scene."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from explorer.analysis.sweep import Axis, Sweep
from explorer.analysis.sweep_curves import Line, lines, mark_words
from explorer.analysis.sweep_job import PICTURE_SIDE, Found
from explorer.figures import method_colours
from explorer.images import Picture, resize, times
from explorer.metrics import Method
from explorer.metrics.naming import DISTANCE
from explorer.viewer.sweep.scene import SweepLine, SweepPoint, SweepScene
from explorer.views.common.digests import digest_of
from explorer.views.sweep.view import SweepView

NOTE_OF_PICTURE = "Hold 0 or F, or press the picture, for the reference."
NOTE = f"A map is not a cause: a feature sees far beyond its cell. {NOTE_OF_PICTURE}"


@dataclass(frozen=True, eq=False)
class Shown:
    """All of a sweep so far.

    Attributes:
        given: The reference as given.
        reference: At the measured size, on which the distortions are laid.
        sweeps: One an axis.
        found: Points with what is seen of them.
        lines: Their curves.
    """

    view: SweepView
    given: Picture
    reference: Picture
    method: Method
    sweeps: tuple[Sweep, ...]
    found: tuple[Found, ...]
    lines: tuple[Line, ...]


def shown_of(
    view: SweepView,
    given: Picture,
    reference: Picture,
    method: Method,
    axes: Sequence[Axis],
    results: Sequence[Found],
) -> Shown:
    """Arrange results, in whatever order they came."""
    ordered = sorted(results, key=lambda found: (found.curve, found.point.place))
    sweeps = tuple(
        Sweep(reference, axis, (method,), tuple(found.point for found in ordered if found.curve == curve))
        for curve, axis in enumerate(axes)
    )
    return Shown(view, given, reference, method, sweeps, tuple(ordered), lines(sweeps, view.seeds > 0))


def scene_of(shown: Shown, colours: str) -> SweepScene:
    """What the viewer shows."""
    method, view = shown.method, shown.view
    seen = [found for found in shown.found if found.look is not None and found.curve < view.seen]
    axis, names = shown.sweeps[0].axis, method_colours(method)
    points = tuple(_point(shown, found) for found in seen)
    has_maps = any(found.look.layers for found in seen)
    key = (shown.reference.digest, [point.key for point in points], len(shown.found), view.beside, colours)
    labels = tuple(sweep.axis.distortion.label for sweep in shown.sweeps[: view.seen])
    return SweepScene(
        key=digest_of(key),
        reference=resize(shown.reference, PICTURE_SIDE).pixels,
        labels=labels,
        axis=axis.label,
        ends=(axis.text(0), axis.text(len(axis.steps) - 1)),
        steps=tuple(_step(axis, place, with_values=len(labels) == 1) for place in range(len(axis.steps))),
        lines=tuple(_line(shown, line) for line in shown.lines),
        points=points,
        layers=method.layers,
        layer_colours=tuple(names[name] for name in method.layers),
        metric="" if method.name.metric == DISTANCE else method.name.metric,
        maps=has_maps,
        combined_end=max((found.look.combined_end for found in seen), default=1.0),
        layers_end=max((found.look.layers_end for found in seen), default=1.0),
        note=_note(shown),
        band=f"band: least to most of {view.seeds} seeds; line: their mean" if view.seeds else "",
        colours=colours,
    )


def _step(axis: Axis, place: int, with_values: bool) -> str:
    """A place in words; with all values of the distortion where there is but one."""
    text, values = axis.text(place), axis.steps[place].label
    if not with_values:
        return text
    return values if text in values else f"{text} · {values}"


def _line(shown: Shown, line: Line) -> SweepLine:
    nothing = np.zeros(0)
    return SweepLine(
        metric=line.metric,
        short=line.short,
        sweep=line.sweep,
        places=line.places,
        heights=line.heights,
        texts=tuple(map(line.text, line.values)),
        lowest=nothing if line.lowest is None else line.lowest,
        highest=nothing if line.highest is None else line.highest,
        closest=line.closest_text,
        farthest=line.text(line.farthest),
        is_turned=line.is_turned,
        marks=tuple(
            (mark.place, mark.kind, mark_words(line, mark, shown.sweeps[line.sweep])) for mark in line.marks
        ),
    )


def _point(shown: Shown, found: Found) -> SweepPoint:
    point, look = found.point, found.look
    step = shown.sweeps[found.curve].axis.steps[point.place]
    return SweepPoint(
        key=digest_of((shown.reference.digest, step, shown.method.identity)),
        sweep=found.curve,
        place=point.place,
        picture=look.picture.pixels,
        layers=look.layers,
        distances=point.distances[0],
        score=f"{point.scores[0]:.4f}",
    )


def _note(shown: Shown) -> str:
    """What must be known to read the pictures."""
    seen = resize(shown.reference, PICTURE_SIDE).size
    notes = (
        ["All points share one scale, and the layers’ maps another.", NOTE]
        if shown.method.has_maps
        else [NOTE_OF_PICTURE]
    )
    if shown.reference.size != shown.given.size:
        notes.insert(0, f"Distorted and measured at {times(shown.reference.size)}.")
    if seen != shown.reference.size:
        notes.insert(0, f"Shown at {times(seen)}.")
    return " ".join(notes)
