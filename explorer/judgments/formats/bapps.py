"""The layout of the paper's data set (BAPPS): folders of pictures whose stems tell what belongs together.

    2afc/{train,val}/SUBSET/{ref,p0,p1,judge}/STEM    judge: share of people who found p1 closer, a .npy file
    jnd/val/SUBSET/{p0,p1,same}/STEM                  same: share of people who saw no difference

A folder of any level is read. Where one holds both parts of a data set or both kinds, the validation part and
the 2AFC trials are read, and a note names the other.
"""

from pathlib import Path
from typing import Literal

from explorer.errors import SettingError
from explorer.judgments.formats.arrays import ENDING, USUAL, read_share
from explorer.judgments.formats.listing import Folder, Progress, no_progress, twins
from explorer.judgments.sets import Couple, TrialSet, Triplet
from explorer.names import cut, harmless

SUBSETS = ("traditional", "cnn", "superres", "deblur", "color", "frameinterp")  # in the paper's order
KINDS = ("2afc", "jnd")
PICTURES = {"2afc": ("ref", "p0", "p1"), "jnd": ("p0", "p1")}
ANSWERS = {"2afc": "judge", "jnd": "same"}
PARTS = ("val", "train")

LayoutKind = Literal["2afc", "jnd"]


def is_layout(path: Path) -> bool:
    """Whether a folder is of this layout, at any level of it."""
    return path.is_dir() and bool(_found(Folder(path))[0])


def read_layout(path: Path, progress: Progress = no_progress) -> TrialSet:
    """Read a folder of this layout.

    Args:
        path: The data set's, or that of a kind, of a part, or of one subset.
        progress: Told how many trials are looked at, and how many there are.

    Raises:
        SettingError: it is of no such layout, or holds no trial that can be used.
    """
    folder = Folder(path)
    subsets, notes = _found(folder)
    shown = cut(harmless(folder.root.name))
    if not subsets:
        raise SettingError(f"{shown} is no folder of judgments; {_wanted(path)}.")
    kind = _kind_of(folder, subsets[0])
    stems = {}
    for subset in sorted(subsets, key=_order):
        if _kind_of(folder, subset) == kind:
            stems[subset] = _stems(folder, subset, kind)
        else:
            folder.left.add(folder.named(subset), "its trials are of another kind; open it by itself")
    trials, types = _trials(folder, kind, stems, progress)
    if not trials:
        raise SettingError(f"{shown} holds no trial that can be used{folder.left.first}; mend its files.")
    odd = sorted(types - set(USUAL))
    if odd:
        notes.append(f"What people said is kept as {' and '.join(odd)}, and is read as it is.")
    return TrialSet(folder.root.name, kind, tuple(trials), folder.left.skipped, tuple(notes))


def _found(folder: Folder) -> tuple[list[Path], list[str]]:
    """The subsets' folders, and sentences about what was not chosen."""
    here, notes = folder.root, []
    for choices in (KINDS, PARTS):
        if chosen := [here / name for name in choices if folder.has(here / name)]:
            here = chosen[0]
            notes += [
                f"{folder.named(other)} is left out; open it by itself for what it holds."
                for other in chosen[1:]
            ]
    subsets = [here] if _kind_of(folder, here) else []
    return subsets or [path for path in folder.folders(here) if _kind_of(folder, path)], notes


def _kind_of(folder: Folder, path: Path) -> LayoutKind | None:
    """Which trials a subset's folder holds; None for any other folder."""
    return next(
        (kind for kind in KINDS if all(folder.has(path / part) for part in (ANSWERS[kind], "p0", "p1"))), None
    )


def _wanted(path: Path) -> str:
    """What would be read, as the end of a sentence."""
    if path.name in {*PICTURES["2afc"], *ANSWERS.values()}:
        return "open the folder above it, which holds ref, p0, p1 and judge"
    return "a subset holds the folders ref, p0, p1 and judge, or p0, p1 and same"


def _order(subset: Path) -> tuple[int, str]:
    known = SUBSETS.index(subset.name) if subset.name in SUBSETS else len(SUBSETS)
    return known, subset.name


def _stems(folder: Folder, subset: Path, kind: LayoutKind) -> dict[str, dict[str, Path]]:
    """Stem -> part -> file, of the trials that have all of theirs."""
    parts = {part: folder.files(subset / part) for part in PICTURES[kind] if folder.has(subset / part)}
    parts[ANSWERS[kind]] = folder.files(subset / ANSWERS[kind], (ENDING,))
    whole = {}
    for stem in sorted(set().union(*parts.values())):
        lacks = [part for part in (*PICTURES[kind], ANSWERS[kind]) if stem not in parts.get(part, ())]
        if lacks:
            folder.left.add(f"{subset.name}/{stem}", f"it has no {' and no '.join(lacks)}")
        else:
            whole[stem] = {part: files[stem] for part, files in parts.items()}
    return whole


def _trials(folder, kind, stems, progress) -> tuple[list[Triplet | Couple], set[str]]:
    """The trials, and the types in which their answers are kept."""
    whole, done, types = sum(map(len, stems.values())), 0, set()
    trials: list[Triplet | Couple] = []
    for subset, found in stems.items():
        scenes = twins(files[PICTURES[kind][0]] for files in found.values())
        for stem, files in found.items():
            progress(done, whole)
            done += 1
            try:
                share, dtype = read_share(files[ANSWERS[kind]])
            except ValueError as error:
                folder.left.add(f"{subset.name}/{stem}", f"{ANSWERS[kind]}: {error}")
                continue
            types.add(dtype)
            pictures = [files[part] for part in PICTURES[kind]]
            make = Triplet if kind == "2afc" else Couple
            scene = scenes[pictures[0]].stem if pictures[0] in scenes else ""
            trials.append(make(subset.name, stem, *pictures, share, scene))
    progress(whole, whole)
    return trials, types
