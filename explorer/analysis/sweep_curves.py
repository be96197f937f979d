"""What a sweep says, for looking at: every metric on a scale of its own, farther on top, and a sentence."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from explorer.analysis.rulers import PSNR, SSIM
from explorer.analysis.sweep import CLEAR_PSNR, TURN, Mark, Sweep, marks
from explorer.analysis.wording import decibels, listed

HIGHER_IS_CLOSER = (PSNR, SSIM)


@dataclass(frozen=True, eq=False)
class Line:
    """One metric of one sweep, or of several seeds of one.

    Attributes:
        metric: Its label.
        short: The same in a sentence: "LPIPS".
        sweep: Which of the sweeps it is of; 0 where they are seeds.
        places: Of its points on the axis, ascending, (n,).
        values: Raw, (n,); the mean over seeds, where a PSNR above `CLEAR_PSNR` counts as that.
        heights: On the metric's own scale, 0 where all sweeps together are closest and 1 where they are
            farthest, (n,); NaN where there is no value.
        lowest, highest: Heights over the seeds, (n,); None for a single sweep.
        closest, farthest: Raw values at the two ends of the scale; NaN where there is no value.
        marks: Where it turns or saturates, by places of the axis.
    """

    metric: str
    short: str
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

    @property
    def closest_text(self) -> str:
        """The bottom of its scale as people read it."""
        return self._clear_text(self.closest) or self.text(self.closest)

    def _clear_text(self, value: float) -> str:
        """A PSNR from which on nothing more is told; "" for any other value."""
        return f"{CLEAR_PSNR:g} dB and more" if self.metric == PSNR and value >= CLEAR_PSNR else ""

    def text(self, value: float) -> str:
        """One of its values as people read it; "–" where there is none."""
        if math.isnan(value):
            return "–"
        if self.lowest is not None and (clear := self._clear_text(value)):
            return clear  # a mean over seeds, some of which may lie above
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
    methods, found = sweeps[0].methods, []
    short = {PSNR: PSNR, SSIM: SSIM}
    short |= {each.label: each.name.metric if len(methods) == 1 else each.label for each in methods}
    for metric in sweeps[0].curves():
        raw = [sweep.curves()[metric] for sweep in sweeps]
        amounts = [amounts_of(metric, values) for values in raw]
        known = np.concatenate(amounts)
        known = known[np.isfinite(known)]
        low, high = (known.min(), known.max()) if known.size else (math.nan, math.nan)
        sign = -1 if metric in HIGHER_IS_CLOSER else 1
        ends = sign * low, sign * high
        if are_seeds:
            found.append(_band(metric, short[metric], sweeps, amounts, ends))
            continue
        for number, (sweep, values, own) in enumerate(zip(sweeps, raw, amounts, strict=True)):
            places = tuple(point.place for point in sweep.points)
            marked = tuple(Mark(mark.kind, places[mark.place]) for mark in sweep.marks()[metric])
            heights = _heights(own, low, high)
            found.append(
                Line(metric, short[metric], number, places, values, heights, None, None, *ends, marked)
            )
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
    short: str,
    sweeps: Sequence[Sweep],
    amounts: Sequence[np.ndarray],
    ends: tuple[float, float],
) -> Line:
    """The mean over seeds with the least and the most; a place counts the seeds that have come there."""
    axis = sweeps[0].axis
    own = np.full((len(sweeps), len(axis.steps)), np.nan)
    for row, (sweep, amount) in enumerate(zip(sweeps, amounts, strict=True)):
        own[row, [point.place for point in sweep.points]] = amount
    there = np.flatnonzero(np.isfinite(own).any(axis=0))
    seen = own[:, there]
    sign = -1 if metric in HIGHER_IS_CLOSER else 1
    low, high = sign * ends[0], sign * ends[1]
    middle = np.nanmean(seen, axis=0) if there.size else np.zeros(0)
    extremes = [
        _heights(edge(seen, axis=0), low, high) if there.size else middle for edge in (np.nanmin, np.nanmax)
    ]
    return Line(
        metric,
        short,
        0,
        tuple(there.tolist()),
        sign * middle,
        _heights(middle, low, high),
        *extremes,
        *ends,
        tuple(Mark(mark.kind, int(there[mark.place])) for mark in marks(middle, axis.weakens)),
    )


def mark_words(line: Line, mark: Mark, sweep: Sweep) -> str:
    """A mark in words: "SSIM saturates at severity 0.6"."""
    return f"{line.short} {mark.kind} at {sweep.axis.text(mark.place)}"


def sentence(found: Sequence[Line], sweeps: Sequence[Sweep], are_seeds: bool = False) -> str:
    """What the curves say: how soon each metric answers or which of two is farther, and what is marked.

    Args:
        found: All lines of the sweeps.

    Returns:
        "" while points are to come, and where they never will: what they say may change all of it.
    """
    if any(len(sweep.points) < len(sweep.axis.steps) for sweep in sweeps):
        return ""
    known = [line for line in found if np.isfinite(line.heights).any()]
    if not known:
        return ""
    if len(sweeps) == 1 or are_seeds:
        first = [_half_way(known, sweeps[0])]
    else:
        first = [words for line in known if line.sweep == 0 and (words := _farther(line, known, sweeps))]
    marked = []
    for line in known:
        distortion = sweeps[line.sweep].axis.distortion
        whose = "" if len(sweeps) == 1 or are_seeds else f" under {distortion.in_text}"
        marked += [f"{mark_words(line, mark, sweeps[line.sweep])}{whose}" for mark in line.marks]
    said = ["; ".join(filter(None, first)), listed(marked) if marked else ""]
    return " ".join(f"{words}." for words in said if words)


def _half_way(known: Sequence[Line], sweep: Sweep) -> str:
    """ "PSNR is half-way at severity 0.2, SSIM and LPIPS at severity 0.45"."""
    reached: dict[int, list[str]] = {}
    for line in known:
        heights = line.heights[::-1] if sweep.axis.weakens else line.heights
        places = line.places[::-1] if sweep.axis.weakens else line.places
        there = np.flatnonzero(heights >= 0.5 - 1e-9)  # sums round
        if there.size:
            reached.setdefault(places[int(there[0])], []).append(line.short)
    order = sorted(reached, reverse=sweep.axis.weakens)
    parts = [f"{listed(reached[place])} {{}}at {sweep.axis.text(place)}" for place in order]
    if not parts:
        return ""
    verb = "is half-way " if len(reached[order[0]]) == 1 else "are half-way "
    return ", ".join(part.format(verb if part is parts[0] else "") for part in parts)


def _farther(line: Line, known: Sequence[Line], sweeps: Sequence[Sweep]) -> str:
    """Which of two distortions a metric finds farther, and from where on; "" where one has no such value."""
    other = next((own for own in known if (own.metric, own.sweep) == (line.metric, 1)), None)
    if other is None or other.places != line.places:
        return ""
    difference = other.heights - line.heights
    sides = [
        (place, int(np.sign(apart)))
        for place, apart in zip(line.places, difference, strict=True)
        if abs(apart) > TURN  # where both do next to nothing, which is ahead says nothing
    ]
    labels = {-1: sweeps[0].axis.distortion.in_text, 1: sweeps[1].axis.distortion.in_text}
    turns = [before for before, after in pairwise(sides) if before[1] != after[1]]
    if not sides:
        return f"{line.short} finds both equally far"
    last = labels[sides[-1][1]]
    if not turns:
        return f"{line.short} finds {last} farther throughout"
    if len(turns) == 1:
        place, side = turns[0]
        return f"{line.short} finds {labels[side]} farther up to {sweeps[0].axis.text(place)}, then {last}"
    return f"{line.short} changes sides {len(turns)} times, and finds {last} farther at the strongest"
