"""How much closer is one condition than another, in just-objectionable differences (JOD)?

People choose between two conditions at a time. The Bradley-Terry model gives each condition a strength, so
that a condition i is chosen over j with the probability 1 / (1 + exp(s_j - s_i)); `choix` finds the strengths
(I-LSR, Maystre and Grossglauser, 2015). One JOD is the difference at which three of four people choose the
same (Perez-Ortiz and Mantiuk, 2017): a strength is divided by ln 3, since 1 / (1 + exp(-ln 3)) = 0.75. The
logistic curve stands in the place of Thurstone's normal one (Case V); the two meet at 0, 1 and -1 JOD, and
are less than 0.02 apart wherever else.

The scale is regularised: each condition has `PRIOR` votes more, one half won and one half lost against the
mean of the others of its group. So a condition that nobody ever chose has a place as well, not at minus
infinity.

Votes say nothing of conditions that no chain of votes joins. Such groups have a scale each, with the mean of
the group at 0. Intervals are of a bootstrap over participants, whose votes belong together: percentiles,
expanded for few participants as Hesterberg does ("What teachers should know about the bootstrap", 2015,
section 5.3). A condition that was always chosen, or never, has none: drawing participants anew leaves it so.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import choix
import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from explorer.analysis.wording import counted, listed
from explorer.distortions import Recipe
from explorer.errors import SettingError
from explorer.judgments.asking.trial import Trial, Vote
from explorer.judgments.intervals import expanded

JOD = np.log(3)  # of a strength
PRIOR = 1.0  # votes that each condition has beside those of people
SAMPLES = 400  # of the bootstrap: a live page waits for it
STEPS = 2_000  # of the fit, at most; a dozen are usual
EXACT, ROUGH = 1e-8, 1e-4  # where the fit ends: strengths of the estimate, and of the bootstrap
FEW = 6  # groups whose sizes a sentence lists
MOST = 120  # conditions of a group, which a live page can scale
NOT_CHANGED = "the reference itself"


@dataclass(frozen=True)
class ScaledCondition:
    """A place on the scale.

    Attributes:
        name: The condition's, as a vote has it.
        jod: Its place; 0 is the mean of its group, and higher is closer to the reference.
        low, high: Ends of the interval; None where one participant alone has voted in the group, where it was
            always chosen or never, or where none was asked for.
        won, votes: How often it was chosen, of how many times that it was shown.
    """

    name: str
    jod: float
    low: float | None
    high: float | None
    won: int
    votes: int


@dataclass(frozen=True)
class ScaledGroup:
    """Conditions that votes join, the closest to the reference first.

    Attributes:
        conditions: Two at least.
        participants: Who have voted between them.
        problem: Why they have no places, in a sentence; their places are 0 then.
    """

    conditions: tuple[ScaledCondition, ...]
    participants: int
    problem: str = ""


@dataclass(frozen=True)
class Scale:
    """All groups, the largest first; none where there are no votes."""

    groups: tuple[ScaledGroup, ...]

    @property
    def sentence(self) -> str:
        """Whether all can be held against each other."""
        return self.told("conditions")

    def told(self, what: str) -> str:
        """The same where conditions were put together, such as to "families"."""
        if not self.groups:
            return f"There are no votes between two {what} yet."
        count = sum(len(group.conditions) for group in self.groups)
        if len(self.groups) == 1:
            return f"Votes join all {count} {what}, so each can be held against each other one."
        sizes = [len(group.conditions) for group in self.groups]
        shown = f"{sizes[0]} down to {sizes[-1]}" if len(sizes) > FEW else listed(list(map(str, sizes)))
        if sizes[0] == sizes[-1]:
            shown = f"{sizes[0]} each"
        return (
            f"The {count} {what} fall into {len(sizes)} groups that no vote joins, of {shown}. "
            "Each group has a 0 of its own, and places of two groups cannot be held against each other."
        )


@dataclass(frozen=True)
class Choices:
    """Votes between conditions as arrays of one length, the votes.

    Attributes:
        names: The conditions.
        winner, loser: int, places in `names`.
        participant: int, any numbers.
    """

    names: tuple[str, ...]
    winner: np.ndarray
    loser: np.ndarray
    participant: np.ndarray


def choices_of(trials: Sequence[Trial], votes: Sequence[Vote], name: Callable[[str], str] = str) -> Choices:
    """2AFC votes as choices between conditions; sentinels, whose answer is known, are left out.

    Args:
        trials: Of the session's plan, in its order.
        votes: Of these trials.
        name: What a condition counts as, such as `family_of` its family; votes between equals are left out.
    """
    pairs = [(name(trial.condition_a), name(trial.condition_b)) for trial in trials]
    names = tuple(dict.fromkeys(each for pair in pairs for each in pair))
    place = {each: i for i, each in enumerate(names)}
    rows = []
    for vote in votes:
        trial, (a, b) = trials[vote.trial], pairs[vote.trial]
        if trial.kind != "2afc" or trial.is_sentinel or a == b:
            continue
        winner, loser = (a, b) if vote.choice == "A" else (b, a)
        rows.append((place[winner], place[loser], vote.participant))
    columns = np.array(rows, int).reshape(-1, 3).T
    return Choices(names, *columns)


def label_of_condition(condition: str) -> str:
    """A condition in words: what a recipe does; what is no recipe, such as a file's name, as it is."""
    recipe = _recipe(condition)
    if recipe is None:
        return condition or NOT_CHANGED
    only = f"{recipe.title} ({recipe.label})" if len(recipe.active) == 1 else recipe.label
    return only if recipe.active else NOT_CHANGED


def title_of_condition(condition: str) -> str:
    """The same in short: the distortions alone, without their values."""
    recipe = _recipe(condition)
    if recipe is None:
        return condition or NOT_CHANGED
    return recipe.title if recipe.active else NOT_CHANGED


def family_of(condition: str) -> str:
    """The families of a recipe's distortions, such as "noise, then blur"; of what is no recipe its name."""
    recipe = _recipe(condition)
    if recipe is None:
        return condition or NOT_CHANGED
    return ", then ".join(step.entry.family for step in recipe.active) or NOT_CHANGED


def _recipe(condition: str) -> Recipe | None:
    try:
        return Recipe.from_link(condition)
    except SettingError:
        return None


def scaled(choices: Choices, samples: int = SAMPLES, seed: int = 0, most: int | None = None) -> Scale:
    """Place conditions on a scale in JOD.

    Args:
        choices: Of people.
        samples: Of the bootstrap.
        seed: Of its draws.
        most: Of how many groups there are intervals, the largest first; None for all. They are what takes
            time: a session of 500 pairs of its own has 500 groups.
    """
    joined = _joined(choices)
    most = len(joined) if most is None else most
    return Scale(
        tuple(
            _scaled_group(choices, each, samples if place < most else 0, seed)
            for place, each in enumerate(joined)
        )
    )


def scaled_group(choices: Choices, place: int, samples: int = SAMPLES, seed: int = 0) -> ScaledGroup:
    """One group of `scaled` alone, by its place there."""
    return _scaled_group(choices, _joined(choices)[place], samples, seed)


def _joined(choices: Choices) -> list[np.ndarray]:
    """Places in `names` of conditions that votes join, the largest group first."""
    count = len(choices.names)
    graph = coo_array((np.ones(len(choices.winner)), (choices.winner, choices.loser)), (count, count))
    _, group = connected_components(graph, directed=False)
    members = [np.flatnonzero(group == each) for each in range(group.max(initial=-1) + 1)]
    return sorted((each for each in members if len(each) > 1), key=lambda each: (-len(each), each[0]))


def _scaled_group(choices: Choices, members: np.ndarray, samples: int, seed: int) -> ScaledGroup:
    """One group; `members` are its conditions' places, in order."""
    inside = np.isin(choices.winner, members)
    winner, loser = (np.searchsorted(members, each[inside]) for each in (choices.winner, choices.loser))
    people, participant = np.unique(choices.participant[inside], return_inverse=True)
    count = len(members)
    won, lost = (np.bincount(each, minlength=count) for each in (winner, loser))
    places, low, high, problem = np.zeros(count), None, None, ""
    if count > MOST:
        problem = f"A group of {count:,} conditions is too large to be scaled here; {MOST} is the most."
    else:
        cell = winner * count + loser
        places = _places(np.bincount(cell, minlength=count**2), None, EXACT)
        if len(people) > 1 and samples:
            rng = np.random.default_rng((seed, int(members[0])))
            draws = rng.multinomial(len(people), np.full(len(people), 1 / len(people)), samples)
            found = [_places(np.bincount(cell, draw[participant], count**2), places, ROUGH) for draw in draws]
            tail = expanded(len(people))
            low, high = np.quantile(found, (tail, 1 - tail), axis=0)
    is_open = (won > 0) & (lost > 0)
    conditions = [
        ScaledCondition(
            choices.names[members[i]],
            float(places[i]),
            float(low[i]) if low is not None and is_open[i] else None,
            float(high[i]) if high is not None and is_open[i] else None,
            int(won[i]),
            int(won[i] + lost[i]),
        )
        for i in np.argsort(-places, kind="stable")
    ]
    return ScaledGroup(tuple(conditions), len(people), problem)


def _places(wins: np.ndarray, start: np.ndarray | None, exactness: float) -> np.ndarray:
    """Places in JOD, with their mean at 0.

    Args:
        wins: (conditions²,): how often each has won against each.
        start: Where to begin.
        exactness: Where to end.
    """
    count = round(len(wins) ** 0.5)
    half = PRIOR / 2 / (count - 1)
    wins = wins.reshape(count, count) + half * (1 - np.eye(count))
    if count == 2:  # the fit has a closed form: the odds of the two
        apart = np.log(wins[0, 1] / wins[1, 0]) / JOD
        return np.array([apart, -apart]) / 2
    begin = None if start is None else start * JOD
    found = choix.ilsr_pairwise_dense(wins, initial_params=begin, max_iter=STEPS, tol=exactness)
    return (found - found.mean()) / JOD


def connected_words(group: ScaledGroup) -> str:
    """What a group holds, in a line: "6 conditions, 214 votes of 12 participants"."""
    votes = sum(condition.votes for condition in group.conditions) // 2
    return (
        f"{counted(len(group.conditions), 'condition', 'conditions')}, "
        f"{counted(votes, 'vote', 'votes')} of {counted(group.participants, 'participant', 'participants')}"
    )
