"""The layers' shares as one bar with its legend; segments may be chosen, the browser's side is `js/`."""

from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Protocol

from explorer.viewer.common.small import called, numbered, register_small


class Segment(Protocol):
    """One layer's part, a dataclass such as `explorer.figures.Segment`, whose fields these are."""

    name: str
    share: float
    percent: str
    colour: str
    ink: str
    words: str


_component = register_small(
    "shares", "bar", '<div class="shares"><div class="bar"></div><ul class="legend"></ul></div>'
)


def shares(
    segments: Sequence[Segment],
    *,
    key: str,
    label: str,
    selected: str | None = None,
    on_choose: Callable[[str], None] | None = None,
) -> None:
    """Draw the bar; where segments can be chosen each is a button, and the arrow keys go along them.

    Args:
        segments: In order; with none the bar is empty and says so.
        key: Of the component.
        label: The whole bar in words, for who cannot see it.
        selected: Name of the segment that is outlined.
        on_choose: Called with the name of a segment that was chosen; None makes a picture of the bar.
    """
    _component(
        key=key,
        data=numbered(
            key,
            {
                "segments": [asdict(segment) for segment in segments],
                "label": label,
                "selected": selected,
                "chooses": on_choose is not None,
            },
        ),
        on_choose_change=called(key, "choose", on_choose),
    )
