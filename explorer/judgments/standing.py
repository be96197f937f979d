"""How metrics stand beside people, subset by subset, with the paper's own numbers: what is drawn and told."""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from explorer.analysis.wording import listed
from explorer.judgments.distances import apart
from explorer.judgments.evaluation import Evaluation
from explorer.judgments.intervals import Interval
from explorer.judgments.published import TableRow, votes
from explorer.judgments.scores import LABELS
from explorer.judgments.sets import Kind
from explorer.judgments.training import TRAININGS, label_of_metric, training_of

Marks = tuple[Interval | None, ...]  # a score for each column; None where there is none

PEOPLE = "people"  # of the paper's row that is no metric
PAPERS_PART = 0.95  # of a subset's trials that must be there for it to be the paper's
AVERAGE = "average"  # as the mean over subsets is shown
# How a score is told of each kind, and what it is for who says nothing: the beginning of the axis.
SCORES: Mapping[Kind, tuple[str, float]] = {
    "2afc": (f"{LABELS['2afc']}: agreement with people, %", 0.5),
    "jnd": (f"{LABELS['jnd']}, %", 0.0),
    "mos": (f"{LABELS['mos']} with people, × 100", 0.0),
}


@dataclass(frozen=True)
class Standing:
    """One metric.

    Attributes:
        name: As in files; of the paper's rows, as it prints them.
        label: As users read it.
        training: What it has learned from, a key of `TRAININGS`.
        is_published: Whether these are numbers that the paper prints, and not found from the votes.
        marks: Its scores, 0..1.
    """

    name: str
    label: str
    training: str
    is_published: bool
    marks: Marks


@dataclass(frozen=True)
class Standings:
    """Metrics beside people.

    Attributes:
        kind: Of the judgments.
        columns: The subsets, and behind them, where there are several, what stands for all.
        trials: How many judgments each column's numbers come from.
        ceiling: How often people agree with each other; None where there is no such number. A metric that
            sides with most people passes it.
        metrics: Those that were found from the votes, as they were asked for.
        published: The paper's rows, without people.
        published_people: The paper's row of people; empty where these are not its subsets.
    """

    kind: Kind
    columns: tuple[str, ...]
    trials: tuple[int, ...]
    ceiling: Marks
    metrics: tuple[Standing, ...]
    published: tuple[Standing, ...] = ()
    published_people: Marks = ()

    @property
    def last(self) -> int:
        """The place of the column that stands for all: the average, or the only subset."""
        return len(self.columns) - 1

    @property
    def unit(self) -> str:
        """What the scores are, as an axis is called."""
        return SCORES[self.kind][0]

    @property
    def start(self) -> float:
        """What a score is for who says nothing, 0..1."""
        return SCORES[self.kind][1]

    def best(self, column: int) -> Standing | None:
        """The measured metric with the highest score there; the first of equal ones."""
        known = [each for each in self.metrics if each.marks[column] is not None]
        return max(known, key=lambda each: each.marks[column].value, default=None)

    def tied(self, column: int, text: Callable[[Interval], str]) -> tuple[Standing, ...]:
        """The measured metrics whose score there shows as the highest does.

        Args:
            text: A score as it is shown.
        """
        best = self.best(column)
        known = [each for each in self.metrics if each.marks[column] is not None]
        return tuple(each for each in known if text(each.marks[column]) == text(best.marks[column]))

    def by_training(self) -> tuple[tuple[str, tuple[Standing, ...]], ...]:
        """Groups with a heading each, in the order of `TRAININGS`."""
        every = (*self.published, *self.metrics)
        groups = {
            heading: tuple(each for each in every if each.training == training)
            for training, heading in TRAININGS.items()
        }
        return tuple((heading, group) for heading, group in groups.items() if group)


def standings(
    found: Evaluation, published: Sequence[TableRow] = (), metrics: Sequence[str] = ()
) -> Standings:
    """The metrics of an evaluation beside people, and the paper's rows where it has these subsets.

    Args:
        metrics: Names of those that are wanted, in their order; none for all.
    """
    every, subsets = found.every, tuple(subset.name for subset in found.subsets)
    rows = [row for row in published if found.kind == "2afc" and set(subsets) <= set(row.scores)]
    return Standings(
        found.kind,
        _columns(found),
        tuple(subset.trials for subset in every),
        tuple(subset.ceiling for subset in every),
        tuple(
            Standing(
                name,
                label_of_metric(name),
                training_of(name),
                False,
                tuple(_known(subset.scores.get(name)) for subset in every),
            )
            for name in metrics or found.metrics
        ),
        tuple(
            Standing(row.name, row.name, row.training, True, _published(row, subsets))
            for row in rows
            if row.training != PEOPLE
        ),
        next((_published(row, subsets) for row in rows if row.training == PEOPLE), ()),
    )


def is_papers_set(subsets: Iterable[str]) -> bool:
    """Whether trials are those of the paper's validation set, whose numbers its table prints.

    A few may be missing, such as those of damaged files.

    Args:
        subsets: Of each trial.
    """
    own, papers = Counter(subsets), Counter(votes().subsets)
    return bool(own) and all(
        PAPERS_PART * papers[name] <= count <= papers[name] for name, count in own.items()
    )


def _columns(found: Evaluation) -> tuple[str, ...]:
    """The subsets, and behind them, where there are several, what stands for all."""
    names = tuple(subset.name for subset in found.subsets)
    whole = found.overall.name if found.kind == "mos" else apart(AVERAGE, names)
    return (*names, whole) if len(names) > 1 else names


def _known(score: Interval | None) -> Interval | None:
    return score if score is not None and math.isfinite(score.value) else None


def _published(row: TableRow, subsets: Sequence[str]) -> Marks:
    """The paper's numbers for these subsets, and their mean behind them where there are several."""
    values = [row.scores[subset] for subset in subsets]
    if len(values) > 1:
        values.append(math.fsum(values) / len(values))
    return tuple(Interval(value, math.nan, math.nan, 0) for value in values)


def is_bounded(mark: Interval) -> bool:
    """Whether anything is known of how sure it is."""
    return math.isfinite(mark.low) and math.isfinite(mark.high)


def percent(mark: Interval | None) -> str:
    """A score as it is written: "77.5"; "–" where there is none."""
    if mark is None or not math.isfinite(mark.value):
        return "–"
    # Halves go up, as in the paper's means: 73.85 is written as 73.9, though the next float is below it.
    return _with_minus(f"{math.floor(round(1000 * mark.value, 6) + 0.5) / 10:.1f}")


def with_interval(mark: Interval | None) -> str:
    """The same with its interval: "77.5 [76.6, 78.4]"."""
    text = percent(mark)
    if mark is None or not is_bounded(mark):
        return text
    return _with_minus(f"{text} [{100 * mark.low:.1f}, {100 * mark.high:.1f}]")


def signed(mark: Interval) -> str:
    """A difference in percentage points: "+0.31 [+0.05, +0.56]".

    With a digit more than scores have: 70.35 and 70.04 are shown as 70.4 and 70.0, which a difference of 0.3
    would contradict.
    """
    text = f"{100 * mark.value:+.2f}"
    if is_bounded(mark):
        text += f" [{100 * mark.low:+.2f}, {100 * mark.high:+.2f}]"
    return _with_minus(text)


def _with_minus(text: str) -> str:
    return text.replace("-", "−")


def sentence(found: Standings) -> str:
    """What the numbers say, in one sentence."""
    place, total = found.last, found.trials[-1]
    trials = "one trial" if total == 1 else f"{total:,} trials"
    where = f"Over {place} subsets with {trials}" if place > 1 else f"On {trials}"
    ceiling, best = found.ceiling[place], found.best(place)
    people = f"{where}, people agree with each other {percent(ceiling)}% of the time"
    if best is None:
        return f"{people}." if ceiling else f"{where}, no metric has a score."
    shown = _correlation if found.kind == "mos" else percent
    tied = found.tied(place, shown)
    is_one, score = len(tied) == 1, shown(best.marks[place])
    who, each = _leaders(found, tied), "" if is_one else " each"
    if ceiling:
        return f"{people}; {who} {'agrees' if is_one else 'agree'} with them {score}%{each}."
    has = "has" if is_one else "each have"
    if found.kind == "jnd":
        return f"{where}, {who} {has} a {LABELS['jnd']} of {score}%."
    return f"{where}, {LABELS['mos']} of {who} with people is {score}."


def _leaders(found: Standings, tied: Sequence[Standing]) -> str:
    """Who has the highest score, and among how many that says something."""
    count, names = len(found.metrics), listed([each.label for each in tied])
    if count == 1:
        return names
    return f"{names}, which tie," if len(tied) == count else f"{names}, the best of {count} metrics,"


def _correlation(mark: Interval) -> str:
    return _with_minus(f"{mark.value:.3f}")


def contest_sentence(columns: Sequence[str], marks: Sequence[Interval], labels: tuple[str, str]) -> str:
    """What the comparison of two metrics says: who leads, where, by how much, and whether that is sure.

    Args:
        columns: As of `Standings`.
        marks: Score of the first less that of the second, for each column.
        labels: Of the two.
    """
    whole = marks[-1]
    first, second = labels if whole.value >= 0 else labels[::-1]
    if whole.value < 0:
        marks = [Interval(-mark.value, -mark.high, -mark.low, mark.groups) for mark in marks]
    whole, parts = marks[-1], marks[:-1]
    ahead = sum(mark.value > 0 for mark in parts)
    where = f" on {ahead} of {len(parts)} subsets" if parts else ""
    mean = ", on average" if parts else ""
    if whole.value == 0:
        return f"{first} and {second} have the same score."
    is_sure = is_bounded(whole) and whole.low > 0
    doubt = "" if is_sure or not is_bounded(whole) else ", which other references could turn round"
    return f"{first} beats {second}{where}{mean} by {signed(whole).replace('+', '')} points{doubt}."
