"""The catalogue is the golden sheet's, which people have looked at."""

import numpy as np
import pytest
from PIL import Image

from explorer.distortions import CATALOGUE
from tests.distortions.sheet import FILE, SIDE, cells, place

TOLERANCE = 1.5  # levels in the mean: a codec or a library in another version


@pytest.fixture(scope="module")
def sheet():
    with Image.open(FILE) as image:
        return np.asarray(image.convert("RGB")).astype(int)


@pytest.mark.parametrize(("index", "name"), list(enumerate(CATALOGUE)), ids=list(CATALOGUE))
def test_a_distortion_looks_as_on_the_sheet(index, name, sheet):
    for column, cell in enumerate(cells(name)):
        left, top = place(index, column)
        golden = sheet[top : top + SIDE, left : left + SIDE]
        assert np.abs(cell - golden).mean() < TOLERANCE
