"""What a class has said, how often metrics agree with it, and where they do not.

Votes of a trial are one share: of those who chose B in 2AFC, or who took the two for the same in JND. A
metric's score is that of the paper over all trials with a vote: mean agreement with the people asked (2AFC),
or average precision (JND). Sentinels, whose answer is known, are no part of any score. Intervals are over
references.

Three numbers say what can be reached in 2AFC. The paper's *ceiling* is the mean of h² + (1 - h)², how often
people agree with people; with few votes a trial it is too high, and 100% at one, since a voter agrees with
themselves. `peers` is without that: how often two different participants say the same of a trial. A metric
can score more than both, for it may side with the majority each time: `majority` is the most that there is.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from explorer.analysis.wording import counted, listed, percent
from explorer.judgments.asking.trial import Kind, Plan, Vote
from explorer.judgments.class_distances import TrialDistances
from explorer.judgments.intervals import COUNT, Interval, codes_of, draws_of_means, interval
from explorer.judgments.scores import agreement, ceiling, jnd_precision, self_agreement
from explorer.judgments.weighted import precision_statistic

FEW = 3  # votes a trial, below which the ceiling is said to be too high


@dataclass(frozen=True, eq=False)
class Tally:
    """The votes as arrays of one length, the trials that have one; sentinels are none of them.

    Attributes:
        trials: int, their numbers.
        votes: int, how many were cast.
        share: Of those who chose B, or said "same".
        group: int, a code from 0 for each reference.
        families: Of each.
    """

    trials: np.ndarray
    votes: np.ndarray
    share: np.ndarray
    group: np.ndarray
    families: tuple[str, ...]


@dataclass(frozen=True)
class MetricScore:
    """How a metric does.

    Attributes:
        text, label: The metric, as files and as users name it.
        score: 0..1, with its interval; NaN without trials.
        by_family: Family -> score; families are in the order of `ClassResults.families`.
        problem: Why it has none, in a sentence.
        trials: Of how many trials it is.
        partly: Why others with a vote are none of them, in a sentence.
    """

    text: str
    label: str
    score: Interval
    by_family: dict[str, float]
    problem: str = ""
    trials: int = 0
    partly: str = ""


@dataclass(frozen=True)
class FamilyLine:
    """A family of trials: how many have votes, how many votes, and the ceiling (2AFC) or None (JND)."""

    name: str
    trials: int
    votes: int
    ceiling: float | None


@dataclass(frozen=True)
class ParticipantLine:
    """One participant.

    Attributes:
        number: In the session.
        votes: Beside sentinels.
        seconds: Median time of an answer.
        sentinels, failed: How many were answered, and how many of them wrong.
        is_left_out: Whether the votes are left out of all scores.
    """

    number: int
    votes: int
    seconds: float
    sentinels: int
    failed: int
    is_left_out: bool = False


@dataclass(frozen=True, eq=False)
class ClassResults:
    """All that is known of a session's votes.

    Attributes:
        kind: Of its trials.
        tally: The votes, without those of who is left out.
        votes: How many these are.
        metrics: In the order asked.
        ceiling: The paper's, of 2AFC; None of JND.
        majority: What siding with most people in each trial would score, of 2AFC; None of JND.
        peers: How often two participants say the same, with an interval; None where no trial has two votes.
        families: The largest first.
        participants: All who have voted, by number.
        seconds: Median time of an answer of who is not left out; NaN without votes.
        notes: What must be known to read the numbers, in sentences.
    """

    kind: Kind
    tally: Tally
    votes: int
    metrics: tuple[MetricScore, ...]
    ceiling: Interval | None
    majority: float | None
    peers: Interval | None
    families: tuple[FamilyLine, ...]
    participants: tuple[ParticipantLine, ...]
    seconds: float
    notes: tuple[str, ...]

    @property
    def left_out(self) -> tuple[int, ...]:
        """Numbers of the participants who are left out."""
        return tuple(line.number for line in self.participants if line.is_left_out)

    @property
    def chance(self) -> float:
        """The score of who answers by chance: a half, or the share of "same"; NaN without votes."""
        if self.kind == "2afc":
            return 0.5
        return float(self.tally.share.mean()) if len(self.tally.share) else float("nan")

    @property
    def known(self) -> tuple[MetricScore, ...]:
        """The metrics that have a score."""
        return tuple(each for each in self.metrics if np.isfinite(each.score.value))

    @property
    def best(self) -> tuple[MetricScore, ...]:
        """The metrics with the highest score: several where they tie, as scores are shown."""
        highest = percent(max((each.score.value for each in self.known), default=0.0))
        return tuple(each for each in self.known if percent(each.score.value) == highest)

    @property
    def answers_told(self) -> str:
        """Answers by what they are, "24 votes, 7 sentinels, 15 left out"; "" where all are votes."""
        lines = [line for line in self.participants if not line.is_left_out]
        sentinels = sum(line.sentinels for line in lines)
        left_out = sum(line.votes + line.sentinels for line in self.participants if line.is_left_out)
        told = [counted(sentinels, "sentinel", "sentinels")] if sentinels else []
        told += [f"{left_out:,} left out"] if left_out else []
        return ", ".join([counted(self.votes, "vote", "votes"), *told]) if told else ""

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON, scores as fractions; what is undefined is None."""
        return {
            "kind": self.kind,
            "votes": self.votes,
            "trials": len(self.tally.trials),
            "ceiling": _plain(self.ceiling),
            "majority": self.majority if self.votes else None,
            "two_participants": _plain(self.peers),
            "metrics": {
                each.text: {
                    "score": _plain(each.score),
                    "by_family": {
                        name: score if np.isfinite(score) else None for name, score in each.by_family.items()
                    },
                    "trials": each.trials,
                    "problem": each.problem or each.partly,
                }
                for each in self.metrics
            },
            "families": [vars(line) for line in self.families],
            "participants": [vars(line) for line in self.participants],
            "median_seconds": self.seconds if np.isfinite(self.seconds) else None,
            "notes": list(self.notes),
        }

    @property
    def sentence(self) -> str:
        """What the class says, in one sentence."""
        if not self.participants:
            return "Nobody has voted yet."
        if len(self.left_out) == len(self.participants):
            return "Everybody who has voted is left out, so there is nothing to score."
        if not self.votes:
            return "Only sentinels have been answered so far, and they are no part of any score."
        asked = counted(len(self.participants) - len(self.left_out), "participant has", "participants have")
        cast = f"{asked} cast {counted(self.votes, 'vote', 'votes')}"
        if not self.best:
            return f"{cast}."
        label, score = listed([each.label for each in self.best]), percent(self.best[0].score.value)
        is_one, is_all = len(self.best) == 1, 1 < len(self.best) == len(self.known)
        how, each = "equally well" if is_all else "best", "" if is_one else " each"
        if self.kind == "jnd":
            precision = f"an average precision of {score}{each}"
            return f"{cast}. What looks the same is found {how} by {label}: {precision}."
        people = f"; two participants say the same in {percent(self.peers.value)}" if self.peers else ""
        agree = f"{'agrees' if is_one else 'agree'} with them {'equally' if is_all else 'most'}"
        return f"{cast}. {label} {agree}, on {score}{each}{people}."


def _plain(score: Interval | None) -> dict[str, float | None] | None:
    if score is None or not np.isfinite(score.value):
        return None
    ends = (score.low, score.high) if np.isfinite(score.low) else (None, None)
    return {"value": score.value, "low": ends[0], "high": ends[1]}


def participant_lines(
    plan: Plan, votes: Sequence[Vote], at_most: int | None = None
) -> tuple[ParticipantLine, ...]:
    """All who have voted, by number.

    Args:
        plan: Of the session.
        votes: Of its trials.
        at_most: Who has failed more sentinels is left out; None leaves out nobody.
    """
    of_each: dict[int, list[Vote]] = defaultdict(list)
    for vote in votes:
        of_each[vote.participant].append(vote)
    lines = []
    for number, own in sorted(of_each.items()):
        checks = [vote for vote in own if plan.trials[vote.trial].is_sentinel]
        failed = sum(vote.choice != plan.trials[vote.trial].expected for vote in checks)
        seconds = float(np.median([vote.milliseconds for vote in own])) / 1000
        is_out = at_most is not None and failed > at_most
        lines.append(ParticipantLine(number, len(own) - len(checks), seconds, len(checks), failed, is_out))
    return tuple(lines)


def tally_of(plan: Plan, votes: Iterable[Vote]) -> Tally:
    """Votes as shares of each trial's answers."""
    first = plan.trials[0].choices[0] if plan.trials else ""
    counts = np.zeros((len(plan.trials), 2), int)
    for vote in votes:
        counts[vote.trial, 0 if vote.choice == first else 1] += 1
    is_asked = np.array([not trial.is_sentinel for trial in plan.trials], bool)
    total = counts.sum(axis=1)
    trials = np.flatnonzero(is_asked & (total > 0))
    place = 1 if plan.kind == "2afc" else 0  # B, or "same"
    group, _ = codes_of(np.array([plan.trials[each].reference for each in trials]))
    return Tally(
        trials,
        total[trials],
        counts[trials, place] / total[trials],
        group,
        tuple(plan.trials[each].family for each in trials),
    )


def class_results(
    plan: Plan, votes: Sequence[Vote], metrics: Sequence[TrialDistances], at_most: int | None = None
) -> ClassResults:
    """Hold metrics against a class.

    Args:
        plan: Of the session.
        votes: Of its trials, each participant's once.
        metrics: What they say of the plan's trials.
        at_most: Who has failed more sentinels is left out; None leaves out nobody.
    """
    people = participant_lines(plan, votes, at_most)
    out = {line.number for line in people if line.is_left_out}
    counted_votes = [vote for vote in votes if vote.participant not in out]
    tally = tally_of(plan, counted_votes)
    families = _families(plan.kind, tally)
    names = [line.name for line in families]
    scores = tuple(_metric_score(plan.kind, tally, each, names) for each in metrics)
    result = ClassResults(
        kind=plan.kind,
        tally=tally,
        votes=int(tally.votes.sum()),
        metrics=scores,
        ceiling=_mean(self_agreement(tally.share), tally.group) if plan.kind == "2afc" else None,
        majority=_majority(tally) if plan.kind == "2afc" else None,
        peers=_peers(tally),
        families=families,
        participants=people,
        seconds=float(np.median([vote.milliseconds for vote in counted_votes])) / 1000
        if counted_votes
        else float("nan"),
        notes=(),
    )
    return replace(result, notes=tuple(_notes(plan, result)))


def _metric_score(kind: Kind, tally: Tally, metric: TrialDistances, families: Sequence[str]) -> MetricScore:
    is_known = metric.is_known[tally.trials]
    if metric.problem or not is_known.any():
        nothing = Interval(float("nan"), float("nan"), float("nan"), 0)
        return MetricScore(metric.text, metric.label, nothing, {}, metric.problem or metric.partly)
    d0, d1 = metric.distances[tally.trials[is_known]].T
    share, of_family = tally.share[is_known], np.array(tally.families)[is_known]
    group, groups = codes_of(tally.group[is_known])
    inside = {name: of_family == name for name in families}
    if kind == "2afc":
        agreed = agreement(d0, d1, share)
        by_family = {name: float(agreed[own].mean()) if own.any() else np.nan for name, own in inside.items()}
        score = _mean(agreed, group)
    else:
        by_family = {name: jnd_precision(d1[own], share[own]).score for name, own in inside.items()}
        score = interval(precision_statistic(d1[None], share, group), groups, COUNT)
    partly = "" if is_known.all() else metric.partly
    return MetricScore(metric.text, metric.label, score, by_family, "", int(is_known.sum()), partly)


def _mean(values: np.ndarray, group: np.ndarray) -> Interval:
    if not len(values):
        return Interval(float("nan"), float("nan"), float("nan"), 0)
    return draws_of_means(values[None], group, COUNT).interval(0)


def _peers(tally: Tally) -> Interval | None:
    """How often two different participants say the same of a trial that has two votes or more."""
    shared = tally.votes > 1
    if not shared.any():
        return None
    count, share = tally.votes[shared], tally.share[shared]
    alike = (self_agreement(share) * count - 1) / (count - 1)  # without each one's agreement with themselves
    return _mean(alike, codes_of(tally.group[shared])[0])


def _majority(tally: Tally) -> float:
    return float(np.maximum(tally.share, 1 - tally.share).mean()) if len(tally.share) else float("nan")


def _families(kind: Kind, tally: Tally) -> tuple[FamilyLine, ...]:
    of_family = np.array(tally.families)
    lines = [
        FamilyLine(
            name,
            int((of_family == name).sum()),
            int(tally.votes[of_family == name].sum()),
            ceiling(tally.share[of_family == name]) if kind == "2afc" else None,
        )
        for name in dict.fromkeys(tally.families)
    ]
    return tuple(sorted(lines, key=lambda line: (-line.trials, line.name)))


def _notes(plan: Plan, found: ClassResults) -> Iterable[str]:
    tally, asked = found.tally, sum(not trial.is_sentinel for trial in plan.trials)
    if found.left_out:
        names = listed([f"{number}" for number in found.left_out])
        one = len(found.left_out) == 1
        yield (
            f"Participant{'' if one else 's'} {names} {'is' if one else 'are'} left out, "
            f"having failed too many sentinels."
        )
    if not found.votes:
        return
    if len(tally.trials) < asked:
        yield (f"{len(tally.trials)} of {asked} trials have a vote so far; the scores are of these alone.")
    references = int(tally.group.max()) + 1
    if references < 2:
        yield (
            "All votes are on one reference, so there are no intervals: they say what other references would "
            "change, and need votes on two at least."
        )
    if plan.kind == "jnd" and not tally.share.any():
        yield "Nobody has taken two pictures for the same, so there is nothing that a metric could find."
    mean = found.votes / len(tally.trials)
    if plan.kind == "2afc" and mean < FEW:
        few = f"With {mean:.1f} votes a trial the ceiling is too high: everybody agrees with themselves"
        yield (
            f"{few}; two different participants say the same in {percent(found.peers.value)}."
            if found.peers
            else f"{few}. It takes a second participant on the same trials to say how far people agree."
        )
    for metric in found.metrics:
        if metric.problem:
            yield f"{metric.label} is left out: {metric.problem}"
        if metric.partly:
            count = f"{metric.trials} of the {counted(len(tally.trials), 'trial', 'trials')} with a vote"
            yield f"The score of {metric.label} is of {count}: {metric.partly}"
