"""The threshold of one distortion for one person, found by QUEST+.

Watson, "QUEST+: A general multidimensional Bayesian adaptive psychometric method", Journal of Vision
17(3):10, 2017. A person is shown the reference and two pictures, of which one is the reference itself and the
other one is distorted, and says which is distorted. Who sees nothing is right half of the time (`GUESS`). So
it does not matter how readily somebody says "different", as it would if they were asked "same or different".

How often the answer is right at a severity s is a Weibull function with the parameters threshold t, slope b
and lapse l, the share of slips where the difference is plain:

    1 - l - (1 - GUESS - l) exp(-(s / t)^b)

At the threshold it is 82% right: the difference is seen 63% of the time. All combinations of `THRESHOLDS`,
`SLOPES` and `LAPSES` begin as likely as each other, thresholds evenly in the logarithm. Each answer
multiplies them by how likely it was. Next comes the severity whose answer is expected to leave least open:
that of the smallest expected entropy, which is the one of the largest mutual information of the answer and
the parameters. A run ends after `MOST` answers, or once the 95% interval of the threshold spans no more than
a factor of `NARROW`, but not before `FEWEST`.

All is a pure function of the answers so far.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import numpy as np

from explorer.errors import SettingError
from explorer.judgments.asking.active import entropy

GUESS = 0.5
SEVERITIES = np.logspace(-2, 0, 41)
WEAKEST = float(SEVERITIES[0])
THRESHOLDS = np.logspace(-2.3, 0.3, 53)  # also beyond what can be shown: some see nothing of the strongest
SLOPES = np.array([1.0, 1.5, 2.0, 3.0, 4.5, 7.0])
LAPSES = np.array([0.0, 0.02, 0.05, 0.1])

FEWEST, MOST = 12, 30  # answers
NARROW = 2.0
COVERED = 0.95
BLOCK = 4  # answers of which half are distorted on the left

Side = Literal["A", "B"]


@dataclass(frozen=True)
class Detection:
    """One answer.

    Attributes:
        severity: Of what was shown, one of `SEVERITIES`.
        distorted: On which side that was.
        chosen: Which side the person called distorted.
    """

    severity: float
    distorted: Side
    chosen: Side

    @property
    def is_right(self) -> bool:
        """Whether the person has found it."""
        return self.distorted == self.chosen


@dataclass(frozen=True)
class Tried:
    """Answers at one severity: how many there are, and how many of them are right."""

    severity: float
    count: int
    right: int


@dataclass(frozen=True, eq=False)
class Estimate:
    """What answers say of a person's threshold.

    Attributes:
        severity: The threshold: mean of the posterior in the logarithm. Above 1 where even the strongest is
            mostly not seen.
        low, high: Its 95% credible interval, equal tails.
        slope, lapse: Means of the posterior.
        severities: (n,), 0.01 to 1.
        curve: (n,), how often an answer is right at each of them, 0.5 to 1: mean of the posterior.
        band: (2, n): 95% credible intervals of it.
    """

    severity: float
    low: float
    high: float
    slope: float
    lapse: float
    severities: np.ndarray
    curve: np.ndarray
    band: np.ndarray

    @property
    def is_reached(self) -> bool:
        """Whether the threshold is a severity that there is."""
        return self.severity <= 1


@lru_cache(1)
def _chances() -> np.ndarray:
    """How often an answer is right: (severities, thresholds, slopes, lapses)."""
    severity, threshold, slope, lapse = np.ix_(SEVERITIES, THRESHOLDS, SLOPES, LAPSES)
    found = 1 - lapse - (1 - GUESS - lapse) * np.exp(-((severity / threshold) ** slope))
    found.setflags(write=False)
    return found


@lru_cache(1)
def _slips() -> np.ndarray:
    """How unsure an answer is to who knows the parameters, in nats: (severities, combinations)."""
    return entropy(_chances().reshape(len(SEVERITIES), -1))


def posterior(answers: Sequence[Detection]) -> np.ndarray:
    """How likely each combination of parameters is: (thresholds, slopes, lapses), of sum 1.

    Raises:
        SettingError: an answer is of a severity that is never shown.
    """
    found = np.ones((len(THRESHOLDS), len(SLOPES), len(LAPSES)))
    for answer in answers:
        chance = _chances()[_place_of(answer.severity)]
        found *= chance if answer.is_right else 1 - chance
        found /= found.sum()
    return found / found.sum()


def next_severity(answers: Sequence[Detection], weakest: float = WEAKEST) -> float:
    """The severity that is shown next, one of `SEVERITIES`.

    Args:
        answers: So far.
        weakest: The weakest one that can be shown.

    Raises:
        SettingError: an answer, or `weakest`, is of a severity that is never shown.
    """
    known = posterior(answers).ravel()
    unsure = entropy(_chances().reshape(len(SEVERITIES), -1) @ known)
    first = _place_of(weakest)
    return float(SEVERITIES[first + (unsure - _slips() @ known)[first:].argmax()])


def next_side(seed: int, answered: int, attempt: int = 0) -> Side:
    """On which side the distorted picture stands next: at random, and of each `BLOCK` half on the left.

    Args:
        seed: Of the run.
        answered: How many answers there are.
        attempt: How often the run was started over: who remembers the sides is not helped.
    """
    block, place = divmod(answered, BLOCK)
    drawn = np.random.default_rng((seed, attempt, block)).permutation(BLOCK)
    return "A" if drawn[place] < BLOCK // 2 else "B"


def is_enough(answers: Sequence[Detection]) -> bool:
    """Whether the run is over."""
    if len(answers) < FEWEST:
        return False
    low, high = _interval(posterior(answers).sum(axis=(1, 2)))
    return len(answers) >= MOST or high / low <= NARROW


def tried(answers: Sequence[Detection]) -> tuple[Tried, ...]:
    """The answers by severity, the weakest first."""
    found: dict[float, list[bool]] = {}
    for answer in answers:
        found.setdefault(answer.severity, []).append(answer.is_right)
    return tuple(Tried(each, len(found[each]), sum(found[each])) for each in sorted(found))


def estimate(answers: Sequence[Detection]) -> Estimate:
    """What the answers say of the threshold, and of how often answers are right at every severity."""
    known = posterior(answers)
    of_threshold = known.sum(axis=(1, 2))
    low, high = _interval(of_threshold)
    chances = _chances().reshape(len(SEVERITIES), -1)
    return Estimate(
        severity=float(10 ** (of_threshold @ np.log10(THRESHOLDS))),
        low=low,
        high=high,
        slope=float(known.sum(axis=(0, 2)) @ SLOPES),
        lapse=float(known.sum(axis=(0, 1)) @ LAPSES),
        severities=SEVERITIES,
        curve=chances @ known.ravel(),
        band=np.stack([_quantiles(row, known.ravel()) for row in chances], axis=1),
    )


def _interval(of_threshold: np.ndarray) -> tuple[float, float]:
    """The severities between which the threshold lies, with equal tails.

    The weight of each point of the grid is spread over its cell, evenly in the logarithm.
    """
    steps = np.log10(THRESHOLDS)
    half = (steps[1] - steps[0]) / 2
    edges = np.append(steps - half, steps[-1] + half)
    below = np.append(0, np.cumsum(of_threshold))
    ends = np.interp([(1 - COVERED) / 2, (1 + COVERED) / 2], below, edges)
    return float(10 ** ends[0]), float(10 ** ends[1])


def _quantiles(values: np.ndarray, weights: np.ndarray) -> tuple[float, float]:
    """The ends of the interval that holds `COVERED` of weighted values."""
    order = np.argsort(values)
    below = np.cumsum(weights[order])
    places = np.searchsorted(below, [(1 - COVERED) / 2, (1 + COVERED) / 2])
    low, high = values[order][np.minimum(places, len(values) - 1)]
    return float(low), float(high)


def _place_of(severity: float) -> int:
    place = int(np.abs(np.log(SEVERITIES / severity)).argmin()) if severity > 0 else 0
    if not np.isclose(SEVERITIES[place], severity):
        raise SettingError(f"The severity {severity!r} is never shown here; take one of the run’s own.")
    return place
