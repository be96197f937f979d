"""What metrics say of a set's trials, beside what people do: the arrays that scores are computed from."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from explorer.errors import SettingError
from explorer.judgments.scores import agreement
from explorer.judgments.sets import Kind, Opinion, Skipped, Trial, TrialSet
from explorer.names import cut, harmless

ALL = "all"  # what stands for all subsets, where none of them is called so


def apart(name: str, subsets: Iterable[str]) -> str:
    """What stands for all subsets, as no subset is called: a set of anybody's may have one named "all"."""
    taken = set(subsets)
    while name in taken:
        name = f"({name})"
    return name


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
        return tuple(map(str, pd.unique(self.subsets)))

    def place_of(self, metric: str) -> int:
        """A metric's row.

        Raises:
            SettingError: it is none of them.
        """
        if metric not in self.metrics:
            known = ", ".join(self.metrics)
            raise SettingError(f"{cut(harmless(metric))} has no distances here; choose one of {known}.")
        return self.metrics.index(metric)

    def part(self, subset: str | None) -> "Distances":
        """Its trials of one subset; all of them for None."""
        if subset is None:
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


def measured(
    trials: TrialSet,
    metrics: Sequence[str],
    first: np.ndarray,
    second: np.ndarray | None = None,
    failed: Sequence[str] = (),
) -> Distances:
    """The distances of a set whose pictures were measured.

    Args:
        trials: The set.
        metrics: Names, as `text_of(ruler)`.
        first, second: (m, n) as of `Distances`, in the set's order; NaN where a trial could not be measured,
            which is left out for all metrics, so that all are scored by the same trials.
        failed: (n,) why each trial could not be measured, a clause; "" of the others.

    Raises:
        SettingError: there are opinion scores of both directions in one set.
    """
    both = [first] if second is None else [first, second]
    good = ~np.any([np.isnan(values).any(axis=0) for values in both], axis=0)
    why = failed or [""] * len(trials.trials)
    skipped = [
        Skipped(cut(harmless(f"{trial.subset}/{trial.name}")), why[place] or "it could not be measured")
        for place, trial in enumerate(trials.trials)
        if not good[place]
    ]
    directions = {trial.higher_is_closer for trial in trials.trials if isinstance(trial, Opinion)} or {True}
    if len(directions) > 1:
        raise SettingError("Some scores are larger for closer pictures, and others smaller; split the set.")
    columns = ([trial.subset for trial in trials.trials], [trial.name for trial in trials.trials])
    groups = [trial.group for trial in trials.trials]
    whole = Distances(
        trials.name,
        trials.kind,
        tuple(metrics),
        *(np.array(column, object) for column in (*columns, groups)),
        np.array([_said(trial) for trial in trials.trials], float),
        np.asarray(first, float),
        None if second is None else np.asarray(second, float),
        directions.pop(),
        (*trials.skipped, *skipped),
        tuple(trials.notes),
    )
    return whole.taken(good)


def _said(trial: Trial) -> float:
    """What people said of a trial: its judge, the share of "same", or its opinion score."""
    return next(getattr(trial, name) for name in ("judge", "same", "mos") if hasattr(trial, name))
