"""What layers keep, as the viewer shows it."""

from collections.abc import Iterator

from explorer.analysis.rulers import PSNR, SSIM, Ruler, text_of, value_text
from explorer.samples import SAMPLES
from explorer.synthesis.journey import Frame, Journey
from explorer.synthesis.keeping import Group, Keeping, KeepingPlan, distance_in, run_of
from explorer.synthesis.starts import GREY, NOISE
from explorer.viewer.duel.scene import DuelCurve, DuelFrame, DuelMetric, DuelScene, DuelTile
from explorer.views.duel.looking import Look
from explorer.views.duel.modes.scenes import LOWER, frame_of, in_common, row_of

OWN = "layer:own"  # the first row: of each picture what its own layers say
TONES = ("first", "second", "plain")
KEPT = "Shows what a layer cannot tell from the reference, and so what it keeps of it."
CHECKERED = "Shows what a layer keeps; the checkerboard comes from strides, by which pixels count unevenly."


def scene_of(journey: Journey, look: Look) -> DuelScene:
    """All of it, of what was made so far: one frame of each run at least.

    While it is made the last frames alone are sent.
    """
    plan = journey.plan
    asked, method = plan.keeping, plan.method
    ends = slice(-1, None) if look.is_running else slice(None)
    runs = tuple((group, journey.frames(run_of(group))) for group in asked.groups)
    return DuelScene(
        **in_common(plan, look),
        bracket=_bracket(asked),
        metrics=(
            DuelMetric(OWN, _own_label(asked.groups), LOWER, is_logarithmic=True),
            *map(row_of, _rulers(plan)),
        ),
        tiles=tuple(
            DuelTile(
                run_of(group),
                " + ".join(group),
                tuple(_frame(journey, frame, group) for frame in frames[ends]),
                TONES[place % len(TONES)],
            )
            for place, (group, frames) in enumerate(runs)
        ),
        curves=tuple(curve for group, frames in runs for curve in _curves(journey, group, frames)),
        course=("step by step", ""),
        metric=method.name.metric,
        shows=CHECKERED if asked.by == "pixels" else KEPT,
        does_not_show="Does not show all such pictures: another start leads to another one.",
    )


def start_label(asked: Keeping) -> str:
    """What the pictures are grown from, in a sentence."""
    if not isinstance(asked.start, str):
        return "the distorted image"
    names = {NOISE: "weak noise", GREY: "grey"}
    return names.get(asked.start) or f"“{SAMPLES[asked.start].label}”"


def _bracket(asked: Keeping) -> str:
    own = _own_label(asked.groups)
    each = f"each by its {own.lower()} alone" if len(asked.groups) > 1 else f"by {asked.said} alone"
    return f"Grown from {start_label(asked)}, {each}"


def _own_label(groups: tuple[Group, ...]) -> str:
    if len(groups) == 1:
        return " + ".join(groups[0])
    return "Own layer" if all(len(group) == 1 for group in groups) else "Own layers"


def _rulers(plan: KeepingPlan) -> tuple[Ruler, ...]:
    return tuple(dict.fromkeys((plan.method, PSNR, SSIM, *plan.witnesses)))


def _frame(journey: Journey, frame: Frame, group: Group) -> DuelFrame:
    method, values = journey.plan.method, journey.values(frame)
    own = f"{distance_in(frame, method.layers, group):.4f}"
    written = [own, *(value_text(ruler, values.get(ruler)) for ruler in _rulers(journey.plan))]
    return frame_of(journey.plan, frame, written, value_text(method, values[method]))


def _curves(journey: Journey, group: Group, frames: tuple[Frame, ...]) -> Iterator[DuelCurve]:
    """Each metric over the steps at which the picture was rounded and measured."""
    run, layers = run_of(group), journey.plan.method.layers
    own = [distance_in(frame, layers, group) for frame in frames]
    steps = tuple(frame.step for frame in frames)
    yield DuelCurve(OWN, run, steps, tuple(own), tuple(f"{value:.4f}" for value in own))
    for ruler in _rulers(journey.plan):
        said = {frame.step: journey.values(frame).get(ruler) for frame in frames}
        points = {step: value for step, value in said.items() if value is not None}
        texts = tuple(value_text(ruler, value) for value in points.values())
        yield DuelCurve(text_of(ruler), run, tuple(points), tuple(points.values()), texts)
