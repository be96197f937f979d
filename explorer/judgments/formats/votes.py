"""Tables of votes with distances: what people chose in each trial, and what metrics say, without pictures.

A CSV file, gzipped or not, with a row a trial: `subset`, `name`, `judge` (share of people who found the
second version closer, 0..1), and for each metric `d0_METRIC` and `d1_METRIC`, of which the smaller one is
closer: PSNR and SSIM, which grow as pictures come closer, stand there as their negatives. A column
`reference`, where there is one, says which trials share a reference.
"""

import numpy as np
import pandas as pd

from explorer.analysis.rulers import CLASSIC, text_of
from explorer.errors import SettingError
from explorer.judgments.distances import Distances
from explorer.judgments.formats.listing import MOST_TOLD, Left
from explorer.judgments.formats.tables import Table, numbers, texts
from explorer.judgments.sets import Skipped
from explorer.names import cut, harmless

NEEDED = ("subset", "name", "judge")
FIRST, SECOND = "d0_", "d1_"  # what the columns of a metric begin with
MOST_METRICS = 64
MOST_SUBSETS = 1000


def is_votes(columns: list[str]) -> bool:
    """Whether a table with these columns is one of votes with distances."""
    return "judge" in columns or any(column.startswith((FIRST, SECOND)) for column in columns)


def read_votes(table: Table) -> Distances:
    """Take the votes of a table.

    Raises:
        SettingError: a column is missing, or no row can be used.
    """
    shown, frame = table.shown, table.frame
    metrics = _metrics(shown, list(frame.columns))
    judge = numbers(frame["judge"])
    first, second = (
        np.stack([numbers(frame[start + metric]) for metric in metrics]) for start in (FIRST, SECOND)
    )
    subsets, names = texts(frame["subset"]), texts(frame["name"])
    problems = _problems(judge, first, second, metrics, subsets, names)
    problems[_repeats(subsets, names, problems == "")] = "an earlier row has this subset and name"
    good = problems == ""
    if not good.any():
        why = f": {problems[0]}" if len(problems) else ""
        raise SettingError(f"{shown} holds no vote that can be used{why}; see what its columns hold.")
    if len(pd.unique(subsets[good])) > MOST_SUBSETS:
        raise SettingError(
            f"{shown} has more than {MOST_SUBSETS:,} subsets; put what is told together under one name."
        )
    references = texts(frame["reference"]) if "reference" in frame.columns else names
    groups = subsets + "/" + references
    return Distances(
        table.name,
        "2afc",
        metrics,
        subsets[good],
        names[good],
        groups[good],
        judge[good],
        first[:, good],
        second[:, good],
        skipped=_skipped(subsets, names, problems),
        notes=_turned_round(metrics, first[:, good], second[:, good]),
    )


def _turned_round(metrics: tuple[str, ...], first: np.ndarray, second: np.ndarray) -> tuple[str, ...]:
    """A sentence for each similarity that stands there as it is, and not as its negative.

    Nothing is turned round in silence: a metric of the table's own may be called "psnr" and be a distance.
    """
    return tuple(
        f"The {text_of(known)} of this table is mostly above 0, and read as any distance: the smaller one is "
        f"closer. If it is the usual {known}, of which the larger one is closer, put a minus before each "
        f"value of d0_{cut(harmless(metric))} and d1_{cut(harmless(metric))}, as evaluate --csv does."
        for metric, *both in zip(metrics, first, second, strict=True)
        for known in CLASSIC
        if metric.strip().lower() == text_of(known) and np.median(both) > 0
    )


def _metrics(shown: str, columns: list[str]) -> tuple[str, ...]:
    missing = [column for column in NEEDED if column not in columns]
    if missing:
        raise SettingError(
            f"{shown} has no column {', '.join(missing)}; a table of votes has subset, name, judge, and for "
            "each metric d0_METRIC and d1_METRIC."
        )
    begun = [column.removeprefix(FIRST) for column in columns if column.startswith(FIRST)]
    ended = [column.removeprefix(SECOND) for column in columns if column.startswith(SECOND)]
    for metric, there, lacks in [
        *((metric, FIRST, SECOND) for metric in begun if metric not in ended),
        *((metric, SECOND, FIRST) for metric in ended if metric not in begun),
    ]:
        name = cut(harmless(metric))
        raise SettingError(
            f"{shown} has a column {there}{name}, and none {lacks}{name}; add it, or take both away."
        )
    if not begun:
        raise SettingError(
            f"{shown} has no distances to hold against its votes; add d0_METRIC and d1_METRIC of a metric."
        )
    if len(begun) > MOST_METRICS:
        raise SettingError(f"{shown} has {len(begun)} metrics, and up to {MOST_METRICS} are read; split it.")
    return tuple(begun)


def _problems(judge, first, second, metrics, subsets, names) -> np.ndarray:
    """Why each row cannot be used, in a clause; "" for those that can."""
    why = np.full(len(judge), "", object)
    with np.errstate(invalid="ignore"):
        is_outside = (judge < 0) | (judge > 1)
    for metric, *both in zip(metrics, first, second, strict=True):
        is_missing = np.isnan(both).any(axis=0)
        why[is_missing] = f"its distances by {cut(harmless(metric))} are no numbers"
    why[is_outside] = [f"its judge is {value:g}, outside 0..1" for value in judge[is_outside]]
    why[np.isnan(judge)] = "its judge is no number"
    why[(subsets == "") | (names == "")] = "it has no subset or no name"
    return why


def _repeats(subsets: np.ndarray, names: np.ndarray, good: np.ndarray) -> np.ndarray:
    """Places of rows that are of the same trial as one before: a trial counts once."""
    places = np.flatnonzero(good)
    trials = pd.DataFrame({"subset": subsets[places], "name": names[places]})
    return places[trials.duplicated().to_numpy()]


def _skipped(subsets: np.ndarray, names: np.ndarray, problems: np.ndarray) -> tuple[Skipped, ...]:
    places, left = np.flatnonzero(problems != ""), Left()
    for place in places[:MOST_TOLD]:
        left.add(f"{subsets[place]}/{names[place]} (row {place + 2})", problems[place])
    left.more = max(0, len(places) - MOST_TOLD)
    return left.skipped
