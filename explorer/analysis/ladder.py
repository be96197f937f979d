"""A fixed ladder of distortions of one reference, on which scores of different metrics can be placed.

A score of one network says nothing about a score of another. But each can be ranked among the scores that its
own network gives to the same distorted versions of the same reference: that rank is its percentile.
"""

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

from explorer.analysis.cost import ENTRY_BYTES
from explorer.analysis.rulers import PSNR, SSIM, Ruler
from explorer.backbones import graph_of
from explorer.cache import ByteBudgetCache
from explorer.distortions import Step, distorted, find_distortion
from explorer.images import Picture, resize
from explorer.jobs import Job, Task
from explorer.metrics import Method, compare
from explorer.metrics.memory import pass_bytes
from explorer.metrics.scores import classic_scores

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

    @property
    def step(self) -> Step:
        """The distortion with its values."""
        return Step.at(self.distortion, self.severity, SEED)


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


@dataclass(frozen=True)
class Climbed:
    """How far a ladder has come.

    Attributes:
        done, total: Scores that are known of those that were missing.
        finished: The rulers of which nothing is missing since this step.
    """

    done: int
    total: int
    finished: tuple[Ruler, ...]


def percentile(scores: np.ndarray, score: float) -> float:
    """Percentile of a score among others, 0..100, as `scipy.stats.percentileofscore(kind="mean")`."""
    return float(stats.percentileofscore(scores, score, kind="mean"))


def base_of(reference: Picture) -> Picture:
    """The picture that the ladder distorts: the reference at no more than `LONGEST_SIDE`."""
    return resize(reference, LONGEST_SIDE)


def rung_picture(base: Picture, rung: Rung) -> Picture:
    """The base under a rung's distortion; always the same pixels."""
    return distorted(base, rung.step)


def standings(
    base: Picture,
    distorted: Picture,
    rulers: Sequence[Ruler],
    scores: Scores,
) -> dict[Ruler, Standing]:
    """Where a pair stands, by each of the rulers for which all that it takes is in `scores`.

    Args:
        base, distorted: The pair at the ladder's size, from `base_of`.
        rulers: Methods, "PSNR" and "SSIM".
        scores: Filled by `climb`.
    """
    found = {}
    for ruler in rulers:
        values = [scores.get(score_key(base, picture, ruler)) for picture in (*RUNGS, distorted)]
        if all(value is not None for value in values):
            found[ruler] = Standing(np.array(values[:-1]), values[-1])
    return found


def climb(
    base: Picture,
    distorted: Picture,
    rulers: Sequence[Ruler],
    scores: Scores,
) -> Iterator[Climbed]:
    """Measure what is not in `scores` yet, a picture at a time; each score is kept as soon as it is known.

    The arguments are those of `standings`.

    Yields:
        How far it has come, after each picture that is measured.

    Raises:
        ExplorerError: as `explorer.metrics.compare`, such as ImageError where the base is too small.
    """
    work = _missing(base, distorted, rulers, scores)
    total = len(work)
    pictures: dict[Rung, Picture] = {}
    while work:
        (ruler, picture), *others = work
        if isinstance(picture, Rung) and picture not in pictures:
            pictures[picture] = rung_picture(base, picture)
        shown = pictures[picture] if isinstance(picture, Rung) else picture
        known = _measured(base, shown, ruler)
        for other, score in known.items():
            scores.put(score_key(base, picture, other), score, ENTRY_BYTES)
        # What came with another method, in one pass of its network, is not measured again.
        came = {score_key(base, picture, other) for other in known}
        before = {ruler for ruler, _ in work}
        work = [(ruler, picture) for ruler, picture in others if score_key(base, picture, ruler) not in came]
        finished = before - {ruler for ruler, _ in work}
        yield Climbed(total - len(work), total, tuple(ruler for ruler in rulers if ruler in finished))


def ladder_task(base: Picture, distorted: Picture, rulers: Sequence[Ruler], scores: Scores) -> Task[Ruler]:
    """`climb` in the background; its results are the rulers for which all is known.

    Those who look at one reference share its ladder, whatever they compare with it.
    """
    methods = [ruler for ruler in rulers if isinstance(ruler, Method)]

    def work(job: Job[Ruler]) -> None:
        for progress in climb(base, distorted, rulers, scores):
            job.keep(*progress.finished)
            job.advance(progress.done, progress.total)

    return Task(
        "Measuring the ladder",
        work,
        size=max((pass_bytes(graph_of(method.row), base.size) for method in methods), default=0),
        total=len(_missing(base, distorted, rulers, scores)),
        key=("ladder", base.digest, tuple(_name(ruler) for ruler in rulers)),
    )


def _missing(
    base: Picture, distorted: Picture, rulers: Sequence[Ruler], scores: Scores
) -> list[tuple[Ruler, Rung | Picture]]:
    return [
        (ruler, picture)
        for ruler in rulers
        for picture in (*RUNGS, distorted)
        if scores.get(score_key(base, picture, ruler)) is None
    ]


def _measured(base: Picture, picture: Picture, ruler: Ruler) -> dict[Ruler, float]:
    """Scores of one picture by a ruler, and by all others that come in the same pass; lower is closer."""
    if isinstance(ruler, str):
        psnr, ssim = classic_scores(base, picture)
        return {PSNR: -psnr} if ssim is None else {PSNR: -psnr, SSIM: -ssim}
    comparison = compare(base, picture, ruler, siblings=True)
    found = {}
    for name in comparison.heads:
        sibling = ruler.with_heads(name)
        found[sibling] = comparison.measurement(name, sibling.layers).score
    return found


def score_key(base: Picture, shown: Rung | Step | Picture, ruler: Ruler) -> Hashable:
    """Where a ladder's score is kept: that of a picture, or of a step that is laid on the base."""
    shown = shown.step if isinstance(shown, Rung) else shown
    which = shown if isinstance(shown, Step) else shown.digest
    return base.digest, which, _name(ruler)


def _name(ruler: Ruler) -> Hashable:
    return ruler if isinstance(ruler, str) else ruler.identity
