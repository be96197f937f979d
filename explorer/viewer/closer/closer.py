"""Two versions beside their reference, and below each what metrics say; the browser's side is `js/`."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from explorer.viewer.common.component import read
from explorer.viewer.common.encoding import picture
from explorer.viewer.common.small import called, numbered, register_small

SIDES = ("A", "B")


@dataclass(frozen=True)
class CloserLine:
    """What one metric says.

    Attributes:
        metric, direction: Its name, and how to read its values.
        values: Of A and B, in full; None where one is infinite.
        shown: The same as they are read.
        prefers: "A", "B" or "".
    """

    metric: str
    direction: str
    values: tuple[float | None, float | None]
    shown: tuple[str, str]
    prefers: str


@dataclass(frozen=True)
class CloserBar:
    """A share as a bar.

    Attributes:
        label: Whose.
        value: 0..1.
        shown: As it is read.
        note: Where it comes from, in a word; may be "".
    """

    label: str
    value: float
    shown: str
    note: str = ""


@dataclass(frozen=True, eq=False)
class CloserScene:
    """All that is shown.

    Attributes:
        reference: uint8 (H, W, 3), and its name.
        versions: A and B, each of the reference's size.
        labels: What was done to them; seen once the answer is.
        lines: What the metrics say; none as long as that is hidden.
        said: The answer, in a sentence; "" as long as it is hidden.
        bars: How often metrics side with people; none as long as that is hidden.
        bars_title, bars_about: What the bars are, and a sentence behind them.
        votes: What the class has said of these two, in a sentence; may be "".
        chosen: "A", "B" or "".
        pairs: Key and label of each pair of versions that can be shown.
        pair: The key of the one that is.
    """

    reference: np.ndarray
    reference_name: str
    versions: tuple[np.ndarray, np.ndarray]
    labels: tuple[str, str]
    lines: tuple[CloserLine, ...]
    said: str
    bars: tuple[CloserBar, ...]
    bars_title: str
    bars_about: str
    votes: str
    chosen: str
    pairs: tuple[tuple[str, str], ...]
    pair: str

    def __post_init__(self):
        if any(version.shape != self.reference.shape for version in self.versions):
            raise ValueError("the versions and their reference are not of one size")


_component = register_small("closer", "closer", read("closer/closer.html"))


def closer_scene(
    scene: CloserScene,
    *,
    key: str,
    on_choose: Callable[[str], None],
    on_pair: Callable[[str], None],
    on_take_back: Callable[[], None],
) -> None:
    """Draw it.

    Args:
        key: Of the component.
        on_choose: Called with "A" or "B".
        on_pair: Called with the key of another pair.
        on_take_back: Called where the answer is to be hidden again.
    """

    def choose(sent: Any) -> None:
        if sent in SIDES:
            on_choose(sent)

    def pair(sent: Any) -> None:
        if sent in dict(scene.pairs):
            on_pair(sent)

    _component(
        key=key,
        data=numbered(key, described(scene)),
        on_choose_change=called(key, "choose", choose),
        on_pair_change=called(key, "pair", pair),
        on_back_change=called(key, "back", lambda _sent: on_take_back()),
    )


def described(scene: CloserScene) -> dict[str, Any]:
    """A scene as JSON, its pictures as PNG."""
    height, width = scene.reference.shape[:2]
    a, b = scene.versions
    is_answered = bool(scene.lines)
    return {
        "aspect": width / height,
        "pictures": {"A": picture(a), "reference": picture(scene.reference), "B": picture(b)},
        "reference": scene.reference_name,
        # What was done is no part of the page before it may be seen.
        "labels": dict(zip(SIDES, scene.labels if is_answered else ("", ""), strict=True)),
        "lines": [asdict(line) for line in scene.lines],
        "said": scene.said,
        "bars": [asdict(bar) for bar in scene.bars],
        "barsTitle": scene.bars_title,
        "barsAbout": scene.bars_about,
        "votes": scene.votes,
        "chosen": scene.chosen,
        "pairs": [{"key": name, "label": label} for name, label in scene.pairs],
        "pair": scene.pair,
    }
