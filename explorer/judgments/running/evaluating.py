"""A set of judgments on disk -> how well metrics agree with people: the question as one function."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from explorer.errors import SettingError
from explorer.judgments import formats
from explorer.judgments.distances import Distances
from explorer.judgments.evaluation import Evaluation
from explorer.judgments.evaluation import evaluate as score
from explorer.judgments.running.gathering import gathered
from explorer.judgments.running.measuring import Outcome, measure
from explorer.judgments.running.way import RESAMPLINGS, USUAL_METRICS, USUAL_SIZE, Way, read_way
from explorer.judgments.sets import TrialSet


def evaluate(
    path: str | os.PathLike,
    metrics: Sequence[str] | None = None,
    size: int | None = USUAL_SIZE,
    resampling: str = RESAMPLINGS[0],
    device: str = "auto",
    ray: str | None = None,
) -> Evaluation:
    """Hold metrics against people: measure a set of judgments by each, and score them by subset.

    Args:
        path: A folder in the paper's layout (`2afc/val/SUBSET/{ref,p0,p1,judge}`, `jnd/val/SUBSET/...`), a
            set of opinion scores, or a CSV file of votes with distances, which needs no pictures.
        metrics: Names such as "psnr", "ssim" and "alexnet:lpips-0.1". None takes these three, and of a file
            of votes all that it holds.
        size: The longest side to measure at, in pixels, never upscaled; it moves the scores by up to some
            points. 64 is the paper's, None measures as given.
        resampling: "lanczos", or "bilinear" as in the paper's own code.
        device: Of the networks: "auto", "cuda", "mps" or "cpu".
        ray: Address of a Ray cluster that measures, or "auto"; None measures here.

    Returns:
        Scores with 95% intervals over references; `to_dict()` has them in percent.

    Raises:
        SettingError: the path is no set of judgments, or a metric is unknown.
        WeightsError: weights are missing or damaged.
    """
    found = formats.read(Path(path))
    if isinstance(found, Distances):
        return score(chosen(found, metrics))
    way = read_way(metrics or USUAL_METRICS, size, resampling, device)
    return score(gathered(found, way, measured_by(found, way, ray)))


def measured_by(
    trials: TrialSet, way: Way, ray: str | None = None, places: Sequence[int] | None = None
) -> Iterator[Outcome]:
    """Measure a set on this machine, or by the workers of a Ray cluster; the numbers are the same."""
    if ray is None:
        return measure(trials.trials, way, places)
    from explorer.judgments.running.cluster import measure_on_cluster

    return measure_on_cluster(trials.trials, way, ray, places)


def chosen(votes: Distances, metrics: Sequence[str] | None) -> Distances:
    """Votes with some of their metrics; all where none is named.

    Raises:
        SettingError: one that they do not hold, or that is named twice.
    """
    if not metrics:
        return votes
    names = tuple([metrics] if isinstance(metrics, str) else metrics)
    if len(set(names)) < len(names):
        raise SettingError("A metric is named twice; name each once.")
    rows = [votes.place_of(name) for name in names]
    second = None if votes.second is None else votes.second[rows]
    return replace(votes, metrics=names, first=votes.first[rows], second=second)
