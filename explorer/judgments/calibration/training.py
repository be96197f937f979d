"""Learn heads from votes: the paper's *lin*, on vectors of channels.

Zhang et al., CVPR 2018, section 3, and the reference implementation (train.py and lpips/trainer.py of
github.com/richzhang/PerceptualSimilarity): features stay as they are; the heads' weights and the ranking
network are learned together by Adam, rate 1e-4, betas 0.5 and 0.999, in batches of 50; behind each step the
weights are cut off at 0; five epochs at the full rate, then five in which it falls by a fifth of itself at
the end of each, the first of these still at the full rate.

What differs, and why:

- The reference drops half of all channels at each place (`nn.Dropout` in `NetLinLayer`). A vector is a mean
  over places, in which that nearly averages out, so nothing is dropped here.
- The paper's 151,400 trials are 3,028 steps an epoch, in which a weight can go as far as 0.3. A class has
  hundreds of trials, so an epoch here has `LEAST_STEPS` steps at least, in which a trial comes up several
  times; and the rate is larger by what the steps are fewer, up to `FASTEST` times. With the paper's set it is
  the paper's.
- A part of the references says after which epoch the heads were best, and those are kept.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor

from explorer.errors import SettingError
from explorer.judgments.calibration.ranking import fresh_ranking, ranking_loss, uniform
from explorer.judgments.calibration.votes import Votes, check_enough
from explorer.judgments.scores import two_afc

RATE, BETAS, BATCH = 1e-4, (0.5, 0.999), 50
FULL, FALLING = 5, 5  # epochs
PAPER_STEPS = 151_400 // BATCH  # an epoch of the paper's training set
LEAST_STEPS, FASTEST = 100, 10.0
PATIENCE = 4  # epochs without a better one, after which it ends
HELD_OUT, STOPPING = 0.2, 0.15  # of the references


@dataclass(frozen=True)
class Split:
    """Which trials teach, which say when to stop, and which are held out; each an int array of places.

    No reference is in two of them: what is learned of a picture is no proof on the same picture.
    """

    teaching: np.ndarray
    stopping: np.ndarray
    held_out: np.ndarray

    @classmethod
    def of(cls, votes: Votes, seed: int) -> "Split":
        """Draw it by reference."""
        return cls.by(votes.groups, seed)

    @classmethod
    def by(cls, groups: np.ndarray, seed: int) -> "Split":
        """The same, from which reference each trial is about: int (trials,)."""
        references = np.random.default_rng(seed).permutation(np.unique(groups))
        first = max(2, round(HELD_OUT * len(references)))
        second = first + max(2, round(STOPPING * len(references)))
        parts = references[second:], references[first:second], references[:first]
        return cls(*(np.flatnonzero(np.isin(groups, part)) for part in parts))


@dataclass(frozen=True)
class Epoch:
    """One epoch.

    Attributes:
        number: From 1.
        teaching_loss, stopping_loss: Mean binary cross entropy in nats: of the epoch's steps, and behind it
            over the trials that say when to stop.
        teaching, stopping: Agreement with the votes of either kind, 0..1.
    """

    number: int
    teaching_loss: float
    stopping_loss: float
    teaching: float
    stopping: float


@dataclass(frozen=True, eq=False)
class Course:
    """How far the training is.

    Attributes:
        epochs: Those that are finished.
        weights: The best heads so far, float64 (channels,), >= 0.
        best: The number of their epoch.
        planned: How many epochs there are at most.
    """

    epochs: tuple[Epoch, ...]
    weights: np.ndarray
    best: int
    planned: int = FULL + FALLING

    @property
    def is_over(self) -> bool:
        """Whether no better ones are to be expected."""
        count = len(self.epochs)
        return count >= self.planned or count - self.best >= PATIENCE


def agreement(votes: Votes, weights: np.ndarray, places: np.ndarray) -> float:
    """The 2AFC score of heads on some of the trials, 0..1."""
    d0, d1 = votes.distances(weights)[places].T
    return two_afc(d0, d1, votes.judge[places])


def train(votes: Votes, widths: Sequence[int], seed: int = 0) -> Iterator[Course]:
    """Learn, and tell after each epoch how far that is; the same seed gives the same heads.

    Args:
        votes: Enough of them (`check_enough`).
        widths: Channels of each layer, which sum to the length of a vector.
        seed: Of the split, the first weights and the order of trials.

    Raises:
        SettingError: too few votes, or votes that say nothing.
    """
    check_enough(len(votes), votes.references)
    if np.ptp(votes.judge) == 0:
        raise SettingError(
            "All trials of these votes have the same answer, so nothing can be learned; randomise which "
            "picture is which."
        )
    split = Split.of(votes, seed)
    learner = _Learner(votes, split, widths, seed)
    course = Course((), learner.heads, 0)
    best = math.inf
    while not course.is_over:
        epoch = learner.epoch(len(course.epochs) + 1)
        course = replace(course, epochs=(*course.epochs, epoch))
        # By the loss: the score moves in steps of a trial, and is as good by chance after the first epoch.
        if epoch.stopping_loss < best:
            best = epoch.stopping_loss
            course = replace(course, weights=learner.heads, best=epoch.number)
        yield course


class _Learner:
    """The weights that are learned, and the optimiser that moves them."""

    def __init__(self, votes: Votes, split: Split, widths: Sequence[int], seed: int):
        self._votes, self._split = votes, split
        self._generator = torch.Generator().manual_seed(seed)
        self._steps = max(LEAST_STEPS, math.ceil(len(split.teaching) / BATCH))
        self._rate = RATE * min(FASTEST, max(1.0, PAPER_STEPS / self._steps))
        with torch.inference_mode(False):  # whoever asks: autograd refuses that mode's tensors
            # As in the reference the weights begin on both sides of 0, and the first step cuts half of them.
            self._heads = torch.cat([uniform((width,), width, self._generator) for width in widths])
            self._ranking = fresh_ranking(self._generator)
            learned = [self._heads, *(each for layer in self._ranking for each in layer)]
            self._optimiser = torch.optim.Adam(learned, lr=self._rate, betas=BETAS)

    @property
    def heads(self) -> np.ndarray:
        """The heads now: float64 (channels,), >= 0."""
        return self._heads.clamp(min=0).numpy().astype(np.float64)

    def epoch(self, number: int) -> Epoch:
        """Take the steps of one epoch."""
        fallen = max(0, number - FULL - 1) / FALLING
        self._optimiser.param_groups[0]["lr"] = self._rate * (1 - fallen)
        with torch.inference_mode(False), torch.enable_grad():
            loss = sum(map(self._step, self._batches())) / self._steps
        parts = self._split.teaching, self._split.stopping
        scores = (agreement(self._votes, self.heads, part) for part in parts)
        return Epoch(number, loss, self._stopping_loss(), *scores)

    def _stopping_loss(self) -> float:
        with torch.no_grad():
            return self._loss_of(self._split.stopping)[0].item()

    def _loss_of(self, places: np.ndarray) -> tuple[Tensor, Tensor, np.ndarray]:
        """The loss of some trials, and what it is of: their distances (n, 2) and vectors (n, 2, channels)."""
        vectors = self._votes.vectors[places]
        # Not by the libraries' threads, which on a busy server wait for each other longer than they work.
        products = np.einsum("npc,c->np", vectors, self._heads.numpy())
        distances = torch.from_numpy(products).requires_grad_()
        judge = torch.from_numpy(self._votes.judge[places].astype(np.float32))
        return ranking_loss(self._ranking, distances, judge), distances, vectors

    def _batches(self) -> Iterator[np.ndarray]:
        """Places of trials, shuffled anew each time all have come up."""
        teaching = self._split.teaching
        order = torch.empty(0, dtype=torch.long)
        for _ in range(self._steps):
            while len(order) < min(BATCH, len(teaching)):
                order = torch.cat((order, torch.randperm(len(teaching), generator=self._generator)))
            yield teaching[order[:BATCH].numpy()]
            order = order[BATCH:]

    def _step(self, places: np.ndarray) -> float:
        self._optimiser.zero_grad()
        loss, distances, vectors = self._loss_of(places)
        loss.backward()
        # A distance is a product, so its gradient by the heads is the vector itself.
        self._heads.grad = torch.from_numpy(np.einsum("np,npc->c", distances.grad.numpy(), vectors))
        self._optimiser.step()
        self._heads.clamp_(min=0)
        return loss.item()
