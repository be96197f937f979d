"""The competition of two metrics as the viewer shows it."""

import math
from collections.abc import Iterator

from explorer.analysis.rulers import CLASSIC, PSNR, Ruler, is_similarity, text_of, value_text
from explorer.distortions import CATALOGUE
from explorer.metrics import Method
from explorer.synthesis.competition import LOWERED, RAISED, Competition
from explorer.synthesis.journey import Frame, Journey
from explorer.viewer.duel.scene import DuelCurve, DuelFrame, DuelScene, DuelTile
from explorer.views.duel.looking import Look
from explorer.views.duel.modes.scenes import ABOUT, frame_of, in_common, row_of

START = "start"


def scene_of(journey: Journey, look: Look) -> DuelScene:
    """All of it, of what was made so far: one frame of each run at least.

    While it is made the last frames alone are sent.
    """
    plan, asked = journey.plan, journey.plan.competition
    method = plan.method
    rulers = _rows(journey)
    lowered, raised = (journey.frames(name) for name in (LOWERED, RAISED))

    def tile(key: str, label: str, tone: str, frames: tuple[Frame, ...]) -> DuelTile:
        return DuelTile(key, label, tuple(_frame(journey, each, rulers) for each in frames), tone)

    ends = slice(-1, None) if look.is_running else slice(None)
    shows, does_not_show = _honesty(asked)
    return DuelScene(
        **in_common(plan, look),
        bracket=f"Equal: each {held_text(asked, 2)} from the reference",
        metrics=tuple(row_of(ruler, is_held=ruler == asked.hold) for ruler in rulers),
        tiles=(
            tile(LOWERED, "Lowered", "first", lowered[ends]),
            tile(START, f"Start · {_start_label(asked)}", "plain", lowered[:1]),
            tile(RAISED, "Raised", "second", raised[ends]),
        ),
        curves=tuple(_curves(journey, rulers)),
        course=("step by step", f"{held_text(asked, 2)} in every step"),
        metric=short_name(method),
        shows=shows,
        does_not_show=does_not_show,
    )


def held_text(asked: Competition, digits: int) -> str:
    """What stays, with so many digits for decibels: "24.0 dB", "SSIM 0.60", "0.20 by AlexNet"."""
    if asked.hold == PSNR:
        return f"{asked.at:.{digits}f} dB"
    name = short_name(asked.hold, beside=asked.moved)
    return f"{asked.at:.2f} by {name}" if name != short_name(asked.hold) else f"{name} {asked.at:.2f}"


def _start_label(asked: Competition) -> str:
    """From what both runs start."""
    return CATALOGUE[asked.start].label if isinstance(asked.start, str) else "distorted image"


def _honesty(asked: Competition) -> tuple[str, str]:
    """What it shows, and what it does not."""
    moved = short_name(asked.moved, beside=asked.hold)
    if is_similarity(asked.moved):
        held = short_name(asked.hold)
        return (
            f"Shows how far {moved} and {held} can part, where a picture is made for it.",
            "Does not show that they part so far on ordinary pictures.",
        )
    return (
        f"Shows that {moved} can be led astray by a picture made for it.",
        "Does not show that it errs on ordinary pictures.",
    )


def short_name(ruler: Ruler, beside: Ruler | None = None) -> str:
    """A metric in a sentence: "LPIPS", "PSNR"; beside another network its own name: "VGG16"."""
    if not isinstance(ruler, Method):
        return ruler
    if not isinstance(beside, Method) or beside == ruler:
        return ruler.name.metric
    return ruler.row.label if ruler.backbone != beside.backbone else ruler.label


def _rows(journey: Journey) -> list[Ruler]:
    """The metrics in their order: what moves, what stays, and who else is asked."""
    asked = journey.plan.competition
    known = (*CLASSIC, journey.plan.method, *journey.plan.witnesses)
    return list(dict.fromkeys((asked.moved, asked.hold, *known)))


def _frame(journey: Journey, frame: Frame, rulers: list[Ruler]) -> DuelFrame:
    values, method = journey.values(frame), journey.plan.method
    written = [value_text(ruler, values.get(ruler)) for ruler in rulers]
    return frame_of(journey.plan, frame, written, value_text(method, values[method]))


def _curves(journey: Journey, rulers: list[Ruler]) -> Iterator[DuelCurve]:
    """Each metric over the steps at which it was asked; what moves at every step."""
    for name in (LOWERED, RAISED):
        frames = {frame.step: journey.values(frame) for frame in journey.frames(name)}
        for ruler in rulers:
            points = {step: values[ruler] for step, values in frames.items() if ruler in values}
            texts = {step: value_text(ruler, value) for step, value in points.items()}
            if ruler == journey.plan.competition.moved:
                between = dict(enumerate(tuple(journey.curves[name])))
                texts = {step: ABOUT + value_text(ruler, value) for step, value in between.items()} | texts
                points = between | points
            steps = tuple(sorted(points))
            yield DuelCurve(
                text_of(ruler),
                name,
                steps,
                tuple(math.nan if points[step] is None else points[step] for step in steps),
                tuple(texts[step] for step in steps),
            )
