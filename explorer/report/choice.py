"""What of the findings goes into a figure, and which part of the pictures."""

from collections.abc import Sequence
from dataclasses import dataclass

from explorer.analysis.region import Box, Findings
from explorer.errors import SettingError

# In the order in which they stand in the figure, with their names on the page.
PARTS = {
    "numbers": "Numbers",
    "reference": "Reference",
    "distorted": "Distorted",
    "overlay": "Map over photograph",
    "causal": "Causal map",
    "squared_error": "Squared error",
    "one_minus_ssim": "1 − SSIM",
    "shares": "Bar of shares",
    "layers": "Layers' maps",
    "combined": "All layers' map",
    "marks": "Boxes and spots",
    "words": "Sentences",
    "citation": "Line to cite",
}
FIRST = tuple(name for name in PARTS if name not in ("squared_error", "one_minus_ssim"))
COLUMNS_FIRST = ("numbers", "reference", "distorted", "overlay", "shares", "citation")
OF_COLUMNS = (*COLUMNS_FIRST, "squared_error", "one_minus_ssim", "combined")
ALONE = "marks"  # what is no part by itself


@dataclass(frozen=True)
class Choice:
    """What a figure shows.

    Attributes:
        parts: Keys of `PARTS`, in any order; None for `FIRST`, as far as there are such.
        crop: The part of the pictures that is shown, in pixels of the image as given, inside of it; None for
            all of them. Numbers, scales and sentences stay those of the whole.
    """

    parts: tuple[str, ...] | None = None
    crop: Box | None = None

    def of(self, found: Findings) -> "Choice":
        """The same with its parts named, in their order.

        Raises:
            SettingError: a part that is unknown, or not among what was found; no part; or a crop that is not
                inside the image. It names the setting, "parts" or "crop".
        """
        return self.among(parts_of(found), FIRST, found.reference.size)

    def of_columns(self, found: Sequence[Findings]) -> "Choice":
        """As `of`, for a figure of one pair measured in several ways."""
        return self.among(parts_of_columns(found), COLUMNS_FIRST, found[0].reference.size)

    def among(self, there: Sequence[str], first: Sequence[str], size: tuple[int, int]) -> "Choice":
        """As `of`, where these parts of a pair of (width, height) can be had; `first` are chosen first."""
        wanted = tuple(name for name in there if name in first) if self.parts is None else self.parts
        check_parts(wanted)
        missing = [name for name in PARTS if name in wanted and name not in there]
        if missing:
            raise SettingError(
                f"There is no “{missing[0]}” of this pair to draw; choose among {', '.join(there)}.", "parts"
            )
        check_crop(self.crop, size)
        crop = None if self.crop == Box(0, 0, *size) else self.crop
        return Choice(tuple(name for name in PARTS if name in wanted), crop)


def parts_of(found: Findings) -> tuple[str, ...]:
    """The parts that a figure of this can have."""
    lacking = set()
    if found.combined is None:
        lacking |= {"overlay", "layers", "combined"}
    if found.causal is None:
        lacking.add("causal")
    if not (found.regions or found.spots):
        lacking.add("marks")
        if found.causal is None:
            lacking.add("words")
    if not any(layer.share >= 0 for layer in found.measurement.layers):
        lacking.add("shares")
    return tuple(name for name in PARTS if name not in lacking)


def parts_of_columns(found: Sequence[Findings]) -> tuple[str, ...]:
    """The parts that a figure of one pair, measured in several ways, can have."""
    there = {name for each in found for name in parts_of(each)}.intersection(OF_COLUMNS)
    return tuple(name for name in PARTS if name in there)


def check_parts(names: Sequence[str]) -> None:
    """Check names before anything is measured.

    Raises:
        SettingError: one is unknown, or none is left to draw.
    """
    unknown = [name for name in names if name not in PARTS]
    if unknown:
        raise SettingError(f"A figure has no part “{unknown[0]}”; choose among {', '.join(PARTS)}.", "parts")
    if not set(names) - {ALONE}:
        raise SettingError(
            f"A figure of nothing cannot be drawn; choose at least one of {', '.join(PARTS)}"
            f"{f' beside {ALONE}' if names else ''}.",
            "parts",
        )


def check_crop(crop: Box | None, size: tuple[int, int]) -> None:
    """Check that a crop has pixels, all of an image of (width, height).

    Raises:
        SettingError: it has none, or reaches beyond the image.
    """
    if crop is None:
        return
    width, height = size
    is_inside = crop.x >= 0 and crop.y >= 0 and crop.right <= width and crop.bottom <= height
    if crop.width < 1 or crop.height < 1 or not is_inside:
        raise SettingError(
            f"The crop {crop} is no part of the image; write x,y,width,height within its {width} × {height} "
            "pixels, counted from 0.",
            "crop",
        )
