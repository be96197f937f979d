"""What was done to a picture on its way to a number, as a value: what kind of thing, and the words for it."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal[
    "frame",  # one of several was taken
    "orientation",
    "depth",  # 16 bits became 8
    "palette",
    "colour",  # profile, gamma, CMYK
    "grey",
    "transparency",
    "resized",
    "cropped",
    "distorted",
    "memory",  # it did not fit where it was to be computed
]


@dataclass(frozen=True)
class Note:
    """One thing that was done.

    Attributes:
        kind: For whoever must act on it.
        text: In the user's words.
        role: Of a pair's two pictures the one it is about: "reference" or "distorted"; "" for both, or for a
            picture that is no part of a pair yet.
    """

    kind: Kind
    text: str
    role: str = ""

    def __str__(self) -> str:
        """As it is shown: "distorted: palette expanded to RGB"."""
        return f"{self.role}: {self.text}" if self.role else self.text
