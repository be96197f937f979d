"""A verdict that is turned, as it is shown: the closer version as it was and as it is, and the other one."""

from collections.abc import Mapping

import numpy as np

from explorer.analysis.rulers import PSNR, Ruler, text_of, value_text
from explorer.images import Picture
from explorer.lessons.failing import beyond
from explorer.synthesis.found import Found
from explorer.synthesis.journey import Frame
from explorer.synthesis.transfer import Opinion
from explorer.synthesis.trial import RUNS
from explorer.synthesis.verdict import moved_by
from explorer.viewer.duel.scene import DuelCurve, DuelFrame, DuelScene, DuelTile
from explorer.views.duel.looking import Look
from explorer.views.duel.modes.scenes import ABOUT, frame_of, in_common, row_of
from explorer.views.duel.modes.verdict_settings import VerdictSettings

BEFORE = "before"  # the key of the tile of the version as it was
STRONGEST = 32  # times, by which a change is amplified at most
ROOM = 127  # grey levels on either side of the grey that stands for no change


def scene_of(found: Found, settings: VerdictSettings, look: Look) -> DuelScene:
    """All of it; `found` has begun."""
    plan, method = found.journey.plan, found.method
    stays = f"{method.name.metric} stays at" if found.keeps_score else f"{found.other.upper()} is at"
    about = f"{stays} {found.score(found.beside)}"
    return DuelScene(
        **in_common(plan, look),
        bracket="",
        metrics=tuple(
            row_of(ruler, is_held=found.keeps_score and ruler == found.method, is_logarithmic=False)
            for ruler in found.rulers
        ),
        tiles=_tiles(found, settings, look),
        curves=_curves(found, look),
        course=("step by step", about),
        metric=method.name.metric,
        shows=_shows(found),
        does_not_show="that it errs on ordinary pictures, on which nobody has worked.",
    )


def _tiles(found: Found, settings: VerdictSettings, look: Look) -> tuple[DuelTile, ...]:
    """The closer version as it was, as it is, and the other one."""
    frames = found.journey.frames(found.changed)
    # In the converse it begins with the change of B scaled to A's score, which is not the version chosen.
    as_it_was = " scaled" if found.keeps_score else ""
    before, beside = _name(settings, found.changed, as_it_was), _name(settings, found.other)
    difference, note = change_of(found.before.picture, frames[-1].picture)
    was = DuelTile(BEFORE, before, (_frame(found, found.before),))
    other = DuelTile(found.other, beside, (_frame(found, found.beside),))
    now = DuelTile(
        found.changed,
        f"{found.changed.upper()} changed",
        tuple(_frame(found, each) for each in (frames[-1:] if look.is_running else frames)),
        "second",
        difference,
        note,
    )
    # The changed one last, which is looked at first; before it the two versions in their order.
    return (*((was, other) if found.changed == RUNS[0] else (other, was)), now)


def _name(settings: VerdictSettings, run: str, how: str = "") -> str:
    """What a version is: "A · Gaussian noise", "B scaled · Contrast"."""
    return f"{run.upper()}{how} · {getattr(settings, run).label}"


def change_of(before: Picture, now: Picture) -> tuple[np.ndarray | None, str]:
    """What was done to a picture, amplified so that it fills the scale, and how much; None for nothing."""
    moved = moved_by(before, now)
    if moved == 0:
        return None, ""
    strength = STRONGEST
    while strength > 1 and strength * moved > ROOM:
        strength //= 2
    times_ = f"×\N{NO-BREAK SPACE}{strength}" if strength > 1 else "as strong as it is"
    return beyond(before, now, strength).pixels, f"changed by, {times_}"


def _frame(found: Found, frame: Frame) -> DuelFrame:
    values = found.values(frame)
    is_marked = frame.run == found.changed and frame.step > 0 and not found.keeps_score
    marks = [_mark(found.opinion(ruler, frame)) for ruler in found.rulers] if is_marked else ()
    written = [value_text(ruler, values.get(ruler)) for ruler in found.rulers]
    return frame_of(found.journey.plan, frame, written, found.score(frame), marks)


def _mark(opinion: Opinion | None) -> str:
    return "" if opinion is None else opinion.outcome.value


def _curves(found: Found, look: Look) -> tuple[DuelCurve, ...]:
    """For the method, PSNR and SSIM: the changed version step by step, and the other one, which stays."""
    curves, rulers = [], found.rulers[:3]
    if found.keeps_score:
        rulers = rulers[1:]  # what is held has no course
    for ruler in rulers:
        known = {each.step: found.values(each).get(ruler) for each in found.journey.frames(found.changed)}
        if None in known.values():
            continue
        points = {step: (value, value_text(ruler, value)) for step, value in known.items()}
        if _is_objective(found, ruler):  # between the frames there is what the process has seen
            course = dict(enumerate(tuple(found.journey.curves[found.changed])))
            about = {step: (value, ABOUT + value_text(ruler, value)) for step, value in course.items()}
            points = about | points
        curves.append(_curve(ruler, found.changed, points))
        beside = found.values(found.beside)[ruler]
        stays = beside, value_text(ruler, beside)
        curves.append(_curve(ruler, found.other, dict.fromkeys((0, max(look.steps, *points)), stays)))
    return tuple(curves)


def _is_objective(found: Found, ruler: Ruler) -> bool:
    """Whether a metric is what the process itself lowers or raises, whose value it knows at each step."""
    return ruler == (PSNR if found.keeps_score else found.method)


def _curve(ruler: Ruler, tile: str, points: Mapping[int, tuple[float, str]]) -> DuelCurve:
    """Of values, each with its text, by their steps."""
    steps = tuple(sorted(points))
    values, texts = zip(*(points[step] for step in steps), strict=True)
    return DuelCurve(text_of(ruler), tile, steps, values, texts)


def _shows(found: Found) -> str:
    metric = found.method.name.metric
    if found.keeps_score:
        return f"that much can change at the same score, where {metric} looks least."
    others = f"; {found.transfer}" if found.transfer else ""
    return f"that {metric} can be led astray by a change made for it{others}."
