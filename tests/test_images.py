"""Pictures, their sizes and their pairs; tests/decoding/ holds how files become pictures."""

import numpy as np
import pytest
from PIL import Image

from explorer.errors import ImageError, SettingError, SizeMismatchError
from explorer.images import derive, load, measured_size, resize, to_one_size
from explorer.notes import Note
from tests.encoders import GREY, GREY_NOTE, NOISE, encode


def test_pixels_are_fixed_contiguous_bytes():
    for picture in (load(NOISE[:, ::-1]), load(encode(NOISE, "PNG")), resize(load(NOISE), 20)):
        assert picture.pixels.dtype == np.uint8
        assert picture.pixels.flags.c_contiguous
        with pytest.raises(ValueError, match="read-only"):
            picture.pixels[0, 0] = 0


def test_digest_is_that_of_the_pixels():
    digest = load(NOISE).digest
    assert len(digest) == 32
    assert load(encode(NOISE, "PNG")).digest == load(encode(NOISE, "BMP"), name="other").digest == digest
    changed = NOISE.copy()
    changed[20, 20, 1] ^= 1
    assert load(changed).digest != digest
    assert load(NOISE.reshape(53, 37, 3)).digest != digest


def test_derived_picture_keeps_its_past():
    picture = load(encode(GREY, "PNG"), name="photo.png")
    derived = derive(picture, NOISE, name="blurred", note=Note("distorted", "Gaussian blur"))
    assert (derived.name, derived.format) == ("blurred", "PNG")
    assert tuple(map(str, derived.notes)) == (GREY_NOTE, "Gaussian blur")
    assert derived.digest == load(NOISE).digest
    assert derive(picture, NOISE).name == "photo.png"
    with pytest.raises(ImageError, match="float64"):
        derive(picture, NOISE / 255)


@pytest.mark.parametrize(
    ("size", "longest", "expected"),
    [
        ((1024, 768), 512, (512, 384)),
        ((768, 1024), 512, (384, 512)),
        ((53, 37), 20, (20, 14)),
        ((4, 3), 2, (2, 2)),  # 1.5 rounds up
        ((1000, 1), 10, (10, 1)),
        ((53, 37), 53, (53, 37)),
        ((53, 37), 4000, (53, 37)),
        ((53, 37), None, (53, 37)),
        ((50, 40), np.int64(5), (5, 4)),
    ],
)
def test_measured_size_holds_the_longest_side_and_never_grows(size, longest, expected):
    assert measured_size(size, longest) == expected
    picture = load(np.zeros((size[1], size[0], 3), np.uint8))
    assert resize(picture, longest).size == expected


def test_resize_is_pillows_lanczos_and_is_noted():
    picture = load(NOISE)
    smaller = resize(picture, 20)
    expected = Image.fromarray(NOISE).resize((20, 14), Image.Resampling.LANCZOS)
    np.testing.assert_array_equal(smaller.pixels, np.asarray(expected))
    assert tuple(map(str, smaller.notes)) == ("resized from 53 × 37 to 20 × 14 (Lanczos)",)


@pytest.mark.parametrize("longest", [None, 53, 54])
def test_resize_that_changes_nothing_gives_the_same_object(longest):
    picture = load(NOISE)
    assert resize(picture, longest) is picture


@pytest.mark.parametrize("longest", [0, -1, 2.5, float("nan"), "big"])
def test_size_below_one_is_refused(longest):
    with pytest.raises(SettingError, match="--size"):
        resize(load(NOISE), longest)


def test_pictures_of_one_size_are_a_pair_already():
    reference, distorted = load(NOISE), load(NOISE[::-1])
    for fit in (None, "resize", "crop"):
        assert to_one_size(reference, distorted, fit) == (reference, distorted)


def test_two_sizes_are_refused_with_both_mends():
    reference, distorted = load(NOISE), load(NOISE[:30, :20])
    with pytest.raises(SizeMismatchError, match=r"53 × 37.*20 × 30.*resize.*crop") as error:
        to_one_size(reference, distorted)
    assert (error.value.reference_size, error.value.distorted_size) == ((53, 37), (20, 30))


@pytest.mark.parametrize("size", [(20, 30), (90, 70)])
def test_fit_by_resizing_changes_the_distorted_picture_only(size):
    reference, distorted = load(NOISE), load(np.asarray(Image.fromarray(NOISE).resize(size)))
    first, second = to_one_size(reference, distorted, "resize")
    assert first is reference
    assert second.size == reference.size
    assert tuple(map(str, second.notes)) == (f"resized from {size[0]} × {size[1]} to 53 × 37 (Lanczos)",)


def test_fit_by_cropping_keeps_the_common_centre():
    wide_picture, tall = (
        load(NOISE),
        load(np.arange(60 * 21 * 3, dtype=np.int64).reshape(60, 21, 3).astype(np.uint8)),
    )
    first, second = to_one_size(wide_picture, tall, "crop")
    np.testing.assert_array_equal(first.pixels, NOISE[:, 16:37])
    np.testing.assert_array_equal(second.pixels, tall.pixels[11:48])
    assert tuple(map(str, first.notes)) == ("cropped from 53 × 37 to 21 × 37 about the centre",)
    assert tuple(map(str, second.notes)) == ("cropped from 21 × 60 to 21 × 37 about the centre",)
    inside = to_one_size(wide_picture, load(NOISE[5:15, 5:15]), "crop")[1]
    assert inside.notes == ()


def test_unknown_fit_is_refused():
    with pytest.raises(SettingError, match="resize or crop"):
        to_one_size(load(NOISE), load(NOISE), "stretch")
