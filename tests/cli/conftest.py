"""Distorted files to measure."""

import pytest

from explorer.distortions import distort
from explorer.samples import load_sample
from tests.cli.commands import save


@pytest.fixture
def blurred(tmp_path):
    return save(distort(load_sample("cat").pixels, "gaussian_blur", 0.4), tmp_path / "blurred.png")


@pytest.fixture
def noisy(tmp_path):
    return save(distort(load_sample("cat").pixels, "gaussian_noise", 0.2), tmp_path / "noisy.png")
