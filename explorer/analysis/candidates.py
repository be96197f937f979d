"""The Candidates question: which candidate is closest to one reference, and do the metrics agree?"""

import csv
import io
import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import combinations, permutations

from explorer.analysis.wording import listed

MOST = 8  # candidates beside each other

# For a first look before anything is uploaded: chosen so that pixel and feature metrics disagree.
SAMPLE_CANDIDATES = (
    ("jpeg", 0.6),
    ("gaussian_blur", 0.3),
    ("gaussian_noise", 0.4),
    ("contrast", 0.5),
    ("shift", 0.35),
)
SAMPLE_SEED = 0

FEWEST_DECIMALS, MOST_DECIMALS = 4, 8
CLEAR = 0.2  # of the range of a metric's values: two that are farther apart are no near tie


@dataclass(frozen=True)
class Metric:
    """What candidates are ranked by.

    Attributes:
        name: In files, such as "alexnet:lpips-0.1" or "psnr".
        label: As users read it.
        higher_is_closer: Whether the largest value is the closest; a distance is the other way round.
        unit: Behind each value.
    """

    name: str
    label: str
    higher_is_closer: bool = False
    unit: str = ""

    @property
    def direction(self) -> str:
        """In words."""
        return "higher is closer" if self.higher_is_closer else "lower is closer"


PSNR = Metric("psnr", "PSNR", higher_is_closer=True, unit="dB")
SSIM = Metric("ssim", "SSIM", higher_is_closer=True)


@dataclass(frozen=True)
class Cell:
    """What one metric says of one candidate; both are None where it could not be measured."""

    value: float | None  # infinite for the PSNR of identical images
    rank: int | None  # 1 is the closest; equal values share a rank, and the next ones are left out
    is_to_come: bool = False  # not measured yet; then no value of its column has a rank


@dataclass(frozen=True)
class Row:
    """What all metrics say of one candidate."""

    name: str
    cells: tuple[Cell, ...]  # in the metrics' order

    @property
    def ranks(self) -> tuple[int, ...]:
        """The ranks that it has."""
        return tuple(cell.rank for cell in self.cells if cell.rank is not None)

    @property
    def disagrees(self) -> bool:
        """Whether the metrics rank it differently."""
        return len(set(self.ranks)) > 1

    @property
    def agreement(self) -> str:
        """Its ranks in words: "2", or "1 to 4" where the metrics disagree."""
        if not self.ranks:
            return ""
        return f"{min(self.ranks)} to {max(self.ranks)}" if self.disagrees else str(self.ranks[0])


@dataclass(frozen=True)
class Reversal:
    """Two candidates, by number, that metrics order the other way round.

    Attributes:
        closer, farther: Columns that find the first one closer than the second, and farther; the former hold
            the first column of all.
    """

    first: int
    second: int
    closer: tuple[int, ...]
    farther: tuple[int, ...]


@dataclass(frozen=True)
class Ranking:
    """Candidates by metrics.

    Attributes:
        metrics: The columns.
        rows: A candidate each, in the order given.
    """

    metrics: tuple[Metric, ...]
    rows: tuple[Row, ...]

    @property
    def order(self) -> tuple[int, ...]:
        """Rows by the first metric that ranks any, closest first; those without a rank come last.

        As given where that is not known yet, so that rows are moved once.
        """
        columns = []
        for column in range(len(self.metrics)):
            cells = [row.cells[column] for row in self.rows]
            if any(cell.is_to_come for cell in cells):
                break
            columns.append([cell.rank for cell in cells])
        ranks = next((column for column in columns if any(column)), [None] * len(self.rows))
        return tuple(sorted(range(len(self.rows)), key=lambda index: ranks[index] or math.inf))

    def closest(self, name: str = "") -> tuple[int, int, int] | None:
        """The column of a metric, and the two rows that it finds closest, the closer one first.

        Args:
            name: The metric's; "" takes the first.

        Returns:
            None where it ranks fewer than two, or is not known to the end.
        """
        names = [metric.name for metric in self.metrics]
        column = names.index(name) if name in names else 0
        cells = [row.cells[column] for row in self.rows]
        ranked = [index for index, cell in enumerate(cells) if cell.rank is not None]
        if len(ranked) < 2:
            return None
        first, second, *_ = sorted(ranked, key=lambda index: cells[index].rank)
        return column, first, second

    @property
    def sentence(self) -> str:
        """What the ranks say, in one sentence; empty where nothing is ranked or a value is to come."""
        ranked = [row for row in self.rows if row.ranks]
        if not ranked or any(cell.is_to_come for row in self.rows for cell in row.cells):
            return ""
        if len(ranked) == 1:
            return f"{ranked[0].name} is the only candidate so far; a ranking needs at least two."
        leaders = self._leaders()
        if not any(row.disagrees for row in ranked):
            return f"All metrics rank the candidates alike: {_closest(next(iter(leaders)))}."
        if len(leaders) == 1:
            count = sum(row.disagrees for row in ranked)
            others = "one candidate" if count == 1 else f"{count} candidates"
            first = listed(next(iter(leaders)))
            return f"All metrics put {first} first, but they disagree about the rank of {others}."
        if (reversal := self.reversal) is not None:
            return self._told(reversal)
        parts = [
            f"{listed(labels)} {'puts' if len(labels) == 1 else 'put'} {listed(names)} first"
            for names, labels in leaders.items()
        ]
        return f"{', '.join(parts)}."

    @property
    def reversal(self) -> Reversal | None:
        """The pair that metrics order most differently, by ranks and by values.

        Each two metrics that order it the other way round count with the ranks between the candidates, times
        the smaller of the two leads. None where no two of them are clear about any pair: a near tie that is
        ranked the other way round says little.
        """
        most, found = 0.0, None
        for first, second in combinations(range(len(self.rows)), 2):
            leads = self._leads(first, second)
            opposed = [
                (one[0] - other[0], min(one[1], -other[1]))
                for one, other in permutations(leads, 2)
                if one[0] > 0 > other[0]
            ]
            weight = sum(gap * clarity for gap, clarity in opposed)
            if weight > most and max(clarity for _, clarity in opposed) >= CLEAR:
                most, found = weight, (first, second)
        if found is None:
            return None
        ahead, behind = (
            tuple(column for column, (rank, _) in enumerate(self._leads(*found)) if sign * rank > 0)
            for sign in (1, -1)
        )
        return Reversal(*found, ahead, behind) if ahead < behind else Reversal(*found[::-1], behind, ahead)

    def _leads(self, first: int, second: int) -> list[tuple[int, float]]:
        """By each metric: ranks by which the first is closer, and its lead in parts of the values' range."""
        found = []
        for column, metric in enumerate(self.metrics):
            one, other = (self.rows[row].cells[column] for row in (first, second))
            if one.rank is None or other.rank is None:
                found.append((0, 0.0))
                continue
            values = [row.cells[column].value for row in self.rows if row.cells[column].value is not None]
            finite = [value for value in values if math.isfinite(value)]
            lead = 0.0 if one.value == other.value else one.value - other.value
            if math.isfinite(lead) and lead:
                lead /= max(finite) - min(finite)
            lead = max(-1.0, min(1.0, lead))  # that of an infinite PSNR is all there can be
            found.append((other.rank - one.rank, lead if metric.higher_is_closer else -lead))
        return found

    def _told(self, reversal: Reversal) -> str:
        """A reversal in one sentence."""

        def find(columns: tuple[int, ...]) -> str:
            labels = listed([self.metrics[column].label for column in columns])
            return f"{labels} {'finds' if len(columns) == 1 else 'find'}"

        first, second = self.rows[reversal.first].name, self.rows[reversal.second].name
        return f"{find(reversal.closer)} {first} closer than {second}; {find(reversal.farther)} it farther."

    def _leaders(self) -> dict[tuple[str, ...], list[str]]:
        """Names of the closest candidates -> labels of the metrics that put just these first."""
        leaders: dict[tuple[str, ...], list[str]] = {}
        for column, metric in enumerate(self.metrics):
            names = tuple(row.name for row in self.rows if row.cells[column].rank == 1)
            if names:
                leaders.setdefault(names, []).append(metric.label)
        return leaders


def rank(
    metrics: Sequence[Metric],
    names: Sequence[str],
    values: Sequence[Sequence[float | None]],
    to_come: Collection[tuple[int, int]] = (),
) -> Ranking:
    """Rank candidates by each metric for which all is known.

    Args:
        metrics: The columns.
        names: Of the candidates.
        values: For each candidate its value in each metric, None where it could not be measured.
        to_come: (candidate, metric) of values that are not known yet, by number.

    Raises:
        ValueError: the numbers of names, metrics and values do not fit, or a value is NaN.
    """
    if len(values) != len(names) or any(len(row) != len(metrics) for row in values):
        raise ValueError("there must be one value for each candidate and metric")
    if any(value is not None and math.isnan(value) for row in values for value in row):
        raise ValueError("a value is NaN; give None for what could not be measured")
    open_columns = {column for _, column in to_come}
    ranks = [
        [None] * len(values)
        if column in open_columns
        else _ranks([row[column] for row in values], metric.higher_is_closer)
        for column, metric in enumerate(metrics)
    ]
    return Ranking(
        tuple(metrics),
        tuple(
            Row(
                name,
                tuple(
                    Cell(value, ranks[column][index], (index, column) in to_come)
                    for column, value in enumerate(row)
                ),
            )
            for index, (name, row) in enumerate(zip(names, values, strict=True))
        ),
    )


def _ranks(values: Sequence[float | None], higher_is_closer: bool) -> list[int | None]:
    """1 plus the number of values that are strictly closer."""
    sign = -1 if higher_is_closer else 1
    known = [sign * value for value in values if value is not None]
    return [None if value is None else 1 + sum(other < sign * value for other in known) for value in values]


def texts(metric: Metric, values: Sequence[float | None]) -> list[str]:
    """One metric's values as they are shown, with so many digits that different values look different."""
    known = {value for value in values if value is not None and math.isfinite(value)}
    fewest = 2 if metric is PSNR else FEWEST_DECIMALS
    decimals = next(
        (
            count
            for count in range(fewest, MOST_DECIMALS)
            if len({f"{value:.{count}f}" for value in known}) == len(known)
        ),
        MOST_DECIMALS,
    )
    unit = f" {metric.unit}" if metric.unit else ""
    return [
        "–" if value is None else f"{value:.{decimals}f}{unit}" if math.isfinite(value) else f"∞{unit}"
        for value in values
    ]


def distinct_names(names: Sequence[str]) -> list[str]:
    """Names that tell the candidates apart: a second "out.png" is called "out.png (2)"."""
    found: list[str] = []
    for name in names:
        candidate, count = name, 1
        while candidate in found:
            count += 1
            candidate = f"{name} ({count})"
        found.append(candidate)
    return found


def to_csv(ranking: Ranking, names: Sequence[str] | None = None) -> str:
    """The table, a row a candidate in the order given: its name, then value and rank by each metric.

    Numbers have all their digits; an infinite PSNR is "inf", and what could not be measured, or was not yet,
    is empty.

    Args:
        names: Of the candidates in the file, where those of the ranking were cut.
    """
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    titles = [title for metric in ranking.metrics for title in (metric.name, f"{metric.name} rank")]
    writer.writerow(("candidate", *titles))
    for name, row in zip(names or [row.name for row in ranking.rows], ranking.rows, strict=True):
        writer.writerow((name, *(entry for cell in row.cells for entry in (cell.value, cell.rank))))
    return stream.getvalue()


def _closest(names: Sequence[str]) -> str:
    return f"{listed(names)} {'is' if len(names) == 1 else 'are'} closest"
