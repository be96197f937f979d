"""What the tests of several families share."""

import pytest
import skimage.data


@pytest.fixture(scope="session")
def photo():
    """(300, 451, 3)."""
    return skimage.data.chelsea()
