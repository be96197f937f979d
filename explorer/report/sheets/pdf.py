"""A figure as PDF: one page of its size, with text, shapes, and pictures without loss."""

import logging

from fpdf import FPDF
from fpdf.output import OutputProducer, PDFInfo
from PIL import Image

from explorer.report.sheets.base import (
    CHIP,
    CHIP_OPACITY,
    CHIP_ROUNDING,
    CHIP_TYPE,
    DOTS,
    RING,
    RING_OPACITIES,
    Colour,
    Sheet,
)
from explorer.report.sheets.type import FAMILY, WEIGHTS, Type, font_path

POINTS = 72 / DOTS  # of a pixel of the figure
BLACK, WHITE = (0, 0, 0), (255, 255, 255)
PARTS_BEFORE = {"left": 0.0, "middle": 0.5, "right": 1.0}  # of a line, that stand left of its anchor

# It warns of letters that the font lacks, such as Chinese ones; they are blank.
logging.getLogger("fpdf").setLevel(logging.ERROR)
logging.getLogger("fontTools").setLevel(logging.ERROR)


class PdfSheet(Sheet):
    """Written with fpdf2; the letters that it uses are embedded."""

    def __init__(self, width: int, height: int, title: str):
        self._pdf = pdf = _Pdf(unit=POINTS, format=(width, height))
        pdf.set_title(title)
        pdf.set_margin(0)
        pdf.set_auto_page_break(False)
        pdf.set_image_filter("FlateDecode")  # no JPEG
        for bold in WEIGHTS:
            with font_path(bold) as path:
                pdf.add_font(FAMILY, "B" if bold else "", path)
        pdf.add_page()

    def text(
        self, left: float, top: float, text: str, type_: Type, colour: Colour, anchor: str = "left"
    ) -> None:
        """One line."""
        self._write(left, top + type_.ascent, text, type_, colour, anchor)

    def _write(self, x: float, base_line: float, text: str, type_: Type, colour: Colour, anchor: str) -> None:
        self._pdf.set_font(FAMILY, "B" if type_.bold else "", type_.size * POINTS)
        self._pdf.set_text_color(*colour)
        before = PARTS_BEFORE[anchor] and PARTS_BEFORE[anchor] * self._pdf.get_string_width(text)
        self._pdf.text(x - before, base_line, text)

    def rectangle(self, left: float, top: float, width: float, height: float, colour: Colour) -> None:
        """A filled rectangle."""
        self._pdf.set_fill_color(*colour)
        self._pdf.rect(left, top, width, height, style="F")

    def picture(
        self, image: Image.Image, place: tuple[int, int, int, int], alt: str, is_crisp: bool = True
    ) -> None:
        """A picture at its place."""
        left, top, width, height = place
        self._pdf.image(image, left, top, width, height, alt_text=alt)

    def chip(self, left: int, top: int, text: str, is_round: bool) -> None:
        """A letter's chip, or a number's ring."""
        pdf, x, y = self._pdf, left + CHIP / 2, top + CHIP / 2
        pdf.set_fill_color(*BLACK)
        pdf.set_draw_color(*WHITE)
        if is_round:
            away, line = RING
            pdf.set_line_width(line)
            with pdf.local_context(fill_opacity=RING_OPACITIES[0] / 255):
                pdf.circle(x, y, CHIP / 2, style="F")
            with pdf.local_context(fill_opacity=RING_OPACITIES[1] / 255):
                pdf.circle(x, y, (CHIP - line) / 2 - away, style="DF")
        else:
            with pdf.local_context(fill_opacity=CHIP_OPACITY / 255):
                pdf.rect(left, top, CHIP, CHIP, style="F", round_corners=True, corner_radius=CHIP_ROUNDING)
        self._write(x, y + CHIP_TYPE.middle, text, CHIP_TYPE, WHITE, "middle")

    def finish(self) -> bytes:
        """The file."""
        return bytes(self._pdf.output(output_producer_class=_Undated))


class _Pdf(FPDF):
    def file_id(self) -> None:
        """None: it would be made from the time."""


class _Undated(OutputProducer):
    """Writes no date."""

    def _add_info(self) -> PDFInfo:
        info = super()._add_info()
        info.creation_date = None
        return info
