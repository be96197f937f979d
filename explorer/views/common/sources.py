"""Uploaded pictures in a link: their names and the beginnings of their digests, never the pictures.

`reference=photo.png~1a2b3c4d5e6f` tells the browser that has uploaded the file which one it was, and anybody
else which one to look for.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from explorer.names import cut, harmless

WHITE = "#ffffff"
DIGITS = 12  # of the 64 of SHA-256: enough to tell one's own files apart; none of them can be made from it
FITS = ("resize", "crop")  # how two sizes are made one
ROLES = {"upload": "reference", "camera": "camera"}  # where the reference comes from -> the role of its file
PARAMETERS = ("reference", "camera", "distorted", "fit", "background")
_NAMED = re.compile(rf"(.+)~([0-9a-f]{{{DIGITS}}})", re.DOTALL)


@dataclass(frozen=True)
class Named:
    """A file as a link names it.

    Attributes:
        name: Harmless, and cut where it is long.
        digest: The first `DIGITS` hexadecimal digits of its bytes' SHA-256.
    """

    name: str
    digest: str

    @classmethod
    def of(cls, name: str, digest: str) -> "Named":
        """A file's name, and the whole digest of `digest_of`."""
        return cls(cut(harmless(name)) or "picture", digest[:DIGITS])

    @classmethod
    def read(cls, text: str) -> "Named":
        """Read what `str` gave.

        Raises:
            ValueError: with a sentence; it is none.
        """
        found = _NAMED.fullmatch(text)
        if found is None:
            raise ValueError(f"it must be a file’s name, ~ and the first {DIGITS} digits of its SHA-256.")
        return cls.of(found[1].rpartition("/")[2], found[2])

    def __str__(self) -> str:
        return f"{self.name}~{self.digest}"


def digest_of(data: bytes) -> str:
    """A file's SHA-256, in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


@dataclass(frozen=True)
class Sources:
    """Which pictures of a pair were uploaded, and how two of them were made to fit; nothing for samples.

    Attributes:
        files: Role ("reference" or "camera", "distorted") -> the file.
        fit: One of `FITS`, "" where none was chosen.
        background: The colour under transparent places, "#rrggbb".
    """

    files: Mapping[str, Named] = field(default_factory=dict)
    fit: str = ""
    background: str = WHITE

    def __bool__(self) -> bool:
        return bool(self.files)

    @property
    def source(self) -> str:
        """Where the reference comes from: "sample", or a key of `ROLES`."""
        return next((source for source, role in ROLES.items() if role in self.files), "sample")

    @property
    def pairing(self) -> str:
        """Where the distorted image comes from: "distort" or "upload"."""
        return "upload" if "distorted" in self.files else "distort"

    def to_link(self) -> dict[str, str]:
        """The parameters that name the files."""
        link = {role: str(named) for role, named in self.files.items()}
        if self and self.fit:
            link["fit"] = self.fit
        if self and self.background != WHITE:
            link["background"] = self.background
        return link

    @classmethod
    def from_link(cls, link: Mapping[str, str]) -> tuple["Sources", tuple[str, ...]]:
        """Read a link's parameters; returns the sources, and a sentence for each that was no good."""
        files, problems = {}, []
        values = {"fit": "", "background": WHITE}
        for name in (name for name in PARAMETERS if name in link):
            text = link[name]
            try:
                if name in values:
                    values[name] = _checked(name, text)
                elif name == "camera" and "reference" in files:
                    raise ValueError("there is a reference already.")
                else:
                    files[name] = Named.read(text)
            except ValueError as error:
                problems.append(
                    f"The link asks for {name} “{cut(harmless(text))}”, which was left out: {error}"
                )
        return cls(files, **values), tuple(problems)


def _checked(name: str, text: str) -> str:
    if name == "fit" and text not in FITS:
        raise ValueError(f"choose one of {', '.join(FITS)}.")
    if name == "background" and not re.fullmatch("#[0-9a-f]{6}", text):
        raise ValueError(f"it must be a colour such as {WHITE}.")
    return text
