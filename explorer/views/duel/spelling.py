"""What was chosen, spelled out: a link leaves out what is as at first, and a file must not."""

from collections.abc import Callable, Mapping
from typing import Any

from explorer.synthesis.journey import Journey


def spelled(mode: str, settings: Any, journey: Journey) -> dict[str, str]:
    """All that a question was asked with, by the names of the link.

    Args:
        mode: A question of the page.
        settings: Its own.
        journey: What was made.
    """
    return _WHOLE[mode](settings, journey) | settings.to_link()


def _equal(settings: Any, _journey: Journey) -> dict[str, str]:
    return {
        "duel_hold": settings.hold,
        "duel_at": f"{settings.value:g}",
        "duel_moved": settings.moved,
        "duel_start": settings.start,
    }


def _verdict(settings: Any, _journey: Journey) -> dict[str, str]:
    return {"duel_a": settings.a.text, "duel_b": settings.b.text, "duel_bound": settings.bound_text}


def _keeps(settings: Any, journey: Journey) -> dict[str, str]:
    return {"duel_layers": ";".join(journey.runs), "duel_from": settings.start, "duel_by": settings.by}


def _directions(settings: Any, _journey: Journey) -> dict[str, str]:
    return {"duel_of": ";".join(settings.by), "duel_shown_at": f"{settings.at:g}"}


_WHOLE: Mapping[str, Callable[[Any, Journey], dict[str, str]]] = {
    "equal": _equal,
    "verdict": _verdict,
    "keeps": _keeps,
    "directions": _directions,
}
