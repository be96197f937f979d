"""`project.json`: what a project says of itself, as checked plain values; docs/files.md explains each key.

Keys that are not known are left alone: a later version may add some that change nothing of these. What
changes the meaning raises `VERSION`, and is then refused by versions that do not know it.
"""

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

from explorer.errors import ProjectError
from explorer.images import FITS
from explorer.names import cut, harmless
from explorer.projects.archive import ROLES

FORMAT = "lpips-explorer project"
VERSION = 1
PAGES = ("inspect", "region")  # those that a project is saved from and opens on
FILE, SAMPLE, DISTORTION = ORIGINS = ("file", "sample", "distortion")
WHITE = "#ffffff"
LONGEST_NAME = 200  # letters of a picture's name that are kept
MOST_SETTINGS = 100


@dataclass(frozen=True)
class Entry:
    """What the document says of a picture.

    Attributes:
        name: What it is called.
        file: The entry of the zip that has its bytes.
        sha256: Of these, 64 hex digits.
        origin: `FILE` for one that was given; `SAMPLE` for one that comes with the explorer; `DISTORTION` for
            what the settings make of the other picture.
    """

    name: str
    file: str
    sha256: str
    origin: str


@dataclass(frozen=True)
class Document:
    """All of `project.json`.

    Attributes:
        page: One of `PAGES`.
        settings: As a link's parameters have them.
        pictures: An `Entry` for each of `ROLES`.
        background: Under transparent places, "#rrggbb".
        fit: How two sizes are made one; None where they are one.
    """

    page: str
    settings: Mapping[str, str]
    pictures: Mapping[str, Entry]
    background: str
    fit: str | None

    def to_json(self, versions: Mapping[str, str]) -> bytes:
        """The file; `versions` of what wrote it are for people to read."""
        return packed(
            {
                "format": FORMAT,
                "version": VERSION,
                "page": self.page,
                "settings": dict(self.settings),
                **{role: vars(self.pictures[role]) for role in ROLES},
                "background": self.background,
                "fit": self.fit,
                "versions": dict(versions),
            }
        )

    @classmethod
    def from_json(cls, data: bytes, subject: str) -> "Document":
        """Read the file.

        Args:
            subject: What errors call the project.

        Raises:
            ProjectError: it is no JSON, of a newer version, or a value is missing or no good.
        """
        found = unpacked(data, f"{subject}: project.json")
        if found.get("format") != FORMAT:
            raise ProjectError(f"{subject} is a zip, but no project of the explorer.")
        version = found.get("version")
        if not isinstance(version, int) or isinstance(version, bool) or version < 1:
            _refuse(subject, "version", "a whole number from 1 up")
        if version > VERSION:
            raise ProjectError(
                f"{subject} was saved by a newer version of the explorer, in a form that this one does not "
                "know; update it to open the project."
            )
        if "fit" not in found or found["fit"] not in (None, *FITS):
            _refuse(subject, "fit", f"null, {' or '.join(FITS)}")
        return cls(
            page=_one_of(found, "page", PAGES, subject),
            settings=_settings(found, subject),
            pictures={role: _entry(found, role, subject) for role in ROLES},
            background=_matching(found, "background", "#[0-9a-f]{6}", "a colour such as #ffffff", subject),
            fit=found["fit"],
        )


def packed(found: Mapping[str, Any]) -> bytes:
    """A JSON file, as all of the explorer's are written."""
    return (json.dumps(found, indent=2, allow_nan=False) + "\n").encode()


def unpacked(data: bytes, subject: str) -> dict[str, Any]:
    """Read a JSON file that holds an object, by the letter of the standard.

    Args:
        data: The file; `explorer.projects.archive` limits its size.
        subject: What errors call it.

    Raises:
        ProjectError: it is none, holds NaN, an infinite number, a key twice or half a character, or is nested
            too deeply.
    """
    try:
        found = json.loads(
            data.decode(), parse_constant=_no_number, parse_float=_finite, object_pairs_hook=_once
        )
        json.dumps(found, ensure_ascii=False).encode()  # half a character cannot be shown or sent
    except (ValueError, RecursionError) as error:
        raise ProjectError(f"{subject} cannot be read as JSON; get the file once more.") from error
    if not isinstance(found, dict):
        raise ProjectError(f"{subject} must be a JSON object, {{…}}.")
    return found


def _no_number(text: str) -> NoReturn:
    raise ValueError(f"{text} is not JSON")


def _finite(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(f"{text} is too large")
    return value


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key stands twice")
    return found


def _refuse(subject: str, key: str, wanted: str) -> NoReturn:
    raise ProjectError(f"{subject}: in project.json “{key}” must be {wanted}.")


def _one_of(found: Mapping[str, Any], key: str, choices: tuple[str, ...], subject: str, of: str = "") -> str:
    """A text that is one of a few."""
    value = found.get(key)
    if not isinstance(value, str) or value not in choices:
        _refuse(subject, of + key, f"one of {', '.join(choices)}")
    return value


def _matching(
    found: Mapping[str, Any], key: str, pattern: str, wanted: str, subject: str, of: str = ""
) -> str:
    """A text of a form."""
    value = found.get(key)
    if not isinstance(value, str) or not re.fullmatch(pattern, value):
        _refuse(subject, of + key, wanted)
    return value


def _settings(found: Mapping[str, Any], subject: str) -> dict[str, str]:
    settings = found.get("settings")
    is_good = isinstance(settings, dict) and all(isinstance(value, str) for value in settings.values())
    if not is_good or len(settings) > MOST_SETTINGS:
        _refuse(subject, "settings", f"an object of at most {MOST_SETTINGS} texts")
    return settings


def _entry(found: Mapping[str, Any], role: str, subject: str) -> Entry:
    entry, of = found.get(role), f"{role}."
    if not isinstance(entry, dict):
        _refuse(subject, role, "an object")
    if not isinstance(entry.get("name"), str):
        _refuse(subject, f"{of}name", "a text")
    return Entry(
        name=cut(harmless(entry["name"].rpartition("/")[2]), LONGEST_NAME),
        file=_matching(entry, "file", rf"{role}\.[a-z0-9]+", f"the name of its file, {role}.…", subject, of),
        sha256=_matching(entry, "sha256", "[0-9a-f]{64}", "64 hexadecimal digits", subject, of),
        origin=_one_of(entry, "origin", ORIGINS, subject, of),
    )
