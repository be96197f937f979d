"""Is a score a lot? Its place among the scores of its reference's ladder, by one method.

A score by itself says little: a distance is comparable only with distances to the same reference. The ladder
has such distances, of distortions whose strength one knows.
"""

from bisect import bisect_right
from dataclasses import dataclass

from explorer.analysis.ladder import DISTORTIONS, RUNGS, SEVERITIES, Standing
from explorer.analysis.wording import listed
from explorer.distortions import find_distortion
from explorer.distortions.base import PERCENT_OF_SIDE, Distortion

# Whose strength most people have a feeling for; the others are in the chart.
FAMILIAR = ("jpeg", "gaussian_blur", "gaussian_noise")


@dataclass(frozen=True)
class Kind:
    """The ladder's pictures under one distortion.

    Attributes:
        label: As users read it.
        strengths: The parameters of each rung in words, lengths in pixels; from weak to strong.
        scores: Theirs; lower is closer.
    """

    label: str
    strengths: tuple[str, ...]
    scores: tuple[float, ...]


@dataclass(frozen=True)
class Place:
    """Where a pair's score stands.

    Attributes:
        score: The pair's own, at the ladder's size; lower is closer.
        kinds: A row of the ladder each, in its order.
        sentence: What that says.
    """

    score: float
    kinds: tuple[Kind, ...]
    sentence: str


def place(standing: Standing, size: tuple[int, int]) -> Place:
    """Put a pair's standing on the ladder into words.

    Args:
        standing: By one method.
        size: (width, height) of the ladder's pictures.
    """
    count = len(SEVERITIES)
    rows = [standing.scores[start : start + count].tolist() for start in range(0, len(RUNGS), count)]
    kinds = {
        name: Kind(find_distortion(name).label, _strengths(find_distortion(name), size), tuple(scores))
        for name, scores in zip(DISTORTIONS, rows, strict=True)
    }
    closer = int((standing.scores < standing.score).sum())
    found = [between(kinds[name], standing.score) for name in FAMILIAR]
    words = [text for text in found if text]
    sentence = (
        f"Farther from the reference than {closer or 'none'} of the {len(RUNGS)} pictures of the ladder"
    )
    if words:
        sentence += f", {listed(words)}"
    return Place(standing.score, tuple(kinds.values()), f"{sentence}.")


def between(kind: Kind, score: float) -> str:
    """Between which two of a distortion's rungs a score lies, in words.

    "" where the distortion's score falls again with its strength, and so has no one place for another.
    """
    if list(kind.scores) != sorted(kind.scores):
        return ""
    above = bisect_right(kind.scores, score)
    if above == 0:
        return f"closer than {kind.label} of {kind.strengths[0]}"
    if above == len(kind.scores):
        return f"at least as far as {kind.label} of {kind.strengths[-1]}"
    return f"between {kind.label} of {_both(kind.strengths[above - 1], kind.strengths[above])}"


def _both(low: str, high: str) -> str:
    """Two strengths that differ in their number: "σ 1.3 and 2.7 px"."""
    first, second = low.split(), high.split()
    if len(first) == len(second) == 3 and first[::2] == second[::2]:
        return f"{first[0]} {first[1]} and {second[1]} {first[2]}"
    if len(first) == len(second) == 2 and first[0] == second[0]:
        return f"{low} and {second[1]}"
    return f"{low} and {high}"


def _strengths(distortion: Distortion, size: tuple[int, int]) -> tuple[str, ...]:
    return tuple(_in_pixels(distortion, severity, min(size)) for severity in SEVERITIES)


def _in_pixels(distortion: Distortion, severity: float, side: int) -> str:
    """A distortion's values as short text, its lengths in pixels of a picture with this shorter side."""
    words = [
        f"{parameter.symbol} {value * side / 100:.2g} px"
        if parameter.unit == PERCENT_OF_SIDE
        else parameter.text(value)
        for parameter, (_, value) in zip(distortion.parameters, distortion.values(severity), strict=True)
    ]
    return ", ".join(words)
