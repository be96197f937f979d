"""Every step of a journey as a table."""

import csv
import io
from collections.abc import Iterator, Mapping

from explorer.analysis.rulers import PSNR, SSIM, Ruler
from explorer.metrics.provenance import explorer_and_packages
from explorer.report.duel.account import Account, Course, column_of
from explorer.synthesis.journey import Frame


def history(account: Account) -> str:
    """A row a step of each run, as CSV with all digits.

    The value that is lowered or raised is there for each step, of the picture before it is rounded, but in
    the verdict's search after it; what is measured of the rounded picture is there for the frames that
    were kept. What a file must say to be made again (method, seed, size, settings, versions) stands in each
    row, so that tables can be joined.
    """
    stream = io.StringIO()
    rows = [row for course in account.courses for row in _rows(account, course)]
    writer = csv.DictWriter(stream, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue()


def numbers_of(account: Account, course: Course, frame: Frame) -> dict[str, float | None]:
    """What every metric says of a frame, and the layers' distances, by the names of a table's columns."""
    method = account.method
    rulers: tuple[Ruler, ...] = (PSNR, SSIM, method)
    found = {column_of(ruler): course.value(ruler, frame) for ruler in rulers}
    found |= {
        f"{method.text}.{layer}.distance": distance
        for layer, distance in zip(method.layers, frame.standing.distances, strict=True)
    }
    return found | {column_of(ruler): course.value(ruler, frame) for ruler in account.witnesses}


def _rows(account: Account, course: Course) -> Iterator[dict[str, str]]:
    frames = {frame.step: frame for frame in course.frames}
    empty = dict.fromkeys(numbers_of(account, course, course.frames[0]), "")
    common = _common(account)
    for step, value in enumerate(course.values):
        own, digest = empty, ""
        if step in frames:
            found = numbers_of(account, course, frames[step])
            own = {name: "" if number is None else repr(number) for name, number in found.items()}
            digest = frames[step].picture.digest
        yield {"run": course.name, "step": str(step), "value": repr(value), **own, "digest": digest, **common}


def _common(account: Account) -> Mapping[str, str]:
    method, told, reference = account.method, account.told, account.reference
    width, height = reference.size
    return {
        "size.width": str(width),
        "size.height": str(height),
        "seed": str(told.seed),
        "backbone": method.backbone,
        "heads": method.heads,
        "weights": method.weights,
        "precision": method.precision,
        "reference.digest": reference.digest,
        "mode": told.mode,
        "settings": "; ".join(f"{name}={value}" for name, value in told.settings.items()),
        "versions": "; ".join(f"{name} {number}" for name, number in explorer_and_packages().items()),
    }
