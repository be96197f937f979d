"""What is known of the paper's data set without its pictures: the bundled votes, and the paper's Table 5.

Both lie in assets/judgments, whose README names their sources and licences.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from explorer.judgments.distances import Distances
from explorer.judgments.formats.bapps import SUBSETS
from explorer.judgments.formats.tables import read_table
from explorer.judgments.formats.votes import read_votes
from explorer.places import assets

VOTES = "bapps_val_votes.csv.gz"
TABLE_5 = "table5.csv"
SUBSET_LABELS = {
    "traditional": "traditional",
    "cnn": "CNN-based",
    "superres": "superresolution",
    "deblur": "video deblurring",
    "color": "colorization",
    "frameinterp": "frame interpolation",
}

Training = Literal["people", "none", "random", "self-supervised", "supervised", "tuned"]


@dataclass(frozen=True)
class PublishedMetric:
    """A metric of the bundled votes.

    Attributes:
        name: As `Distances.metrics` has it.
        label: As users read it.
        backbone: "alexnet" or "vgg16".
    """

    name: str
    label: str
    backbone: str


# All four were trained on the paper's judgments by the authors of shift-tolerant LPIPS, network and heads.
METRICS = (
    PublishedMetric("alex_vanilla", "AlexNet", "alexnet"),
    PublishedMetric("alex_shift_tolerant", "AlexNet, shift-tolerant", "alexnet"),
    PublishedMetric("vgg_vanilla", "VGG16", "vgg16"),
    PublishedMetric("vgg_shift_tolerant", "VGG16, shift-tolerant", "vgg16"),
)


@dataclass(frozen=True)
class TableRow:
    """A row of the paper's Table 5.

    Attributes:
        name: As the paper has it, such as "alex-lin"; "human" is how far people agree among themselves.
        training: What the network has learned from: "none" for metrics without one; "random" weights;
            "self-supervised", from pictures without labels; "supervised", from labels of what they show;
            "tuned", with heads learned from the judgments themselves.
        metric: What measures most like it here, as `text_of(ruler)`; "" where nothing does. The paper's
            heads are the first release's.
        scores: Subset -> 2AFC score, a fraction.
    """

    name: str
    training: Training
    metric: str
    scores: Mapping[str, float]

    @property
    def mean(self) -> float:
        """Over the subsets, as the paper averages them."""
        return sum(self.scores.values()) / len(self.scores)


@lru_cache(1)
def votes() -> Distances:
    """All 36,344 2AFC trials of the paper's validation set, with four metrics' distances; read-only."""
    read = read_votes(read_table(assets("judgments") / VOTES))
    for array in (read.subsets, read.names, read.groups, read.people, read.first, read.second):
        array.setflags(write=False)
    return read


@lru_cache(1)
def table_5() -> tuple[TableRow, ...]:
    """The paper's 2AFC scores on its validation set, in the order of its table."""
    with (assets("judgments") / TABLE_5).open(encoding="utf-8", newline="") as file:
        return tuple(
            TableRow(
                row["name"],
                row["training"],
                row["metric"],
                # Printed in percent with one digit, and so kept in thousandths.
                {subset: round(float(row[subset]) * 10) / 1000 for subset in SUBSETS},
            )
            for row in csv.DictReader(file)
        )
