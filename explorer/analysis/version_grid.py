"""A grid of versions of one picture, distortions by severities, each measured once by two metrics."""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from explorer.analysis.cost import rulers_bytes
from explorer.analysis.rulers import Rulers, values
from explorer.distortions import CATALOGUE, Recipe, Step, distorted, find_distortion
from explorer.distortions.base import check_severity
from explorer.errors import SettingError
from explorer.images import Picture
from explorer.jobs import Job, Task

SEVERITIES = (0.25, 0.5, 0.75, 1.0)
"""From hardly seen to strongest, so that a weak version of one distortion meets a strong one of another."""

MOST_SEVERITIES = 20

Make = Callable[[Picture, Recipe], Picture]


@dataclass(frozen=True)
class GridVersion:
    """The reference under one distortion, and what two metrics say of it.

    Attributes:
        step: The distortion with its values.
        digest: Of the pixels that it makes; versions of equal pixels are one version.
        values: By each metric, in their order; an infinite PSNR where nothing changed.
    """

    step: Step
    digest: str
    values: tuple[float, float]

    @property
    def name(self) -> str:
        """The distortion's, a key of the catalogue."""
        return self.step.name

    @property
    def label(self) -> str:
        """In words: "JPEG (quality 9)"."""
        return f"{self.step.entry.label} ({self.step.label})"

    @property
    def link(self) -> str:
        """As a recipe in a link, which makes the same pixels again."""
        return Recipe((self.step,)).to_link()

    def picture(self, reference: Picture, make: Make = distorted) -> Picture:
        """What the step makes of the reference, when it is asked for: many would fill the memory."""
        return make(reference, Recipe((self.step,)))

    @property
    def turned(self) -> "GridVersion":
        """The same with the two metrics in the other order."""
        return replace(self, values=self.values[::-1])

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON; an infinite PSNR is None."""
        finite = [value if math.isfinite(value) else None for value in self.values]
        return {"step": self.step.to_dict(), "recipe": self.link, "values": finite}


@dataclass(frozen=True)
class GridRow:
    """One distortion at all severities.

    Attributes:
        name: The distortion's.
        versions: In the severities' order; none where it could not be made.
        problem: Why, in a sentence, such as that a package is missing; "" where it could.
    """

    name: str
    versions: tuple[GridVersion, ...]
    problem: str = ""

    @property
    def turned(self) -> "GridRow":
        """The same with the two metrics in the other order."""
        return replace(self, versions=tuple(each.turned for each in self.versions))


def named_distortions(text: Sequence[str] | str) -> tuple[str, ...]:
    """Names of distortions as they are asked for: a list, or "all".

    Raises:
        SettingError: none, or one that does not exist.
    """
    if text == "all":
        return tuple(CATALOGUE)
    if isinstance(text, str):
        raise SettingError(f"The names of distortions are a list, such as [{text!r}], or 'all'.")
    names = tuple(dict.fromkeys(text))
    if not names:
        raise SettingError("A grid needs at least one distortion; name some, or 'all'.")
    for name in names:
        find_distortion(name)
    return names


def check_severities(severities: Sequence[float]) -> tuple[float, ...]:
    """The severities of a grid, ascending, each once.

    Raises:
        SettingError: none, too many, or one that is not above 0 and at most 1.
    """
    for severity in severities:
        check_severity(severity)
    found = tuple(sorted({float(severity) for severity in severities}))
    if not 1 <= len(found) <= MOST_SEVERITIES or found[0] == 0:
        raise SettingError(
            f"A grid has 1 to {MOST_SEVERITIES} severities above 0, at which a distortion changes something."
        )
    return found


def measured(
    reference: Picture,
    rulers: Rulers,
    names: Sequence[str],
    severities: Sequence[float] = SEVERITIES,
    seed: int = 0,
    make: Make = distorted,
) -> Iterator[GridRow]:
    """Measure one distortion after the other; the reference passes through each network once.

    A distortion's severities are made and measured together, so that no more pictures are held at once.

    Args:
        reference: At the size that is measured.
        rulers: Two metrics.
        names: Keys of the catalogue.
        seed: Of random distortions: one pattern, at all severities.
        make: Makes a version from the reference.

    Raises:
        ImageError: the picture is too small for a metric, or does not fit in memory.
        WeightsError: as `Method.network`.
    """
    for name in names:
        own = find_distortion(name).seed_of(seed)
        steps = [Step.at(name, severity, own) for severity in severities]
        try:
            pictures = [make(reference, Recipe((step,))) for step in steps]
        except SettingError as error:  # a package is missing, or a format can't hold a picture of this size
            yield GridRow(name, (), str(error))
            continue
        told = zip(*(values(ruler, reference, pictures) for ruler in rulers), strict=True)
        yield GridRow(
            name,
            tuple(
                GridVersion(step, picture.digest, both)
                for step, picture, both in zip(steps, pictures, told, strict=True)
            ),
        )


def grid_task(
    reference: Picture,
    rulers: Rulers,
    names: Sequence[str],
    severities: Sequence[float] = SEVERITIES,
    seed: int = 0,
    make: Make = distorted,
    keep: Callable[[GridRow], None] = lambda _row: None,
) -> Task[GridRow]:
    """Measure a grid in the background; arguments as of `measured`, a row of it a result.

    Args:
        keep: Called with each row as soon as it is known, in the background.
    """

    def work(job: Job[GridRow]) -> None:
        for row in measured(reference, rulers, names, severities, seed, make):
            keep(row)
            job.add(row)

    return Task(
        "Measuring versions",
        work,
        # One distortion's versions are held at once.
        size=rulers_bytes(rulers, reference.size) + len(severities) * reference.pixels.nbytes,
        total=len(names),
        unit="distortions",
    )
