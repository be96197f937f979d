"""The next trial of a participant: in the plan's order, or the one whose answer is expected to teach most.

Versions lie on one scale of closeness to the reference, and one is preferred to another with the probability
of the Bradley-Terry model, 1 / (1 + exp(-d)) of their difference d. A normal prior on each version's place,
and Laplace's approximation to what the votes so far leave open, give each pair a mean and a variance of d.
What an answer to it is expected to teach is the mutual information of the answer and d, in nats: how sure
nobody can be of the answer, less how unsure it would be if d were known. Pairs that nobody has compared and
those of nearly equal versions come first; what everybody agrees on is asked less and less.

In JND the places are of a patch and its versions, and "different" is a preference for the patch.

As Mikhailiuk et al., "Active sampling for pairwise comparisons via approximate message passing and
information gain maximization", 2020 (arXiv 2004.05691), and Chen et al., "Pairwise ranking aggregation in a
crowdsourced setting", 2013, choose, except that the posterior is Laplace's and that only trials of the plan
are asked. Trials are then not seen equally often. It pays where many versions of one picture are compared:
with 20, evenly on a scale of 5 logits, a fifth fewer votes come to the error of the plan's order.
Where a patch has two versions there is little to choose.
"""

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components
from scipy.special import expit, xlogy

from explorer.judgments.asking.order import order
from explorer.judgments.asking.trial import Plan, Shown, Vote

SPREAD = (
    2.0  # standard deviation of the prior, in logits: 95% of pairs are preferred less clearly than 250 : 1
)
STEPS = 12  # of Newton's method at most; a handful do
ENOUGH = 1e-4  # logits: the largest step that need not be followed by another

# By which the mean of a function of a normal value is taken, exactly for polynomials up to degree 41.
_NODES, _WEIGHTS = np.polynomial.hermite_e.hermegauss(21)
_WEIGHTS = _WEIGHTS / _WEIGHTS.sum()


def following(plan: Plan, participant: int, shown: Sequence[int], votes: Iterable[Vote]) -> Shown | None:
    """What a participant sees next; None where they have seen all of theirs.

    Sentinels come where the plan's order has them. With active choosing a trial's side is the one on which
    it was seen less often, or else that of the place in the order.

    Args:
        plan: Of the session.
        participant: Number in the session, from 1.
        shown: Numbers of the trials that they have seen, with the one that they see.
        votes: All of the session so far, in any order; needed where trials are chosen actively.
    """
    planned = order(plan, participant)
    if len(shown) >= len(planned):
        return None
    due = planned[len(shown)]
    if plan.choosing == "random" or plan.trials[due.trial].is_sentinel:
        return due
    seen = set(shown)
    votes = [vote for vote in votes if not plan.trials[vote.trial].is_sentinel]
    left = [trial.number for trial in plan.trials if not trial.is_sentinel and trial.number not in seen]
    gains = information(plan, votes)[left]
    # Among equals the one that is first in the participant's own order: not all begin with one trial.
    own = np.random.default_rng((plan.seed, participant)).permutation(len(left))
    best = left[max(range(len(left)), key=lambda place: (round(float(gains[place]), 9), own[place]))]
    return Shown(best, _rarer_side(votes, best, due.was_swapped))


def information(plan: Plan, votes: Iterable[Vote]) -> np.ndarray:
    """What one more answer is expected to teach of each trial's difference.

    Args:
        plan: Of the session.
        votes: So far; those of sentinels teach nothing of others, and do no harm.

    Returns:
        (trials,) of float64, in nats: 0 to log 2.
    """
    mean, variance = differences(plan, votes)
    return _mutual(mean, variance)


def differences(plan: Plan, votes: Iterable[Vote]) -> tuple[np.ndarray, np.ndarray]:
    """How much closer A is than B, by the votes so far, of each trial: means and variances, in logits.

    Args:
        plan: Of the session; of a "jnd" trial, how much more often than not the two are told apart.
        votes: So far.

    Returns:
        Two (trials,) of float64.
    """
    known: dict[str, int] = {}
    ends = np.array(
        [[known.setdefault(digest, len(known)) for digest in (trial.a, trial.b)] for trial in plan.trials]
    )
    wins = np.zeros(ends.shape)
    for vote in votes:
        wins[vote.trial, _PREFERS[vote.choice]] += 1
    mean, variance = np.empty((2, len(ends)))
    for trials, group, places, count, size in _connected(ends, len(known)):
        won = np.zeros((count, size, size))
        a, b = places.T
        np.add.at(won, (group, a, b), wins[trials, 0])
        np.add.at(won, (group, b, a), wins[trials, 1])
        centre, covariance = _posterior(won)
        mean[trials] = centre[group, a] - centre[group, b]
        variance[trials] = covariance[group, a, a] + covariance[group, b, b] - 2 * covariance[group, a, b]
    return mean, np.maximum(variance, 0)


_PREFERS = {"A": 0, "B": 1, "different": 0, "same": 1}  # A of a JND trial is the patch itself


def _connected(ends: np.ndarray, nodes: int) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray, int, int]]:
    """The trials by the versions that they connect, groups of one size together, for they fit one array.

    Args:
        ends: int (trials, 2): which version A is, and B.
        nodes: How many versions there are.

    Yields:
        Numbers of trials; each one's group, of those of this size; its versions' places in the group; how
        many groups there are of this size; and the size.
    """
    edges = coo_matrix((np.ones(len(ends)), ends.T), (nodes, nodes))
    _, group = connected_components(edges, directed=False)
    sizes = np.bincount(group)
    by_group = np.argsort(group, kind="stable")
    place = np.empty(nodes, int)
    place[by_group] = np.arange(nodes) - (np.cumsum(sizes) - sizes)[group[by_group]]
    of_trial = group[ends[:, 0]]
    for size in np.unique(sizes):
        groups = np.flatnonzero(sizes == size)
        trials = np.flatnonzero(sizes[of_trial] == size)
        yield trials, np.searchsorted(groups, of_trial[trials]), place[ends[trials]], len(groups), int(size)


def _posterior(won: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Laplace's approximation to what is known of several groups of versions, by Newton's method.

    Args:
        won: float (groups, n, n): how often the one was preferred to the other.

    Returns:
        The most probable places, (groups, n), and their covariance, (groups, n, n).
    """
    asked = won + won.transpose(0, 2, 1)
    prior = np.eye(won.shape[1]) / SPREAD**2
    places = np.zeros(won.shape[:2])
    for _ in range(STEPS):
        chance = expit(places[:, :, None] - places[:, None, :])
        slope = (won - asked * chance).sum(axis=2) - places / SPREAD**2
        weights = asked * chance * (1 - chance)
        curvature = prior + weights.sum(axis=2)[:, :, None] * np.eye(won.shape[1]) - weights
        step = np.linalg.solve(curvature, slope[:, :, None])[:, :, 0]
        places += step
        if np.abs(step).max() < ENOUGH:
            break
    return places, np.linalg.inv(curvature)


def _mutual(mean: np.ndarray, variance: np.ndarray) -> np.ndarray:
    """Mutual information of a yes or no of probability 1 / (1 + exp(-d)) and of d, normal."""
    d = mean[:, None] + np.sqrt(variance)[:, None] * _NODES
    chance = expit(d)
    return np.maximum(entropy(chance @ _WEIGHTS) - entropy(chance) @ _WEIGHTS, 0)


def entropy(chance: np.ndarray) -> np.ndarray:
    """Of a yes or no of this probability, in nats: 0 to log 2; of any shape."""
    return -(xlogy(chance, chance) + xlogy(1 - chance, 1 - chance))


def _rarer_side(votes: Sequence[Vote], trial: int, otherwise: bool) -> bool:
    sides = [vote.was_swapped for vote in votes if vote.trial == trial]
    lead = 2 * sum(sides) - len(sides)
    return lead < 0 if lead else otherwise
