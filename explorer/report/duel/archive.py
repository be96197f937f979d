"""All frames of a journey as PNG files, with their numbers beside them, in one ZIP."""

import io
import json
import zipfile
from typing import Any

from PIL import Image

from explorer.analysis.rulers import PSNR, SSIM, text_of
from explorer.images import Picture
from explorer.metrics.results import finite
from explorer.names import word
from explorer.report.duel.account import Account, Course
from explorer.report.duel.history import history
from explorer.synthesis.journey import Frame

TIME = (1980, 1, 1, 0, 0, 0)  # the first that a ZIP can tell: equal journeys give equal bytes


def archive(account: Account) -> bytes:
    """The reference, a folder of frames a run, `journey.json` and `history.csv`, as a ZIP.

    The PNG files are the very pixels that were measured.
    """
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as file:  # PNG is small already

        def add(name: str, data: bytes | str) -> None:
            file.writestr(zipfile.ZipInfo(name, TIME), data)

        add("journey.json", to_json(account))
        add("history.csv", history(account))
        add("reference.png", png(account.reference))
        for course in account.courses:
            for frame in course.frames:
                add(_path(course, frame), png(frame.picture))
    return stream.getvalue()


def to_json(account: Account) -> str:
    """What was made and how, and all numbers, in the shape that docs/files.md describes."""
    return json.dumps(_document(account), indent=2, allow_nan=False) + "\n"


def png(picture: Picture) -> bytes:
    """A picture as a PNG file."""
    stream = io.BytesIO()
    Image.fromarray(picture.pixels).save(stream, "PNG")
    return stream.getvalue()


def _path(course: Course, frame: Frame) -> str:
    """Of a frame's picture: its steps sort as its names do."""
    return f"{word(course.name)}/{frame.step:04}.png"


def _document(account: Account) -> dict[str, Any]:
    told, reference = account.told, account.reference
    return {
        "mode": told.mode,
        "title": account.title,
        "sentence": told.sentence,
        "settings": dict(told.settings),
        "seed": told.seed,
        "reference": {"name": reference.name, "digest": reference.digest, "picture": "reference.png"},
        "size": list(reference.size),
        "method": account.method.to_dict(),
        "witnesses": [text_of(each) for each in account.witnesses],
        "runs": [_run(account, course) for course in account.courses],
        "recipe": account.recipe,
    }


def _run(account: Account, course: Course) -> dict[str, Any]:
    last = account.measurement(course, course.frames[-1]).to_dict()
    return {
        "name": course.name,
        "label": course.label,
        "values": [finite(value) for value in course.values],
        "frames": [_frame(account, course, frame) for frame in course.frames],
        "last": last | {"ssim": course.value(SSIM, course.frames[-1])},  # below 11 pixels there is none
    }


def _frame(account: Account, course: Course, frame: Frame) -> dict[str, Any]:
    standing, method = frame.standing, account.method
    return {
        "step": frame.step,
        "picture": _path(course, frame),
        "digest": frame.picture.digest,
        "psnr": finite(standing.values[PSNR]),
        "ssim": standing.values[SSIM],
        "score": standing.values[method],
        "layers": [
            {"name": name, "distance": distance}
            for name, distance in zip(method.layers, standing.distances, strict=True)
        ],
        "witnesses": {
            text_of(ruler): finite(value)
            for ruler in account.witnesses
            if (value := course.value(ruler, frame)) is not None
        },
    }
