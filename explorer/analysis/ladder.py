"""A fixed ladder of distortions of one reference, on which scores of different metrics can be placed.

A score of one network says nothing about a score of another. But each can be ranked among the scores that its
own network gives to the same distorted versions of the same reference: that rank is its percentile.
"""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

from explorer.cache import ByteBudgetCache
from explorer.distortions import Step, distorted, find_distortion
from explorer.images import Picture, resize
from explorer.metrics import Method, compare
from explorer.metrics.classic import psnr_and_ssim

LONGEST_SIDE = 256  # pixels of the ladder's pictures; at most

# The ladder's own, and not the catalogue's: a distortion that comes new must move no percentile.
DISTORTIONS = (
    "gaussian_noise",
    "gaussian_blur",
    "scaling",
    "jpeg",
    "contrast",
    "saturation",
    "shift",
    "affine_warp",
    "jpeg_local_blur",
)
SEVERITIES = (0.1, 0.3, 0.5, 0.7, 0.9)
SEED = 0
ENTRY_BYTES = 400  # about what a score takes in the cache, with its key

PSNR, SSIM = "PSNR", "SSIM"
CLASSIC = (PSNR, SSIM)

Ruler = Method | str  # what places a picture on the ladder: a method, "PSNR" or "SSIM"
Scores = ByteBudgetCache[float]


@dataclass(frozen=True)
class Rung:
    """One distortion of the ladder, with the seed 0."""

    distortion: str
    severity: float

    @property
    def label(self) -> str:
        """As users read it."""
        return f"{find_distortion(self.distortion).label} at {self.severity:g}"


RUNGS = tuple(Rung(name, severity) for name in DISTORTIONS for severity in SEVERITIES)


@dataclass(frozen=True, eq=False)
class Standing:
    """Where a pair stands on the ladder, by one ruler.

    Attributes:
        scores: Of all rungs, (45,), such that lower is closer: PSNR and SSIM are negated.
        score: The pair's own, at the ladder's size, in the same sense.
    """

    scores: np.ndarray
    score: float

    @property
    def percentile(self) -> float:
        """How much of the ladder is closer to the reference than the pair, 0..100; half of what is equal."""
        return percentile(self.scores, self.score)

    @property
    def ranks(self) -> np.ndarray:
        """The rungs' ranks, (45,): 1 is closest, and those that are equal share the mean of theirs."""
        return stats.rankdata(self.scores)


@dataclass(frozen=True)
class Progress:
    """How far a ladder has come."""

    done: int
    total: int
    ruler: Ruler  # that is at work
    seconds_left: float  # an estimate

    def __str__(self) -> str:
        name = self.ruler if isinstance(self.ruler, str) else self.ruler.row.label
        left = "a second" if self.seconds_left < 1.5 else f"{self.seconds_left:.0f} seconds"
        return f"Measuring the ladder with {name}: {self.done} of {self.total}, about {left} left"


def percentile(scores: np.ndarray, score: float) -> float:
    """Percentile of a score among others, 0..100, as `scipy.stats.percentileofscore(kind="mean")`."""
    return float(stats.percentileofscore(scores, score, kind="mean"))


def base_of(reference: Picture) -> Picture:
    """The picture that the ladder distorts: the reference at no more than `LONGEST_SIDE`."""
    return resize(reference, LONGEST_SIDE)


def rung_picture(base: Picture, rung: Rung) -> Picture:
    """The base under a rung's distortion; always the same pixels."""
    return distorted(base, Step.at(rung.distortion, rung.severity, SEED))


def standings(
    base: Picture,
    distorted: Picture,
    rulers: Sequence[Ruler],
    scores: Scores,
) -> dict[Ruler, Standing] | None:
    """Where a pair stands, if all that it takes is in `scores`, and None if `climb` has more to do.

    Args:
        base, distorted: The pair at the ladder's size, from `base_of`.
        rulers: Methods, "PSNR" and "SSIM".
        scores: Filled by `climb`.
    """
    found = {}
    for ruler in rulers:
        keys = [_key(base, picture, ruler) for picture in (*RUNGS, distorted)]
        values = [scores.get(key) for key in keys]
        if any(value is None for value in values):
            return None
        found[ruler] = Standing(np.array(values[:-1]), values[-1])
    return found


def climb(
    base: Picture,
    distorted: Picture,
    rulers: Sequence[Ruler],
    scores: Scores,
) -> Iterator[Progress]:
    """Measure what is not in `scores` yet, a picture at a time; each score is kept as soon as it is known.

    The arguments are those of `standings`.

    Yields:
        How far it has come, before each picture that is measured.

    Raises:
        ExplorerError: as `explorer.metrics.compare`, such as ImageError where the base is too small.
    """
    work = [
        (ruler, picture)
        for ruler in rulers
        for picture in (*RUNGS, distorted)
        if scores.get(_key(base, picture, ruler)) is None
    ]
    pictures: dict[Rung, Picture] = {}
    start, measured = time.perf_counter(), 0
    for done, (ruler, picture) in enumerate(work):
        if scores.get(_key(base, picture, ruler)) is not None:
            continue  # it came with another method, in one pass of its network
        taken = time.perf_counter() - start
        # At first nothing is known; a tenth of a second is what many networks take.
        each = taken / measured if measured else 0.1
        yield Progress(done, len(work), ruler, each * (len(work) - done))
        if isinstance(picture, Rung) and picture not in pictures:
            pictures[picture] = rung_picture(base, picture)
        shown = pictures[picture] if isinstance(picture, Rung) else picture
        for other, score in _measured(base, shown, ruler).items():
            scores.put(_key(base, picture, other), score, ENTRY_BYTES)
        measured += 1


def _measured(base: Picture, picture: Picture, ruler: Ruler) -> dict[Ruler, float]:
    """Scores of one picture by a ruler, and by all others that come in the same pass; lower is closer."""
    if isinstance(ruler, str):
        psnr, ssim = psnr_and_ssim(base.pixels, picture.pixels)
        return {PSNR: -psnr} if ssim is None else {PSNR: -psnr, SSIM: -ssim}
    comparison = compare(base, picture, ruler, siblings=True)
    found = {}
    for name in comparison.heads:
        sibling = ruler.with_heads(name)
        found[sibling] = comparison.measurement(name, sibling.layers).score
    return found


def _key(base: Picture, picture: Rung | Picture, ruler: Ruler) -> tuple:
    which = (picture.distortion, picture.severity) if isinstance(picture, Rung) else picture.digest
    return base.digest, which, ruler if isinstance(ruler, str) else ruler.identity
