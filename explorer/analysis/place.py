"""Is a score a lot? Its place among the scores of its reference's ladder, by one method.

A score by itself says little: a distance is comparable only with distances to the same reference. The ladder
has such distances, of distortions whose strength one knows.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from explorer.analysis.ladder import DISTORTIONS, RUNGS, SEVERITIES, Standing
from explorer.analysis.wording import listed
from explorer.distortions import find_distortion
from explorer.distortions.base import PERCENT_OF_SIDE, Distortion

# Whose strength most people have a feeling for; the others are in the chart.
FAMILIAR = ("jpeg", "gaussian_blur", "gaussian_noise")

# How a pair differs beside a distortion, in the order in which it is said.
ABOUT, EXACTLY = "about as much as", "exactly as much as"
LESS, MORE = "less than even the mildest", "more than even the strongest"


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
    equal = int((standing.scores == standing.score).sum())
    sentences = [_among(closer, equal), _beside([kinds[name] for name in FAMILIAR], standing.score)]
    return Place(standing.score, tuple(kinds.values()), " ".join(text for text in sentences if text))


def _among(closer: int, equal: int) -> str:
    """How many of the ladder's pictures are closer, exactly as far, and farther."""
    count = len(RUNGS)
    farther = count - closer - equal
    if count in (closer, farther):
        than = "farther from" if closer else "closer to"
        return f"This picture is {than} the reference than all {count} pictures of the ladder."
    parts = [f"{_are(closer)} closer to the reference than this one"]
    parts += [f"{_are(equal)} exactly as far"] if equal else []
    parts += [f"{_are(farther)} farther"] if farther else []
    return f"Of the {count} pictures of the ladder, {listed(parts)}."


def _are(number: int) -> str:
    return f"{number or 'none'} {'is' if number <= 1 else 'are'}"


def _beside(kinds: Sequence[Kind], score: float) -> str:
    """How a score compares with each of some distortions, those with the same answer in one part.

    A distortion is left out where its score falls again with its strength, and so has no one place for
    another. "" where all are.
    """
    found: dict[str, list[str]] = {}
    for kind in kinds:
        if list(kind.scores) == sorted(kind.scores):
            how, what = _beside_one(kind, score)
            found.setdefault(how, []).append(what)
    parts = [f"{how} {listed(found[how])}" for how in (ABOUT, EXACTLY, LESS, MORE) if how in found]
    # The parts have lists of their own: a comma tells where each ends.
    return f"It differs {', and '.join(parts)}." if parts else ""


def _beside_one(kind: Kind, score: float) -> tuple[str, str]:
    """How a score compares with a distortion's rungs, and which of them."""
    above = bisect_right(kind.scores, score)
    if above == 0:
        return LESS, f"{kind.label} ({kind.strengths[0]})"
    if kind.scores[above - 1] == score:
        return EXACTLY, f"{kind.label} of {kind.strengths[above - 1]}"
    if above == len(kind.scores):
        return MORE, f"{kind.label} ({kind.strengths[-1]})"
    return ABOUT, f"{kind.label} between {_both(kind.strengths[above - 1], kind.strengths[above])}"


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
