"""Pictures as the viewers send them: as they are, and encoded once."""

import base64
import io

import numpy as np
from PIL import Image

from explorer.viewer.common.encoding import picture


def decoded(text):
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(text))))


def test_pictures_of_the_same_bytes_and_other_shapes_are_not_mistaken_for_each_other():
    pixels = np.random.default_rng(0).integers(0, 256, (6, 4, 3), dtype=np.uint8)
    for shape in ((6, 4, 3), (4, 6, 3), (2, 12, 3)):
        np.testing.assert_array_equal(decoded(picture(pixels.reshape(shape))), pixels.reshape(shape))


def test_a_picture_is_encoded_once_and_anew_where_one_pixel_has_changed():
    pixels = np.random.default_rng(1).integers(0, 256, (700, 800, 3), dtype=np.uint8)
    assert picture(pixels) is picture(pixels.copy())
    other = pixels.copy()
    other[350, 400, 1] ^= 1
    np.testing.assert_array_equal(decoded(picture(other)), other)
