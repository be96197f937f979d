"""Learning in the background: pictures pass, then epochs; cancelled, the last good heads stay."""

from functools import partial

import numpy as np

from explorer.backbones import Network
from explorer.cache import ByteBudgetCache
from explorer.jobs import Job, Task
from explorer.judgments.calibration.learned import Learned, learn
from explorer.judgments.calibration.sources import Simulated, Source
from explorer.judgments.calibration.training import FALLING, FULL
from explorer.judgments.calibration.votes import Votes

EPOCHS = FULL + FALLING
BYTES = 1_500_000_000  # that a job may take: the vectors of the paper's whole training set

# For all users: votes as vectors, so that to learn with another seed takes no network.
_votes: ByteBudgetCache[tuple[Votes, np.ndarray | None]] = ByteBudgetCache(256_000_000)


def learn_task(network: Network, source: Source, seed: int) -> Task[Learned]:
    """The work that learns heads; each result is what is learned after one more epoch."""
    return Task(
        "Learning heads",
        partial(_work, network, source, seed),
        size=BYTES // 20 if isinstance(source, Simulated) else BYTES // 4,
        unit="steps",
        key=("calibrate", network.identity, source, seed),
    )


def _work(network: Network, source: Source, seed: int, job: Job[Learned]) -> None:
    counts = [0]
    key = network.identity, source.state()

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
