"""The EXIF orientation turns the pixels, at 8 bits and at 16."""

import numpy as np
import pytest
from PIL import Image

from explorer.images import load
from tests.encoders import NOISE, SMOOTH, WIDE_NOTE, chunk, encode, narrowed, png, tiff, upright, wide


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("format", ["PNG", "WEBP", "TIFF"])
def test_orientation_is_applied(format, orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    picture = load(encode(NOISE, format, exif=exif, lossless=True))
    np.testing.assert_array_equal(picture.pixels, upright(NOISE, orientation))
    assert tuple(map(str, picture.notes)) == (() if orientation == 1 else ("EXIF orientation applied",))


@pytest.mark.parametrize("orientation", range(1, 9))
def test_orientation_is_applied_to_jpeg_and_avif(orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    for format in ("JPEG", "AVIF"):
        picture = load(encode(SMOOTH, format, exif=exif, quality=95))
        assert abs(picture.pixels.astype(int) - upright(SMOOTH, orientation)).max() <= 8


@pytest.mark.parametrize("orientation", range(1, 9))
def test_orientation_is_applied_to_sixteen_bits(orientation):
    values = wide(9, 5, 3)
    exif = Image.Exif()
    exif[0x0112] = orientation
    expected = upright(narrowed(values), orientation)
    tag = [(274, "H", 1, orientation, True)]
    notes = (WIDE_NOTE,) if orientation == 1 else (WIDE_NOTE, "EXIF orientation applied")
    for data in (
        png(values, extra=chunk(b"eXIf", exif.tobytes()[6:])),
        tiff(values, photometric="rgb", extratags=tag),
        tiff(values, photometric="rgb", extratags=tag, compression="zlib"),
    ):
        picture = load(data)
        np.testing.assert_array_equal(picture.pixels, expected)
        assert tuple(map(str, picture.notes)) == notes


def test_nonsense_orientation_is_left_alone():
    exif = Image.Exif()
    exif[0x0112] = 9
    picture = load(encode(NOISE, "PNG", exif=exif))
    np.testing.assert_array_equal(picture.pixels, NOISE)
