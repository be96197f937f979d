"""What every sheet can do. All lengths are pixels of the figure, from its top left corner."""

from abc import ABC, abstractmethod

from PIL import Image

from explorer.report.sheets.type import Type

Colour = tuple[int, int, int]  # 0..255

DOTS = 300  # pixels of a figure an inch: how large it is on paper
CHIP = 42  # side of a letter's chip or a number's ring
CHIP_TYPE = Type(28, bold=True)
CHIP_ROUNDING = 7  # radius of a chip's corners
CHIP_OPACITY = 215  # 0..255; of a ring, the ground behind its line and inside of it:
RING_OPACITIES = (150, 190)
RING = (1.5, 3)  # distance of a ring's line from the edge, and its width


class Sheet(ABC):
    """A white sheet that a figure is painted on, and what it is as a file.

    Attributes:
        is_vector: Whether it keeps text and shapes as such; pictures then are embedded as finely as they are.
    """

    is_vector = True

    @abstractmethod
    def text(
        self, left: float, top: float, text: str, type_: Type, colour: Colour, anchor: str = "left"
    ) -> None:
        """One line. `anchor` says what of it stands at `left`: its "left" end, its "middle", its "right"."""

    @abstractmethod
    def rectangle(self, left: float, top: float, width: float, height: float, colour: Colour) -> None:
        """A filled rectangle."""

    @abstractmethod
    def picture(
        self, image: Image.Image, place: tuple[int, int, int, int], alt: str, is_crisp: bool = True
    ) -> None:
        """A picture, stretched to a place and kept without loss.

        Args:
            image: RGB.
            place: (left, top, width, height).
            alt: It in words.
            is_crisp: Whether its pixels are cells, which must not be smoothed where they are enlarged.
        """

    @abstractmethod
    def chip(self, left: int, top: int, text: str, is_round: bool) -> None:
        """A letter on a dark chip, or a number in a dark ring, `CHIP` wide and high."""

    @abstractmethod
    def finish(self) -> bytes:
        """The file. Equal figures are equal bytes: it holds no date."""
