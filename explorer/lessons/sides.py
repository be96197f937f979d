"""How often a network sides with people: the paper's Table 5, and what the bundled votes say today."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from explorer.judgments.published import METRICS, PublishedMetric, TableRow, table_5, votes
from explorer.judgments.scores import ceiling, two_afc
from explorer.lessons.emergence import Kind

# Rows that nothing measures here: the paper made both of AlexNet's layers.
UNMEASURED: Mapping[Kind, str] = {"random": "random Gaussian", "k-means": "k-means"}


@dataclass(frozen=True)
class Counted:
    """A metric's 2AFC score on the bundled votes, counted now.

    Attributes:
        score: Mean of the subsets', a fraction; the share of people with whom it agrees.
        people: The same of a person drawn by chance.
        trials: How many there are.
    """

    metric: PublishedMetric
    score: float
    people: float
    trials: int


@dataclass(frozen=True)
class Sides:
    """What is known of a backbone and people's votes.

    Attributes:
        rows: Kind -> its row of Table 5; a kind that the paper has no row for is not in it.
        squared_error: Table 5's row of L2, whose order is PSNR's.
        people: Table 5's row of people among themselves.
        counted: On the bundled votes: a network that was trained on such votes; None without one.
    """

    rows: Mapping[Kind, TableRow]
    squared_error: TableRow
    people: TableRow
    counted: Counted | None


@lru_cache(maxsize=32)
def sides_of(backbone: str) -> Sides:
    """Of a backbone, by its name in the catalogue.

    Source: Zhang et al., CVPR 2018, Table 5 (2AFC, mean of its six columns).
    """
    by_metric = {row.metric: row for row in table_5() if row.metric}
    by_name = {row.name: row for row in table_5()}
    rows: dict[Kind, TableRow] = {}
    if backbone == "alexnet":
        rows |= {kind: by_name[name] for kind, name in UNMEASURED.items()}
    measured: Mapping[Kind, str] = {"trained": f"{backbone}:uniform", "learned": f"{backbone}:lpips-0.0"}
    rows |= {kind: by_metric[text] for kind, text in measured.items() if text in by_metric}
    published = next((metric for metric in METRICS if metric.backbone == backbone), None)
    return Sides(rows, by_name["L2"], by_name["human"], published and counted(published))


@lru_cache(maxsize=len(METRICS))
def counted(metric: PublishedMetric) -> Counted:
    """Hold a metric of the bundled votes against people: the mean of its subsets' 2AFC scores."""
    all_votes = votes()
    parts = [all_votes.part(name) for name in all_votes.subset_names]
    place = all_votes.place_of(metric.name)
    scores = [two_afc(part.first[place], part.second[place], part.people) for part in parts]
    people = [ceiling(part.people) for part in parts]
    return Counted(metric, float(np.mean(scores)), float(np.mean(people)), len(all_votes.people))
