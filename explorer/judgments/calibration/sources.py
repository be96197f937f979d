"""Whose votes heads are learned from: a simulated observer's, a folder's, an upload's, or a class's."""

import os
from collections.abc import Hashable, Iterator
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

from explorer.backbones import Network
from explorer.errors import SettingError
from explorer.judgments.asking.trial import Plan
from explorer.judgments.calibration.observer import PAIRS, PATCHES, SIDE, simulate
from explorer.judgments.calibration.votes import (
    Progress,
    Voted,
    Votes,
    check_enough,
    measured,
    read_trial,
    read_trials,
)
from explorer.judgments.class_distances import Fetch
from explorer.judgments.class_results import Tally, participant_lines, tally_of
from explorer.judgments.formats import read
from explorer.judgments.sets import Skipped, TrialSet
from explorer.judgments.store import opened_store

SIZE = 64  # pixels at which pictures of a data set are measured, as in the paper


@dataclass(frozen=True, eq=False)
class Reading:
    """A set of votes as it is read.

    Attributes:
        name: The set, in a few words.
        count: How many trials it has, those that the set's reader left out included.
        trials: With their pictures, read one after the other.
        notes: Sentences about the set.
    """

    name: str
    count: int
    trials: Iterator[Voted | Skipped]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Simulated:
    """Votes of a simulated observer, drawn from a seed."""

    seed: int = 0

    size: ClassVar[int] = SIDE

    def state(self) -> Hashable:
        """What its votes depend on."""
        return "simulated", self.seed

    def most(self) -> int:
        """How many trials there are at most."""
        return PATCHES * len(PAIRS)

    def votes(self, network: Network, progress: Progress) -> tuple[Votes, np.ndarray | None]:
        """The votes, and the observer's hidden weights."""
        made = simulate(network, self.seed, PATCHES, progress)
        return made.votes, made.hidden


@dataclass(frozen=True)
class FromFolder:
    """Votes of a folder in the paper's layout, with its pictures.

    Attributes:
        path: The folder.
        size: The longest side in pixels at which they are measured; None as they are.
    """

    path: Path
    size: int | None = SIZE

    def state(self) -> Hashable:
        """What its votes depend on: the files as they are now, told by their sizes and times."""
        digest = blake2b(digest_size=16)
        try:
            for folder, folders, names in os.walk(self.path):
                folders.sort()
                for name in sorted(names):
                    path = os.path.join(folder, name)
                    now = os.stat(path, follow_symlinks=False)
                    digest.update(
                        f"{path}|{now.st_size}|{now.st_mtime_ns}\n".encode(errors="surrogateescape")
                    )
        except OSError as error:
            raise SettingError(f"{self.path.name} cannot be read; check that it is still there.") from error
        return digest.digest(), self.size

    def most(self) -> int:
        """How many trials there are at most, by the names of files alone."""
        return sum(name.endswith(".npy") for _, _, names in os.walk(self.path) for name in names)

    def votes(self, network: Network, progress: Progress) -> tuple[Votes, np.ndarray | None]:
        """The votes; there is no observer to be known."""
        return _measured(network, self, progress), None

    def trials(self) -> Reading:
        """Begin to read the set.

        Raises:
            ExplorerError: it is no set of 2AFC with pictures.
        """
        found = read(self.path)
        if not isinstance(found, TrialSet):
            raise SettingError(
                f"{self.path.name} holds votes without pictures, which heads are learned from; name a folder "
                "in the paper's layout, with ref, p0, p1 and judge."
            )
        return _reading(found, self.size)


@dataclass(frozen=True)
class FromSet:
    """Votes of a set that was read already, such as an upload.

    Attributes:
        found: The set.
        digest: Tells it from all others.
        held: What keeps its files as long as somebody may read them.
        size: As of a `FromFolder`.
    """

    found: TrialSet = field(compare=False)
    digest: str
    held: Any = field(default=None, compare=False)
    size: int | None = SIZE

    def state(self) -> Hashable:
        """What its votes depend on."""
        return "set", self.digest, self.size

    def most(self) -> int:
        """How many trials there are at most."""
        return len(self.found.trials)

    def votes(self, network: Network, progress: Progress) -> tuple[Votes, np.ndarray | None]:
        """The votes; there is no observer to be known."""
        return _measured(network, self, progress), None

    def trials(self) -> Reading:
        """As of a `FromFolder`."""
        return _reading(self.found, self.size)


@dataclass(frozen=True)
class FromSession:
    """Votes of a class in this machine's store; sentinels, whose answer is known, are none of them.

    Attributes:
        code: Of the session.
        leave_out: Who has failed so many sentinels is left out; 0 leaves out nobody.
        size: The longest side in pixels at which pictures are measured; None as they were shown.
    """

    code: str
    leave_out: int = 0
    size: int | None = None

    def state(self) -> Hashable:
        """What its votes depend on.

        Raises:
            ExplorerError: no session has the code, or the store fails.
        """
        info = opened_store().session(self.code)
        return "session", info.code, info.created, info.votes, self.leave_out, self.size

    def most(self) -> int:
        """How many trials there are at most.

        Raises:
            ExplorerError: no session has the code, or the store fails.
        """
        return len(opened_store().session(self.code).plan.trials)

    def votes(self, network: Network, progress: Progress) -> tuple[Votes, np.ndarray | None]:
        """The votes so far; there is no observer to be known."""
        return _measured(network, self, progress), None

    def trials(self) -> Reading:
        """As of a `FromFolder`; those that have votes.

        Raises:
            ExplorerError: no session has the code, it is none of 2AFC, or has too few votes.
        """
        store = opened_store()
        info = store.session(self.code)
        plan = info.plan
        if plan.kind != "2afc":
            raise SettingError(
                f"Class {info.code} was asked whether two pictures are the same; heads are learned from a "
                "session that asks which of two is closer to the reference.",
                "session",
            )
        votes = store.votes(info.code)
        people = participant_lines(plan, votes, self.leave_out - 1 if self.leave_out else None)
        out = {line.number for line in people if line.is_left_out}
        tally = tally_of(plan, [vote for vote in votes if vote.participant not in out])
        count = len(tally.trials)
        check_enough(count, len(np.unique(tally.group)))  # before any picture is read
        return Reading(f"class {info.code}", count, class_trials(plan, tally, store.picture, self.size))


OfPeople = FromFolder | FromSet | FromSession
Source = Simulated | OfPeople


def class_trials(
    plan: Plan, tally: Tally, picture: Fetch, size: int | None = None
) -> Iterator[Voted | Skipped]:
    """A session's trials that have votes, with their pictures; what cannot be measured is skipped.

    Args:
        plan: Of the session, of 2AFC.
        tally: Its votes.
        picture: Gives the PNG of a digest.
        size: The longest side in pixels; None as they were shown.
    """
    for number, share in zip(tally.trials.tolist(), tally.share.tolist(), strict=True):
        trial = plan.trials[number]
        files = [picture(each) for each in (trial.reference, trial.a, trial.b)]
        yield read_trial(f"trial {number}", files, share, size)


def _reading(found: TrialSet, size: int | None) -> Reading:
    count = len(found.trials) + len(found.skipped)
    return Reading(found.name, count, read_trials(found, size), tuple(found.notes))


def _measured(network: Network, source: OfPeople, progress: Progress) -> Votes:
    found = source.trials()
    votes = measured(network, found.name, found.trials, found.count, source.size or 0, progress)
    return replace(votes, notes=found.notes)
