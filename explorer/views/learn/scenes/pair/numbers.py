"""The numbers of a step's pair, in tiles; each has its full precision beside the rounded one."""

import html
from collections.abc import Sequence

import streamlit as st

from explorer.analysis.region import Region
from explorer.analysis.region.text import sentences
from explorer.analysis.wording import three_numbers, with_size
from explorer.views.common.parts import percent
from explorer.views.common.shown import Shown

Tile = tuple[str, str, str, float]  # what it is, the number, how to read it, its full precision


def draw_numbers(shown: Shown) -> None:
    """LPIPS, PSNR and SSIM, and the sentence that says what the first is made of."""
    measurement = shown.inspection.measurement
    three = three_numbers(measurement, measurement.name.heading)
    exact = measurement.score, measurement.psnr, measurement.ssim
    _draw([(*texts, value) for texts, value in zip(three, exact, strict=True)], shown.inspection.sentence)


def draw_region(shown: Shown, region: Region) -> None:
    """The score, what the map gives a box, and what restoring it does."""
    measurement, held, check = shown.inspection.measurement, region.held, region.check
    score, hint = f"{measurement.score:.4f}", with_size("lower is closer", measurement)
    tiles: list[Tile] = [(measurement.name.heading, score, hint, measurement.score)]
    if held is not None:
        inside = f"{held.distance:.4f} of {score}"
        tiles.append((f"In box {region.name}, by the map", percent(held.share), inside, held.share))
    remains = f"{check.restore:.4f} remains"
    tiles.append((f"Restoring {region.name} removes", percent(check.removed), remains, check.removed))
    _draw(tiles, sentences(region))


def _draw(tiles: Sequence[Tile], sentence: str) -> None:
    drawn = "".join(
        f'<div class="tile"><span>{html.escape(label)}</span>'
        f'<strong data-value="{value!r}">{html.escape(text)}</strong><span>{html.escape(hint)}</span></div>'
        for label, text, hint, value in tiles
    )
    st.html(f'<div class="tiles" style="--tiles: {len(tiles)}">{drawn}<p>{html.escape(sentence)}</p></div>')
