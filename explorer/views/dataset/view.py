"""The page's own settings as one value: where the pairs come from, and by which metrics they are shown."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import ClassVar

from explorer.backbones import BACKBONES
from explorer.images import FITS
from explorer.names import cut, harmless

UPLOAD, TABLE, FOLDERS = "upload", "table", "folders"
FARTHEST, CLOSEST = "farthest", "closest"
LONGEST = 1000  # letters of a path or a metric in a link

# What may stand in a parameter that has only some values, the default first.
CHOICES = {"data": (UPLOAD, TABLE, FOLDERS), "unequal": ("", *FITS), "order": (FARTHEST, CLOSEST)}


@dataclass(frozen=True)
class DatasetView:
    """What a link of the page carries.

    Attributes:
        data: Where the pairs come from: `UPLOAD`, or below the root a `TABLE` or two `FOLDERS`.
        table: A table's path from the root.
        originals, outputs: Paths of the two folders from the root, the references first.
        unequal: What is done where two sizes differ; "" leaves the pair out.
        also: Backbones with which two folders are measured besides the common one, separated by commas.
        metric, against: Keys of the metrics that are shown; "" for the first ones.
        order: Which pairs come first, `FARTHEST` or `CLOSEST`.
    """

    PAGE: ClassVar[str] = "dataset"

    data: str = UPLOAD
    table: str = ""
    originals: str = ""
    outputs: str = ""
    unequal: str = ""
    also: str = ""
    metric: str = ""
    against: str = ""
    order: str = FARTHEST

    def to_link(self) -> dict[str, str]:
        """The parameters that differ from the default, which are those that are needed."""
        of_data = {
            "table": TABLE,
            "originals": FOLDERS,
            "outputs": FOLDERS,
            "unequal": FOLDERS,
            "also": FOLDERS,
        }
        link = {each.name: getattr(self, each.name) for each in fields(self)}
        return {
            name: text
            for name, text in link.items()
            if text != getattr(DatasetView, name) and of_data.get(name, self.data) == self.data
        }

    @property
    def others(self) -> tuple[str, ...]:
        """The backbones in `also`, each once."""
        return tuple(dict.fromkeys(filter(None, self.also.split(","))))

    @classmethod
    def from_link(cls, link: Mapping[str, str]) -> tuple["DatasetView", tuple[str, ...]]:
        """Read a link's parameters; returns the view, and a sentence for each that was no good."""
        good, problems = {}, []
        for name, text in link.items():
            known = CHOICES.get(name)
            if known is not None and text not in known:
                choices = ", ".join(filter(None, known))
                problems.append(
                    f"The link asks for {name} “{cut(harmless(text))}”, and the default was taken: choose "
                    f"one of {choices}."
                )
            elif name == "also" and (unknown := [each for each in text.split(",") if each not in BACKBONES]):
                problems.append(
                    f"The link asks for the backbone “{cut(harmless(unknown[0]))}” as well, which is none; "
                    f"choose of {', '.join(BACKBONES)}."
                )
            elif len(text) > LONGEST:
                problems.append(f"The link's {name} has more than {LONGEST} letters, and was left out.")
            else:
                good[name] = text
        return cls(**good), tuple(problems)
