"""A figure as SVG: text that can be searched and edited, shapes, and pictures as PNG inside of the file."""

import io
from xml.sax.saxutils import escape

from PIL import Image

from explorer.render import text as base64_of
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

ANCHORS = {"left": "start", "middle": "middle", "right": "end"}


class SvgSheet(Sheet):
    """Written as text; the letters that it uses are embedded, for browsers, and named, for other programs."""

    def __init__(self, width: int, height: int, title: str):
        self._size, self._title = (width, height), title
        self._parts: list[str] = []
        self._letters: dict[bool, set[str]] = {bold: set() for bold in WEIGHTS}

    def text(
        self, left: float, top: float, text: str, type_: Type, colour: Colour, anchor: str = "left"
    ) -> None:
        """One line."""
        self._write(left, top + type_.ascent, text, type_, colour, ANCHORS[anchor])

    def _write(self, x: float, base_line: float, text: str, type_: Type, colour: Colour, anchor: str) -> None:
        self._letters[type_.bold].update(text)
        aligned = "" if anchor == "start" else f' text-anchor="{anchor}"'
        heavy = f' font-weight="{WEIGHTS[True][1]}"' if type_.bold else ""
        self._parts.append(
            f'<text x="{x:g}" y="{base_line:g}" font-size="{type_.size}"{heavy}{aligned} '
            f'fill="{_hex(colour)}">{escape(text)}</text>'
        )

    def rectangle(self, left: float, top: float, width: float, height: float, colour: Colour) -> None:
        """A filled rectangle."""
        self._parts.append(f'<rect {_box(left, top, width, height)} fill="{_hex(colour)}"/>')

    def picture(
        self, image: Image.Image, place: tuple[int, int, int, int], alt: str, is_crisp: bool = True
    ) -> None:
        """A picture at its place."""
        stream = io.BytesIO()
        image.save(stream, "PNG")
        drawn = ' style="image-rendering:pixelated"' if is_crisp else ""
        self._parts.append(
            f'<image {_box(*place)} preserveAspectRatio="none"{drawn} '
            f'href="data:image/png;base64,{base64_of(stream.getvalue())}"><title>{escape(alt)}</title></image>'
        )

    def chip(self, left: int, top: int, text: str, is_round: bool) -> None:
        """A letter's chip, or a number's ring."""
        x, y = left + CHIP / 2, top + CHIP / 2
        if is_round:
            away, line = RING
            outer, inner = (opacity / 255 for opacity in RING_OPACITIES)
            self._parts.append(
                f'<circle cx="{x:g}" cy="{y:g}" r="{CHIP / 2:g}" fill-opacity="{outer:.3f}"/>'
                f'<circle cx="{x:g}" cy="{y:g}" r="{(CHIP - line) / 2 - away:g}" fill-opacity="{inner:.3f}" '
                f'stroke="#ffffff" stroke-width="{line}"/>'
            )
        else:
            self._parts.append(
                f'<rect {_box(left, top, CHIP, CHIP)} rx="{CHIP_ROUNDING}" '
                f'fill-opacity="{CHIP_OPACITY / 255:.3f}"/>'
            )
        self._write(x, y + CHIP_TYPE.middle, text, CHIP_TYPE, (255, 255, 255), "middle")

    def finish(self) -> bytes:
        """The file."""
        width, height = self._size
        faces = "".join(
            f'@font-face{{font-family:"{FAMILY}";font-weight:{WEIGHTS[bold][1]};'
            f'src:url("data:font/woff;base64,{base64_of(_subset(bold, letters))}")}}'
            for bold, letters in self._letters.items()
            if letters
        )
        lines = (
            '<?xml version="1.0" encoding="UTF-8"?>',
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
            f'width="{width / DOTS:g}in" height="{height / DOTS:g}in" '
            f"font-family=\"'{FAMILY}', 'Source Sans 3', sans-serif\">",
            f"<title>{escape(self._title)}</title>",
            f"<style>text{{white-space:pre}}{faces}</style>",
            f'<rect width="{width}" height="{height}" fill="#ffffff"/>',
            *self._parts,
            "</svg>",
        )
        return "\n".join(lines).encode()


def _subset(bold: bool, letters: set[str]) -> bytes:
    """The font with these letters alone, WOFF."""
    from fontTools.subset import Options, Subsetter, load_font, save_font

    options = Options(flavor="woff", recalc_timestamp=False)
    with font_path(bold) as path:
        font = load_font(str(path), options, lazy=False)
    for table in ("GDEF", "GPOS", "GSUB"):  # kerning and ligatures: reading them takes seconds
        del font[table]
    subsetter = Subsetter(options)
    subsetter.populate(text="".join(sorted(letters)))
    subsetter.subset(font)
    stream = io.BytesIO()
    save_font(font, stream, options)
    return stream.getvalue()


def _box(left: float, top: float, width: float, height: float) -> str:
    return f'x="{left:g}" y="{top:g}" width="{width:g}" height="{height:g}"'


def _hex(colour: Colour) -> str:
    return "#{:02x}{:02x}{:02x}".format(*colour)
