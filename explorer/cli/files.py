"""Files named on the command line: checked before any work, read quietly, written whole or not at all."""

import os
import secrets
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import click

from explorer.cli.group import bad
from explorer.errors import ImageError
from explorer.images import Picture, load

PATH = click.Path(path_type=Path)


def existing(
    context: click.Context, parameter: click.Parameter, value: Path | tuple[Path, ...]
) -> Path | tuple[Path, ...]:
    """Refuse the last of many missing files before the first one is measured."""
    for path in value if isinstance(value, tuple) else (value,):
        if not os.path.exists(path):  # unlike Path.exists, False also for a name that is too long
            raise ImageError(f"There is no file {click.format_filename(path)}; check the path.")
    return value


def read(path: Path, background: str = "white", full_name: bool = False) -> Picture:
    """Read an image; what Pillow would warn about on standard error is in its notes or its error.

    Args:
        path: The file.
        background: Laid under transparent pixels.
        full_name: Whether errors call it by its whole path, to tell it from its namesake in another folder.
    """
    with warnings.catch_warnings(action="ignore"):
        return load(path, name=str(path) if full_name else None, background=background)


def spare(
    target: Path, parameter: str, *sources: Path, what: str = "one of the images that are measured"
) -> None:
    """Refuse to write over what is read: nobody gets a photograph back that was written over.

    Args:
        target: Where a file goes, there already or not.
        parameter: The flag or argument that named it, for the error.
        sources: What is read. One that is no file, such as the name of a noise, is passed over.
        what: The sources, for the error.

    Raises:
        click.BadParameter: the target is one of the sources, by this name or another, such as a link's.
    """
    if not os.path.exists(target):
        return
    if any(os.path.exists(source) and os.path.samefile(target, source) for source in sources):
        raise bad(parameter, f"{click.format_filename(target)} is {what}; give another name.")


@contextmanager
def output(target: Path, parameter: str) -> Iterator[Callable[[bytes], None]]:
    """Give a function that writes a whole file, once it is known that the target can be written.

    The bytes go to a new file beside the target, which then takes its place: whatever fails or is interrupted
    in between, the target is either complete or as it was.

    Args:
        target: Where the file goes.
        parameter: The flag or argument that named it, for the error.

    Raises:
        click.BadParameter: the target cannot be written; raised before the block runs.
    """
    final = Path(os.path.realpath(target))  # through a link, to the file that it names
    part = final.with_name(f".{secrets.token_hex(8)}.part")

    def write(data: bytes) -> None:
        try:
            part.write_bytes(data)
            part.replace(final)
        except OSError as error:
            raise unwritable(target, parameter, error) from error

    try:
        try:
            if final.exists():
                final.open("r+b").close()  # refuses folders, pipes and read-only files, and changes nothing
            part.touch(exist_ok=False)
        except OSError as error:
            raise unwritable(target, parameter, error) from error
        yield write
    finally:
        # Also where Ctrl-C comes just as the file was made; where none could be made there is none.
        with suppress(OSError):
            part.unlink()


def unwritable(target: Path, parameter: str, error: OSError) -> click.BadParameter:
    """The error for a file that cannot be written, with the system's reason."""
    shown, reason = click.format_filename(target), error.strerror or error
    return bad(parameter, f"{shown} cannot be written ({reason}); choose another place or name.")
