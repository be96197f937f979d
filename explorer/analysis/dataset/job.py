"""Two folders below a root, measured in the background: rows as the shell writes them, each as it comes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from explorer.analysis.cost import peak_bytes
from explorer.analysis.folders import (
    DIGESTS,
    FILES,
    Measure,
    Read,
    Way,
    columns_of,
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
from explorer.images import load, to_one_size
from explorer.jobs import Job, Task
from explorer.metrics import Measurement, Method, compare
from explorer.metrics.results import parts_of

ROW_BYTES = 8000  # about what a row takes in a cache, with its key
MOST_PAIRS = 20_000  # of two folders, times the backbones
LARGEST_AS_GIVEN = 4096  # pixels of a side: memory for pictures of this size is set aside
MOST_ENTRIES = 200_000  # files and folders that are looked through in each of them, which takes seconds

Known = ByteBudgetCache[Row]  # by the digests of both files, and how they were measured


@dataclass(frozen=True)
class Folders:
    """Two folders of a root, and how their pairs are measured.

    Attributes:
        root: Below which all files lie; names in rows are counted from it.
        reference, distorted: Real paths of the two folders.
        methods: One for each backbone, at the same size.
        fit: What is done where two sizes differ; None refuses the pair.
    """

    root: Path
    reference: Path
    distorted: Path
    methods: tuple[Method, ...]
    fit: str | None = None

    @property
    def ways(self) -> tuple[Way, ...]:
        """How a table of it says this."""
        return tuple(self._way(method) for method in self.methods)

    def _way(self, method: Method) -> Way:
        settings = {
            "backbone": method.backbone,
            "heads": method.heads,
            "weights": method.weights,
            "precision": method.precision,
            "longest_side": str(method.size or ""),
            "background": "white",
            "fit": self.fit or "",
        }
        return Way(settings, method.layers, parts_of(method.heads))

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
        most = MOST_PAIRS // len(self.methods)
        if len(found.pairs) > most:
            ways = f" by {len(self.methods)} backbones" if len(self.methods) > 1 else ""
            raise ImageError(
                f"These two folders hold {len(found.pairs):,} pairs, and up to {most:,} are measured{ways} "
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
            for row in _rows(folders, pair, known):
                job.add(row)

    for method in folders.methods:
        _ = method.network  # a file that is missing is said at once
    count = len(folders.methods)
    return Task(
        "Measuring the pairs",
        work,
        size=max(map(_peak_bytes, folders.methods)),
        total=len(pairs) * count,
        unit="pairs" if count == 1 else "measurements",
    )


def _peak_bytes(method: Method) -> int:
    """The memory for the largest picture that may come: how large they are is not known beforehand."""
    side = method.size or LARGEST_AS_GIVEN
    return peak_bytes(graph_of(method.row), (side, side))


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
    columns = columns_of(folders.ways)
    records = [[row.get(column, "") for column in columns] for row in rows]
    return lines([list(columns), *records] if rows else [])


def _rows(folders: Folders, pair: FilePair, known: Known) -> Iterator[Row]:
    """A pair's rows, measured where no one has done so before; its files by their names from the root.

    Without the columns of which a row has nothing, such as those of other backbones' layers: they are many.
    """
    ways, fit = folders.ways, folders.fit
    digests = file_digest(pair.reference), file_digest(pair.distorted)
    kept = [
        known.get((digests, method.identity, fit)) if all(digests) else None for method in folders.methods
    ]
    lacking = tuple(method.backbone for method, row in zip(folders.methods, kept, strict=True) if row is None)
    outcomes = measure_pairs([(pair, lacking)] if lacking else [], _reader(folders))
    names = folders.name(pair.reference), folders.name(pair.distorted)
    for method, row in zip(folders.methods, kept, strict=True):
        if row is None:
            outcome = next(outcomes)
            row = {column: text for column, text in row_of_outcome(ways, outcome).items() if text}
            digests = outcome.digests
            if not row.get("error") and all(digests):
                known.put((digests, method.identity, fit), row, ROW_BYTES)
        yield row | dict(zip(FILES, names, strict=True)) | dict(zip(DIGESTS, digests, strict=True))


def _reader(folders: Folders) -> Read:
    """Reads two files, as `measure_pairs` asks for it; they are called by their names from the root."""
    methods = {method.backbone: method for method in folders.methods}

    def read(reference: Path, distorted: Path) -> Measure:
        first, second = (load(path, name=folders.name(path)) for path in (reference, distorted))
        try:
            pair = to_one_size(first, second, folders.fit)
        except SizeMismatchError as error:
            sentence = str(error).removesuffix(".")
            raise ImageError(f"{second.name}: {sentence}; choose what is done where sizes differ.") from error

        def measure(backbone: str) -> Measurement:
            method, (width, height) = methods[backbone], pair[0].size
            if method.size is None and max(width, height) > LARGEST_AS_GIVEN:
                raise ImageError(
                    f"{second.name} has {width} × {height} pixels, and as given pictures of up to "
                    f"{LARGEST_AS_GIVEN:,} a side are measured here; choose a size."
                )
            return compare(*pair, method).measurement(method.heads, method.layers)

        return measure

    return read
