"""Files that are no image, too large, damaged, or not to be read exactly are refused in one sentence."""

import struct
import warnings
import zlib

import numpy as np
import pytest
from PIL import Image

from explorer.errors import ExplorerError, ImageError
from explorer.images import MAX_PIXELS, load
from tests.encoders import GREY, LINEAR_RGB, NOISE, SMOOTH, chunk, encode, png, tiff, wide

FTYP = struct.pack(">I", 24) + b"ftyp"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "is empty"),
        (b"hello, this is text\n" * 9, "is text, not an image"),
        (bytes(range(256)) * 4, "is not an image"),
        (b"%PDF-1.7\n%\xe2\xe3", "is a PDF document"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "is an SVG drawing"),
        (b'\xef\xbb\xbf<?xml version="1.0"?>\n<!-- x -->\n<svg/>', "is an SVG drawing"),
        (b"<!DOCTYPE html><html><svg></svg></html>", "is a web page"),
        (FTYP + b"heic\0\0\0\0mif1heic" + bytes(99), "is a HEIC photo"),
        (FTYP + b"mif1\0\0\0\0mif1heix" + bytes(99), "is a HEIC photo"),
        (b"\xff\x0a" + bytes(50), "is a JPEG XL image"),
        (b"8BPS\0\1" + bytes(50), "is a Photoshop document"),
        (b"PK\3\4" + bytes(50), "is a zip file"),
        (encode(NOISE, "JPEG2000"), "is a JPEG 2000 image"),
        (encode(NOISE, "PPM"), "is not an image that can be read"),
        (encode(NOISE, "PNG")[:900], "PNG file is missing"),
        (encode(NOISE, "JPEG")[:900], "JPEG file is missing"),
        (encode(NOISE, "GIF")[:-900], "GIF file is missing"),
        (encode(NOISE, "BMP")[:-900], "BMP file is missing"),
        (encode(NOISE, "TIFF")[:-900], "TIFF file is missing"),
        (encode(NOISE, "WEBP")[:-300], "incomplete, its WebP data"),
        (encode(NOISE, "AVIF")[:-300], "AVIF file"),
        (encode(NOISE, "PNG")[:20], "PNG file"),
    ],
)
def test_each_kind_of_wrong_file_has_a_sentence_of_its_own(data, reason):
    with pytest.raises(ImageError, match=rf"^photo\.png .*{reason}.*;.*\.$"):
        load(data, name="photo.png")


def test_each_refusal_without_a_name_speaks_of_the_image():
    with pytest.raises(ImageError, match=r"^The image is empty"):
        load(b"")


def test_message_stays_one_line_whatever_the_name():
    with pytest.raises(ImageError) as error:
        load(b"", name="a\nb\x1b[31m.png")
    assert str(error.value).isprintable()


@pytest.mark.parametrize(
    ("data", "mend"),
    [
        (tiff(wide(3, 20, 30), photometric="rgb", planarconfig="separate"), "plane by plane"),
        (
            tiff(wide(3, 20, 30), photometric="rgb", planarconfig="separate", compression="zlib"),
            "plane by plane",
        ),
        (tiff(wide(20, 30, 4), photometric="rgb", extrasamples=["assocalpha"]), "premultiplied"),
        (tiff(wide(20, 30).astype(np.float32)), "floating-point"),
        (tiff(wide(20, 30).astype(np.int32)), "whole numbers"),
        (tiff(wide(20, 30, 3).astype(np.float32), photometric="rgb"), "unusual TIFF"),
    ],
)
def test_tiff_that_cannot_be_read_exactly_is_refused(data, mend):
    with pytest.raises(ImageError, match=f"^scan.tif .*{mend}.*export it"):
        load(data, name="scan.tif")


@pytest.mark.parametrize("compression", [None, "zlib"])
@pytest.mark.parametrize("values", [NOISE, wide(37, 53, 3)], ids=["8 bits", "16 bits"])
def test_tiff_that_lacks_strips_is_refused_and_not_filled_with_black(values, compression):
    data = tiff(values, photometric="rgb", rowsperstrip=37, compression=compression)
    height = struct.pack("<HHII", 257, 4, 1, 37)
    assert data.count(height) == 1
    with pytest.raises(ImageError, match="lacks a part"):
        load(data.replace(height, struct.pack("<HHII", 257, 4, 1, 3700)))


@pytest.mark.parametrize("mode", ["I", "F", "LAB", "HSV"])
def test_pillow_modes_without_a_known_range_are_refused(mode):
    with pytest.raises(ImageError, match="export it as 8-bit RGB PNG"):
        load(Image.new(mode, (4, 4)))


@pytest.mark.parametrize("warnings_are", ["error", "ignore"])
@pytest.mark.parametrize(
    ("side", "megapixels"), [(30_000, 900), (10_000, 100), (2**31 - 1, 4_611_686_014_133)]
)
def test_far_too_large_image_is_refused_by_its_header(side, megapixels, warnings_are):
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0))
    data = b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", b"") + chunk(b"IEND", b"")
    with warnings.catch_warnings():
        warnings.simplefilter(warnings_are)
        with pytest.raises(
            ImageError, match=f"{megapixels:,} megapixels, more than the 50 .* make it smaller"
        ):
            load(data, name="huge.png")


def test_largest_image_allowed_is_a_matter_of_pixels():
    width = MAX_PIXELS // 1000 + 1
    with pytest.raises(ImageError, match="50001 × 1000 pixels, 51 megapixels, more than the 50"):
        load(np.broadcast_to(np.zeros((1, 1, 3), np.uint8), (1000, width, 3)))


def test_text_bomb_in_a_png_is_refused():
    bomb = chunk(b"zTXt", b"comment\0\0" + zlib.compress(bytes(5_000_000)))
    with pytest.raises(ImageError, match="far too much text"):
        load(png(NOISE, 8, extra=bomb))


def damaged(seed):
    """Every format in turn, with bits flipped, bytes cut off the end or pieces cut out of the middle."""
    grey = Image.fromarray(GREY)
    files = [
        encode(NOISE, "PNG"),
        encode(SMOOTH, "JPEG"),
        encode(SMOOTH, "WEBP"),
        encode(NOISE, "TIFF", icc_profile=LINEAR_RGB),
        encode(SMOOTH, "TIFF", compression="tiff_lzw"),
        encode(SMOOTH, "TIFF", compression="jpeg"),
        encode(NOISE, "BMP"),
        encode(SMOOTH, "GIF", save_all=True, append_images=[grey]),
        encode(SMOOTH, "AVIF"),
        encode(SMOOTH, "MPO", save_all=True, append_images=[grey]),
        encode(SMOOTH, "PNG", icc_profile=LINEAR_RGB, save_all=True, append_images=[grey]),
        encode(Image.fromarray(NOISE).quantize(16), "PNG", transparency=bytes(range(16))),
        encode(SMOOTH, "JPEG", icc_profile=LINEAR_RGB, exif=b"Exif\0\0MM\0*\0\0\0\x08" + bytes(30)),
        png(wide(20, 20, 3)),
        png(wide(20, 20, 2), extra=chunk(b"tRNS", bytes(2))),
        tiff(wide(20, 20, 4), photometric="rgb", extrasamples=["unassalpha"], compression="zlib"),
        tiff(wide(20, 20)),
    ]
    rng = np.random.default_rng(seed)
    for data in files:
        for turn in range(30):
            bad = bytearray(data)
            # Headers decide most, so half of all damage goes there.
            reach = len(bad) if turn % 2 else min(200, len(bad))
            for place in rng.integers(0, reach, rng.integers(1, 9)):
                bad[place] ^= 1 << int(rng.integers(8))
            if turn % 5 == 0:
                bad = bad[: rng.integers(1, len(bad))]
            elif turn % 7 == 0:
                start = rng.integers(0, len(bad))
                del bad[start : start + rng.integers(1, 50)]
            yield bytes(bad)


@pytest.mark.filterwarnings("ignore")  # Pillow warns of odd metadata; in use, that stops nobody
@pytest.mark.parametrize("seed", range(3))
def test_damaged_bytes_give_a_picture_or_one_sentence(seed):
    refusals = []
    for data in damaged(seed):
        try:
            picture = load(data, name="photo")
        except ExplorerError as error:
            refusals.append(str(error))
        else:
            assert picture.pixels.shape == (picture.height, picture.width, 3)
    assert len(refusals) > 50
    for sentence in refusals:
        assert sentence.startswith("photo ")
        assert sentence.endswith(".")
        assert sentence.isprintable()
