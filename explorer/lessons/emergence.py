"""Does training matter? One ladder of distortions, ordered by networks that know more and more.

The same 45 versions of a photograph are put in order by PSNR, by SSIM, and by a network's features four
times: with random weights, with k-means filters, trained on labels, and with heads learned from people's
votes. How far two orders agree is Spearman's rank correlation. The paper asks the same of people's votes
(section 4, Table 5): what people see emerges in features that were trained for something else.
"""

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from scipy import stats

from explorer.analysis.agreement import Agreement, agreement
from explorer.analysis.ladder import RUNGS, rung_picture
from explorer.analysis.rulers import PSNR, SSIM
from explorer.backbones import HEADS, Network, find_device, graph_of
from explorer.errors import MissingWeightsError, SettingError
from explorer.images import Picture
from explorer.jobs import Job, Task
from explorer.lessons import kmeans
from explorer.lessons.filters import first_filters, first_weights, mosaic
from explorer.metrics import Measurement, Method, compare
from explorer.metrics.classic_maps import known_classic_maps
from explorer.metrics.measuring import compare_on
from explorer.metrics.memory import pass_bytes

Kind = Literal["random", "k-means", "trained", "learned"]
Part = Literal["all", "first"]  # of the layers in the sum: all that are had, or the first two

LABELS: Mapping[Kind, str] = {
    "random": "Random",
    "k-means": "k-means",
    "trained": "Trained",
    "learned": "Learned heads",
}
FIRST = 2  # layers, which k-means has as well: with these alone all four are compared alike


@dataclass(frozen=True)
class Way:
    """One of the four ways in which a network came to what it knows.

    Attributes:
        method: How it measures; None of k-means, whose weights are made here.
        layers: Those that it has, in the network's order.
    """

    kind: Kind
    method: Method | None
    layers: tuple[str, ...]


@dataclass(frozen=True)
class Score:
    """One rung by one ruler.

    Attributes:
        name: A kind, "PSNR" or "SSIM".
        rung: Its place in `RUNGS`.
        distances: A layer each, which sum to the score, lower is closer; of PSNR and SSIM the value alone.
    """

    name: str
    rung: int
    distances: tuple[float, ...]


@dataclass(frozen=True, eq=False)
class Learned:
    """The filters of conv1 as k-means has them by now: float32 (64, 3, 11, 11)."""

    filters: np.ndarray


Told = Score | Learned  # what comes on the way


@dataclass(frozen=True, eq=False)
class Emergence:
    """The ladder by all rulers, as far as it is measured.

    Attributes:
        layers: Kind -> its layers.
        distances: Kind -> (45, layers), NaN where one is not measured yet.
        classic: "PSNR" and "SSIM" -> (45,) as they are, higher is closer; NaN likewise.
        filters: Of k-means' first layer, as far as they are learned; None before.
    """

    layers: Mapping[Kind, tuple[str, ...]]
    distances: Mapping[Kind, np.ndarray]
    classic: Mapping[str, np.ndarray]
    filters: np.ndarray | None

    def scores(self, name: str, part: Part = "all") -> np.ndarray:
        """Of all rungs by one ruler, (45,), such that lower is closer; NaN where there is none yet."""
        if name in self.classic:
            return -self.classic[name]
        return self.distances[name][:, : FIRST if part == "first" else None].sum(axis=1)

    def ranks(self, name: str, part: Part = "all") -> np.ndarray:
        """Places of the rungs, (45,), 1 is closest and equal ones share theirs; NaN where there is none."""
        scores = self.scores(name, part)
        is_known = np.isfinite(scores) | np.isinf(scores)
        ranks = np.full(len(scores), np.nan)
        ranks[is_known] = stats.rankdata(scores[is_known])
        return ranks

    def is_whole(self, name: str) -> bool:
        """Whether all rungs are measured by a ruler."""
        return not np.isnan(self.scores(name)).any()

    def is_in_step(self, name: str) -> bool:
        """Whether the rungs that are measured by a ruler are those of PSNR, so that places compare."""
        return np.array_equal(np.isnan(self.scores(name)), np.isnan(self.scores(PSNR)))

    def agreement(self, part: Part = "all") -> Agreement:
        """How far those rulers agree that have measured all rungs."""
        names = [name for name in (*self.classic, *self.distances) if self.is_whole(name)]
        return agreement({name: self.scores(name, part) for name in names})


def ways_of(method: Method) -> tuple[Way, ...]:
    """The ways that a backbone has: k-means is for AlexNet alone, and learned heads are not there for all.

    Args:
        method: Its backbone, device and precision are taken, and its heads where they are learned ones; it
            measures the ladder at its own size with all of its layers.

    Raises:
        SettingError: the backbone has no uniform heads, such as DISTS.
    """
    row = method.row
    if not row.uniform:
        raise SettingError(
            f"{row.label} compares statistics of a whole picture, with heads that random weights cannot "
            "have; choose another backbone for this chapter, such as AlexNet."
        )
    plain = Method(row.name, "uniform", device=method.device, precision=method.precision)
    ways = [
        Way("random", replace(plain, weights="random"), plain.layers),
        Way("trained", plain, plain.layers),
    ]
    if row.name == kmeans.BACKBONE:
        ways.insert(1, Way("k-means", None, kmeans.LAYERS))
    own = method.heads if HEADS[method.heads].has_maps else "uniform"
    learned = own if own != "uniform" else next(iter(row.heads), "uniform")
    if learned != "uniform":
        ways.append(Way("learned", plain.with_heads(learned), plain.layers))
    return tuple(ways)


def ways_at_hand(ways: Iterable[Way]) -> tuple[Way, ...]:
    """Those whose weights are on this machine; random ones and k-means need none.

    Raises:
        WeightsError: a file is damaged.
    """
    found = []
    for way in ways:
        with suppress(MissingWeightsError):
            if way.method is not None:
                _ = way.method.network
            found.append(way)
    return tuple(found)


def measured(base: Picture, shown: Picture, ways: Iterable[Way]) -> dict[Kind, Measurement]:
    """One version of a picture by several ways but k-means; those that share a pass come in one."""
    found: dict[Kind, Measurement] = {}
    ways = [way for way in ways if way.method is not None]
    for way in ways:
        if way.kind in found:
            continue
        comparison = compare(base, shown, way.method, siblings=True)
        for other in ways:
            if other.method.pass_identity == way.method.pass_identity:
                found[other.kind] = comparison.measurement(other.method.heads, other.layers)
    return found


def measured_by_kmeans(base: Picture, shown: Picture, network: Network) -> Measurement:
    """One version of a picture by what k-means has learned."""
    comparison = compare_on(network, base, shown, ["uniform"], kmeans.LAYERS, find=known_classic_maps)
    return comparison.measurement("uniform", kmeans.LAYERS)


def total_of(ways: Iterable[Way]) -> int:
    """How many steps `gather_ladder` tells."""
    has_kmeans = any(way.method is None for way in ways)
    return len(RUNGS) * (1 + has_kmeans) + kmeans.STEPS * has_kmeans


def gather_ladder(
    base: Picture,
    method: Method,
    progress: Callable[[int, tuple[Told, ...]], None],
    ways: Iterable[Way] | None = None,
) -> None:
    """Measure the ladder by the ways of a backbone: first those whose weights are there, then k-means.

    Args:
        base: The picture that the ladder distorts (`ladder.base_of`).
        method: As of `ways_of`.
        progress: Told how many of `total_of` steps are finished, and what came with the last one; what it
            raises ends the work.
        ways: Some of `ways_of`; None takes all.

    Raises:
        ExplorerError: as `explorer.metrics.compare`, such as ImageError where the base is too small.
    """
    ways = ways_of(method) if ways is None else tuple(ways)
    for place, rung in enumerate(RUNGS):
        found = measured(base, rung_picture(base, rung), ways)
        first = next(iter(found.values()))
        scores = [_score(kind, place, each) for kind, each in found.items()]
        classic = [(PSNR, first.psnr), (SSIM, np.nan if first.ssim is None else first.ssim)]
        progress(place + 1, (*scores, *(Score(name, place, (value,)) for name, value in classic)))
    if all(way.method is not None for way in ways):
        return
    done, last = len(RUNGS), None

    def learned(step: int, filters: np.ndarray | None) -> None:
        nonlocal last
        is_news, last = filters is not last, filters
        progress(done + step, (Learned(filters),) if is_news and filters is not None else ())

    network = kmeans.network(find_device(method.device), learned)
    progress(done + kmeans.STEPS, (Learned(first_filters(network)),))
    for place, rung in enumerate(RUNGS, start=1):
        own = measured_by_kmeans(base, rung_picture(base, rung), network)
        progress(done + kmeans.STEPS + place, (_score("k-means", place - 1, own),))


def gathered(method: Method, steps: Iterable[Told]) -> Emergence:
    """What `gather_ladder` has told so far, as one result."""
    layers = {way.kind: way.layers for way in ways_of(method)}
    distances = {kind: np.full((len(RUNGS), len(own)), np.nan) for kind, own in layers.items()}
    classic = {name: np.full(len(RUNGS), np.nan) for name in (PSNR, SSIM)}
    filters = None
    for step in steps:
        if isinstance(step, Learned):
            filters = step.filters
        elif step.name in classic:
            classic[step.name][step.rung] = step.distances[0]
        else:
            distances[step.name][step.rung] = step.distances
    return Emergence(layers, distances, classic, filters)


def filters_of(way: Way, found: Emergence) -> np.ndarray | None:
    """The first filters of a network as a picture, uint8 (H, W, 3); None where they are still to be learned.

    Learned heads weigh them, where it is these that make the first layer.
    """
    if way.method is None:
        return None if found.filters is None else mosaic(found.filters)
    filters = first_filters(way.method.network)
    return mosaic(filters, first_weights(way.method) if way.kind == "learned" else None)


def emergence_task(base: Picture, method: Method, ways: tuple[Way, ...]) -> Task[Told]:
    """`gather_ladder` in the background; those who look at one reference share it."""

    def work(job: Job[Told]) -> None:
        def progress(done: int, told: tuple[Told, ...]) -> None:
            job.keep(*told)
            job.advance(done, total)

        gather_ladder(base, method, progress, ways)

    total = total_of(ways)
    identities = tuple(way.method and way.method.identity for way in ways)
    return Task(
        "Ranking the versions",
        work,
        size=pass_bytes(graph_of(method.row), base.size),
        total=total,
        key=("emergence", base.digest, identities),
    )


def _score(kind: Kind, rung: int, found: Measurement) -> Score:
    return Score(kind, rung, tuple(layer.distance for layer in found.layers))
