"""Learning in the background: pictures pass, then epochs; cancelled, the last good heads stay."""

from functools import partial

import numpy as np

from explorer.analysis.cost import peak_bytes
from explorer.backbones import Network
from explorer.cache import ByteBudgetCache
from explorer.errors import SettingError
from explorer.jobs import Job, Task, pool
from explorer.judgments.calibration.learned import Learned, learn
from explorer.judgments.calibration.sources import Source
from explorer.judgments.calibration.training import FALLING, FULL
from explorer.judgments.calibration.votes import CHUNK, Votes
from explorer.metrics.scores import TOGETHER
from explorer.metrics.vectors import channels_of

EPOCHS = FULL + FALLING
COPIES = 2  # of the vectors: all of them, and parts of them while they are learned from
SEEN = 256  # pixels of a picture that is measured as it is, about: none is seen before the work begins

# For all users: votes as vectors, so that to learn with another seed takes no network.
_votes: ByteBudgetCache[tuple[Votes, np.ndarray | None]] = ByteBudgetCache(256_000_000)


def learn_task(network: Network, source: Source, seed: int) -> Task[Learned]:
    """The work that learns heads; each result is what is learned after one more epoch.

    Raises:
        SettingError: so many votes do not fit in memory.
        ExplorerError: the source is gone.
    """
    return Task(
        "Learning heads",
        partial(_work, network, source, seed),
        size=room_for(network, source.most(), source.size or SEEN),
        unit="steps",
        key=("calibrate", network.identity, source, seed),
    )


def room_for(network: Network, trials: int, size: int) -> int:
    """About the memory in bytes that it takes to learn from trials whose pictures are measured at a size.

    Raises:
        SettingError: this machine cannot spare as much.
    """
    row, side = network.backbone, max(size, int(TOGETHER**0.5))  # small pictures pass together
    pictures = CHUNK * 3 * 3 * size**2
    room = pictures + peak_bytes(network.graph, (side, side)) * 3 // 2
    room += COPIES * trials * 2 * channels_of(network) * np.dtype(np.float32).itemsize
    if room > pool.budget:
        raise SettingError(
            f"To learn heads of {row.label} from {trials:,} trials takes {room / 1e9:.1f} GB of memory, and "
            f"this machine can spare {pool.budget / 1e9:.1f} GB; take fewer votes, or a smaller backbone.",
            "backbone",
        )
    return room


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
