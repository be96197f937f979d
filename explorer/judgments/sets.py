"""Judgments that lie on disk beside their pictures: 2AFC, JND and opinion scores, and sets of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Kind = Literal["2afc", "jnd", "mos"]


@dataclass(frozen=True)
class Triplet:
    """A reference and two distorted versions of it (two-alternative forced choice).

    Attributes:
        subset: "traditional", "cnn", ...; what scores are told by.
        name: What files of one trial share, once in its subset.
        reference, p0, p1: Files of pictures.
        judge: Share of people who find `p1` closer to the reference, 0..1.
        scene: What trials with the same reference share; "" where it has no other trial.
    """

    subset: str
    name: str
    reference: Path
    p0: Path
    p1: Path
    judge: float
    scene: str = ""

    @property
    def group(self) -> str:
        """What a bootstrap draws: trials of one reference belong together."""
        return f"{self.subset}/{self.scene or self.name}"


@dataclass(frozen=True)
class Couple:
    """Two pictures shown one after the other (just noticeable difference).

    Attributes:
        subset, name: As of a `Triplet`.
        p0, p1: Files of pictures.
        same: Share of people who took them for the same, 0..1.
        scene: What trials with the same `p0` share; "" where it has no other trial.
    """

    subset: str
    name: str
    p0: Path
    p1: Path
    same: float
    scene: str = ""

    @property
    def group(self) -> str:
        """What a bootstrap draws."""
        return f"{self.subset}/{self.scene or self.name}"


@dataclass(frozen=True)
class Opinion:
    """A distorted picture with a mean opinion score.

    Attributes:
        subset: The distortion's name where the set says it; "all" otherwise.
        name: The distorted picture's, once in its subset.
        reference, distorted: Files of pictures.
        mos: In the set's own unit.
        higher_is_closer: Whether a larger score is for a picture closer to the reference.
        scene: What trials with the same reference share; "" where only its file says that.
    """

    subset: str
    name: str
    reference: Path
    distorted: Path
    mos: float
    higher_is_closer: bool = True
    scene: str = ""

    @property
    def group(self) -> str:
        """What a bootstrap draws."""
        return self.scene or str(self.reference)


Trial = Triplet | Couple | Opinion


@dataclass(frozen=True)
class Skipped:
    """What was left out of a set, and why, in a clause: "its judge is 1.4, outside 0..1".

    Attributes:
        what: A trial, file or folder by its name, harmless.
        why: A clause.
        count: How many it stands for, where many were left out alike.
    """

    what: str
    why: str
    count: int = 1


@dataclass(frozen=True)
class TrialSet:
    """A set as it was read.

    Attributes:
        name: Of the folder or file.
        kind: What its trials are: all `Triplet`, all `Couple` or all `Opinion`.
        trials: In order of subset, then of name.
        skipped: What could not be used.
        notes: Sentences of what a reader must know, such as an unusual type of the judge's arrays.
    """

    name: str
    kind: Kind
    trials: Sequence[Trial]
    skipped: Sequence[Skipped] = ()
    notes: Sequence[str] = ()

    @property
    def subsets(self) -> tuple[str, ...]:
        """In the order of their first trials."""
        return tuple(dict.fromkeys(trial.subset for trial in self.trials))
