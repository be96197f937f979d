"""A mask: which part of the distance lies inside and outside, and what it is without the other part.

A mask on the map answers "how much of the distance lies here", but the features on either side have seen
across the border. The exact alternative makes both images equal on the other side and measures again.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from explorer.analysis.region.boxes import Box, Frame, Mask
from explorer.analysis.region.causal import Check, check
from explorer.analysis.region.ledger import RegionLedger, ledger_of
from explorer.analysis.wording import percent
from explorer.errors import SettingError
from explorer.images import Picture
from explorer.metrics import Measurement, Method

WHITE, BLACK = 255, 0
MIDDLE = 128  # from here up a pixel is inside


@dataclass(frozen=True)
class Masked:
    """What a mask says of a pair.

    Attributes:
        inside, outside: The map's answer, which adds up to the score; None where the metric has no maps.
        check: `insert` is the score with both images made equal outside the mask, `restore` inside.
    """

    inside: RegionLedger | None
    outside: RegionLedger | None
    check: Check


def read_mask(picture: Picture, size: tuple[int, int]) -> tuple[Mask, tuple[str, ...]]:
    """Take the white pixels of a picture as the inside; returns it, and sentences about what it is.

    Args:
        picture: Loaded on a black background, so that what is transparent lies outside.
        size: (width, height) of the pair as given.

    Raises:
        SettingError: the mask has another size.
    """
    if picture.size != size:
        raise SettingError(
            f"The mask is {picture.width} × {picture.height} pixels and the images {size[0]} × {size[1]}; "
            "make the mask of the images' size."
        )
    grey = picture.pixels.max(axis=2)  # a coloured stroke on black counts as inside
    mask = Mask(grey >= MIDDLE)
    sentences = [remark for remark in (_remark_on(mask),) if remark]
    between = np.count_nonzero((grey != WHITE) & (grey != BLACK))
    if between:
        sentences.append(
            f"{percent(between / grey.size)} of the mask is neither black nor white; from {MIDDLE} of 255 "
            "up a pixel counts as inside."
        )
    return mask, tuple(sentences)


def mask_of(boxes: Sequence[Box], size: tuple[int, int]) -> Mask:
    """All pixels that lie in any of the boxes."""
    inside = np.zeros((size[1], size[0]), bool)
    for box in boxes:
        inside[box.slices] = True
    return Mask(inside)


def _remark_on(mask: Mask) -> str:
    """A sentence where all or nothing lies inside; "" otherwise."""
    if not mask.inside.any():
        return "The mask is black everywhere: nothing lies inside, and all of the distance lies outside."
    if mask.inside.all():
        return "The mask is white everywhere: all of the distance lies inside, and nothing outside."
    return ""


def masked(
    reference: Picture,
    distorted: Picture,
    mask: Mask,
    measurement: Measurement,
    frame: Frame,
    method: Method,
) -> Masked:
    """Measure both sides of a mask.

    Args:
        reference, distorted: As given, of the mask's size.
        measurement: Of the pair, by the same method.
        frame: Of the pair.

    Raises:
        ExplorerError: as `explorer.metrics.compare`.
    """
    sides = [
        ledger_of(measurement, area, frame) if method.has_maps else None for area in (mask, mask.outside)
    ]
    return Masked(*sides, check(reference, distorted, mask, method, measurement.score))
