"""What metrics say of a set's trials, beside what people do: the arrays that scores are computed from."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from explorer.errors import SettingError
from explorer.judgments.scores import agreement
from explorer.judgments.sets import Kind, Skipped
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
