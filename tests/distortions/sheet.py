"""The golden sheet: every distortion of the catalogue at three severities, to be looked at and held against.

    python -m tests.distortions.sheet

draws it anew, into the file that the tests compare with. Look at it before it is committed.
"""

from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from explorer.distortions import CATALOGUE, distort
from explorer.samples import load_sample

FILE = Path(__file__).with_name("sheet.png")
SEVERITIES = (0.25, 0.5, 1.0)
SIDE, GAP, LINE = 60, 4, 14  # pixels: of a cell, between cells, of a label
ACROSS = 3  # entries in a row
BLOCK = (len(SEVERITIES) * (SIDE + GAP) + GAP, SIDE + LINE + GAP)  # width and height of an entry


def reference() -> np.ndarray:
    """A face with fine and coarse detail, and colours: uint8 (SIDE, SIDE, 3)."""
    photo = Image.fromarray(load_sample("astronaut").pixels)
    return np.array(photo.crop((100, 0, 356, 256)).resize((SIDE, SIDE), Image.Resampling.LANCZOS))


def cells(name: str) -> list[np.ndarray]:
    """A distortion at each of the severities."""
    picture = reference()
    return [distort(picture, name, severity) for severity in SEVERITIES]


def place(index: int, column: int) -> tuple[int, int]:
    """Where a cell lies on the sheet: its left and top."""
    row, entry = divmod(index, ACROSS)
    return entry * BLOCK[0] + GAP + column * (SIDE + GAP), row * BLOCK[1] + LINE


def draw() -> Image.Image:
    """The whole sheet, a label above each distortion."""
    rows = -(-len(CATALOGUE) // ACROSS)
    sheet = Image.new("RGB", (ACROSS * BLOCK[0], rows * BLOCK[1]), "white")
    pen, font = ImageDraw.Draw(sheet), ImageFont.load_default(10)
    for index, (name, entry) in enumerate(CATALOGUE.items()):
        left, top = place(index, 0)
        label = entry.label.replace("–", "-")  # which Pillow's own letters lack
        pen.text((left, top - LINE + 1), label, "black", font)
        for column, cell in enumerate(cells(name)):
            sheet.paste(Image.fromarray(cell), place(index, column))
    return sheet


if __name__ == "__main__":
    draw().save(FILE, optimize=True)
