"""A session's votes as files that other programs read: a table of choices, and the paper's own folders."""

import csv
import io
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from PIL import Image

from explorer.judgments.asking.trial import Plan, Vote
from explorer.judgments.class_results import Tally
from explorer.judgments.judgment import COLUMNS, Judgment
from explorer.names import as_cell, word

SAME_COLUMNS = ("observer", "session", "scene", "condition", "is_same")
# Of each answer, behind those; pwcmp takes its columns by their names.
HOW_COLUMNS = (
    *("trial", "was_swapped", "milliseconds", "pixels_per_degree", "scale"),
    *("first_ms", "gap_ms", "second_ms"),
)
WHEN = (2026, 1, 1, 0, 0, 0)  # of all files in a ZIP: equal votes make equal bytes

ABOUT = """\
{title}
Votes of class {code}, in the folders of the data set BAPPS (Zhang et al., CVPR 2018).

{files}
Trials without a vote, sentinels, and votes that were left out are not here. Pictures are as they were shown:
read them at their own size ({size} pixels on the longest side), for example with

    lpips-explorer evaluate FOLDER --size {size} --metric psnr --metric alexnet:lpips-0.1
"""
OF_2AFC = """\
2afc/val/{subset}/ref, p0, p1   the reference, and the versions A and B, as PNG
2afc/val/{subset}/judge         share of people who found p1 closer to the reference, as NumPy arrays
"""
OF_JND = """\
jnd/val/{subset}/p0, p1         the two pictures, as PNG
jnd/val/{subset}/same           share of people who took them for the same, as NumPy arrays
"""


def to_table(plan: Plan, code: str, votes: Sequence[Vote]) -> str:
    """All votes as CSV, in their order: in 2AFC as pwcmp reads it, in JND with `SAME_COLUMNS`.

    Behind these stand `HOW_COLUMNS`: how each answer was given. Observers are called P1, P2, ... Sentinels
    are there too: their scene's conditions say what they are.

    Args:
        plan: Of the session.
        code: Of the session, its name in the table.
        votes: Of the plan's trials.
    """
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow([*(COLUMNS if plan.kind == "2afc" else SAME_COLUMNS), *HOW_COLUMNS])
    writer.writerows([*_said(plan, code, vote), *_how(vote)] for vote in votes)
    return stream.getvalue()


def _said(plan: Plan, code: str, vote: Vote) -> tuple[str, ...]:
    """What a vote says."""
    trial, observer = plan.trials[vote.trial], f"P{vote.participant}"
    if plan.kind == "2afc":
        conditions = trial.condition_a, trial.condition_b
        return Judgment(observer, code, trial.scene, *conditions, vote.choice == "A").row
    texts = observer, code, trial.scene, trial.condition_b
    return *map(as_cell, texts), str(int(vote.choice == "same"))


def _how(vote: Vote) -> tuple[object, ...]:
    """How a vote was given; empty what the browser has not said."""
    frames = vote.frames if len(vote.frames) == 3 else ("", "", "")
    screen = ("" if each is None else f"{each:.6g}" for each in (vote.pixels_per_degree, vote.scale))
    return vote.trial, int(vote.was_swapped), vote.milliseconds, *screen, *frames


def subset_of(code: str) -> str:
    """The subset that a class is in an export."""
    return f"class-{word(code)}"


def layout_files(
    plan: Plan, code: str, tally: Tally, picture: Callable[[str], bytes]
) -> list[tuple[str, Callable[[], bytes]]]:
    """Path and content of each file of the paper's layout, and a README; made when they are asked for.

    Args:
        plan: Of the session.
        code: Of the session.
        tally: Its votes.
        picture: Gives the PNG of a digest.
    """
    kind, subset = plan.kind, subset_of(code)
    shares, parts = ("judge", ("ref", "p0", "p1")) if kind == "2afc" else ("same", ("p0", "p1"))
    size = max((_longest_side(picture(plan.trials[each].reference)) for each in tally.trials), default=0)
    files: list[tuple[str, Callable[[], bytes]]] = [("README.txt", lambda: _about(plan, code, size))]
    for number, share in zip(tally.trials.tolist(), tally.share.tolist(), strict=True):
        trial = plan.trials[number]
        digests = (trial.reference, trial.a, trial.b) if kind == "2afc" else (trial.a, trial.b)
        stem = f"{kind}/val/{subset}/{{}}/{number:06d}"
        for part, digest in zip(parts, digests, strict=True):
            files.append((f"{stem.format(part)}.png", lambda digest=digest: picture(digest)))
        files.append((f"{stem.format(shares)}.npy", lambda share=share: _array(share)))
    return files


def to_zip(plan: Plan, code: str, tally: Tally, picture: Callable[[str], bytes]) -> bytes:
    """The paper's layout with a README, as a ZIP; arguments as of `layout_files`."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for path, content in layout_files(plan, code, tally, picture):
            archive.writestr(zipfile.ZipInfo(path, WHEN), content())
    return stream.getvalue()


def to_folder(folder: Path, plan: Plan, code: str, tally: Tally, picture: Callable[[str], bytes]) -> int:
    """Write the same below a folder, which may be there already; returns how many files.

    Raises:
        OSError: it cannot be written.
    """
    files = layout_files(plan, code, tally, picture)
    for path, content in files:
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content())
    return len(files)


def _about(plan: Plan, code: str, size: int) -> bytes:
    files = (OF_2AFC if plan.kind == "2afc" else OF_JND).format(subset=subset_of(code))
    return ABOUT.format(title=plan.title or f"Class {code}", code=code, files=files, size=size).encode()


def _longest_side(png: bytes) -> int:
    return max(Image.open(io.BytesIO(png)).size)


def _array(share: float) -> bytes:
    stream = io.BytesIO()
    # In double precision, unlike the paper's own files, so that all scores come out as they are here.
    np.save(stream, np.array([share], np.float64), allow_pickle=False)
    return stream.getvalue()
