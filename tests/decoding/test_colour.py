"""Colour profiles, CMYK and PNG gamma: converted to sRGB or noted."""

import struct
import zlib

import numpy as np
import pytest
from PIL import Image, ImageCms

from explorer.images import load
from explorer.samples import FOLDER
from tests.encoders import (
    ALPHA,
    GREY,
    GREY_NOTE,
    LINEAR_GREY,
    LINEAR_RGB,
    NOISE,
    WIDE_NOTE,
    chunk,
    composited,
    encode,
    icc,
    narrowed,
    png,
    wide,
)


def cmyk_profile():
    """Lightness falls with black and with the mean of the inks; no colour at all."""
    ink = np.indices((2, 2, 2, 2)).reshape(4, -1)
    lightness = (1 - ink[3]) * (1 - ink[:3].mean(0))
    table = np.stack([np.round(255 * lightness), np.full(16, 128), np.full(16, 128)], -1).astype(np.uint8)
    ramp = bytes(range(256))
    matrix = struct.pack(">9i", *(np.eye(3, dtype=int).ravel() * 65536).tolist())
    lut = b"mft1\0\0\0\0" + bytes([4, 3, 2, 0]) + matrix + ramp * 4 + table.tobytes() + ramp * 3
    return icc(b"CMYK", b"Lab ", {b"A2B0": lut}, "Test press")


def srgb(linear):
    """IEC 61966-2-1: linear light 0..1 to 8 bits."""
    linear = np.clip(linear, 0, 1)
    return 255 * np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)


def test_colour_profile_is_applied():
    picture = load(encode(NOISE, "PNG", icc_profile=LINEAR_RGB))
    assert abs(picture.pixels - srgb(NOISE / 255)).max() <= 2
    assert tuple(map(str, picture.notes)) == ("colour profile 'Linear light' converted to sRGB",)


def test_adobe_rgb_photograph_is_converted_as_its_specification_says():
    picture = load(FOLDER / "rocket.jpg")
    stored = np.asarray(Image.open(FOLDER / "rocket.jpg")) / 255
    matrix = [[1.39836, -0.39836, 0], [0, 1, 0], [0, -0.04293, 1.04293]]  # Adobe RGB to sRGB, both D65
    expected = srgb(stored ** (563 / 256) @ np.transpose(matrix))
    inside = (expected > 20).all(-1) & (expected < 254).all(-1)
    assert inside.mean() > 0.5
    assert abs(picture.pixels - expected)[inside].max() <= 2
    assert tuple(map(str, picture.notes)) == ("colour profile 'Adobe RGB (1998)' converted to sRGB",)


@pytest.mark.parametrize("format", ["PNG", "TIFF", "WEBP"])
def test_profile_that_is_srgb_changes_nothing(format):
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    picture = load(encode(NOISE, format, icc_profile=profile, lossless=True))
    np.testing.assert_array_equal(picture.pixels, NOISE)
    assert picture.notes == ()


def test_grey_profile_is_applied():
    picture = load(encode(GREY, "PNG", icc_profile=LINEAR_GREY))
    assert abs(picture.pixels - srgb(np.dstack([GREY] * 3) / 255)).max() <= 2
    assert tuple(map(str, picture.notes)) == (GREY_NOTE, "colour profile 'Linear grey' converted to sRGB")


def test_rgb_profile_on_grey_is_applied():
    picture = load(encode(GREY, "PNG", icc_profile=LINEAR_RGB))
    assert abs(picture.pixels - srgb(np.dstack([GREY] * 3) / 255)).max() <= 2


def test_profile_is_applied_to_the_colour_but_not_to_the_alpha():
    picture = load(encode(np.dstack([NOISE, ALPHA]), "PNG", icc_profile=LINEAR_RGB), background="black")
    assert abs(picture.pixels - composited(srgb(NOISE / 255), ALPHA, 0)).max() <= 2


def test_profile_is_applied_to_sixteen_bits():
    values = wide(9, 9, 3)
    compressed = b"p\0\0" + zlib.compress(LINEAR_RGB)
    picture = load(png(values, extra=chunk(b"iCCP", compressed)))
    assert abs(picture.pixels - srgb(narrowed(values) / 255)).max() <= 2
    assert tuple(map(str, picture.notes)) == (WIDE_NOTE, "colour profile 'Linear light' converted to sRGB")


def test_profile_for_other_channels_and_an_unreadable_one_are_noted():
    picture = load(encode(NOISE, "PNG", icc_profile=LINEAR_GREY))
    assert tuple(map(str, picture.notes)) == (
        "colour profile 'Linear grey' is for other channels, values taken as sRGB",
    )
    broken = load(encode(NOISE, "PNG", icc_profile=b"nonsense" * 20))
    assert tuple(map(str, broken.notes)) == ("colour profile unreadable, values taken as sRGB",)
    np.testing.assert_array_equal(picture.pixels, NOISE)
    np.testing.assert_array_equal(broken.pixels, NOISE)


def test_cmyk_is_converted_with_its_profile():
    inks = np.zeros((16, 256, 4), np.uint8)
    inks[..., 3] = np.arange(256)
    image = Image.frombytes("CMYK", (256, 16), inks.tobytes())
    picture = load(encode(image, "TIFF", icc_profile=cmyk_profile()))
    lightness = 100 * (1 - np.arange(256) / 255)
    linear = np.where(lightness > 8, ((lightness + 16) / 116) ** 3, lightness / 903.3)  # CIE 1976
    assert abs(picture.pixels[3] - srgb(linear)[:, None]).max() <= 2
    assert tuple(map(str, picture.notes)) == ("CMYK converted to sRGB with its profile 'Test press'",)


@pytest.mark.parametrize("format", ["TIFF", "JPEG"])
def test_cmyk_without_a_profile_is_converted_by_the_plain_formula(format):
    ramp = np.repeat(np.linspace(0, 255, 64).astype(np.uint8)[None], 32, 0)
    inks = np.stack([ramp, ramp[:, ::-1], 0 * ramp, ramp // 2], -1)
    image = Image.frombytes("CMYK", (64, 32), inks.tobytes())
    picture = load(encode(image, format, **({"quality": 100} if format == "JPEG" else {})))
    expected = (255 - inks[..., :3].astype(float)) * (255 - inks[..., 3:]) / 255
    assert abs(picture.pixels - expected).max() <= (1 if format == "TIFF" else 6)
    assert tuple(map(str, picture.notes)) == (
        "CMYK converted to sRGB by the plain formula, without a profile",
    )


def test_unusual_png_gamma_is_noted():
    data = png(NOISE, 8, extra=chunk(b"gAMA", struct.pack(">I", 100_000)))
    assert tuple(map(str, load(data).notes)) == ("PNG gamma 1 ignored, values taken as sRGB",)
    assert load(png(NOISE, 8, extra=chunk(b"gAMA", struct.pack(">I", 45_455)))).notes == ()
