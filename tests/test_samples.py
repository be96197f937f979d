"""The bundled photographs: all there, unchanged, credited and usable."""

import hashlib
import re

import numpy as np
import pytest
import skimage.data

from explorer.errors import SettingError
from explorer.samples import FOLDER, SAMPLES, load_sample

README = (FOLDER / "README.md").read_text(encoding="utf-8")
ROWS = {row[0]: row for row in re.findall(r"^\| `(\S+)` \|(.*)\| `([0-9a-f]{64})` \|$", README, re.MULTILINE)}


def test_readme_lists_exactly_the_files_that_are_there():
    assert set(ROWS) == {path.name for path in FOLDER.iterdir()} - {"README.md"}
    assert set(ROWS) == {sample.file for sample in SAMPLES.values()}


@pytest.mark.parametrize("name", SAMPLES)
def test_file_credit_and_size_are_those_of_the_readme(name):
    sample = SAMPLES[name]
    _, row, checksum = ROWS[sample.file]
    assert hashlib.sha256((FOLDER / sample.file).read_bytes()).hexdigest() == checksum
    width, height = load_sample(name).size
    assert f"{width} × {height}" in row
    assert sample.licence in row
    assert all(part in row for part in sample.credit.split(", "))


@pytest.mark.parametrize("name", SAMPLES)
def test_every_sample_loads_under_its_label_and_is_large_enough_to_measure(name):
    picture = load_sample(name)
    assert SAMPLES[name].name == name
    assert picture.name == SAMPLES[name].label
    assert min(picture.size) >= 31  # AlexNet's smallest side
    assert picture.pixels.std() > 10  # a photograph, not an empty canvas


def test_cat_is_the_stated_crop_of_the_original():
    np.testing.assert_array_equal(load_sample("cat").pixels, skimage.data.chelsea()[:, 80:380])


def test_samples_are_light_enough_to_ship():
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) < 2_000_000


def test_sample_is_read_once():
    assert load_sample("cat") is load_sample("cat")


@pytest.mark.parametrize("name", ["", "dog", "Cat", "../cat"])
def test_unknown_sample_is_refused_with_the_known_names(name):
    with pytest.raises(SettingError, match=r"choose one of cat, astronaut, coffee") as error:
        load_sample(name)
    assert repr(name) in str(error.value)
