"""The Compare question: how do networks and heads differ on one pair?

Raw distances of different networks are not comparable. A map is therefore shown as a share of its own score:
its mean is 1. Scores are comparable by their percentiles among a fixed ladder of distortions (`ladder.py`);
a percentile belongs to a score, and a place of a map has none.
"""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from explorer.analysis.cost import peak_bytes, pixel_bytes
from explorer.analysis.inspection import combined_of
from explorer.backbones import BACKBONES, HEADS, Backbone, find_backbone, graph_of, heads_for
from explorer.errors import ExplorerError, SettingError
from explorer.images import Picture, measured_size
from explorer.jobs import Job, Progress, Task
from explorer.metrics import Comparison, Measurement, Method, read_method
from explorer.metrics.measuring import STEPS
from explorer.metrics.method import RANDOM
from explorer.metrics.scores import classic_scores

MOST = 6  # columns beside each other
SCALES = {
    "share": "Each map over its own score: 1 is the average place. Networks can be compared.",
    "percentile": "Each score's percentile among the ladder of distortions. The maps are those of Share.",
    "raw": "Distances as they are. Those of different networks are not comparable.",
}
UNITS = {"share": "× average", "percentile": "× average", "raw": "distance"}


def trained_on(method: Method) -> str:
    """What the network, and the heads on it, were trained on."""
    network = "nothing" if method.weights == RANDOM else method.row.trained_on
    heads = HEADS[method.heads].trained_on
    return f"{network}; heads on {heads}" if heads else network


def read_columns(text: str) -> tuple[tuple[Method, ...], tuple[str, ...]]:
    """Read a link's columns, separated by commas; returns the good ones, and a sentence for each that is not.

    More than `MOST` are refused as a whole, since leaving some out would be a choice that nobody made.
    """
    columns: dict[Method, None] = {}  # an ordered set
    problems = []
    names = [part for part in text.split(",") if part]
    if len(set(names)) > MOST:
        return (), (too_many(len(set(names))),)
    for name in names:
        try:
            columns[read_method(name)] = None
        except SettingError as error:
            problems.append(f"The link asks for a column that cannot be had: {error}")
    return tuple(columns), tuple(problems)


def too_many(count: int) -> str:
    """The sentence that refuses more columns than fit."""
    return f"The link asks for {count} columns, but at most {MOST} fit beside each other; leave some out."


def all_columns() -> tuple[Method, ...]:
    """Every choice of the catalogue, a backbone after the other."""
    return tuple(
        Method(row.name, heads, weights=weights)
        for row in BACKBONES.values()
        for weights in ("trained", RANDOM)
        for heads in heads_for(row)
    )


def first_columns(is_ready: Callable[[Backbone], bool]) -> tuple[Method, ...]:
    """The columns of a first visit: what needs no fetching."""
    columns = (*trained_or_random("alexnet"), Method("vgg16", "lpips-0.1"))
    return tuple(method for method in columns if method.weights == RANDOM or is_ready(method.row))


def trained_or_random(backbone: str) -> tuple[Method, ...]:
    """One backbone with learned heads, without them, and with random weights: what training adds.

    Raises:
        SettingError: there is no such backbone.
    """
    row = find_backbone(backbone)
    learned = [Method(row.name, heads) for heads in list(row.heads)[:1]]
    plain = row.head_names[-1]  # uniform where it is offered
    both = dict.fromkeys([*learned, Method(row.name, plain), Method(row.name, plain, weights=RANDOM)])
    return tuple(both)


@dataclass(frozen=True, eq=False)
class Column:
    """What one method measured of the pair."""

    method: Method  # as the page's columns name it: of any size, device and precision
    measurement: Measurement
    values: np.ndarray | None  # combined map, float32 (H, W) of the whole picture; None where there is none
    pass_seconds: float  # of one picture through the network, warm
    cropped: tuple[int, int] | None  # the (width, height) that was measured, where a border was left out

    @property
    def without_map(self) -> str:
        """Why there is no map to show as a share; "" where there is one."""
        if self.values is None:
            return (
                f"{self.method.row.label} compares statistics of whole layers, so it has a score but no map."
            )
        return "" if self.measurement.score > 0 else "The score is 0, so there are no shares to show."


def column(method: Method, comparison: Comparison, size: tuple[int, int]) -> Column:
    """Arrange a comparison as a column.

    Args:
        comparison: With the method's heads and layers among its own.
        size: (width, height) of the whole picture, of which some backbones leave out a border.
    """
    measurement = comparison.measurement(method.heads, method.layers)
    values = combined_of(measurement)
    if values is not None:
        values = laid_on(values, size)
    cropped = measurement.size if measurement.size != size else None
    return Column(method, measurement, values, comparison.pass_seconds, cropped)


@dataclass(frozen=True)
class Classic:
    """What needs no network."""

    psnr: float
    ssim: float | None  # below 11 × 11 pixels there is none


# A column and what was measured for it, or why nothing could be; None in its place for PSNR and SSIM.
Found = tuple[Method | None, Column | Classic | ExplorerError]
Compare = Callable[[Method, Progress], Comparison]


def columns_task(
    pair: tuple[Picture, Picture],
    size: int | None,
    asked: Mapping[Method, Method],
    is_classic_known: bool,
    compare: Compare,
) -> Task[Found]:
    """Measure columns in the background, a pass of a network after the other; each is a result at once.

    Args:
        pair: As given, of one size.
        size: The longest side to measure at.
        asked: A column -> the same as it is measured: at that size, on some device, in some precision.
        is_classic_known: Whether PSNR and SSIM need not be measured.
        compare: Measures the pair by a method, with its siblings.
    """
    whole = measured_size(pair[0].size, size)
    passes: dict[Hashable, list[Method]] = {}
    for each, method in asked.items():
        passes.setdefault(method.pass_identity, []).append(each)
    total = STEPS * len(passes) + (not is_classic_known)

    def work(job: Job[Found]) -> None:
        done, needs_classic = 0, not is_classic_known
        for columns in passes.values():
            try:
                comparison = compare(asked[columns[0]], _within(job, done, total))
            except ExplorerError as error:
                job.keep(*((each, error) for each in columns))
            else:
                job.keep(*((each, column(each, comparison, whole)) for each in columns))
                if needs_classic and comparison.reference.size == whole:
                    job.keep((None, Classic(comparison.psnr, comparison.ssim)))
                    needs_classic = False
            done += STEPS
            job.advance(done, total)
        if needs_classic:
            job.keep((None, Classic(*classic_scores(*pair, size))))
        job.at(total, total)

    labels = [each.label for each in asked] or ["PSNR and SSIM"]
    passing = (peak_bytes(graph_of(method.row), whole) for method in asked.values())
    return Task(
        f"Measuring {labels[0] if len(labels) == 1 else f'{len(labels)} columns'}",
        work,
        size=max(passing, default=pixel_bytes(whole)),
        total=total,
        unit="steps",
    )


def _within(job: Job[Found], done: int, total: int) -> Progress:
    """Tells a job of the steps of one comparison, of which others were done; what is finished is not left."""

    def progress(step: int, steps: int) -> None:
        if step < steps:
            job.advance(done + step, total)

    return progress


def laid_on(values: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """A map of a picture that was cropped right and bottom, on the whole picture: NaN where nothing is known.

    Args:
        values: float32 (h, w).
        size: (width, height) of the whole picture, at least (w, h).

    Raises:
        ValueError: the picture is smaller than the map.
    """
    rows, columns = values.shape
    width, height = size
    if rows > height or columns > width:
        raise ValueError(f"a map of {columns} × {rows} does not fit a picture of {width} × {height}")
    if (columns, rows) == size:
        return values
    whole = np.full((height, width), np.nan, np.float32)
    whole[:rows, :columns] = values
    return whole


def scaled(shown: Column, scale: str) -> np.ndarray | None:
    """A column's map on one of `SCALES`, in its `UNITS`: float32 (H, W), NaN where nothing is known.

    Returns:
        A map whose mean is 1 ("share", "percentile"), or the score ("raw"). None where there is no map, and
        on the first two scales also where the score is 0.

    Raises:
        SettingError: an unknown scale.
    """
    if scale not in SCALES:
        raise SettingError(f"There is no scale {scale!r}; choose one of: {', '.join(SCALES)}.")
    score = shown.measurement.score
    if shown.values is None or scale == "raw":
        return shown.values
    if score <= 0:
        return None
    return (shown.values / score).astype(np.float32)


def difference_map(first: Column, second: Column) -> np.ndarray | None:
    """Where the first spends more of its score than the second: float32 (H, W).

    The mean is 0 where both cover the whole picture. NaN where one of them knows nothing; None where one of
    them has no shares.
    """
    shares = [scaled(shown, "share") for shown in (first, second)]
    return None if any(values is None for values in shares) else shares[0] - shares[1]


def sentence(columns: Sequence[Column]) -> str:
    """One sentence about where each column's distance arises; "" without columns."""
    return sentence_of([(shown.method.label, shown.measurement) for shown in columns])


def sentence_of(columns: Sequence[tuple[str, Measurement]]) -> str:
    """The same for measurements with their labels."""
    if not columns:
        return ""
    measured = [column for column in columns if column[1].score > 0]
    if not measured:
        return "Every distance is 0: these networks see no difference between the two images."
    leading = [
        (label, max(measurement.layers, key=lambda layer: layer.share)) for label, measurement in measured
    ]
    parts = [f"{label} finds {layer.share:.0%} of its distance in {layer.name}" for label, layer in leading]
    return f"{'; '.join(parts)}."
