"""Two versions beside their reference, and below each what metrics say; the browser's side is `js/`."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from explorer import render
from explorer.viewer.common.component import read
from explorer.viewer.common.encoding import picture
from explorer.viewer.common.small import called, numbered, register_small

SIDES = ("A", "B")
COLOURS = "magma"
CLIPPED = 0.005  # of the places of the error maps, the largest: an edge would darken all others


@dataclass(frozen=True)
class CloserLine:
    """What one metric says.

    Attributes:
        metric, direction: Its name, and how to read its values.
        values: Of A and B, in full; None where one is infinite, or hidden.
        shown: The same as they are read; "?" as long as they are hidden.
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
    """

    label: str
    value: float
    shown: str


@dataclass(frozen=True)
class CloserPart:
    """A part of a sentence: words, or a number as it is read with its full value."""

    text: str
    value: float | None = None


@dataclass(frozen=True, eq=False)
class CloserScene:
    """All that is shown.

    Attributes:
        reference: uint8 (H, W, 3), and its name.
        versions: A and B, each of the reference's size.
        labels: What was done to them; "" as long as the answer is hidden.
        lines: What the metrics say.
        errors: Squared error at each pixel of A and B, float32 (H, W); None as long as the answer is hidden.
        said, why: The answer and its reason, a sentence each; "" as long as they are hidden.
        bars: How often metrics side with people; none as long as that is hidden.
        bars_title, bars_about: What the bars are, and a sentence behind them.
        votes: What people say of these two, in a sentence; "" as long as that is hidden.
        ask: What the button says that leads to where they are asked; "" for none.
        chosen: "A", "B" or "".
        pairs: Key and label of each pair of versions that can be shown.
        pair: The key of the one that is.
    """

    reference: np.ndarray
    reference_name: str
    versions: tuple[np.ndarray, np.ndarray]
    labels: tuple[str, str]
    lines: tuple[CloserLine, ...]
    errors: tuple[np.ndarray, np.ndarray] | None
    said: str
    why: str
    bars: tuple[CloserBar, ...]
    bars_title: str
    bars_about: tuple[CloserPart, ...]
    votes: str
    ask: str
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
    on_ask: Callable[[], None],
) -> None:
    """Draw it.

    Args:
        key: Of the component.
        on_choose: Called with "A" or "B".
        on_pair: Called with the key of another pair.
        on_take_back: Called where the answer is to be hidden again.
        on_ask: Called where people are to be asked.
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
        on_ask_change=called(key, "ask", lambda _sent: on_ask()),
    )


def described(scene: CloserScene) -> dict[str, Any]:
    """A scene as JSON, its pictures as PNG."""
    height, width = scene.reference.shape[:2]
    a, b = scene.versions
    return {
        "aspect": width / height,
        "pictures": {"A": picture(a), "reference": picture(scene.reference), "B": picture(b)},
        "reference": scene.reference_name,
        "labels": dict(zip(SIDES, scene.labels, strict=True)),
        "errors": _errors(scene.errors),
        "lines": [asdict(line) for line in scene.lines],
        "said": scene.said,
        "why": scene.why,
        "bars": [asdict(bar) for bar in scene.bars],
        "barsTitle": scene.bars_title,
        "barsAbout": [asdict(part) for part in scene.bars_about],
        "votes": scene.votes,
        "ask": scene.ask,
        "chosen": scene.chosen,
        "pairs": [{"key": name, "label": label} for name, label in scene.pairs],
        "pair": scene.pair,
    }


def _errors(errors: tuple[np.ndarray, np.ndarray] | None) -> dict[str, Any] | None:
    """Both maps on one scale, of whose values a few are beyond its end."""
    if errors is None:
        return None
    end = float(np.quantile(np.stack(errors), 1 - CLIPPED)) or 1.0
    a, b = (picture(render.colourise(each, COLOURS, end)) for each in errors)
    bar = picture(render.colours(COLOURS)[None])
    return {"A": a, "B": b, "end": end, "shown": f"{end:,.0f}", "bar": bar}
