"""Heads that were learned: weights by layer, how well they agree beside others, and what they are from."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

import numpy as np

from explorer.backbones import HEADS, Network
from explorer.files.own_heads import Provenance
from explorer.judgments import scores
from explorer.judgments.calibration.training import Course, Split, agreement, train
from explorer.judgments.calibration.votes import Votes, comparable_heads, heads_vector
from explorer.judgments.intervals import Interval, draws_of_means
from explorer.judgments.sets import Skipped
from explorer.version import __version__


@dataclass(frozen=True)
class Standing:
    """How far some heads, or people, agree with the votes that were held out.

    Attributes:
        label: As users read it.
        score: 2AFC, 0..1.
    """

    label: str
    score: float


@dataclass(frozen=True, eq=False)
class Learned:
    """Heads as far as they are learned.

    Attributes:
        weights: For each layer, in the network's order, float64 (C,), >= 0.
        course: The epochs that led there.
        standings: On the votes held out: the new heads first, then the backbone's others, the hidden ones of
            a simulated observer, and people among themselves.
        lead: How far the new heads are above the backbone's first ones, 0..1, with the interval in which that
            lies had other references been held out.
        provenance: What the file says.
        held_out: Trials that were held out.
        left_out: Sentences on what the set has that could not be used; "" where all could.
        skipped: What that is.
    """

    weights: Mapping[str, np.ndarray]
    course: Course
    standings: tuple[Standing, ...]
    lead: Interval
    provenance: Provenance
    held_out: int
    left_out: str = ""
    skipped: tuple[Skipped, ...] = ()

    @property
    def score(self) -> float:
        """The new heads' agreement with the votes held out, 0..1."""
        return self.standings[0].score

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {
            "held_out": {
                "trials": self.held_out,
                "scores": {each.label: each.score for each in self.standings},
            },
            "epochs": [asdict(epoch) for epoch in self.course.epochs],
            "lead": {"over": self.standings[1].label} | asdict(self.lead),
            "best_epoch": self.course.best,
            "learned_from": asdict(self.provenance),
        }

    @property
    def sentence(self) -> str:
        """What it says, in one sentence."""
        own, *others = self.standings
        rival = others[0]
        low, lead, high = (100 * end for end in (self.lead.low, self.lead.value, self.lead.high))
        word = "more" if lead >= 0 else "less"
        return (
            f"The new heads agree with {own.score:.1%} of the votes held out, {abs(lead):.1f} points {word} "
            f"than {rival.label} (95% interval {low:+.1f} to {high:+.1f})."
        )


def learn(
    network: Network, votes: Votes, seed: int = 0, hidden: np.ndarray | None = None
) -> Iterator[Learned]:
    """Learn heads for a backbone, and tell after each epoch what they are.

    Args:
        network: The backbone of the votes.
        votes: As `votes.measured`, or a simulation, gives them.
        seed: Of the split, the first weights and the order of trials; the same one gives the same heads.
        hidden: A simulated observer's own weights, to be told beside the others.

    Raises:
        SettingError: too few votes, or votes that say nothing.
    """
    row = network.backbone
    widths = [network.graph.channels(name) for name in row.layer_names]
    ends = np.cumsum([0, *widths])
    held_out = Split.of(votes, seed).held_out
    rivals = {HEADS[name].label: heads_vector(network, name) for name in comparable_heads(network)}
    if hidden is not None:
        rivals["The hidden heads"] = hidden
    others = [Standing(label, agreement(votes, own, held_out)) for label, own in rivals.items()]
    others.append(Standing("People among themselves", scores.ceiling(votes.judge[held_out])))
    for course in train(votes, widths, seed):
        score = agreement(votes, course.weights, held_out)
        yield Learned(
            {
                name: course.weights[start:end]
                for name, (start, end) in zip(row.layer_names, pairwise(ends), strict=True)
            },
            course,
            (Standing("New heads", score), *others),
            _lead(votes, course.weights, next(iter(rivals.values())), held_out),
            _provenance(votes, score, seed),
            len(held_out),
            _left_out(votes),
            votes.skipped,
        )


def _lead(votes: Votes, own: np.ndarray, rival: np.ndarray, places: np.ndarray) -> Interval:
    """How much more of the votes some heads agree with than others, by the bootstrap over references."""
    judge = votes.judge[places]
    values = [scores.agreement(*votes.distances(weights)[places].T, judge) for weights in (own, rival)]
    groups = np.unique(votes.groups[places], return_inverse=True)[1]
    return draws_of_means(np.stack(values), groups).compare(0, 1).difference


def _left_out(votes: Votes) -> str:
    if not votes.skipped:
        return " ".join(votes.notes)
    first, count = votes.skipped[0], sum(each.count for each in votes.skipped)
    start = "1 is" if count == 1 else f"{count:,} are"
    why = f"{first.why.removesuffix('.')}."
    return " ".join((*votes.notes, f"{start} left out, {'' if count == 1 else 'first '}{first.what}: {why}"))


def _provenance(votes: Votes, score: float, seed: int) -> Provenance:
    return Provenance(
        backbone=votes.backbone,
        votes=votes.name,
        trials=len(votes),
        references=votes.references,
        digest=votes.digest,
        size=votes.size,
        held_out=score,
        seed=seed,
        date=datetime.now(UTC).date().isoformat(),
        version=__version__,
    )
