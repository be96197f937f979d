"""In which order a participant sees a session's trials, and on which side A stands.

Everything follows from the plan and the participant's number, so that nothing need be kept, and who comes
back finds the rest as it was:

- nobody sees a trial twice;
- over participants in the order of their numbers, trials are seen equally often, give or take one;
- a trial has its A on the left for as many participants as on the right, give or take one;
- and within one participant as many trials are swapped as not, give or take one; of the sentinels the same;
- sentinels are as many of each participant's trials as of all, and spread: one in each equal stretch.

How: the trials stand in a ring, shuffled, and each participant takes the next ones of it; every second place
that is taken is swapped. With an even number of trials each would be swapped in all rounds or in none, so the
ring turns by one before every second round. When a whole number of pairs of rounds ends with a participant,
the ring is shuffled anew.
"""

from itertools import pairwise
from math import gcd

import numpy as np

from explorer.judgments.asking.trial import Plan, Shown, Trial

_ORDER, _ASKED, _SENTINELS = range(3)  # what is drawn, so that no two draws are of one seed


def order(plan: Plan, participant: int) -> tuple[Shown, ...]:
    """What a participant sees, first to last: `plan.each` trials.

    Args:
        plan: Of the session.
        participant: Number in the session, from 1.

    Raises:
        ValueError: the number is below 1.
    """
    if participant < 1:
        raise ValueError(f"participants are numbered from 1, not {participant}")
    sentinels = [trial for trial in plan.trials if trial.is_sentinel]
    others = [trial for trial in plan.trials if not trial.is_sentinel]
    count = sentinels_each(plan)
    rng = np.random.default_rng((plan.seed, _ORDER, participant))
    asked = _taken(others, plan.each - count, plan.seed, _ASKED, participant)
    obvious = _taken(sentinels, count, plan.seed, _SENTINELS, participant)
    asked = [asked[place] for place in rng.permutation(len(asked))]
    for place in _spread(count, plan.each, rng):
        asked.insert(place, obvious.pop())
    return tuple(asked)


def sentinels_each(plan: Plan) -> int:
    """How many of one participant's trials are sentinels: as large a share as of all, and at least one."""
    sentinels = sum(trial.is_sentinel for trial in plan.trials)
    others = len(plan.trials) - sentinels
    if not sentinels or plan.each < 2:
        return 0 if others else plan.each
    wished = max(1, round(plan.each * sentinels / len(plan.trials)))
    return max(wished, plan.each - others)


def _taken(trials: list[Trial], count: int, seed: int, salt: int, participant: int) -> list[Shown]:
    """The trials that a participant takes from the ring, in its order."""
    if not count:
        return []
    total = len(trials)
    period = 2 * total // gcd(total, count)  # participants until a pair of rounds ends with one of them
    ring, within = divmod(participant - 1, period)
    rng = np.random.default_rng((seed, salt, ring))
    shuffled, begins_swapped = rng.permutation(total), int(rng.integers(2))
    found = []
    for taken in range(within * count, (within + 1) * count):
        round_, place = divmod(taken, total)
        turn = (round_ + 1) // 2 if total % 2 == 0 else 0
        trial = trials[shuffled[(place + turn) % total]]
        found.append(Shown(trial.number, bool((taken + begins_swapped) % 2)))
    return found


def _spread(count: int, total: int, rng: np.random.Generator) -> list[int]:
    """So many places of `total`, ascending: a random one in each equal stretch."""
    ends = [total * step // count for step in range(count + 1)] if count else [0]
    return [int(rng.integers(low, high)) for low, high in pairwise(ends)]
