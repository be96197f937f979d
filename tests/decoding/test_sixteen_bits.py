"""16-bit images are rounded to 8 bits from all their bits, however they are stored."""

import io

import numpy as np
import pytest
import tifffile
from PIL import Image

from explorer.errors import ImageError
from explorer.images import load
from tests.encoders import GREY_NOTE, WIDE_NOTE, composited, narrowed, png, tiff, wide


@pytest.mark.parametrize("interlaced", [False, True])
@pytest.mark.parametrize("channels", [1, 3])
def test_sixteen_bit_png_is_rounded_from_all_its_bits(channels, interlaced):
    values = wide(37, 53, channels)
    picture = load(png(values, interlaced=interlaced))
    np.testing.assert_array_equal(picture.pixels, np.broadcast_to(narrowed(values), (37, 53, 3)))
    assert str(picture.notes[0]) == WIDE_NOTE


@pytest.mark.parametrize("interlaced", [False, True])
@pytest.mark.parametrize("channels", [2, 4])
def test_sixteen_bit_png_with_alpha_is_composited(channels, interlaced):
    values = wide(37, 53, channels)
    picture = load(png(values, interlaced=interlaced), background="#204060")
    eight = narrowed(values)
    expected = composited(eight[..., :-1], eight[..., -1], (32, 64, 96))
    np.testing.assert_array_equal(picture.pixels, expected)
    assert str(picture.notes[-1]) == "transparency composited on #204060"


@pytest.mark.parametrize("byteorder", ["<", ">"])
@pytest.mark.parametrize(
    "layout",
    [
        {},
        {"rowsperstrip": 8},
        {"tile": (16, 16)},
        {"compression": "zlib"},
        {"compression": "zlib", "predictor": True},
        {"compression": "zlib", "tile": (16, 32)},
    ],
    ids=str,
)
def test_sixteen_bit_tiff_is_rounded_from_all_its_bits(byteorder, layout):
    values = wide(37, 53, 3)
    data = tiff(values, photometric="rgb", byteorder=byteorder, **layout)
    np.testing.assert_array_equal(tifffile.imread(io.BytesIO(data)), values)
    picture = load(data)
    np.testing.assert_array_equal(picture.pixels, narrowed(values))
    assert tuple(map(str, picture.notes)) == (WIDE_NOTE,)


@pytest.mark.parametrize("byteorder", ["<", ">"])
@pytest.mark.parametrize("compression", [None, "zlib"])
def test_sixteen_bit_tiff_with_alpha_or_a_spare_channel(byteorder, compression):
    values = wide(37, 53, 4)
    options = {"photometric": "rgb", "byteorder": byteorder, "compression": compression}
    eight = narrowed(values)
    picture = load(tiff(values, extrasamples=["unassalpha"], **options))
    np.testing.assert_array_equal(picture.pixels, composited(eight[..., :3], eight[..., 3]))
    picture = load(tiff(values, extrasamples=["unspecified"], **options))
    np.testing.assert_array_equal(picture.pixels, eight[..., :3])


@pytest.mark.parametrize("byteorder", ["<", ">"])
@pytest.mark.parametrize("compression", [None, "zlib"])
def test_sixteen_bit_grey_tiff_in_both_polarities(byteorder, compression):
    values = wide(37, 53)
    options = {"byteorder": byteorder, "compression": compression}
    dark = load(tiff(values, photometric="minisblack", **options))
    np.testing.assert_array_equal(dark.pixels[..., 0], narrowed(values))
    assert tuple(map(str, dark.notes)) == (WIDE_NOTE, GREY_NOTE)
    light = load(tiff(65535 - values, photometric="miniswhite", **options)) if byteorder == "<" else dark
    np.testing.assert_array_equal(light.pixels, dark.pixels)


@pytest.mark.parametrize("mode", ["I;16", "I;16B"])
def test_sixteen_bit_pillow_images_are_scaled_and_not_clipped(mode):
    values = wide(37, 53)
    order = ">u2" if mode == "I;16B" else "<u2"
    picture = load(Image.frombytes(mode, (53, 37), values.astype(order).tobytes()))
    np.testing.assert_array_equal(picture.pixels[..., 2], narrowed(values))


def test_sixteen_bit_colour_given_as_a_pillow_image_is_refused_while_it_can_be_told():
    scan = Image.open(io.BytesIO(tiff(wide(5, 5, 3), photometric="rgb")))
    scan.load()
    for image in (Image.open(io.BytesIO(png(wide(5, 5, 3)))), scan):
        with pytest.raises(ImageError, match="path or the bytes"):
            load(image)


def test_sixteen_bit_cmyk_keeps_its_rounding():
    values = wide(20, 30, 4)
    eight = Image.frombytes("CMYK", (30, 20), narrowed(values).tobytes())
    for byteorder in "<>":
        picture = load(tiff(values, photometric="separated", byteorder=byteorder))
        np.testing.assert_array_equal(picture.pixels, np.asarray(eight.convert("RGB")))
