"""Metrics held against people: the scores of a set's trials by subset, with intervals; what was left out."""

import csv
import io
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from explorer.errors import SettingError
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
from explorer.judgments.scores import agreement, correlations, self_agreement
from explorer.judgments.sets import Kind, Skipped
from explorer.judgments.weighted import (
    kendall_statistic,
    pearson_statistic,
    precision_statistic,
    spearman_statistic,
)
from explorer.names import as_cell, cut, harmless

ALL = "all"  # over subsets: the mean of theirs as in the paper, or of opinion scores all trials together
PEOPLE = "people"  # the row of a table that says how far people agree among themselves
SCORES = {"2afc": "2AFC", "jnd": "JND precision", "mos": "spearman"}  # what a set's score is called in files
CORRELATIONS = ("spearman", "kendall", "pearson", "fitted")  # of opinion scores, as in `Correlations`
COLUMNS = ("subset", "metric", "score", "trials", "references", "percent", "low", "high")
Progress = Callable[[int, int], None]


@dataclass(frozen=True, eq=False)
class Distances:
    """A set's trials, with what people say of each, and what each metric does.

    Attributes:
        name: Of the set.
        kind: What the trials are.
        metrics: Names, as `text_of(ruler)` or as a table calls them.
        subsets, names, groups: (n,) text: each trial's subset, its name, and the reference that it shares.
        people: (n,) float64: `judge` of "2afc", `same` of "jnd", the opinion score of "mos".
        first: (m, n) float64 distances of p0 from the reference ("2afc"), of the two from each other ("jnd"),
            or of the distorted picture from its reference ("mos"). Of a similarity, its negative. No NaN.
        second: (m, n), the same of p1; None but for "2afc".
        higher_is_closer: Of opinion scores, whether a larger one is for a picture closer to the reference.
        skipped: What is not among the trials.
        notes: Sentences about the set.
    """

    name: str
    kind: Kind
    metrics: tuple[str, ...]
    subsets: np.ndarray
    names: np.ndarray
    groups: np.ndarray
    people: np.ndarray
    first: np.ndarray
    second: np.ndarray | None = None
    higher_is_closer: bool = True
    skipped: Sequence[Skipped] = ()
    notes: Sequence[str] = ()

    @property
    def farness(self) -> np.ndarray:
        """Opinion scores (n,) turned so that a larger one is for a picture farther from its reference."""
        return -self.people if self.higher_is_closer else self.people

    @property
    def subset_names(self) -> tuple[str, ...]:
        """In the order of their first trials."""
        names, places = np.unique(self.subsets, return_index=True)
        return tuple(str(name) for name in names[np.argsort(places)])

    def place_of(self, metric: str) -> int:
        """A metric's row.

        Raises:
            SettingError: it is none of them.
        """
        if metric not in self.metrics:
            known = ", ".join(self.metrics)
            raise SettingError(f"{cut(harmless(metric))} has no distances here; choose one of {known}.")
        return self.metrics.index(metric)

    def part(self, subset: str) -> "Distances":
        """Its trials of one subset; all of them for "all"."""
        if subset == ALL:
            return self
        if subset not in self.subset_names:
            known = ", ".join(self.subset_names)
            raise SettingError(f"There is no subset {cut(harmless(subset))}; choose one of {known}.")
        return self.taken(self.subsets == subset)

    def taken(self, which: np.ndarray) -> "Distances":
        """Some of its trials, by a mask or by places."""
        return replace(
            self,
            subsets=self.subsets[which],
            names=self.names[which],
            groups=self.groups[which],
            people=self.people[which],
            first=self.first[:, which],
            second=None if self.second is None else self.second[:, which],
        )

    def agreements(self) -> np.ndarray:
        """Share of people with whom each metric agrees in each trial of a "2afc", (m, n)."""
        return agreement(self.first, self.second, self.people)


@dataclass(frozen=True)
class SubsetScores:
    """The scores of one subset, or of all.

    Attributes:
        name: The subset's, or "all".
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
        """The subsets, and "all" behind them where there are several."""
        return (*self.subsets, self.overall) if len(self.subsets) > 1 else self.subsets

    def to_dict(self) -> dict:
        """As JSON holds it: scores in percent, None where one is undefined."""
        return {
            "set": self.name,
            "kind": self.kind,
            "subsets": {subset.name: _subset_dict(subset) for subset in self.subsets},
            ALL: _subset_dict(self.overall),
            "skipped": [{"what": each.what, "why": each.why} for each in self.skipped],
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
        drawn.append(_draws(part, count, seed + done))
        subsets.append(_scores(name, part, drawn[-1]))
    if distances.kind == "mos":
        overall = _scores(ALL, distances, _draws(distances, count, seed) if len(names) > 1 else drawn[0])
    else:
        overall = _scores(ALL, distances, mean_of(drawn))
    progress(len(names), len(names))
    return Evaluation(
        distances.name,
        distances.kind,
        distances.metrics,
        tuple(subsets),
        overall,
        tuple(distances.skipped),
        tuple(distances.notes),
    )


def compare(
    distances: Distances, first: str, second: str, subset: str = ALL, count: int = COUNT, seed: int = SEED
) -> Comparison:
    """Compare two metrics on the same trials: the difference of their scores.

    Args:
        distances: Of the set.
        first, second: Names of metrics.
        subset: One of the set's, or "all", whose score is that of `Evaluation.overall`.
        count, seed: Of the bootstrap.

    Raises:
        SettingError: a metric or the subset is unknown.
    """
    rows = [distances.place_of(metric) for metric in (first, second)]
    others = None if distances.second is None else distances.second[rows]
    two = replace(distances, metrics=(first, second), first=distances.first[rows], second=others)
    if subset != ALL or distances.kind == "mos":
        return _draws(two.part(subset), count, seed).compare(0, 1)
    parts = [_draws(two.part(name), count, seed + place) for place, name in enumerate(two.subset_names)]
    return mean_of(parts).compare(0, 1)


def _draws(part: Distances, count: int, seed: int) -> Draws:
    """Resampled scores: a row a metric; behind them that of the ceiling, or of the other correlations."""
    codes, groups = codes_of(part.groups)
    if part.kind == "2afc":
        values = np.concatenate([part.agreements(), self_agreement(part.people)[None]])
        return draws_of_means(values, codes, count, seed)
    if part.kind == "jnd":
        statistics = [precision_statistic(row, part.people, codes) for row in part.first]
    else:
        farness = part.farness
        fitted = [correlations(row, part.people, part.higher_is_closer).fit(row) for row in part.first]
        curves = zip(fitted, [part.people] * len(fitted), strict=True)
        statistics = [
            *(spearman_statistic(row, farness, codes) for row in part.first),
            *(kendall_statistic(row, farness, codes) for row in part.first),
            *(pearson_statistic(row, farness, codes) for row in part.first),
            *(pearson_statistic(row, people, codes) for row, people in curves),
        ]
    return draws_of(statistics, groups, count, seed, width=len(part.people))


def _scores(name: str, part: Distances, drawn: Draws) -> SubsetScores:
    """What was drawn, told by metric."""
    count = len(part.metrics)
    intervals = [drawn.interval(row) for row in range(len(drawn.value))]
    scores = dict(zip(part.metrics, intervals, strict=False))
    size = len(part.people), drawn.groups
    if part.kind != "mos":
        return SubsetScores(name, *size, intervals[count] if part.kind == "2afc" else None, scores)
    exact = {
        metric: correlations(row, part.people, part.higher_is_closer)
        for metric, row in zip(part.metrics, part.first, strict=True)
    }
    told = {
        metric: {
            kind: replace(intervals[place + count * row], value=getattr(exact[metric], kind))
            for row, kind in enumerate(CORRELATIONS)
        }
        for place, metric in enumerate(part.metrics)
    }
    unfitted = {metric: each.fit.why for metric, each in exact.items() if not each.fit.has_converged}
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
    told = [(metric, SCORES[kind], score) for metric, score in subset.scores.items()]
    if subset.correlations:
        told = [
            (metric, name, each)
            for metric, correlated in subset.correlations.items()
            for name, each in correlated.items()
        ]
    if subset.ceiling:
        told.insert(0, (PEOPLE, SCORES[kind], subset.ceiling))
    for metric, score, each in told:
        numbers = (_text(_percent(value)) for value in (each.value, each.low, each.high))
        counts = str(subset.trials), str(subset.references)
        yield as_cell(subset.name), as_cell(metric), score, *counts, *numbers


def _ends(interval: Interval) -> list[float | None]:
    return [_percent(interval.low), _percent(interval.high)]


def _percent(fraction: float) -> float | None:
    return None if math.isnan(fraction) else 100 * fraction


def _known(value: float) -> float | None:
    return None if math.isnan(value) else value


def _text(percent: float | None) -> str:
    return "" if percent is None else f"{percent:.4f}"
