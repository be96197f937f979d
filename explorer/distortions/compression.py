"""Compression: the errors that codecs make.

All work on sRGB values, at 8 bits, as files in the wild do. A codec that the installed Pillow was built
without is refused in words when it is asked for.
"""

import io
from typing import Any

import numpy as np
from PIL import AvifImagePlugin, Image, ImageFile, Jpeg2KImagePlugin, WebPImagePlugin, features
from PIL.JpegImagePlugin import JpegImageFile

from explorer.distortions.base import Distortion, Parameter, optional
from explorer.errors import SettingError

BEST_QUALITY, WORST_QUALITY = 95, 3  # above 95 files only grow; below 3 nearly all tables are saturated
MAX_RATIO = 200.0

_MAX_SIDE = 65_500  # JPEG_MAX_DIMENSION of libjpeg
_MAX_SIDE_WEBP = 16_383  # WEBP_MAX_DIMENSION of libwebp
_MAX_SIDE_AVIF = 32_768  # libavif reads no longer ones


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
    # Not Image.open: its guard against decompression bombs has no place on bytes that we wrote ourselves.
    return np.array(JpegImageFile(io.BytesIO(jpeg_file(image, quality))))


def jpeg_file(image: np.ndarray, quality: int) -> bytes:
    """The file that `jpeg` decodes; arguments and errors as there."""
    check_side(image, _MAX_SIDE, "A JPEG")
    return _file(image, "JPEG", quality=quality, subsampling="4:2:0")


def webp(image: np.ndarray, quality: int) -> np.ndarray:
    """Encode as a lossy WebP (RFC 9649) and decode again.

    libwebp at its default effort. Colour is stored at half the resolution and in the range of video
    (16..235), so even a flat colour may move by two levels; blocks are predicted from their neighbours and
    smoothed at their borders by the decoder.

    Args:
        image: uint8 (H, W, 3), at most 16,383 px a side.
        quality: libwebp's scale, 0 (worst) to 100 (best, which still loses).

    Returns:
        A new uint8 (H, W, 3).

    Raises:
        SettingError: if a side is longer than the format can hold, or Pillow lacks the codec.
    """
    check_side(image, _MAX_SIDE_WEBP, "A WebP")
    _check_codec("webp", "WebP")
    return _through(image, WebPImagePlugin.WebPImageFile, "WEBP", quality=quality, method=4)


def avif(image: np.ndarray, quality: int) -> np.ndarray:
    """Encode as an AVIF, a still frame of AV1, and decode again.

    libavif at its fastest setting and on one thread, so that the same pixels come from every machine that has
    this version; colour is stored at half the resolution (4:2:0). Blocks have many sizes and directions, and
    the decoder smooths what lies between them.

    Args:
        image: uint8 (H, W, 3), at most 32,768 px a side.
        quality: libavif's scale, 0 (worst) to 100 (best, which still loses).

    Returns:
        A new uint8 (H, W, 3).

    Raises:
        SettingError: if a side is longer than the format can hold, or Pillow lacks the codec.
    """
    check_side(image, _MAX_SIDE_AVIF, "An AVIF")
    _check_codec("avif", "AVIF")
    options = {"quality": quality, "subsampling": "4:2:0", "speed": 10, "max_threads": 1}
    return _through(image, AvifImagePlugin.AvifImageFile, "AVIF", **options)


def jpeg2000(image: np.ndarray, ratio: float) -> np.ndarray:
    """Encode as a JPEG 2000 (ISO/IEC 15444-1) and decode again.

    OpenJPEG with the irreversible 9/7 wavelet and colour transform, as one tile: what is lost is wavelets,
    so edges ring and surfaces smear, without blocks. The encoder spends no more than it needs, so small
    ratios make the same nearly perfect file, and on a tiny image the file's head alone may use up what it
    is allowed.

    Args:
        image: uint8 (H, W, 3).
        ratio: How many times smaller than the raw pixels the file is to be, at least 1.

    Returns:
        A new uint8 (H, W, 3).

    Raises:
        SettingError: if Pillow lacks the codec.
    """
    _check_codec("jpg_2000", "JPEG 2000")
    options = {"quality_mode": "rates", "quality_layers": [ratio], "irreversible": True}
    return _through(image, Jpeg2KImagePlugin.Jpeg2KImageFile, "JPEG2000", **options)


def jpeg_xl(image: np.ndarray, quality: int) -> np.ndarray:
    """Encode as a lossy JPEG XL (ISO/IEC 18181) and decode again.

    libjxl in its own colour space, XYB, at full colour resolution and on one thread; needs the package
    pillow-jxl-plugin.

    Args:
        image: uint8 (H, W, 3).
        quality: The scale of libjxl's `cjxl`, 0 (worst) to 100 (best), which it turns into a distance.

    Returns:
        A new uint8 (H, W, 3).

    Raises:
        SettingError: if the package is not installed.
    """
    plugin = optional("pillow_jxl.JpegXLImagePlugin", "pillow-jxl-plugin", "JPEG XL")
    # At 100 the plugin would take the lossless way, which is another codec.
    options = {"lossless": False, "quality": min(quality, 99.9), "effort": 5, "num_threads": 1}
    return _through(image, plugin.JXLImageFile, "JXL", **options)


def check_side(image: np.ndarray, longest: int, holder: str) -> None:
    """Raise `SettingError` if a side is longer than what a format, such as "A JPEG", can hold."""
    if max(image.shape[:2]) > longest:
        raise SettingError(
            f"{holder} holds at most {longest:,} pixels a side, but this image has {max(image.shape[:2]):,}; "
            "choose another distortion or a smaller image."
        )


def _check_codec(feature: str, format: str) -> None:
    if not features.check(feature):
        raise SettingError(
            f"This Pillow was built without {format}; install one that has it with "
            "`pip install --force-reinstall pillow` and start anew, or choose another distortion."
        )


def _file(image: np.ndarray, format: str, **options: Any) -> bytes:
    stream = io.BytesIO()
    Image.fromarray(image).save(stream, format, **options)
    return stream.getvalue()


def _through(image: np.ndarray, opened: type[ImageFile.ImageFile], format: str, **options: Any) -> np.ndarray:
    """The image after it was a file of this format, which `opened` reads."""
    with opened(io.BytesIO(_file(image, format, **options))) as decoded:
        return np.array(decoded.convert("RGB"))


QUALITY = Parameter(
    "quality",
    "",
    1,
    BEST_QUALITY,
    # Geometric: most of what the eye sees happens below 40.
    at=lambda severity: round(BEST_QUALITY * (WORST_QUALITY / BEST_QUALITY) ** severity),
    whole=True,
)
# The same for scales that begin at 0.
_QUALITY_FROM_0 = Parameter(
    "quality", "", 0, 100, at=lambda severity: round((BEST_QUALITY + 1) ** (1 - severity)) - 1, whole=True
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
        paper="jpeg",
        left_open="The range of qualities, and the colours' resolution; here 95 down to 3, and 4:2:0.",
    ),
    Distortion(
        name="webp",
        label="WebP",
        family="compression",
        random=False,
        parameters=(_QUALITY_FROM_0,),
        apply=webp,
        summary="Saved as a lossy WebP and opened again: soft blocks, and edges that are predicted.",
    ),
    Distortion(
        name="avif",
        label="AVIF",
        family="compression",
        random=False,
        parameters=(_QUALITY_FROM_0,),
        apply=avif,
        summary="Saved as an AVIF, a still of the video codec AV1, and opened again: smooth and smeared.",
    ),
    Distortion(
        name="jpeg2000",
        label="JPEG 2000",
        family="compression",
        random=False,
        # The exponent passes quickly over the ratios at which nothing is lost yet.
        parameters=(Parameter("ratio", "×", 1, 1000, at=lambda severity: MAX_RATIO**severity**0.7),),
        apply=jpeg2000,
        summary="Saved as a JPEG 2000 so many times smaller and opened again: wavelets in place of blocks.",
    ),
    Distortion(
        name="jpeg_xl",
        label="JPEG XL",
        family="compression",
        random=False,
        parameters=(_QUALITY_FROM_0,),
        apply=jpeg_xl,
        summary="Saved as a lossy JPEG XL and opened again.",
        needs=("pillow-jxl-plugin",),
    ),
)
