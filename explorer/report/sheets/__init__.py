"""What a figure is painted on: pixels (PNG), or shapes and text that stay sharp at any size (SVG, PDF).

`type` has the letters, `base` what every sheet can do, and the others are one a format.
"""

from explorer.report.sheets.base import Colour, Sheet
from explorer.report.sheets.type import Type, wrap

FORMATS = {"png": "image/png", "svg": "image/svg+xml", "pdf": "application/pdf"}  # ending -> type

__all__ = ["FORMATS", "Colour", "Sheet", "Type", "new_sheet", "wrap"]


def new_sheet(ending: str, width: int, height: int, title: str) -> Sheet:
    """An empty white sheet.

    Args:
        ending: A key of `FORMATS`.
        width, height: In pixels of the figure.
        title: What it shows, for programs that say so.
    """
    # What writes a format is imported where it is asked for: PDF's takes a while.
    if ending == "svg":
        from explorer.report.sheets.svg import SvgSheet

        return SvgSheet(width, height, title)
    if ending == "pdf":
        from explorer.report.sheets.pdf import PdfSheet

        return PdfSheet(width, height, title)
    from explorer.report.sheets.png import PngSheet

    return PngSheet(width, height)
