"""What can be loaded besides encoded bytes: arrays, Pillow images and paths; all else is refused."""

import io

import numpy as np
import pytest
from PIL import Image

from explorer.errors import ImageError
from explorer.images import load
from tests.encoders import GREY, NOISE, encode, upright


def test_arrays_are_copied_and_checked():
    array = NOISE.copy()
    picture = load(array)
    array[:] = 0
    np.testing.assert_array_equal(picture.pixels, NOISE)
    assert (picture.name, picture.format, picture.notes) == ("array", "array", ())
    np.testing.assert_array_equal(load(NOISE[::-1, ::2]).pixels, NOISE[::-1, ::2])


@pytest.mark.parametrize(
    ("array", "reason"),
    [
        (NOISE / 255, "float64 values"),
        (NOISE.astype(np.int64), "int64 values"),
        (NOISE > 127, "bool values"),
        (GREY, r"shape \(37, 53\)"),
        (np.dstack([NOISE, GREY]), r"shape \(37, 53, 4\)"),
        (NOISE.transpose(2, 0, 1), r"shape \(3, 37, 53\)"),
        (NOISE[None], r"shape \(1, 37, 53, 3\)"),
        (NOISE[:0], "no pixels"),
    ],
)
def test_other_arrays_are_refused_and_never_guessed(array, reason):
    with pytest.raises(ImageError, match=reason):
        load(array)


@pytest.mark.parametrize("source", [None, 3, [NOISE], object()])
def test_other_objects_are_refused(source):
    with pytest.raises(ImageError, match="path, bytes, a Pillow image or a uint8 array"):
        load(source)


def test_pillow_images_are_converted_like_their_files_and_left_as_they_were():
    alpha = np.dstack([NOISE, GREY])
    image = Image.fromarray(alpha)
    picture = load(image, name="mine")
    np.testing.assert_array_equal(picture.pixels, load(encode(image, "PNG")).pixels)
    assert (picture.name, picture.format) == ("mine", "PIL")
    assert [str(note) for note in picture.notes] == ["transparency composited on white"]
    np.testing.assert_array_equal(np.asarray(image), alpha)
    exif = Image.Exif()
    exif[0x0112] = 6
    opened = Image.open(io.BytesIO(encode(NOISE, "PNG", exif=exif)))
    np.testing.assert_array_equal(load(opened).pixels, upright(NOISE, 6))


def test_empty_pillow_image_is_refused():
    with pytest.raises(ImageError, match="no pixels"):
        load(Image.new("RGB", (0, 5)))


def test_missing_file_folder_and_impossible_path_are_named(tmp_path):
    with pytest.raises(ImageError, match=r"There is no file .*nowhere\.png"):
        load(tmp_path / "nowhere.png")
    with pytest.raises(ImageError, match="is a folder"):
        load(tmp_path)
    with pytest.raises(ImageError, match="cannot be read"):
        load("a\0b.png")
