"""How sure is it? A score's spread under changes of both pictures that nobody sees.

A pair that is moved by a pixel, mirrored, or scaled by a percent is the same pair to a person. What a score
changes by then is no difference between its pictures, and a lead that is smaller is no lead.
"""

import math
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from PIL import Image

from explorer.analysis.cost import rulers_bytes
from explorer.analysis.rulers import PSNR, SSIM, Ruler, is_similarity, label_of, value
from explorer.analysis.wording import counted, listed, percent
from explorer.backbones.sizes import too_small
from explorer.images import Picture, derive
from explorer.jobs import Job, Progress, Task
from explorer.metrics import Method
from explorer.metrics.classic import RADIUS

FARTHEST = 3  # pixels by which both are moved; as many are cut off in both directions
NOISE = 0.5  # levels: the standard deviation of the dither
SEED = 0

PicturePair = tuple[Picture, Picture]  # reference and distorted, of one size


@dataclass(frozen=True)
class Change:
    """What is done to both pictures alike.

    Attributes:
        name: In files.
        label: As a sentence has it: "mirrored".
        apply: uint8 (H, W, 3) and the picture's place in its pair, 0 for the reference -> uint8 (h, w, 3).
    """

    name: str
    label: str
    apply: Callable[[np.ndarray, int], np.ndarray]


@dataclass(frozen=True)
class Changed:
    """The score under one change."""

    name: str
    label: str
    score: float


@dataclass(frozen=True)
class Stability:
    """A score and what it is under the changes.

    Attributes:
        metric: What measured, as users read it.
        size: (width, height) at which the pair was measured and changed.
        score: Of the pair as it is.
        changed: The scores under the changes.
        left_out: Labels of changes that would leave too small a picture to measure.
    """

    metric: str
    size: tuple[int, int]
    score: float
    changed: tuple[Changed, ...]
    left_out: tuple[str, ...] = ()

    @property
    def mean(self) -> float:
        """Of the scores under the changes."""
        return math.fsum(each.score for each in self.changed) / len(self.changed)

    @property
    def low(self) -> float:
        """The lowest of them."""
        return min(each.score for each in self.changed)

    @property
    def high(self) -> float:
        """The highest of them."""
        return max(each.score for each in self.changed)

    @property
    def spread(self) -> float | None:
        """From the lowest to the highest, as a share of the score; None where it is 0 or infinite."""
        spread = (self.high - self.low) / abs(self.score) if self.score else math.nan
        return spread if math.isfinite(spread) and math.isfinite(self.score) else None

    @property
    def farthest(self) -> Changed:
        """The change that moves the score most."""
        return max(self.changed, key=lambda each: abs(each.score - self.score))

    @property
    def sentence(self) -> str:
        """The range in words, and what moves the score most."""
        changes = counted(len(self.changed), "change", "changes")
        spread = "" if self.spread is None else f", a range of {percent(self.spread)}"
        return (
            f"Under {changes} that nobody sees, the score of {self.score:.4f} becomes {self.low:.4f} to "
            f"{self.high:.4f}{spread}, with a mean of {self.mean:.4f}. It moves most where both are "
            f"{self.farthest.label}, to {self.farthest.score:.4f}."
        )

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON; what is infinite or undefined is None."""
        return {
            "size": list(self.size),
            "score": _finite(self.score),
            "mean": _finite(self.mean),
            "low": _finite(self.low),
            "high": _finite(self.high),
            "spread": self.spread,
            "sentence": self.sentence,
            "changes": [{"name": each.name, "score": _finite(each.score)} for each in self.changed],
            "left_out": list(self.left_out),
        }


@dataclass(frozen=True)
class Verdict:
    """Which of two candidates is closer, and whether the changes leave it so.

    Attributes:
        names: Of the candidates; the closer one first.
        stabilities: Theirs, of the same changes in the same order.
        higher_is_closer: Whether the metric is a similarity.
    """

    names: tuple[str, str]
    stabilities: tuple[Stability, Stability]
    higher_is_closer: bool = False

    @property
    def is_tie(self) -> bool:
        """Whether the two are equally far, so that nothing is decided."""
        closer, farther = self.stabilities
        return closer.score == farther.score

    @property
    def turned(self) -> tuple[Changed, ...]:
        """The changes under which the closer one is closer no more, with its score; empty in a tie."""
        if self.is_tie:
            return ()
        sign = -1 if self.higher_is_closer else 1
        both = zip(*(each.changed for each in self.stabilities), strict=True)
        return tuple(closer for closer, farther in both if sign * closer.score >= sign * farther.score)

    @property
    def survived(self) -> int:
        """How many changes leave it."""
        return len(self.stabilities[0].changed) - len(self.turned)

    @property
    def sentence(self) -> str:
        """In words."""
        first, second = self.names
        metric, count = self.stabilities[0].metric, len(self.stabilities[0].changed)
        if self.is_tie:
            return f"By {metric} {first} and {second} are equally far: there is no verdict to turn."
        verdict = f"By {metric} {first} is closer than {second}"
        if not self.turned:
            return f"{verdict}, and stays so under all {count} changes that nobody sees."
        labels = [each.label for each in self.turned]
        return (
            f"{verdict}, and stays so under {self.survived} of {count} changes that nobody sees; "
            f"no more where all are {listed(labels).replace(' and ', ' or ')}."
        )

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        closer, farther = self.names
        return {
            "closer": closer,
            "farther": farther,
            "tie": self.is_tie,
            "changes": len(self.stabilities[0].changed),
            "survived": None if self.is_tie else self.survived,
            "turned": [each.name for each in self.turned],
            "sentence": self.sentence,
        }


def _moved(right: int, down: int) -> Callable[[np.ndarray, int], np.ndarray]:
    """A window, smaller than the picture, that lies so far from its corner: no border enters it.

    What is seen in it moves the other way, to the left and up.
    """

    def window(pixels: np.ndarray, _place: int) -> np.ndarray:
        height, width = pixels.shape[0] - FARTHEST, pixels.shape[1] - FARTHEST
        return pixels[down : down + max(0, height), right : right + max(0, width)]

    return window


def _mirrored(pixels: np.ndarray, _place: int) -> np.ndarray:
    return pixels[:, ::-1]


def _dithered(pixels: np.ndarray, place: int) -> np.ndarray:
    """Noise of half a level's standard deviation, rounded: it moves a third of the values by one level.

    Each picture of a pair has noise of its own, as two photographs have; all candidates have the same.
    """
    noise = np.random.default_rng((SEED, place)).standard_normal(pixels.shape, np.float32)
    return np.clip(np.rint(pixels + NOISE * noise), 0, 255).astype(np.uint8)


def _scaled(factor: float) -> Callable[[np.ndarray, int], np.ndarray]:
    def scaled(pixels: np.ndarray, _place: int) -> np.ndarray:
        size = tuple(max(1, round(side * factor)) for side in (pixels.shape[1], pixels.shape[0]))
        return np.asarray(Image.fromarray(pixels).resize(size, Image.Resampling.LANCZOS))

    return scaled


CHANGES = (
    Change("cropped", f"cropped by {FARTHEST} px", _moved(0, 0)),
    *(Change(f"left_{px}", f"moved left by {px} px", _moved(px, 0)) for px in range(1, FARTHEST + 1)),
    *(Change(f"up_{px}", f"moved up by {px} px", _moved(0, px)) for px in range(1, FARTHEST + 1)),
    Change("mirrored", "mirrored", _mirrored),
    Change("dithered", f"dithered by noise of σ {NOISE:g} levels", _dithered),
    Change("smaller", "scaled to 99%", _scaled(0.99)),
    Change("larger", "scaled to 101%", _scaled(1.01)),
)


def _untold(_done: int, _total: int) -> None:
    """Nobody asks how far it is."""


def stability(reference: Picture, distorted: Picture, ruler: Ruler, told: Progress = _untold) -> Stability:
    """How sure a pair's score is.

    Args:
        reference, distorted: The pair at the measured size.
        ruler: Measures it.
        told: Told how many of all measurements are made; what it raises ends the work.

    Raises:
        ImageError: the pair is too small for the ruler.
        WeightsError: as `Method.network`.
    """
    return _stabilities([(reference, distorted)], ruler, told)[0]


def verdict(
    pairs: Sequence[PicturePair], names: Sequence[str], ruler: Ruler, told: Progress = _untold
) -> Verdict:
    """Which of two candidates is closer, and whether that survives the changes.

    Args:
        pairs: The reference, as each candidate is compared with it, and the candidate; at the measured size.
            A reference that both have is passed through the network once a change.
        names: Of the two candidates.
        ruler, told: As in `stability`, which names the errors as well.
    """
    return decided(names, _stabilities(pairs, ruler, told), is_similarity(ruler))


def decided(names: Sequence[str], found: Sequence[Stability], higher_is_closer: bool = False) -> Verdict:
    """The verdict between two candidates whose stabilities are known, by the changes that both have."""
    common = set.intersection(*({change.name for change in each.changed} for each in found))
    own = [
        replace(each, changed=tuple(change for change in each.changed if change.name in common))
        for each in found
    ]
    both = sorted(zip(names, own, strict=True), key=lambda each: each[1].score, reverse=higher_is_closer)
    (closer, first), (farther, second) = both
    return Verdict((closer, farther), (first, second), higher_is_closer)


def stability_task(reference: Picture, distorted: Picture, method: Method) -> Task[Stability]:
    """`stability` in the background; its one result is all of it."""

    def work(job: Job[Stability]) -> None:
        job.keep(stability(reference, distorted, method, _telling(job)))

    key = ("stability", reference.digest, distorted.digest, method.identity)
    return _task(work, 1, method, reference.size, key)


def verdict_task(
    pairs: Callable[[], Sequence[PicturePair]], names: Sequence[str], ruler: Ruler, size: tuple[int, int]
) -> Task[Verdict]:
    """`verdict` in the background; its one result is all of it.

    Args:
        pairs: Makes the pairs, once the work has its turn.
        names, ruler: As in `verdict`.
        size: (width, height) of the pairs.
    """

    def work(job: Job[Verdict]) -> None:
        job.keep(verdict(pairs(), names, ruler, _telling(job)))

    return _task(work, 2, ruler, size)


def _task(
    work: Callable[[Job[Any]], None],
    pairs: int,
    ruler: Ruler,
    size: tuple[int, int],
    key: Hashable = None,
) -> Task[Any]:
    return Task(
        "Changing what nobody sees",
        work,
        size=rulers_bytes([ruler], size),
        total=pairs * (1 + len(CHANGES)),
        unit="measurements",
        key=key,
    )


def _telling(job: Job[Any]) -> Progress:
    """Tells a job how far it is, and leaves the work where it is not wanted any more."""

    def told(done: int, total: int) -> None:
        job.at(done, total)
        if done < total:
            job.go_on()

    return told


def _stabilities(pairs: Sequence[PicturePair], ruler: Ruler, told: Progress) -> list[Stability]:
    """Of each pair; all of them have the same changes."""
    total, done = len(pairs) * (1 + len(CHANGES)), 0
    rows: list[tuple[Change, list[float]]] = []
    left_out = []
    for change in (None, *CHANGES):
        shown = [[_changed(change, each, place) for place, each in enumerate(pair)] for pair in pairs]
        if change is not None and not all(_is_measurable(ruler, each) for pair in shown for each in pair):
            left_out.append(change.label)
            done += len(pairs)
            continue
        found = []
        for reference, distorted in shown:
            found.append(value(ruler, reference, distorted))
            done += 1
            told(done, total)
        rows.append((change, found))
    (_, plain), *changed = rows
    return [
        Stability(
            label_of(ruler),
            pair[0].size,
            plain[index],
            tuple(Changed(change.name, change.label, found[index]) for change, found in changed),
            tuple(left_out),
        )
        for index, pair in enumerate(pairs)
    ]


def _changed(change: Change | None, picture: Picture, place: int) -> Picture | None:
    """A picture under a change; None where nothing is left of it."""
    if change is None:
        return picture
    pixels = change.apply(picture.pixels, place)
    return derive(picture, pixels) if pixels.size else None


def _is_measurable(ruler: Ruler, picture: Picture | None) -> bool:
    if picture is None or ruler == SSIM:
        return picture is not None and min(picture.size) > 2 * RADIUS
    return ruler == PSNR or not too_small(ruler.row, picture.size, ruler.layers)


def _finite(number: float) -> float | None:
    return number if math.isfinite(number) else None
