"""What metrics say of a session's pictures: each trial's two versions, measured against their reference."""

import io
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from PIL import Image

from explorer.analysis.cost import rulers_bytes
from explorer.analysis.rulers import Ruler, is_similarity, label_of, text_of, values
from explorer.errors import ImageError
from explorer.images import Picture, load
from explorer.jobs import Job, Task
from explorer.judgments.asking.trial import Plan
from explorer.metrics import Method

Fetch = Callable[[str], bytes]  # a picture's PNG by its digest
ROOM = 4  # pictures of one reference that are held at a time, in the estimate of memory


@dataclass(frozen=True, eq=False)
class TrialDistances:
    """One metric's values of all trials of a plan.

    Attributes:
        text, label: The metric, as files and as users name it.
        is_similarity: Whether larger values are closer.
        values: float64 (trials, 2), of A and of B against the reference, in the metric's own unit; an
            infinite PSNR where nothing was changed. Of a JND trial A is the reference, and its value says
            nothing. NaN where it measures nothing, such as a picture too small for it.
        problem: Why there are none at all, in a sentence.
        partly: Why some trials have none, in a sentence.
    """

    text: str
    label: str
    is_similarity: bool
    values: np.ndarray
    problem: str = ""
    partly: str = ""

    @property
    def is_known(self) -> np.ndarray:
        """Of which trials there is a value, bool (trials,)."""
        return ~np.isnan(self.values).any(axis=1)

    @property
    def distances(self) -> np.ndarray:
        """The same, (trials, 2), with smaller always closer: a similarity's negative."""
        return -self.values if self.is_similarity else self.values


@dataclass(frozen=True)
class Measure:
    """What a metric says of one version of one reference: its value, or why it has none."""

    reference: str
    version: str
    value: float
    problem: str = ""

    @property
    def key(self) -> tuple[str, str]:
        """Digests of the two."""
        return self.reference, self.version


def versions_of(plan: Plan) -> dict[str, tuple[str, ...]]:
    """Digest of each reference -> digests of its versions, each once, in the plan's order."""
    found: dict[str, dict[str, None]] = {}
    for trial in plan.trials:
        found.setdefault(trial.reference, {}).update({trial.a: None, trial.b: None})
    return {reference: tuple(versions) for reference, versions in found.items()}


def ruler_identity(ruler: Ruler) -> Hashable:
    """Equal for metrics that say the same of the same pictures."""
    return ruler.identity if isinstance(ruler, Method) else ruler


def measures(ruler: Ruler, reference: str, versions: Sequence[str], fetch: Fetch) -> list[Measure]:
    """What a metric says of versions of a reference, at the size as it was shown.

    Raises:
        WeightsError: the network's files are missing.
        AskingError: the session was removed meanwhile.
    """
    base = load(fetch(reference))
    pictures: list[Picture] = [base if each == reference else load(fetch(each)) for each in versions]
    try:
        found = values(ruler, base, pictures)
    except ImageError as error:
        return [Measure(reference, each, float("nan"), str(error)) for each in versions]
    return [Measure(reference, each, value) for each, value in zip(versions, found, strict=True)]


def measuring_task(
    plan: Plan,
    wanted: Mapping[Ruler, Sequence[str]],
    fetch: Fetch,
    keep: Callable[[Ruler, list[Measure]], None],
) -> Task[int]:
    """Measure in the background; a reference by one metric is one result, which says nothing by itself.

    Args:
        plan: Of the session.
        wanted: Metric -> references of which nothing is known.
        fetch: Gives their pictures.
        keep: Is given what was measured, as soon as it is known, in the background.
    """
    versions = versions_of(plan)
    work = [(ruler, reference) for ruler, references in wanted.items() for reference in references]
    sizes = [_size(fetch(reference)) for reference in dict.fromkeys(each for _, each in work)]
    largest = max(sizes, key=lambda size: size[0] * size[1], default=(1, 1))

    def do(job: Job[int]) -> None:
        for place, (ruler, reference) in enumerate(work):
            keep(ruler, measures(ruler, reference, versions[reference], fetch))
            job.add(place)

    pictures = ROOM * 3 * largest[0] * largest[1]
    size = rulers_bytes(tuple(wanted), largest) + pictures
    return Task("Measuring the pictures of this class", do, size=size, total=len(work), unit="steps")


def distances_of(plan: Plan, ruler: Ruler, known: Mapping[tuple[str, str], Measure]) -> TrialDistances:
    """A metric's values of all trials, of what is known: by digests of reference and version.

    Raises:
        KeyError: something is not known.
    """
    rows = [(known[trial.reference, trial.a], known[trial.reference, trial.b]) for trial in plan.trials]
    problem = next((each.problem for row in rows for each in row if each.problem), "")
    found = np.array([[each.value for each in row] for row in rows], float).reshape(-1, 2)
    told = TrialDistances(text_of(ruler), label_of(ruler), is_similarity(ruler), found)
    return replace(told, **{"partly" if told.is_known.any() else "problem": problem})


def _size(png: bytes) -> tuple[int, int]:
    with Image.open(io.BytesIO(png)) as picture:  # reads no pixels
        return picture.size
