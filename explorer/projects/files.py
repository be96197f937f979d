"""Saving a pair as a project, and opening one, by the file's path."""

import os
import secrets
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from PIL import ImageColor

from explorer.analysis.region import Box, as_box, fitted, investigate, name_of
from explorer.analysis.region.findings import to_dict
from explorer.errors import ProjectError, SettingError
from explorer.images import Picture, Source, load, to_one_size
from explorer.limits import MOST_BOXES
from explorer.metrics import Method, compare
from explorer.names import cut, harmless
from explorer.projects.archive import MOST_BYTES
from explorer.projects.project import PictureFile, Project


def open_project(path: str | os.PathLike) -> Project:
    """Open a project's file.

    Args:
        path: As Inspect, Region, the shell's `project` and `save_project` have saved it.

    Returns:
        The project: `pictures`, `boxes`, `method` and `results` of it, and `measure()`, which measures anew.

    Raises:
        ProjectError: it cannot be read, is no project, is damaged, or of a newer version.
    """
    path = Path(path)
    shown = cut(harmless(path.name)) or "The project"
    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1) if path.stat().st_size > MOST_BYTES else file.read()
    except (OSError, ValueError) as error:  # ValueError: a path with a null byte in it
        reason = getattr(error, "strerror", None) or "no such path"
        raise ProjectError(f"{shown} cannot be read ({reason}); check the path.") from error
    return Project.from_bytes(data, path.name)


def save_project(
    path: str | os.PathLike,
    reference: Source,
    distorted: Source,
    *,
    boxes: Sequence[Box | tuple[int, int, int, int]] = (),
    background: str = "white",
    fit: str | None = None,
    **method: Any,
) -> Project:
    """Measure a pair, and save it with its numbers and boxes as one file.

    Args:
        path: Where it goes; a file that is there is replaced.
        reference, distorted: As of `explorer.measure`. Of a path or of bytes the file is kept as it is; all
            else becomes a PNG.
        boxes: To ask about, at most 8, each (x, y, width, height) in pixels of the pictures as given (with
            `fit`: of the fitted pair); with any, the app opens the file on Region.
        background, fit: As of `explorer.measure`.
        method: backbone, heads, layers, weights, size, device and precision, as of `explorer.measure`.

    Returns:
        The project; its `results` are those of `explorer.measure`, and of the boxes.

    Raises:
        ExplorerError: as `explorer.measure`; a box outside of the picture; a project that would be too large
            (`ProjectError`), or that cannot be written there.
    """
    files = as_file(reference, "reference"), as_file(distorted, "distorted")
    paper = colour(background)
    pair = to_one_size(*(load(file.data, name=file.name, background=paper) for file in files), fit)
    chosen = tuple(
        fitted(box, pair[0].size, f"Box {name_of(place)}")[0] for place, box in enumerate(read_boxes(boxes))
    )
    project = measured(files, pair, Method(**method), chosen, paper, fit)
    _write(Path(path), project.to_bytes())
    return project


def measured(
    files: tuple[PictureFile, PictureFile],
    pair: tuple[Picture, Picture],
    method: Method,
    boxes: tuple[Box, ...],
    background: str,
    fit: str | None,
) -> Project:
    """Measure a pair of one size, and make a project of it.

    Args:
        files: The pictures as they were given.
        pair: What was read of these.
        boxes: Inside the pictures.
        background, fit: As of `Project`.

    Raises:
        ExplorerError: as `explorer.metrics.compare`.
    """
    if boxes:
        results = to_dict(investigate(*pair, boxes, method))
    else:
        results = compare(*pair, method).measurement(method.heads, method.layers).to_dict()
    return Project(
        *files,
        settings=_settings(method, boxes, pair[0].size),
        results=results,
        page="region" if boxes else "inspect",
        background=background,
        fit=fit,
    )


def read_boxes(boxes: Sequence[Box | tuple[int, int, int, int]]) -> tuple[Box, ...]:
    """Boxes as `save_project` takes them.

    Raises:
        SettingError: no list of boxes, or more than a project can hold.
    """
    if isinstance(boxes, Box | str) or not isinstance(boxes, Iterable):
        raise SettingError(f"{boxes!r} is no list of boxes; write one such as [(10, 20, 64, 48)].", "boxes")
    found = tuple(as_box(box) for box in boxes)
    if len(found) > MOST_BOXES:  # it would be saved, and refused when it is opened
        raise SettingError(
            f"There are {len(found)} boxes, and {MOST_BOXES} are the most; leave some out.", "boxes"
        )
    return found


def as_file(source: Source, name: str) -> PictureFile:
    """A picture's file; `name` stands for sources that have none of their own.

    Raises:
        ImageError: there is none, or it is no image.
    """
    if isinstance(source, str | os.PathLike):
        picture = load(source)  # says in words what is wrong with the path
        return PictureFile(picture.name, Path(os.fsdecode(source)).read_bytes())
    if isinstance(source, bytes):
        return PictureFile(name, source)
    return PictureFile.of_pixels(source if isinstance(source, Picture) else load(source, name=name))


def colour(background: str) -> str:
    """A background as projects have it, "#rrggbb".

    Raises:
        SettingError: it is no colour.
    """
    try:
        red, green, blue = ImageColor.getrgb(background)  # not one that is itself transparent
    except (AttributeError, TypeError, ValueError) as error:
        raise SettingError(f"{background!r} is no colour; write white or #808080.", "background") from error
    return f"#{red:02x}{green:02x}{blue:02x}"


def _settings(method: Method, boxes: Sequence[Box], given: tuple[int, int]) -> Mapping[str, str]:
    """What the app is asked for: a size that changes nothing is the size as given there."""
    link = method.to_link()
    is_as_given = method.size is None or method.size >= max(given)
    link["size"] = "given" if is_as_given else str(method.size)
    link.pop("device", None)  # it is the machine's
    return link | ({"boxes": ";".join(map(str, boxes))} if boxes else {})


def _write(path: Path, data: bytes) -> None:
    """Write a file whole or not at all.

    Raises:
        ProjectError: it cannot be written there.
    """
    part = path.with_name(f".{secrets.token_hex(8)}.part")
    try:
        part.write_bytes(data)
        part.replace(path)
    except OSError as error:
        raise ProjectError(
            f"{path.name} cannot be written ({error.strerror}); choose another place."
        ) from error
    finally:
        with suppress(OSError):
            part.unlink()
