"""The competition of two metrics as the viewer shows it."""

import math
from collections.abc import Iterable, Iterator

from explorer.analysis.rulers import CLASSIC, PSNR, Ruler, is_similarity, text_of, value_text
from explorer.analysis.wording import listed, times_text
from explorer.distortions import CATALOGUE
from explorer.metrics import Method
from explorer.synthesis.competition import LOWERED, RAISED, Competition
from explorer.synthesis.journey import Frame, Journey
from explorer.viewer.duel.scene import DuelCurve, DuelFrame, DuelScene, DuelTile
from explorer.views.duel.looking import Look
from explorer.views.duel.modes.scenes import ABOUT, frame_of, in_common, row_of

START = "start"
CLEARLY = 2  # what others see is "only" so many times, where it is less than the metric's own by this factor


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
    others = others_say(journey)
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
        shows=f"{shows} {others}" if others else shows,
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


def others_say(journey: Journey) -> str:
    """How far apart the two ends are to the other networks, which nobody has moved; "" where that is unknown.

    Each is told by the farther end's distance over the nearer one's: a number of its own scale, which can be
    set beside another metric's.
    """
    moved = journey.plan.competition.moved
    if not isinstance(moved, Method) or any(not journey.frames(name) for name in (LOWERED, RAISED)):
        return ""
    low, high = (journey.values(journey.frames(name)[-1]) for name in (LOWERED, RAISED))
    others = dict.fromkeys((journey.plan.method, *journey.plan.witnesses))
    asked = (each for each in others if each not in (moved, journey.plan.competition.hold))
    ratios = {each: high[each] / low[each] for each in asked if low.get(each) and high.get(each)}
    own = high[moved] / low[moved] if low.get(moved) else math.inf
    said = _far(ratios, own, moved) + _closer(ratios, moved)
    return f"Only {_network(moved, None)} was asked.{said}" if said else ""


def _far(ratios: dict[Method, float], own: float, moved: Method) -> str:
    """Of those to whom the third is the farther one, too."""
    far = {ruler: ratio for ruler, ratio in ratios.items() if ratio >= 1}
    if not far:
        return ""
    texts = [times_text(ratio).removesuffix(".0") for ratio in sorted(far.values())]
    times = texts[0] if texts[0] == texts[-1] else f"{texts[0]} to {texts[-1]}"
    only = "only " if max(far.values()) * CLEARLY < own else ""
    return f" To {_named(far, moved)}, the third is {only}{times} times as far."


def _closer(ratios: dict[Method, float], moved: Method) -> str:
    """Of those to whom it is not."""
    closer = [ruler for ruler, ratio in ratios.items() if ratio < 1]
    return f" To {_named(closer, moved)}, the third is even closer." if closer else ""


def _named(rulers: Iterable[Method], moved: Method) -> str:
    return listed([_network(ruler, moved) for ruler in rulers])


def _network(ruler: Method, beside: Method | None) -> str:
    """A network in a sentence: "VGG16"; with its heads where another one's are the difference; "DISTS"."""
    if beside is not None and ruler.backbone == beside.backbone:
        return ruler.label
    return ruler.row.label if ruler.name.metric == "LPIPS" else ruler.name.metric


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
