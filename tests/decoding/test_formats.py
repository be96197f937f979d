"""Every format and pixel layout comes back as RGB, and what was done on the way is noted."""

import numpy as np
import pytest
from PIL import Image

from explorer.images import load
from tests.encoders import GREY, GREY_NOTE, NOISE, SMOOTH, encode, tiff


@pytest.mark.parametrize(
    ("format", "options"),
    [
        ("PNG", {}),
        ("BMP", {}),
        ("WEBP", {"lossless": True}),
        ("TIFF", {}),
        ("TIFF", {"compression": "tiff_lzw"}),
        ("TIFF", {"compression": "tiff_adobe_deflate"}),
        ("TIFF", {"compression": "packbits"}),
    ],
)
def test_lossless_formats_come_back_to_the_pixel(format, options):
    picture = load(encode(NOISE, format, **options), name="photo")
    np.testing.assert_array_equal(picture.pixels, NOISE)
    assert (picture.format, picture.size, picture.name, picture.notes) == (format, (53, 37), "photo", ())


@pytest.mark.parametrize("format", ["JPEG", "WEBP", "AVIF"])
def test_lossy_formats_come_back_close(format):
    picture = load(encode(SMOOTH, format, quality=95))
    assert abs(picture.pixels.astype(int) - SMOOTH).max() <= 8
    assert (picture.format, picture.notes) == (format, ())


@pytest.mark.parametrize("compression", [None, "zlib"])
def test_tiff_of_separate_planes_comes_back_to_the_pixel(compression):
    planes = np.moveaxis(NOISE, 2, 0)
    data = tiff(planes, photometric="rgb", planarconfig="separate", compression=compression)
    np.testing.assert_array_equal(load(data).pixels, NOISE)


def test_format_is_told_by_content_and_not_by_name(tmp_path):
    path = tmp_path / "photo.jpg"
    path.write_bytes(encode(NOISE, "PNG"))
    picture = load(path)
    assert (picture.format, picture.name) == ("PNG", "photo.jpg")
    np.testing.assert_array_equal(load(str(path)).pixels, picture.pixels)


def test_palette_is_expanded():
    image = Image.fromarray(NOISE).quantize(16)
    for format in ("PNG", "GIF", "BMP", "TIFF"):
        picture = load(encode(image, format))
        np.testing.assert_array_equal(picture.pixels, np.asarray(image.convert("RGB")))
        assert tuple(map(str, picture.notes)) == ("palette expanded to RGB",)


@pytest.mark.parametrize("format", ["PNG", "BMP", "TIFF", "GIF"])
def test_grey_is_repeated(format):
    picture = load(encode(GREY, format))
    np.testing.assert_array_equal(picture.pixels, np.dstack([GREY] * 3))
    assert GREY_NOTE in map(str, picture.notes) or format == "GIF"  # a GIF's grey is a palette


@pytest.mark.parametrize("format", ["PNG", "BMP", "TIFF"])
def test_one_bit_is_black_and_white(format):
    picture = load(encode(Image.fromarray(GREY > 127), format))
    np.testing.assert_array_equal(picture.pixels[..., 1], np.where(GREY > 127, 255, 0))


@pytest.mark.parametrize("format", ["GIF", "PNG", "WEBP", "TIFF", "AVIF", "MPO"])
def test_first_of_several_frames_is_taken_and_noted(format):
    frames = [Image.fromarray(np.full_like(SMOOTH, value)) for value in (40, 120, 200)]
    picture = load(encode(frames[0], format, save_all=True, append_images=frames[1:]))
    assert abs(picture.pixels.astype(int) - 40).max() <= 2
    assert str(picture.notes[0]) == "first of 3 frames"
