"""Answers to "PSNR prefers A, LPIPS prefers B, and you?", and how often they agree with each."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from explorer.analysis.disagreement import Disagreement, Side
from explorer.analysis.rulers import Rulers, label_of
from explorer.images import Picture
from explorer.judgments.judgment import Judgment, scene_of


@dataclass(frozen=True)
class Answer:
    """What somebody has said of two versions on which two metrics disagree.

    Attributes:
        judgment: What was chosen.
        side: The same, as it was laid out.
        agrees_with: Label of the metric that prefers it, too.
    """

    judgment: Judgment
    side: Side
    agrees_with: str


def answered(
    card: Disagreement,
    rulers: Rulers,
    reference: Picture,
    side: Side,
    seed: int = 0,
    observer: str = "",
    session: str = "",
) -> Answer:
    """Take an answer.

    Args:
        card: What was asked.
        rulers: The metrics that disagree, in the card's order.
        reference: At the size that was measured and shown.
        side: Which version was chosen.
        seed: That by which they were laid out.
        observer, session: As in a `Judgment`.
    """
    left, right = card.sides(seed)
    chosen = left if side == "A" else right
    judgment = Judgment(observer, session, scene_of(reference), left.link, right.link, side == "A")
    return Answer(judgment, side, label_of(rulers[card.agreeing(chosen)]))


def tally(labels: Sequence[str], answers: Iterable[Answer]) -> str:
    """How often somebody agreed with each of two metrics, in a sentence; "" where nothing was said."""
    agreed = [answer.agrees_with for answer in answers]
    (most, label), (least, other) = sorted(
        ((agreed.count(label), label) for label in labels), key=lambda each: -each[0]
    )
    if not most:
        return ""
    return f"You agreed with {label} {_times(most)}, with {other} {_times(least)}."


def _times(count: int) -> str:
    return {0: "never", 1: "once", 2: "twice"}.get(count, f"{count} times")
