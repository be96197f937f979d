"""Learning in the background: pictures pass, then epochs; cancelled, the last good heads stay."""

from collections.abc import Hashable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from explorer.backbones import Network
from explorer.cache import ByteBudgetCache
from explorer.errors import SettingError
from explorer.jobs import Job, Task
from explorer.judgments.calibration.learned import Learned, learn
from explorer.judgments.calibration.observer import PATCHES, simulate
from explorer.judgments.calibration.training import FALLING, FULL
from explorer.judgments.calibration.votes import Progress, Votes, measured, read_trials
from explorer.judgments.formats import read
from explorer.judgments.sets import TrialSet

EPOCHS = FULL + FALLING
BYTES = 1_500_000_000  # that a job may take: the vectors of the paper's whole training set
SIZE = 64  # pixels at which pictures are measured, as in the paper


@dataclass(frozen=True)
class Simulated:
    """Votes of a simulated observer, drawn from a seed."""

    seed: int = 0

    @property
    def key(self) -> Hashable:
        """What tells its votes from others."""
        return "simulated", self.seed

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

    @property
    def key(self) -> Hashable:
        """What tells its votes from others, as long as nobody writes into the folder."""
        return str(self.path), self.path.stat().st_mtime_ns, self.size

    def votes(self, network: Network, progress: Progress) -> tuple[Votes, np.ndarray | None]:
        """The votes; there is no observer to be known."""
        found = read(self.path)
        if not isinstance(found, TrialSet):
            raise SettingError(
                f"{self.path.name} holds votes without pictures, which heads are learned from; name a folder "
                "in the paper's layout, with ref, p0, p1 and judge."
            )
        trials, count = read_trials(found, self.size), len(found.trials)
        return measured(network, found.name, trials, count, self.size or 0, progress), None


Source = Simulated | FromFolder

# For all users: votes as vectors, so that to learn with another seed takes no network.
_votes: ByteBudgetCache[tuple[Votes, np.ndarray | None]] = ByteBudgetCache(256_000_000)


def learn_task(network: Network, source: Source, seed: int) -> Task[Learned]:
    """The work that learns heads; each result is what is learned after one more epoch.

    Raises:
        SettingError: the folder is gone.
    """
    try:
        key = network.identity, source.key
    except OSError as error:
        raise SettingError(f"{source.path.name} cannot be read; check that it is still there.") from error
    return Task(
        "Learning heads",
        partial(_work, network, source, seed, key),
        size=BYTES // 4 if isinstance(source, FromFolder) else BYTES // 20,
        unit="steps",
        key=("calibrate", key, seed),
    )


def _work(network: Network, source: Source, seed: int, key: Hashable, job: Job[Learned]) -> None:
    counts = [0]

    def told(done: int, total: int) -> None:
        counts[0] = total
        job.advance(done, total + EPOCHS)

    known = _votes.get(key)
    if known is None:
        known = source.votes(network, told)
        _votes.put(key, known, known[0].vectors.nbytes)
    votes, hidden = known
    for learned in learn(network, votes, seed, hidden):
        job.keep(learned)
        job.advance(counts[0] + len(learned.course.epochs), counts[0] + EPOCHS)
