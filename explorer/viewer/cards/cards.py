"""A card: a reference, two versions of it, and the question which is closer; the browser's side is `js/`."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from explorer.viewer.common.component import read
from explorer.viewer.common.encoding import picture
from explorer.viewer.common.small import called, numbered, register_small

SIDES = ("A", "B")


@dataclass(frozen=True)
class CardVerdict:
    """What one metric says.

    Attributes:
        metric: Its name.
        values: Of A and of B, as they are shown.
        prefers: "A" or "B".
        direction: How to read a value, such as "lower is closer".
    """

    metric: str
    values: tuple[str, str]
    prefers: str
    direction: str


@dataclass(frozen=True, eq=False)
class Card:
    """One question, with what may be seen of its answer.

    Attributes:
        key: Tells it from the others.
        question: A sentence.
        reference: uint8 (H, W, 3).
        versions: A and B, each of the reference's size.
        labels: What was done to A and B; "" as long as that would tell too much.
        verdicts: What the metrics say; none as long as they are hidden.
        chosen: "A" or "B" once that was chosen, "" before.
        said: What the choice agrees with, in a sentence; "" before.
        place: Which card of how many, in words.
        tally: What was said so far, in a sentence; may be empty.
        has_next: Whether another card can be asked for.
        verb: What is said of the version that is chosen, in words behind "A".
        goes_on: Whether an answer brings the next card by itself, so that there is no button for it.

    Raises:
        ValueError: pictures of different sizes, or a choice that is none.
    """

    key: str
    question: str
    reference: np.ndarray
    versions: tuple[np.ndarray, np.ndarray]
    labels: tuple[str, str] = ("", "")
    verdicts: tuple[CardVerdict, ...] = ()
    chosen: str = ""
    said: str = ""
    place: str = ""
    tally: str = ""
    has_next: bool = True
    verb: str = "is closer"
    goes_on: bool = False

    def __post_init__(self):
        if any(version.shape != self.reference.shape for version in self.versions):
            raise ValueError("the versions and their reference are not of one size")
        if self.chosen not in ("", *SIDES):
            raise ValueError(f"{self.chosen!r} is neither A nor B")


_component = register_small("cards", "card", read("cards/cards.html"))


def card(
    shown: Card,
    *,
    key: str,
    on_choose: Callable[[str, str], None],
    on_next: Callable[[str], None],
    on_take_back: Callable[[str], None],
    on_open: Callable[[str, str], None],
) -> None:
    """Draw a card.

    Args:
        key: Of the component.
        on_choose, on_open: Called with the card's key, and "A" or "B".
        on_next, on_take_back: Called with the card's key.
    """

    def with_side(call: Callable[[str, str], None]) -> Callable[[Any], None]:
        def pass_on(sent: Any) -> None:
            if sent["side"] in SIDES:
                call(sent["card"], sent["side"])

        return pass_on

    _component(
        key=key,
        data=numbered(key, described(shown)),
        on_choose_change=called(key, "choose", with_side(on_choose)),
        on_open_change=called(key, "open", with_side(on_open)),
        on_next_change=called(key, "next", on_next),
        on_back_change=called(key, "back", on_take_back),
    )


def described(shown: Card) -> dict[str, Any]:
    """A card as JSON, its pictures as PNG."""
    height, width = shown.reference.shape[:2]
    return {
        "card": shown.key,
        "question": shown.question,
        "width": width,
        "height": height,
        "pictures": {
            side: picture(pixels)
            for side, pixels in zip(("A", "reference", "B"), _in_row(shown), strict=True)
        },
        "labels": dict(zip(SIDES, shown.labels, strict=True)),
        "verdicts": [
            {
                "metric": verdict.metric,
                "values": list(verdict.values),
                "prefers": verdict.prefers,
                "direction": verdict.direction,
            }
            for verdict in shown.verdicts
        ],
        "chosen": shown.chosen,
        "said": shown.said,
        "place": shown.place,
        "tally": shown.tally,
        "hasNext": shown.has_next,
        "verb": shown.verb,
        "goesOn": shown.goes_on,
    }


def _in_row(shown: Card) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    left, right = shown.versions
    return left, shown.reference, right
