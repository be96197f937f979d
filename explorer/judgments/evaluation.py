"""Metrics held against people: the scores of a set's trials by subset, with intervals; what was left out."""

import csv
import io
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace

import numpy as np

from explorer.errors import SettingError
from explorer.judgments.distances import ALL, Distances, apart
from explorer.judgments.intervals import (
    COUNT,
    SEED,
    Comparison,
    Draws,
    Interval,
    codes_of,
    draws_of,
    draws_of_means,
    mean_of,
)
from explorer.judgments.scores import KEYS, Correlations, correlations, self_agreement
from explorer.judgments.sets import Kind, Skipped
from explorer.judgments.weighted import (
    MOST_FOR_KENDALL,
    kendall_statistic,
    pearson_statistic,
    precision_statistic,
    spearman_statistic,
)
from explorer.names import as_cell, cut, harmless

PEOPLE = "people"  # the row of a table that says how far people agree among themselves
CORRELATIONS = ("spearman", "kendall", "pearson", "fitted")  # of opinion scores, as in `Correlations`
COLUMNS = ("subset", "metric", "score", "trials", "references", "percent", "low", "high")
STATISTICS = (spearman_statistic, kendall_statistic, pearson_statistic)  # of all but the last
DIGITS = 10  # of a percentage behind its point in files
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class SubsetScores:
    """The scores of one subset, or of all.

    Attributes:
        name: The subset's; of all, "all", or "(all)" where a subset is called so.
        trials, references: How many there are.
        ceiling: How far people agree among themselves; None but for "2afc".
        scores: Metric -> its score: 2AFC, JND precision, or Spearman's correlation; a fraction.
        correlations: Metric -> one of `CORRELATIONS` -> correlation; empty but for "mos".
        unfitted: Metric -> why there is no curve from it to opinion scores, a clause.
    """

    name: str
    trials: int
    references: int
    ceiling: Interval | None
    scores: Mapping[str, Interval]
    correlations: Mapping[str, Mapping[str, Interval]] = field(default_factory=dict)
    unfitted: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Evaluation:
    """Metrics held against people.

    Attributes:
        name, kind, metrics: Of the set.
        subsets: In the set's order.
        overall: Over all of them: the mean of the subsets' scores, of opinion scores that of all trials.
        skipped, notes: As of the set.
    """

    name: str
    kind: Kind
    metrics: tuple[str, ...]
    subsets: tuple[SubsetScores, ...]
    overall: SubsetScores
    skipped: tuple[Skipped, ...]
    notes: tuple[str, ...]

    @property
    def every(self) -> tuple[SubsetScores, ...]:
        """The subsets, and all behind them where there are several."""
        return (*self.subsets, self.overall) if len(self.subsets) > 1 else self.subsets

    def to_dict(self) -> dict:
        """As JSON holds it: scores in percent, None where one is undefined."""
        return {
            "set": self.name,
            "kind": self.kind,
            "subsets": {subset.name: _subset_dict(subset) for subset in self.subsets},
            ALL: _subset_dict(self.overall),
            "skipped": [asdict(each) for each in self.skipped],
            "notes": list(self.notes),
        }

    def table(self) -> list[tuple[str, ...]]:
        """Rows of text under `COLUMNS`, which are the first: one for each subset, metric and score."""
        return [COLUMNS, *(row for subset in self.every for row in _rows(subset, self.kind))]

    def to_csv(self) -> str:
        """The table as a file, without what a spreadsheet would take for a formula."""
        stream = io.StringIO()
        csv.writer(stream, lineterminator="\n").writerows(self.table())
        return stream.getvalue()


def evaluate(
    distances: Distances,
    count: int = COUNT,
    seed: int = SEED,
    progress: Progress = lambda _done, _whole: None,
) -> Evaluation:
    """Score all metrics by subset.

    Args:
        distances: Of at least one trial.
        count, seed: Of the bootstrap over references.
        progress: Told how many subsets are done.

    Raises:
        SettingError: there is no trial.
    """
    if not len(distances.people):
        raise SettingError(f"{cut(harmless(distances.name))} holds no trial that can be used.")
    names = distances.subset_names
    subsets, drawn = [], []
    for done, name in enumerate(names):
        progress(done, len(names))
        part = distances.part(name)
        exact = _exact(part)
        drawn.append(_draws(part, exact, count, seed + done))
        subsets.append(_scores(name, part, exact, drawn[-1]))
    whole = apart(ALL, names)
    if distances.kind != "mos":
        overall = _scores(whole, distances, (), mean_of(drawn))
    elif len(names) == 1:
        overall = replace(subsets[0], name=whole)
    else:
        exact = _exact(distances)
        overall = _scores(whole, distances, exact, _draws(distances, exact, count, seed))
    progress(len(names), len(names))
    return Evaluation(
        distances.name,
        distances.kind,
        distances.metrics,
        tuple(subsets),
        overall,
        tuple(distances.skipped),
        (*distances.notes, *_about_kendall(distances)),
    )


def compare(
    distances: Distances,
    first: str,
    second: str,
    subset: str | None = None,
    count: int = COUNT,
    seed: int = SEED,
) -> Comparison:
    """Compare two metrics on the same trials: the difference of their scores.

    Args:
        distances: Of the set.
        first, second: Names of metrics.
        subset: One of the set's, or None for all, whose score is that of `Evaluation.overall`.
        count, seed: Of the bootstrap.

    Raises:
        SettingError: a metric or the subset is unknown.
    """
    rows = [distances.place_of(metric) for metric in (first, second)]
    others = None if distances.second is None else distances.second[rows]
    two = replace(distances, metrics=(first, second), first=distances.first[rows], second=others)
    if subset is not None or distances.kind == "mos":
        part = two.part(subset)
        return _draws(part, _exact(part), count, seed).compare(0, 1)
    parts = [_draws(two.part(name), (), count, seed + place) for place, name in enumerate(two.subset_names)]
    return mean_of(parts).compare(0, 1)


def _about_kendall(distances: Distances) -> tuple[str, ...]:
    if distances.kind != "mos" or len(distances.people) <= MOST_FOR_KENDALL:
        return ()
    return (f"Of more than {MOST_FOR_KENDALL:,} trials Kendall’s correlation has no interval.",)


def _exact(part: Distances) -> list[Correlations]:
    """Of opinion scores, each metric's correlations; none of other judgments."""
    if part.kind != "mos":
        return []
    return [correlations(row, part.people, part.higher_is_closer) for row in part.first]


def _draws(part: Distances, exact: Sequence[Correlations], count: int, seed: int) -> Draws:
    """Resampled scores: a row a metric; behind them that of the ceiling, or of the other correlations."""
    codes, groups = codes_of(part.groups)
    if part.kind == "2afc":
        values = np.concatenate([part.agreements(), self_agreement(part.people)[None]])
        return draws_of_means(values, codes, count, seed)
    if part.kind == "jnd":
        statistics = [precision_statistic(part.first, part.people, codes)]
    else:
        # The curve of all trials stays: at its minimum a resample's own would change the correlation little.
        curves = np.stack([each.fit(row) for each, row in zip(exact, part.first, strict=True)])
        statistics = [
            *(make(part.first, part.farness, codes) for make in STATISTICS),
            pearson_statistic(curves, part.people, codes),
        ]
    return draws_of(statistics, groups, count, seed, width=len(part.people))


def _scores(name: str, part: Distances, exact: Sequence[Correlations], drawn: Draws) -> SubsetScores:
    """What was drawn, told by metric."""
    count = len(part.metrics)
    intervals = [drawn.interval(row) for row in range(len(drawn.value))]
    scores = dict(zip(part.metrics, intervals, strict=False))
    size = len(part.people), drawn.groups
    if part.kind != "mos":
        return SubsetScores(name, *size, intervals[count] if part.kind == "2afc" else None, scores)
    told = {
        metric: {
            kind: replace(intervals[place + count * row], value=getattr(exact[place], kind))
            for row, kind in enumerate(CORRELATIONS)
        }
        for place, metric in enumerate(part.metrics)
    }
    fits = zip(part.metrics, (each.fit for each in exact), strict=True)
    unfitted = {metric: fit.why for metric, fit in fits if not fit.has_converged}
    return SubsetScores(name, *size, None, scores, told, unfitted)


def _subset_dict(subset: SubsetScores) -> dict:
    found = {
        "trials": subset.trials,
        "references": subset.references,
        "ceiling": _percent(subset.ceiling.value) if subset.ceiling else None,
        "scores": {metric: _percent(score.value) for metric, score in subset.scores.items()},
        "intervals": {metric: _ends(score) for metric, score in subset.scores.items()},
    }
    if subset.ceiling:
        found["ceiling_interval"] = _ends(subset.ceiling)
    if subset.correlations:
        found["correlations"] = {
            metric: {
                name: {"value": _known(each.value), "low": _known(each.low), "high": _known(each.high)}
                for name, each in told.items()
            }
            for metric, told in subset.correlations.items()
        }
        found["unfitted"] = dict(subset.unfitted)
    return found


def _rows(subset: SubsetScores, kind: Kind) -> Iterator[tuple[str, ...]]:
    """A subset's rows of the table."""
    told = [(metric, KEYS[kind], score) for metric, score in subset.scores.items()]
    if subset.correlations:
        told = [
            (metric, name, each)
            for metric, correlated in subset.correlations.items()
            for name, each in correlated.items()
        ]
    if subset.ceiling:
        told.insert(0, (PEOPLE, KEYS[kind], subset.ceiling))
    for metric, score, each in told:
        numbers = (_text(_percent(value)) for value in (each.value, each.low, each.high))
        counts = str(subset.trials), str(subset.references)
        yield as_cell(subset.name), as_cell(metric), score, *counts, *numbers


def _ends(interval: Interval) -> list[float | None]:
    return [_percent(interval.low), _percent(interval.high)]


def _percent(fraction: float) -> float | None:
    """A fraction as files hold it: 0.45 is 45, where the machine's 100 × 0.45 is 45.00000000000001."""
    return None if math.isnan(fraction) else round(100 * fraction, DIGITS)


def _known(value: float) -> float | None:
    return None if math.isnan(value) else value


def _text(percent: float | None) -> str:
    return "" if percent is None else f"{percent:.4f}"
