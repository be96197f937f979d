"""A teacher's own trials, from uploaded pictures or ZIP files of them.

A trial is a reference and its versions under one name. How files are called, with any ending of a picture:

    NAME/ref.png   NAME/p0.png   NAME/p1.png        a folder a trial
    ref/NAME.png   p0/NAME.png   p1/NAME.png        a folder a part, as the paper's data set
    NAME_ref.png   NAME_p0.png   NAME_p1.png        no folders, as a browser sends single files

JND trials have `ref` and `p0` alone.
"""

import io
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePosixPath

from explorer.errors import ExplorerError, ImageError
from explorer.files.zips import FAULTS
from explorer.images import Picture, load, times
from explorer.judgments.asking.drawing import LARGEST, Brought
from explorer.judgments.asking.limits import MOST_TRIALS
from explorer.judgments.asking.trial import Kind
from explorer.names import cut, harmless

PARTS = ("ref", "p0", "p1")
MOST_FILES = 3 * MOST_TRIALS
MOST_BYTES = 256 << 20  # of all files, unpacked
MOST_FILE_BYTES = 32 << 20  # of one
MOST_PIXELS = 128_000_000  # of all pictures: three bytes each are held
HOW = "Call its files NAME_ref.png, NAME_p0.png and NAME_p1.png, or put ref, p0 and p1 into a folder NAME."

_FLAT = re.compile(r"(.+)[_\-.](ref|p0|p1)")


def brought(files: Sequence[tuple[str, bytes]], kind: Kind) -> tuple[tuple[Brought, ...], tuple[str, ...]]:
    """Trials of files, in the order of their names.

    Args:
        files: Names, with folders where there are any, and contents; ZIP files are unpacked.
        kind: Of all trials.

    Returns:
        The trials, and a sentence for each name that makes none.

    Raises:
        ImageError: too many or too large files, or a ZIP file that is damaged.
    """
    trials: dict[str, dict[str, bytes]] = {}
    problems: list[str] = []
    for path, data in _unpacked(files):
        found = part_of(path)
        if found is None:
            problems.append(f"{_shown(path)} is no part of a trial. {HOW}")
        else:
            name, part = found
            if part in trials.setdefault(name, {}):
                problems.append(
                    f"{_shown(path)} is a second {part} of {_shown(name)}, and only the first is taken. Give "
                    "its trial another name."
                )
            else:
                trials[name][part] = data
    made: list[Brought] = []
    for name in sorted(trials):
        try:
            made.append(_trial(name, trials[name], kind))
        except ExplorerError as error:
            problems.append(str(error))
        if sum(each.reference.width * each.reference.height for each in made) * len(PARTS) > MOST_PIXELS:
            raise ImageError(
                f"The pictures up to {_shown(name)} have more than {MOST_PIXELS // 10**6} megapixels "
                "together; bring fewer or smaller ones."
            )
        if kind == "jnd" and "p1" in trials[name]:
            problems.append(f"{_shown(name)} has a p1, which JND trials do not show.")
    return tuple(made), tuple(problems)


def part_of(path: str) -> tuple[str, str] | None:
    """The trial's name and which of `PARTS` a file is; None where it is none."""
    *folders, file = PurePosixPath(path.replace("\\", "/")).parts or ("",)
    stem = PurePosixPath(file).stem
    if stem in PARTS:
        return ("/".join(folders), stem) if folders else None
    if folders and folders[-1] in PARTS:
        return "/".join([*folders[:-1], stem]), folders[-1]
    flat = _FLAT.fullmatch(stem)
    return ("/".join([*folders, flat[1]]), flat[2]) if flat else None


def _trial(name: str, parts: Mapping[str, bytes], kind: Kind) -> Brought:
    wanted = PARTS if kind == "2afc" else PARTS[:2]
    missing = [part for part in wanted if part not in parts]
    if missing:
        raise ImageError(f"{_shown(name)} has no {' and no '.join(missing)}. {HOW}")
    pictures = [_picture(f"{name} {part}", parts[part]) for part in wanted]
    return Brought(*pictures) if kind == "2afc" else Brought(pictures[0], pictures[1])


def _picture(name: str, data: bytes) -> Picture:
    picture = load(data, name=harmless(name))
    if max(picture.size) > LARGEST:  # before others are read
        raise ImageError(
            f"{_shown(name)} is {times(picture.size)} pixels; bring it with at most {LARGEST} a side, "
            "which a phone can show."
        )
    return picture


def _shown(name: str) -> str:
    return cut(harmless(name))


def _unpacked(files: Sequence[tuple[str, bytes]]) -> Iterator[tuple[str, bytes]]:
    """All files, those in ZIP files as well; counted as they come, whatever a ZIP file says of itself."""
    left, count = MOST_BYTES, 0
    for path, data in _opened(files):
        left, count = left - len(data), count + 1
        if left < 0 or len(data) > MOST_FILE_BYTES:
            raise ImageError(
                f"The pictures of {_shown(path)} and before take more than {MOST_BYTES >> 20} MB, or it "
                f"alone more than {MOST_FILE_BYTES >> 20} MB; bring fewer or smaller ones."
            )
        if count > MOST_FILES:
            raise ImageError(f"There are more than {MOST_FILES:,} files; bring at most {MOST_TRIALS} trials.")
        yield path, data


def _opened(files: Sequence[tuple[str, bytes]]) -> Iterator[tuple[str, bytes]]:
    for path, data in files:
        if not data.startswith(b"PK\3\4"):
            yield path, data
            continue
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                for entry in archive.infolist():
                    if not entry.is_dir() and not _is_clutter(entry.filename):
                        with archive.open(entry) as stream:
                            yield entry.filename, stream.read(MOST_FILE_BYTES + 1)
        except (*FAULTS, OSError) as error:
            raise ImageError(
                f"{_shown(path)} is damaged or locked and cannot be unpacked; pack it anew."
            ) from error


def _is_clutter(path: str) -> bool:
    """What systems put into ZIP files beside what somebody meant."""
    return any(part.startswith((".", "__MACOSX")) for part in PurePosixPath(path).parts)
