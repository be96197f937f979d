"""The report of a class: what it said, how metrics agree with it, and where they do not, in one HTML file."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from explorer import __version__
from explorer.analysis.wording import percent
from explorer.figures.people import range_text, signed
from explorer.judgments.asking.trial import Plan, Vote
from explorer.judgments.class_disputes import dispute_sentence, disputes
from explorer.judgments.class_distances import TrialDistances
from explorer.judgments.class_results import ClassResults
from explorer.judgments.intervals import Interval
from explorer.judgments.scaling import (
    Scale,
    choices_of,
    connected_words,
    family_of,
    label_of_condition,
    scaled,
)
from explorer.render import text

MOST_DISPUTES = 6  # of each metric
MOST_GROUPS = 8
SAMPLES = 200  # of the bootstrap of each group

_templates = Environment(
    loader=FileSystemLoader(Path(__file__).parent),
    autoescape=True,  # titles and names of files may hold anything
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


@dataclass(frozen=True)
class _Row:
    """A metric, people or the ceiling: its numbers, and its place on the chart in percent of its width."""

    label: str
    score: str
    interval: str
    at: float | None
    low: float
    high: float


def class_report(
    plan: Plan,
    code: str,
    found: ClassResults,
    votes: Sequence[Vote],
    metrics: Sequence[TrialDistances],
    picture: Callable[[str], bytes],
) -> str:
    """One file that needs no other.

    Args:
        plan, code: Of the session.
        found: Of its votes.
        votes: Without those of who is left out.
        metrics: What those say that were measured.
        picture: Gives the PNG of a digest.
    """
    scale, label = _scale(plan, votes)
    times = [vote.at for vote in votes]
    return _templates.get_template("class.html").render(
        title=plan.title or f"Class {code}",
        code=code,
        is_2afc=plan.kind == "2afc",
        sentence=found.sentence,
        between=[_day(at) for at in (min(times), max(times))] if times else [],
        rows=list(_rows(found)),
        ceiling=100 * found.ceiling.value if found.ceiling and found.votes else None,
        metrics=[metric.label for metric in found.metrics],
        families=list(_families(found)),
        scale=scale,
        groups=[group for group in scale.groups[:MOST_GROUPS] if not group.problem],
        connected=connected_words,
        label=label,
        signed=signed,
        disputes=[each for metric in metrics for each in _disputes(plan, found, metric, picture)],
        people=found.participants,
        notes=found.notes,
        version=__version__,
    )


def _scale(plan: Plan, votes: Sequence[Vote]) -> tuple[Scale, Callable[[str], str]]:
    """A scale, and how its conditions are told: pairs alone say nothing new, and give way to families."""
    found = scaled(choices_of(plan.trials, votes), samples=SAMPLES, most=MOST_GROUPS)
    if any(len(group.conditions) > 2 for group in found.groups):
        return found, label_of_condition
    return scaled(choices_of(plan.trials, votes, family_of), samples=SAMPLES, most=MOST_GROUPS), str


def _rows(found: ClassResults) -> Iterator[_Row]:
    if found.kind == "2afc" and found.votes:
        if found.peers is not None:
            yield _row("Two participants", found.peers)
        yield _row("Ceiling", found.ceiling)
    for metric in sorted(found.metrics, key=lambda each: -np.nan_to_num(each.score.value, nan=-1)):
        yield _row(metric.label, metric.score)


def _row(label: str, score: Interval) -> _Row:
    if not np.isfinite(score.value):
        return _Row(label, "–", "–", None, 0.0, 0.0)
    ends = (score.low, score.high) if np.isfinite(score.low) else (score.value, score.value)
    low, high = (100 * end for end in ends)
    return _Row(label, percent(score.value), range_text(score), 100 * score.value, low, high)


def _families(found: ClassResults) -> Iterator[tuple[str, ...]]:
    for family in found.families:
        scores = [metric.by_family.get(family.name, float("nan")) for metric in found.metrics]
        ceilings = [] if family.ceiling is None else [percent(family.ceiling)]
        shown = [percent(score) if np.isfinite(score) else "–" for score in scores]
        yield family.name, str(family.trials), str(family.votes), *ceilings, *shown


def _disputes(
    plan: Plan, found: ClassResults, metric: TrialDistances, picture: Callable[[str], bytes]
) -> Iterator[dict[str, object]]:
    for each in disputes(plan, found, metric, MOST_DISPUTES):
        trial = plan.trials[each.trial]
        pictures = {"Reference": trial.reference, "A": trial.a, "B": trial.b}
        if plan.kind == "jnd":
            pictures = {"First": trial.a, "Second": trial.b}
        yield {
            "sentence": dispute_sentence(plan, each, metric),
            "pictures": {
                name: f"data:image/png;base64,{text(picture(digest))}" for name, digest in pictures.items()
            },
        }


def _day(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d %H:%M UTC")
