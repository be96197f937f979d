"""Transparency of every kind is composited on the background asked for."""

import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from explorer.errors import SettingError
from explorer.images import load
from tests.encoders import ALPHA, GREY, GREY_NOTE, NOISE, chunk, composited, encode, narrowed, png, wide


@pytest.mark.parametrize("format", ["PNG", "WEBP", "TIFF"])
def test_alpha_is_composited_on_the_background(format):
    data = encode(np.dstack([NOISE, ALPHA]), format, lossless=True, exact=True)
    for background, paper in [("white", 255), ("black", 0), ("#0af", (0, 170, 255)), ("teal", (0, 128, 128))]:
        picture = load(data, background=background)
        np.testing.assert_array_equal(picture.pixels, composited(NOISE, ALPHA, paper))
        assert tuple(map(str, picture.notes)) == (f"transparency composited on {background}",)


def test_grey_with_alpha_is_composited():
    picture = load(encode(np.dstack([GREY, ALPHA]), "PNG"))
    np.testing.assert_array_equal(picture.pixels, composited(np.dstack([GREY] * 3), ALPHA))
    assert tuple(map(str, picture.notes)) == (GREY_NOTE, "transparency composited on white")


def test_opaque_alpha_is_dropped_without_a_word():
    picture = load(encode(np.dstack([NOISE, np.full_like(GREY, 255)]), "PNG"))
    np.testing.assert_array_equal(picture.pixels, NOISE)
    assert picture.notes == ()


@pytest.mark.parametrize("transparency", [3, bytes(range(0, 256, 16))])
def test_transparent_palette_entries_are_composited(transparency):
    image = Image.fromarray(NOISE).quantize(16)
    indices, colours = np.asarray(image), np.array(image.getpalette()).reshape(-1, 3)
    alphas = np.full(16, 255)
    alphas[:] = [*transparency] if isinstance(transparency, bytes) else np.where(np.arange(16) == 3, 0, 255)
    picture = load(encode(image, "PNG", transparency=transparency), background="red")
    np.testing.assert_array_equal(picture.pixels, composited(colours[indices], alphas[indices], (255, 0, 0)))
    assert tuple(map(str, picture.notes)) == ("palette expanded to RGB", "transparency composited on red")


@pytest.mark.parametrize("bits", [8, 16])
@pytest.mark.parametrize("channels", [1, 3])
def test_transparent_colour_of_a_png_is_matched_in_all_its_bits(channels, bits):
    values = wide(8, 8, channels) if bits == 16 else NOISE[:8, :8, :channels].copy()
    values[1, 1] = key = values[0, 0] + 1  # at 16 bits the two share their high byte
    picture = load(
        png(values, bits, extra=chunk(b"tRNS", key.astype(">u2").tobytes())), background="rgb(1,2,3)"
    )
    opaque = np.where((values == key).all(-1), 0, 255)
    eight = narrowed(values) if bits == 16 else values
    np.testing.assert_array_equal(
        picture.pixels, composited(np.broadcast_to(eight, (8, 8, 3)), opaque, (1, 2, 3))
    )
    assert tuple(picture.pixels[1, 1]) == (1, 2, 3) != tuple(picture.pixels[0, 0])


@pytest.mark.parametrize("bits", [1, 2, 4])
def test_transparent_grey_of_few_bits_is_matched(bits):
    header = struct.pack(">IIBBBBB", 8 // bits, 1, bits, 0, 0, 0, 0)
    data = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"tRNS", b"\0\1")
    packed = {1: 0b01010101, 2: 0b00011011, 4: 0b00010011}[bits]
    data += chunk(b"IDAT", zlib.compress(bytes([0, packed]))) + chunk(b"IEND", b"")
    stored = [packed >> shift & (2**bits - 1) for shift in range(8 - bits, -1, -bits)]
    expected = [77 if value == 1 else value * 255 // (2**bits - 1) for value in stored]
    assert load(data, background="#4d4d4d").pixels[0, :, 0].tolist() == expected


@pytest.mark.parametrize("background", ["nonsense", "", "#fff8", "#ffffff80", "rgb(300,0,0)", None, 7])
def test_background_that_is_no_opaque_colour_is_refused(background):
    with pytest.raises(SettingError, match=r'--background.*"#ffffff"'):
        load(encode(NOISE, "PNG"), background=background)
