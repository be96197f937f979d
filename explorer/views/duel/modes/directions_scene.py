"""Directions as the viewer shows them: what is seen least, the noise, and what is seen most."""

import math
from collections.abc import Iterator, Mapping

import numpy as np

from explorer.analysis.rulers import PSNR, SSIM, Ruler, text_of
from explorer.analysis.wording import decibels, times_text
from explorer.lessons.failing import beyond
from explorer.metrics import Method
from explorer.synthesis.eigendistortions import (
    SUM,
    Directions,
    distance_by,
    distance_text,
    first_of,
    foretold,
    found_in,
    run_of,
    small_text,
)
from explorer.synthesis.journey import Frame, Journey
from explorer.viewer.duel.scene import DuelCurve, DuelFrame, DuelMetric, DuelScene, DuelTile
from explorer.views.duel.looking import Look
from explorer.views.duel.modes.scenes import LOWER, frame_of, in_common, row_of

NOISE, OWN, EIGENVALUE = "noise", "own", "eigenvalue"  # keys of a tile and of rows
STRENGTH = "how strongly it answers"  # what an eigenvalue tells: no distance, so neither end is closer
LAYER = "layer:"  # before a layer's name, as a row's key
SEEN = 40  # grey levels that noise has as it is amplified: plainly seen, and far from the scale's ends

Values = dict[str, float | None]  # by the keys of the rows


def scene_of(journey: Journey, look: Look) -> DuelScene:
    """All of it, of what was made so far; while it is made the last frames alone are sent."""
    plan, found = journey.plan, found_in(journey)
    method = plan.method
    rows = _rows(journey)
    shows, does_not_show = _honesty(journey, found)
    return DuelScene(
        **in_common(plan, look),
        bracket=f"Equal: each {decibels(found.psnr)} from the reference",
        metrics=tuple(rows.values()),
        tiles=tuple(_tiles(journey, found, rows, look)),
        curves=tuple(_curves(journey, rows)),
        course=("step by step", f"{decibels(found.psnr)} in every step"),
        metric=method.name.metric,
        shows=shows,
        does_not_show=does_not_show,
    )


def _rows(journey: Journey) -> dict[str, DuelMetric]:
    """The numbers under the pictures, by their keys: what a direction was made for comes first."""
    by, method = journey.plan.by, journey.plan.method
    rows = []
    if len(by) > 1:
        rows.append(DuelMetric(OWN, "Its own layers", LOWER, is_logarithmic=True))
    elif by != (SUM,):
        rows.append(DuelMetric(LAYER + by[0], by[0], LOWER, is_logarithmic=True))
    rows.append(row_of(method))
    rows.append(DuelMetric(EIGENVALUE, "Eigenvalue", STRENGTH, is_logarithmic=True))
    rows += [row_of(PSNR, is_held=True), row_of(SSIM)]
    rows += [row_of(witness) for witness in journey.plan.witnesses]
    return {row.key: row for row in rows}


def _tiles(
    journey: Journey, found: Directions, rows: Mapping[str, DuelMetric], look: Look
) -> Iterator[DuelTile]:
    """Two for each that sees; where one is asked alone, the noise that both come from stands between."""
    strength = _strength(found.psnr)

    def tile(key: str, by: str, label: str, tone: str, frames: tuple[Frame, ...]) -> DuelTile:
        shown = tuple(_frame(journey, by, each, rows) for each in frames)
        change = beyond(journey.plan.reference, frames[-1].picture, strength).pixels
        # There is one, whichever step is looked at; where there are others, it says of which it is.
        what = f"change at step {frames[-1].step}" if len(frames) > 1 else "changed by"
        note = f"{what}, ×\N{NO-BREAK SPACE}{strength}"
        return DuelTile(key, label, shown, tone, change, note)

    ends = slice(-1, None) if look.is_running else slice(None)
    alone = len(found.by) == 1
    for by in found.by:
        for is_most, tone in ((False, "first"), (True, "second")):
            word = "most" if is_most else "least"
            label = f"Seen {word}" if alone else f"{found.named(by)} · {word}"
            run = run_of(by, is_most)
            if alone and is_most:
                yield tile(NOISE, by, "Noise", "plain", (first_of(journey, by),))
            yield tile(run, by, label, tone, journey.frames(run)[ends])


def _strength(psnr: float) -> int:
    """How often the changes are amplified, all alike: a power of two."""
    level = 255 * 10 ** (-psnr / 20)
    return int(2 ** max(0, np.floor(np.log2(SEEN / level))))


def _frame(journey: Journey, by: str, frame: Frame, rows: Mapping[str, DuelMetric]) -> DuelFrame:
    values, score = _values(journey, by, frame), math.fsum(frame.standing.distances)
    written = [_text(key, values.get(key)) for key in rows]
    return frame_of(journey.plan, frame, written, _text(text_of(journey.plan.method), score))


def _values(journey: Journey, by: str, frame: Frame) -> Values:
    """What is known of a frame."""
    own = distance_by(journey.plan.method, by, frame.standing)
    values: Values = {text_of(ruler): value for ruler, value in journey.values(frame).items()}
    return values | {OWN: own, LAYER + by: own, EIGENVALUE: journey.curves[frame.run][frame.step]}


def _text(key: str, value: float | None) -> str:
    if value is None:
        return ""
    if key == EIGENVALUE:
        return small_text(value)
    if key == OWN or key.startswith(LAYER):
        return distance_text(value)
    return decibels(value) if key == text_of(PSNR) else f"{value:.4f}"


def _curves(journey: Journey, rows: Mapping[str, DuelMetric]) -> Iterator[DuelCurve]:
    """The quotient, which is known at every step, and then what was measured over those that stay.

    It comes first, and so is seen first, because it is what the steps raise and lower.
    """
    keys = sorted(rows, key=lambda key: key != EIGENVALUE)
    for by in journey.plan.by:
        for is_most in (False, True):
            run = run_of(by, is_most)
            frames = {frame.step: _values(journey, by, frame) for frame in journey.frames(run)}
            for key in keys:
                points = {step: values[key] for step, values in frames.items() if key in values}
                if key == EIGENVALUE:
                    points = dict(enumerate(tuple(journey.curves[run])))
                if key == text_of(PSNR) or not points:
                    continue
                steps = tuple(sorted(points))
                numbers = tuple(math.nan if points[step] is None else points[step] for step in steps)
                texts = tuple(_text(key, points[step]) for step in steps)
                yield DuelCurve(key, run, steps, numbers, texts)


def _honesty(journey: Journey, found: Directions) -> tuple[str, str]:
    """What it shows, and what it does not."""
    who = found.named(found.by[0]) if len(found.by) == 1 else "each of them"
    most, _ = found.pair(found.by[0])
    expected, limit = foretold(most.eigenvalue, found.psnr), ""
    if expected > 2 * most.distance:
        of = "" if len(found.by) == 1 else f" of {found.named(found.by[0])}"
        limit = (
            f": by its eigenvalue the most{of} would be {expected:.2f}, not {distance_text(most.distance)}"
        )
    return (
        f"which small changes {who} answers to most and least; {found.bounds}.{_beside(journey, found)}",
        f"what people see, nor how strong changes are seen{limit}.",
    )


def _short(ruler: Ruler) -> str:
    """A metric in a sentence where its heads do not matter: "VGG16"."""
    return ruler.row.label if isinstance(ruler, Method) else ruler


def _beside(journey: Journey, found: Directions) -> str:
    """What another network says of the two that are shown, once it was asked."""
    if len(found.by) > 1:
        return ""
    ends = [journey.frames(run_of(found.by[0], is_most))[-1] for is_most in (True, False)]
    for witness in journey.plan.witnesses[:1]:
        most, least = (journey.said.get((end.run, end.step), {}).get(witness) for end in ends)
        if most is not None and least:
            return f" By {_short(witness)} those shown differ {times_text(most / least)} times."
    return ""
