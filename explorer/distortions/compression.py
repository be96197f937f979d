"""Compression: the errors that codecs make."""

import io

import numpy as np
from PIL import Image
from PIL.JpegImagePlugin import JpegImageFile

from explorer.distortions.base import Distortion, Parameter
from explorer.errors import SettingError

BEST_QUALITY, WORST_QUALITY = 95, 3  # above 95 files only grow; below 3 nearly all tables are saturated

_MAX_SIDE = 65_500  # JPEG_MAX_DIMENSION of libjpeg


def jpeg(image: np.ndarray, quality: int) -> np.ndarray:
    """Encode as a baseline JPEG and decode again.

    Colour is stored at half the resolution (4:2:0), as most JPEG files in the wild are, so a little colour
    detail goes at any quality. Both ways work on sRGB values, in whole 8 x 8 blocks; sides that don't fill
    their last block are continued by the encoder.

    Args:
        image: uint8 (H, W, 3), at most 65,500 px a side.
        quality: libjpeg's scale, 1 (worst) to 95 (best).

    Returns:
        A new uint8 (H, W, 3).

    Raises:
        SettingError: if a side is longer than the format can hold.
    """
    if max(image.shape[:2]) > _MAX_SIDE:
        raise SettingError(
            f"A JPEG holds at most {_MAX_SIDE:,} pixels a side, but this image has {max(image.shape[:2]):,}; "
            "choose another distortion or a smaller image."
        )
    stream = io.BytesIO()
    Image.fromarray(image).save(stream, "JPEG", quality=quality, subsampling="4:2:0")
    stream.seek(0)
    # Not Image.open: its guard against decompression bombs has no place on bytes that we wrote ourselves.
    return np.array(JpegImageFile(stream))


QUALITY = Parameter(
    "quality",
    "",
    1,
    BEST_QUALITY,
    # Geometric: most of what the eye sees happens below 40.
    at=lambda severity: round(BEST_QUALITY * (WORST_QUALITY / BEST_QUALITY) ** severity),
    whole=True,
)

ENTRIES = (
    Distortion(
        name="jpeg",
        label="JPEG",
        family="compression",
        random=False,
        parameters=(QUALITY,),
        apply=jpeg,
        summary="Saved as a JPEG with halved colour resolution (4:2:0) and opened again.",
    ),
)
