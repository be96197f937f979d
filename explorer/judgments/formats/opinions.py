"""Sets of mean opinion scores: TID2013's and KADID-10k's own files, and a CSV table of anybody's.

Ponomarenko et al.: Image database TID2013, Signal Processing: Image Communication, 2015. Lin, Hosu, Saupe:
KADID-10k: A Large-scale Artificially Distorted IQA Database, QoMEX 2019.
"""

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from explorer.errors import SettingError
from explorer.files.below import Finder
from explorer.judgments.formats.listing import Folder, Left, twins
from explorer.judgments.formats.tables import Table, numbers, read_bytes, read_table, texts
from explorer.judgments.sets import Opinion, TrialSet
from explorer.names import cut, harmless

TID_SCORES, TID_PICTURES, TID_REFERENCES = "mos_with_names.txt", "distorted_images", "reference_images"
KADID_SCORES, KADID_PICTURES = "dmos.csv", "images"
KADID_COLUMNS = ("dist_img", "ref_img", "dmos")
COLUMNS = ("reference", "distorted")  # of a table, beside one of SCORES
SCORES = {"mos": True, "dmos": False}  # whether a larger one is for a picture closer to its reference
ALL = "all"  # the subset of a table that tells none
NONE = "(none)"  # of a picture for which a set tells none, beside others
REPEATED = "an earlier row is of the same picture"
LARGEST = 1e6  # of an opinion score
NAME = re.compile(r"(i\d+)_(\d+)_(\d+)\.\w+", re.IGNORECASE)  # reference, distortion and level

TID_DISTORTIONS = (
    "additive Gaussian noise",
    "noise in colour components",
    "spatially correlated noise",
    "masked noise",
    "high frequency noise",
    "impulse noise",
    "quantization noise",
    "Gaussian blur",
    "image denoising",
    "JPEG compression",
    "JPEG 2000 compression",
    "JPEG transmission errors",
    "JPEG 2000 transmission errors",
    "non-eccentricity pattern noise",
    "local block-wise distortions",
    "mean shift",
    "contrast change",
    "change of colour saturation",
    "multiplicative Gaussian noise",
    "comfort noise",
    "lossy compression of noisy images",
    "colour quantization with dither",
    "chromatic aberrations",
    "sparse sampling and reconstruction",
)
KADID_DISTORTIONS = (
    "Gaussian blur",
    "lens blur",
    "motion blur",
    "colour diffusion",
    "colour shift",
    "colour quantization",
    "colour saturation 1",
    "colour saturation 2",
    "JPEG 2000",
    "JPEG",
    "white noise",
    "white noise in colour component",
    "impulse noise",
    "multiplicative noise",
    "denoise",
    "brighten",
    "darken",
    "mean shift",
    "jitter",
    "non-eccentricity patch",
    "pixelate",
    "quantization",
    "colour block",
    "high sharpen",
    "contrast change",
)


@dataclass(frozen=True)
class _Row:
    """A line of a set's scores: names of files as it has them, and the score (NaN: none)."""

    subset: str
    reference: str
    distorted: str
    mos: float


def is_tid(folder: Path) -> bool:
    """Whether a folder is TID2013's."""
    return (folder / TID_SCORES).is_file()


def is_kadid(folder: Path) -> bool:
    """Whether a folder is KADID-10k's."""
    return (folder / KADID_SCORES).is_file()


def is_opinions(columns: Iterable[str]) -> bool:
    """Whether a table with these columns is one of opinion scores."""
    return set(COLUMNS) <= set(columns) or not set(SCORES).isdisjoint(columns)


def read_tid(path: Path) -> TrialSet:
    """Read TID2013's folder, whose scores are larger for closer pictures.

    Raises:
        SettingError: a part of it is missing, or holds nothing that can be used.
    """
    folder = Folder(path)
    references, pictures = (_pictures(folder, part) for part in (TID_REFERENCES, TID_PICTURES))
    text = read_bytes(folder.root / TID_SCORES).decode("utf-8", "replace")
    return _set(folder, _tid_rows(folder.left, text), references, pictures)


def read_kadid(path: Path) -> TrialSet:
    """Read KADID-10k's folder: `dmos.csv` and `images/`. What it calls DMOS is larger for closer pictures.

    Raises:
        SettingError: a part of it is missing, or holds nothing that can be used.
    """
    folder = Folder(path)
    pictures = _pictures(folder, KADID_PICTURES)
    table = read_table(folder.root / KADID_SCORES)
    _check_columns(table, KADID_COLUMNS)
    distorted, reference = (texts(table.frame[name]) for name in KADID_COLUMNS[:2])
    rows = (
        _Row(_distortion(name, KADID_DISTORTIONS), reference[place], name, mos)
        for place, (name, mos) in enumerate(zip(distorted, numbers(table.frame["dmos"]), strict=True))
    )
    return _set(folder, rows, pictures, pictures)


def read_opinions(table: Table, folder: Path) -> TrialSet:
    """Read a table: reference, distorted, mos (or dmos: larger is farther), and, where there is one, subset.

    Args:
        table: The file.
        folder: Where it lies; its names are counted from there, and none leads out.

    Raises:
        SettingError: a column is missing, or no row can be used.
    """
    _check_columns(table, COLUMNS)
    score = next((name for name in SCORES if name in table.frame.columns), None)
    if score is None:
        raise SettingError(f"{table.shown} has no column mos; add one with the opinion scores.")
    root, left = Folder(folder).root, Left()
    finder = Finder(root, root)
    frame = table.frame
    subsets = texts(frame["subset"]) if "subset" in frame.columns else np.full(len(frame), ALL, object)
    columns = (subsets, *(texts(frame[name]) for name in COLUMNS), numbers(frame[score]))
    trials, told = [], set()
    for place, row in enumerate(map(_Row, *columns), start=2):
        files = [finder.find(name) for name in (row.reference, row.distorted)]
        trial = row.subset or NONE, row.distorted
        why = _why_not(row, *files) or (REPEATED if trial in told else "")
        if why:
            left.add(f"row {place}", why)
        else:
            told.add(trial)
            trials.append(Opinion(*trial, *files, row.mos, SCORES[score]))
    return _trial_set(table.name, root, trials, left)


def _tid_rows(left: Left, text: str) -> Iterator[_Row]:
    for place, line in enumerate(text.splitlines(), start=1):
        fields = line.split()
        if not fields:
            continue
        match = NAME.fullmatch(fields[-1])
        try:
            mos = float(fields[0])
        except ValueError:
            mos = float("nan")
        if len(fields) != 2 or match is None:
            left.add(f"{TID_SCORES}, line {place}", "it is no score with a name such as i01_01_1.bmp")
            continue
        yield _Row(_distortion(fields[1], TID_DISTORTIONS), match[1], fields[1], mos)


def _pictures(folder: Folder, part: str) -> dict[str, Path]:
    """Stem in small letters -> file, of a folder in the set; the sets' own files are not of one case."""
    if not folder.has(folder.root / part):
        raise SettingError(f"{cut(harmless(folder.root.name))} has no folder {part}; unpack the whole set.")
    return {stem.lower(): path for stem, path in folder.files(folder.root / part).items()}


def _set(folder: Folder, rows: Iterable[_Row], references: dict, pictures: dict) -> TrialSet:
    trials, told = [], set()
    for row in rows:
        files = references.get(_stem(row.reference)), pictures.get(_stem(row.distorted))
        why = _why_not(row, *files) or (REPEATED if row.distorted in told else "")
        if why:
            folder.left.add(row.distorted, why)
        else:
            told.add(row.distorted)
            trials.append(Opinion(row.subset, row.distorted, *files, row.mos))
    return _trial_set(folder.root.name, folder.root, trials, folder.left)


def _trial_set(name: str, root: Path, trials: list[Opinion], left: Left) -> TrialSet:
    if not trials:
        shown = cut(harmless(name))
        raise SettingError(f"{shown} holds no opinion score that can be used{left.first}; mend its files.")
    trials.sort(key=lambda trial: (trial.subset, trial.name))
    firsts = twins(dict.fromkeys(trial.reference for trial in trials))
    told = (
        replace(trial, scene=os.path.relpath(firsts.get(trial.reference, trial.reference), root))
        for trial in trials
    )
    return TrialSet(name, "mos", tuple(told), left.skipped)


def _why_not(row: _Row, reference: Path | None, distorted: Path | None) -> str:
    """Why a row cannot be used, in a clause; "" where it can."""
    if not np.isfinite(row.mos):
        return "its score is no number"
    if abs(row.mos) > LARGEST:
        return f"its score is {row.mos:g}, which no scale has"
    for name, found in ((row.reference, reference), (row.distorted, distorted)):
        if found is None:
            return f"there is no {cut(harmless(name)) or 'name of a file'} in the set's folder"
    return ""


def _distortion(name: str, names: tuple[str, ...]) -> str:
    match = NAME.fullmatch(name)
    number = int(match[2]) if match else 0
    return names[number - 1] if 1 <= number <= len(names) else NONE


def _stem(name: str) -> str:
    return Path(name).stem.lower()


def _check_columns(table: Table, needed: tuple[str, ...]) -> None:
    missing = [name for name in needed if name not in table.frame.columns]
    if missing:
        raise SettingError(f"{table.shown} has no column {', '.join(missing)}; add it to the table.")
