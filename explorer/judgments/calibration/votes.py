"""Votes as what heads are learned from: for each trial two vectors of channels, and what people said.

Pictures are needed once. A trial's distances are its vectors times the heads' weights (`metrics/vectors.py`),
so whatever is learned or asked of these votes afterwards takes no network.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from itertools import groupby, islice
from pathlib import Path

import numpy as np

from explorer.backbones import HEADS, Backbone, Network, scaling_of, stacked_weights
from explorer.errors import ExplorerError, SettingError
from explorer.images import Picture, load, resize, to_one_size
from explorer.judgments.sets import Skipped, TrialSet
from explorer.metrics.vectors import channel_vectors, channels_of

CHUNK = 48  # trials whose pictures are held at once
LEAST_TRIALS = 50  # a batch
LEAST_REFERENCES = 10  # two are held out, two say when to stop, six teach

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Voted:
    """A trial with its pictures, at the size at which they are measured.

    Attributes:
        group: Trials of one reference have one; they are held out together.
        judge: Share of people who find `p1` closer to the reference, 0..1.
    """

    group: str
    reference: Picture
    p0: Picture
    p1: Picture
    judge: float


@dataclass(frozen=True, eq=False)
class Votes:
    """What is learned from.

    Attributes:
        name: The set, in a few words.
        backbone: Whose channels these are.
        vectors: float32 (trials, 2, channels): of p0 and of p1, as `channel_vectors` gives them.
        judge: float64 (trials,), 0..1: the share of people who preferred p1.
        groups: int (trials,): which reference a trial is about.
        size: The longest side in pixels at which pictures were measured; 0 as they are.
        digest: Of all pictures and votes, 12 hex digits.
        skipped: What could not be used.
        notes: Sentences about the set.
    """

    name: str
    backbone: str
    vectors: np.ndarray
    judge: np.ndarray
    groups: np.ndarray
    size: int
    digest: str
    skipped: tuple[Skipped, ...] = ()
    notes: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.judge)

    @property
    def references(self) -> int:
        """How many references the trials are about."""
        return len(np.unique(self.groups))

    def distances(self, weights: np.ndarray) -> np.ndarray:
        """float64 (trials, 2): the scores of p0 and p1 with these heads, weights (channels,)."""
        # Not by the libraries' threads, which on a busy server wait for each other longer than they work.
        return np.einsum("npc,c->np", self.vectors, weights)


def check_enough(trials: int, references: int) -> None:
    """Raise SettingError where too few votes are there, and say how many it takes and why."""
    if trials < LEAST_TRIALS or references < LEAST_REFERENCES:
        raise SettingError(
            f"To learn heads takes {LEAST_TRIALS} trials about {LEAST_REFERENCES} references at least, and "
            f"these are {trials} about {references}: a fifth of the references is held out for the score, "
            "and another part says when to stop. Gather more votes."
        )


def measured(
    network: Network,
    name: str,
    trials: Iterable[Voted | Skipped],
    count: int,
    size: int = 0,
    progress: Progress = lambda _done, _total: None,
) -> Votes:
    """Pass the pictures of all trials through a network, a few trials at a time.

    Args:
        network: The backbone; its input is scaled as its own heads want it.
        name: The set, in a few words.
        trials: May read pictures as it goes; what it could not read are `Skipped`.
        count: How many there are at most.
        size: As in `Votes`.
        progress: Told the trials that are finished, and all of them; what it raises ends the work.

    Raises:
        SettingError: too few trials can be used.
        ImageError: pictures that are too small for the backbone.
    """
    judge, groups, skipped, digest = [], [], [], blake2b(digest_size=6)
    vectors = np.empty((count, 2, channels_of(network)), np.float32)  # once: of many votes it is large
    done = 0
    for chunk in _chunks(trials):
        skipped += (each for each in chunk if isinstance(each, Skipped))
        found = sorted((each for each in chunk if isinstance(each, Voted)), key=lambda each: each.p0.size)
        for _, same in groupby(found, key=lambda each: each.p0.size):
            together = list(same)
            pictures = [(each.reference, each.p0, each.p1) for each in together]
            vectors[len(judge) : len(judge) + len(together)] = channel_vectors(network, pictures)
            judge += (each.judge for each in together)
            groups += (each.group for each in together)
            for each in together:
                said = (each.reference.digest, each.p0.digest, each.p1.digest, f"{each.judge:.6f}")
                digest.update("|".join(said).encode())
        done += len(chunk)
        progress(done, max(count, done))
    check_enough(len(judge), len(set(groups)))
    places = {group: place for place, group in enumerate(dict.fromkeys(groups))}
    return Votes(
        name,
        network.backbone.name,
        vectors[: len(judge)],
        np.array(judge, np.float64),
        np.array([places[group] for group in groups]),
        size,
        digest.hexdigest(),
        tuple(skipped),
    )


def read_trials(found: TrialSet, size: int | None = None) -> Iterator[Voted | Skipped]:
    """A set's trials with their pictures, read one after the other, at a longest side; first what its reader
    left out.

    Raises:
        SettingError: a set that is none of 2AFC.
    """
    if found.kind != "2afc":
        raise SettingError(
            f"{found.name} holds no choices between two pictures, which heads are learned from; take a set "
            "with 2afc folders."
        )
    yield from found.skipped
    for each in found.trials:
        files = (each.reference, each.p0, each.p1)
        yield read_trial(f"{each.subset}/{each.name}", files, each.judge, size)


def read_trial(
    what: str, files: Sequence[Path | bytes], judge: float, size: int | None = None
) -> Voted | Skipped:
    """A trial with its pictures, or why it cannot be used.

    Args:
        what: Its name, harmless.
        files: Of the reference, of p0 and of p1.
        judge: As in `Voted`.
        size: The longest side in pixels; None as they are.
    """
    try:
        pictures = [resize(load(file), size) for file in files]
        for other in pictures[1:]:
            to_one_size(pictures[0], other)
    except ExplorerError as error:
        return Skipped(what, str(error))
    # By the picture and not by its name: a class is asked about one reference more than once.
    return Voted(pictures[0].digest, *pictures, judge)


def heads_vector(network: Network, heads: str) -> np.ndarray:
    """Weights of heads in the order of a pair's vector, float64 (channels,)."""
    row = network.backbone
    own = [stacked_weights(row, [heads], name)[:, 0].numpy() for name in row.layer_names]
    return np.concatenate(own).astype(np.float64)


def comparable_heads(network: Network) -> tuple[str, ...]:
    """The backbone's published heads that take the same input, so that these votes can be asked with them."""
    return comparable_names(network.backbone)


def comparable_names(row: Backbone) -> tuple[str, ...]:
    """The same, of a backbone; learned ones before uniform ones."""
    return tuple(
        name
        for name in row.head_names
        if HEADS[name].has_maps and scaling_of(HEADS[name], row) == row.scaling
    )


def _chunks(trials: Iterable[Voted | Skipped]) -> Iterator[list[Voted | Skipped]]:
    each = iter(trials)
    while chunk := list(islice(each, CHUNK)):
        yield chunk
