"""A figure's letters: Source Sans Pro, the page's own, with Latin, Greek and Cyrillic and signs such as ×."""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import as_file, files
from pathlib import Path

from PIL.ImageFont import FreeTypeFont, truetype

FAMILY = "Source Sans Pro"
WEIGHTS = {False: ("Regular", 400), True: ("Semibold", 600)}  # by whether it is bold: file, and number in CSS


@dataclass(frozen=True)
class Type:
    """A size of type in pixels of the figure, regular or semibold."""

    size: int
    bold: bool = False

    @property
    def font(self) -> FreeTypeFont:
        """For Pillow."""
        return _font(self.size, self.bold)

    @property
    def ascent(self) -> int:
        """From the top of a line to its base line, in pixels."""
        return self.font.getmetrics()[0]

    @property
    def middle(self) -> float:
        """From the middle of a line to its base line, as Pillow centres it, in pixels."""
        ascent, descent = self.font.getmetrics()
        return (ascent - descent) / 2

    def width(self, text: str) -> float:
        """Of one line, in pixels."""
        return self.font.getlength(text)


def font_path(bold: bool) -> AbstractContextManager[Path]:
    """The file of the letters, TrueType."""
    return as_file(files("font_source_sans_pro") / "files" / f"SourceSansPro-{WEIGHTS[bold][0]}.ttf")


@lru_cache(maxsize=64)
def _font(size: int, bold: bool) -> FreeTypeFont:
    with font_path(bold) as path:
        return truetype(str(path), size)


def wrap(text: str, type_: Type, width: int) -> list[str]:
    """Lines no wider than `width`, broken between words; a word that is wider is broken inside."""
    lines = [""]
    for word in text.split(" "):  # not at no-break spaces
        longer = f"{lines[-1]} {word}".lstrip()
        if type_.width(longer) <= width:
            lines[-1] = longer
            continue
        if lines[-1]:
            lines.append("")
        for letter in word:
            if lines[-1] and type_.width(lines[-1] + letter) > width:
                lines.append("")
            lines[-1] += letter
    return lines
