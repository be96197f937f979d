"""What a sweep says, for looking at: every metric on a scale of its own, farther on top, and a sentence."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from explorer.analysis.rulers import PSNR, SSIM
from explorer.analysis.sweep import CLEAR_PSNR, Mark, Sweep, marks
from explorer.analysis.wording import decibels, listed

HIGHER_IS_CLOSER = (PSNR, SSIM)


@dataclass(frozen=True, eq=False)
class Line:
    """One metric of one sweep, or of several seeds of one.

    Attributes:
        metric: Its label.
        sweep: Which of the sweeps it is of; 0 where they are seeds.
        places: Of its points on the axis, ascending, (n,).
        values: Raw, (n,); the mean over seeds.
        heights: On the metric's own scale, 0 where all sweeps together are closest and 1 where they are
            farthest, (n,); NaN where there is no value.
        lowest, highest: Heights over the seeds, (n,); None for a single sweep.
        closest, farthest: Raw values at the two ends of the scale; NaN where there is no value.
        marks: Where it turns or saturates, by places of the axis.
    """

    metric: str
    sweep: int
    places: tuple[int, ...]
    values: np.ndarray
    heights: np.ndarray
    lowest: np.ndarray | None
    highest: np.ndarray | None
    closest: float
    farthest: float
    marks: tuple[Mark, ...]

    @property
    def is_turned(self) -> bool:
        """Whether its smaller values stand on top, since for it higher is closer."""
        return self.metric in HIGHER_IS_CLOSER

    def text(self, value: float) -> str:
        """A raw value as people read it; "–" where there is none."""
        if math.isnan(value):
            return "–"
        return decibels(value, "∞ dB") if self.metric == PSNR else f"{value:.4f}"


def lines(sweeps: Sequence[Sweep], are_seeds: bool = False) -> tuple[Line, ...]:
    """The curves of sweeps over one axis, metric by metric; sweeps of one metric share its scale.

    PSNR's scale begins at `CLEAR_PSNR`: what nobody sees would make most of it.

    Args:
        sweeps: At least one; those without points have no lines.
        are_seeds: Whether they are one distortion by several seeds, of which a band is made.
    """
    sweeps = [sweep for sweep in sweeps if sweep.points]
    if not sweeps:
        return ()
    found = []
    for metric in sweeps[0].curves():
        raw = [sweep.curves()[metric] for sweep in sweeps]
        amounts = [amounts_of(metric, values) for values in raw]
        known = np.concatenate(amounts)
        known = known[np.isfinite(known)]
        low, high = (known.min(), known.max()) if known.size else (math.nan, math.nan)
        sign = -1 if metric in HIGHER_IS_CLOSER else 1
        ends = sign * low, sign * high
        if are_seeds:
            found.append(_band(metric, sweeps, raw, amounts, ends))
            continue
        for number, (sweep, values, own) in enumerate(zip(sweeps, raw, amounts, strict=True)):
            places = tuple(point.place for point in sweep.points)
            marked = tuple(Mark(mark.kind, places[mark.place]) for mark in sweep.marks()[metric])
            heights = _heights(own, low, high)
            found.append(Line(metric, number, places, values, heights, None, None, *ends, marked))
    return tuple(found)


def amounts_of(metric: str, values: np.ndarray) -> np.ndarray:
    """Raw values of a metric as amounts that grow with the distance."""
    if metric == PSNR:
        values = np.minimum(values, CLEAR_PSNR)
    return -values if metric in HIGHER_IS_CLOSER else values


def _heights(amounts: np.ndarray, low: float, high: float) -> np.ndarray:
    return (amounts - low) / (high - low) if high > low else np.where(np.isnan(amounts), np.nan, 0.0)


def _band(
    metric: str,
    sweeps: Sequence[Sweep],
    raw: Sequence[np.ndarray],
    amounts: Sequence[np.ndarray],
    ends: tuple[float, float],
) -> Line:
    """The mean over seeds with the least and the most; a place counts the seeds that have come there."""
    axis = sweeps[0].axis
    values, own = (np.full((len(sweeps), len(axis.steps)), np.nan) for _ in range(2))
    for row, (sweep, each, amount) in enumerate(zip(sweeps, raw, amounts, strict=True)):
        places = [point.place for point in sweep.points]
        values[row, places], own[row, places] = each, amount
    there = np.flatnonzero(np.isfinite(own).any(axis=0))
    seen = own[:, there]
    sign = -1 if metric in HIGHER_IS_CLOSER else 1
    low, high = sign * ends[0], sign * ends[1]
    middle = np.nanmean(seen, axis=0) if there.size else np.zeros(0)
    extremes = [
        _heights(edge(seen, axis=0), low, high) if there.size else middle for edge in (np.nanmin, np.nanmax)
    ]
    # An infinite PSNR is so by every seed.
    means = np.nanmean(values[:, there], axis=0) if there.size else middle
    return Line(
        metric,
        0,
        tuple(there.tolist()),
        means,
        _heights(middle, low, high),
        *extremes,
        *ends,
        marks_of(middle, there.tolist(), axis.weakens),
    )


def marks_of(amounts: np.ndarray, places: Sequence[int], weakens: bool) -> tuple[Mark, ...]:
    """Marks of amounts at places of an axis, as the distortion grows stronger."""
    ordered = list(places)[::-1] if weakens else list(places)
    return tuple(
        Mark(mark.kind, ordered[mark.place]) for mark in marks(amounts[::-1] if weakens else amounts)
    )


def sentence(found: Sequence[Line], sweeps: Sequence[Sweep], are_seeds: bool = False) -> str:
    """What the curves say: where each metric turns or saturates, and which of two distortions is farther.

    Args:
        found: All lines of the sweeps; "" for none.
    """
    if not found:
        return ""
    count = 1 if are_seeds else len(sweeps)
    said = []
    for number in range(count):
        own = [line for line in found if line.sweep == number and line.places]
        if own:
            said.append(_answer(own, sweeps[number], with_name=count > 1))
    if count == 2 and len(said) == 2:
        said.append(_at_the_end(found, sweeps))
    return " ".join(part for part in said if part)


def mark_words(line: Line, mark: Mark, sweep: Sweep) -> str:
    """A mark in words: "SSIM saturates at severity 0.6"."""
    return f"{line.metric} {mark.kind} at {sweep.axis.text(mark.place)}"


def _answer(own: Sequence[Line], sweep: Sweep, with_name: bool) -> str:
    marked = [mark_words(line, mark, sweep) for line in own for mark in line.marks]
    plain = [line.metric for line in own if not line.marks and np.isfinite(line.heights).any()]
    rest = f"{listed(plain)} {'goes' if len(plain) == 1 else 'go'} on to the end" if plain else ""
    words = "; ".join(filter(None, [listed(marked) if marked else "", rest]))
    label = f"{sweep.axis.distortion.label}: " if with_name else ""
    return f"{label}{words}." if words else ""


def _at_the_end(found: Sequence[Line], sweeps: Sequence[Sweep]) -> str:
    """Which of two distortions each metric finds farther where both are strongest; "" while it is open."""
    labels = [sweep.axis.distortion.label for sweep in sweeps]
    chosen: dict[str, list[str]] = {}
    for metric in dict.fromkeys(line.metric for line in found):
        first, second = (
            next(line for line in found if (line.metric, line.sweep) == (metric, n)) for n in (0, 1)
        )
        if first.places[-1] != second.places[-1] or math.isnan(first.heights[-1] + second.heights[-1]):
            return ""  # one is still to come
        if first.heights[-1] != second.heights[-1]:
            chosen.setdefault(labels[int(second.heights[-1] > first.heights[-1])], []).append(metric)
    if not chosen:
        return ""
    parts = [
        f"{listed(metrics)} {'finds' if len(metrics) == 1 else 'find'} {label.lower()} farther"
        for label, metrics in chosen.items()
    ]
    return f"At the strongest, {listed(parts)}."
