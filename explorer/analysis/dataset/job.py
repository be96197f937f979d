"""Two folders below a root, measured in the background: rows as the shell writes them, each as it comes."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from explorer.analysis.cost import peak_bytes
from explorer.analysis.folders import (
    DIGESTS,
    FilePair,
    Measure,
    Pairing,
    Read,
    Way,
    file_digest,
    lines,
    measure_pairs,
    pair_folders,
    row_of_outcome,
)
from explorer.analysis.rows import Row
from explorer.backbones import graph_of
from explorer.cache import ByteBudgetCache
from explorer.errors import ImageError, SizeMismatchError
from explorer.files.below import is_inside
from explorer.images import load, match
from explorer.jobs import Job, Task
from explorer.metrics import Measurement, Method, compare
from explorer.metrics.results import parts_of

ROW_BYTES = 8000  # about what a row takes in a cache, with its key

Known = ByteBudgetCache[Row]  # by the digests of both files, and how they were measured


@dataclass(frozen=True)
class Folders:
    """Two folders of a root, and how their pairs are measured.

    Attributes:
        root: Below which all files lie; names in rows are counted from it.
        reference, distorted: Real paths of the two folders.
        method: With a size: how large the pictures are is not known beforehand.
        fit: What is done where two sizes differ; None refuses the pair.
    """

    root: Path
    reference: Path
    distorted: Path
    method: Method
    fit: str | None = None

    @property
    def way(self) -> Way:
        """How a table of it says this."""
        settings = {
            "backbone": self.method.backbone,
            "heads": self.method.heads,
            "weights": self.method.weights,
            "precision": self.method.precision,
            "longest_side": str(self.method.size or ""),
            "background": "white",
            "fit": self.fit or "",
        }
        return Way(settings, self.method.layers, parts_of(self.method.heads))

    def name(self, path: Path) -> str:
        """A file or folder by its path from the root."""
        return path.relative_to(self.root).as_posix()

    def pair(self) -> Pairing:
        """Their pairs, as `pair_folders` finds them, without files that are links out of the root.

        Raises:
            ImageError: a folder cannot be read, or no image has a partner; without the root's own place.
        """
        try:
            found = pair_folders(self.reference, self.distorted)
        except ImageError as error:
            raise ImageError(self.told(error)) from error
        pairs = tuple(
            pair
            for pair in found.pairs
            if is_inside(self.root, pair.reference) and is_inside(self.root, pair.distorted)
        )
        if not pairs:
            why = (
                "are links that lead out of the folder that this server opens"
                if found.pairs
                else "differ only in their endings, so that which belong together is not known"
            )
            raise ImageError(
                f"No pair of these two folders can be measured, for files {why}; name two others."
            )
        return Pairing(pairs, found.alone, found.ambiguous)

    def told(self, error: ImageError) -> str:
        """An error's sentence with paths from the root, whose own place is no concern of guests."""
        return str(error).replace(f"{self.root}/", "")


def folders_task(folders: Folders, pairs: Sequence[FilePair], known: Known) -> Task[Row]:
    """Measure pairs in the background; its results are their rows, in their order.

    An image that cannot be read is an error of its own row; what fails with the network ends it.

    Args:
        folders: Where they are, and how they are measured.
        pairs: Theirs.
        known: Where rows are kept for all, by what the files hold: a run that was cancelled goes on there.
    """

    def work(job: Job[Row]) -> None:
        for pair in pairs:
            job.add(_row(folders, pair, known))

    size = (folders.method.size, folders.method.size)
    _ = folders.method.network  # a file that is missing is said at once
    return Task(
        "Measuring the pairs",
        work,
        size=peak_bytes(graph_of(folders.method.row), size),
        total=len(pairs),
        unit="pairs",
    )


def remarks_of(pairing: Pairing, folders: Folders) -> tuple[str, ...]:
    """A sentence for the files of two folders that are in no pair."""
    said = []
    if pairing.alone:
        names = ", ".join(folders.name(path) for path in pairing.alone[:3])
        more = ", such as" if len(pairing.alone) > 3 else ":"
        said.append(f"{len(pairing.alone)} without a partner in the other folder{more} {names}.")
    if pairing.ambiguous:
        names = ", ".join(folders.name(path) for path in pairing.ambiguous[0])
        count = len(pairing.ambiguous)
        said.append(f"{count} not measured, for the files differ only in their endings: {names}.")
    return tuple(said)


def table_of(folders: Folders, rows: Sequence[Row]) -> bytes:
    """The rows as the CSV file that the shell writes of the same folders."""
    records = [list(rows[0]), *(list(row.values()) for row in rows)] if rows else []
    return lines(records)


def _row(folders: Folders, pair: FilePair, known: Known) -> Row:
    """A pair's row, measured where no one has done so before."""
    way, names = folders.way, FilePair(*map(Path, map(folders.name, (pair.reference, pair.distorted))))
    digests = file_digest(pair.reference), file_digest(pair.distorted)
    key = digests, folders.method.identity, folders.fit
    row = known.get(key) if all(digests) else None
    if row is None:
        (outcome,) = measure_pairs([(names, (way.backbone,))], _reader(folders))
        row = row_of_outcome([way], outcome)
        if not row["error"]:
            known.put(key, row, ROW_BYTES)
    own = zip(("reference.name", "distorted.name"), (str(names.reference), str(names.distorted)), strict=True)
    return row | dict(own) | dict(zip(DIGESTS, digests, strict=True))


def _reader(folders: Folders) -> Read:
    """Reads two files by their names, as `measure_pairs` asks for it."""

    def read(reference: Path, distorted: Path) -> Measure:
        first, second = (load(folders.root / name, name=str(name)) for name in (reference, distorted))
        try:
            pair = match(first, second, folders.fit)
        except SizeMismatchError as error:
            sentence = str(error).removesuffix(".")
            raise ImageError(f"{distorted}: {sentence}; choose what is done where sizes differ.") from error

        def measure(_backbone: str) -> Measurement:
            method = folders.method
            return compare(*pair, method).measurement(method.heads, method.layers)

        return measure

    return read
