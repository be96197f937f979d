"""What the scenes of all four questions have in common."""

from collections.abc import Sequence
from typing import Any

from explorer.analysis.rulers import Ruler, is_similarity, text_of
from explorer.figures import method_colours
from explorer.images import times
from explorer.names import cut
from explorer.synthesis.journey import Frame, Plan
from explorer.viewer.duel.scene import DuelFrame, DuelMetric
from explorer.views.common.digests import digest_of
from explorer.views.duel.looking import Look

ABOUT = "≈ "  # before a number of a process, which the exact path has not measured
LOWER, HIGHER = "lower is closer", "higher is closer"


def in_common(plan: Plan, look: Look) -> dict[str, Any]:
    """Fields of a `DuelScene` that depend on what is made, and on how it is looked at."""
    method, colours = plan.method, method_colours(plan.method)
    return {
        "key": digest_of(plan.key),
        "reference": plan.reference.pixels,
        "reference_name": cut(plan.reference.name),
        "reference_note": f"at {times(plan.reference.size)}",
        "layers": method.layers,
        "layer_colours": tuple(colours[name] for name in method.layers),
        "steps": look.steps,
        "is_running": look.is_running,
        "colours": look.colours,
    }


def row_of(ruler: Ruler, is_held: bool = False, is_logarithmic: bool | None = None) -> DuelMetric:
    """A metric as a row of numbers.

    Args:
        is_held: Whether all pictures have it in common.
        is_logarithmic: How its axis is laid; None lays that of a distance so.
    """
    label = ruler if isinstance(ruler, str) else ruler.name.heading
    is_similar = is_similarity(ruler)
    is_logarithmic = not is_similar if is_logarithmic is None else is_logarithmic
    return DuelMetric(text_of(ruler), label, HIGHER if is_similar else LOWER, is_held, is_logarithmic)


def frame_of(
    plan: Plan, frame: Frame, values: Sequence[str], score: str, marks: Sequence[str] = ()
) -> DuelFrame:
    """A step as it is shown.

    Args:
        values, marks: As `DuelFrame` has them.
        score: The sum of the layers' distances, written out.
    """
    maps = frame.standing.maps
    return DuelFrame(
        key=digest_of((plan.reference.digest, frame.picture.digest, plan.method.identity)),
        step=frame.step,
        picture=frame.picture.pixels,
        values=tuple(values),
        distances=frame.standing.distances,
        maps=() if maps is None else tuple(maps[name] for name in plan.method.layers),
        score=score,
        marks=tuple(marks),
    )
