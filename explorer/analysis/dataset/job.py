"""Two folders below a root, measured in the background: rows as the shell writes them, each as it comes."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from explorer.analysis.cost import peak_bytes
from explorer.analysis.folders import (
    DIGESTS,
    FILES,
    Measure,
    Read,
    Way,
    file_digest,
    lines,
    measure_pairs,
    row_of_outcome,
)
from explorer.analysis.pairing import FilePair, Pairing, pair_folders
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
MOST_PAIRS = 20_000  # of two folders
MOST_ENTRIES = 200_000  # files and folders that are looked through in each of them, which takes seconds

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
        """Their pairs, as `pair_folders` finds them, of files that may be opened (`_may_open`).

        Raises:
            ImageError: a folder cannot be read or holds more than MOST_ENTRIES, no image has a partner, or
                there are more pairs than MOST_PAIRS; without the root's own place.
        """
        found = pair_folders(self.reference, self.distorted, self._called, MOST_ENTRIES)
        if len(found.pairs) > MOST_PAIRS:
            raise ImageError(
                f"These two folders hold {len(found.pairs):,} pairs, and up to {MOST_PAIRS:,} are measured "
                "here; name two folders below them, or use `lpips-explorer measure`."
            )
        pairs = tuple(pair for pair in found.pairs if self._may_open(pair.reference, pair.distorted))
        if not pairs:
            why = (
                "are links that lead out of the folder that this server opens, or no regular files"
                if found.pairs
                else "differ only in their endings, so that which belong together is not known"
            )
            raise ImageError(
                f"No pair of these two folders can be measured, for files {why}; name two others."
            )
        return Pairing(pairs, found.alone, found.ambiguous)

    def _called(self, folder: Path) -> str:
        """A folder in a sentence, in which a dot alone would be read as its end."""
        return f"“{name}”" if (name := self.name(folder)) == "." else name

    def _may_open(self, *paths: Path) -> bool:
        """Whether all are files below the root. Folders are real, so that only a link can lead out."""
        return all(
            path.is_file() and (not path.is_symlink() or is_inside(self.root, path)) for path in paths
        )  # reading a pipe might never end


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
    """A pair's row, measured where no one has done so before; its files by their names from the root."""
    way, how = folders.way, (folders.method.identity, folders.fit)
    digests = file_digest(pair.reference), file_digest(pair.distorted)
    row = known.get((digests, *how)) if all(digests) else None
    if row is None:
        (outcome,) = measure_pairs([(pair, (way.backbone,))], _reader(folders))
        row, digests = row_of_outcome([way], outcome), outcome.digests
        if not row["error"] and all(digests):
            known.put((digests, *how), row, ROW_BYTES)
    names = folders.name(pair.reference), folders.name(pair.distorted)
    return row | dict(zip(FILES, names, strict=True)) | dict(zip(DIGESTS, digests, strict=True))


def _reader(folders: Folders) -> Read:
    """Reads two files, as `measure_pairs` asks for it; they are called by their names from the root."""

    def read(reference: Path, distorted: Path) -> Measure:
        first, second = (load(path, name=folders.name(path)) for path in (reference, distorted))
        try:
            pair = match(first, second, folders.fit)
        except SizeMismatchError as error:
            sentence = str(error).removesuffix(".")
            raise ImageError(f"{second.name}: {sentence}; choose what is done where sizes differ.") from error

        def measure(_backbone: str) -> Measurement:
            method = folders.method
            return compare(*pair, method).measurement(method.heads, method.layers)

        return measure

    return read
