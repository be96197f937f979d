"""Where the file of weights that the project brings is gone, the page says how to get it back."""

import shutil

import pytest

from explorer.backbones.loading import networks
from explorer.files import weights
from tests.views.test_inspect_page import open_app, sentences, tiles

FILE = "alexnet.safetensors"
# A picture of its own: of one that was measured before, the numbers are known without the network.
LINK = {"sample": "astronaut", "distortion": "contrast", "severity": "0.23", "seed": "0", "size": "128"}


@pytest.fixture
def without_file(tmp_path, monkeypatch):
    """A copy of the folder without the file takes its place; what is called puts the file back."""
    original, folder = weights.BUNDLED, tmp_path / "weights"
    shutil.copytree(original, folder)
    (folder / FILE).unlink()
    monkeypatch.setenv("EXPLORER_CACHE", str(tmp_path / "empty"))
    monkeypatch.setenv("EXPLORER_WEIGHTS", "")
    monkeypatch.setattr(weights, "BUNDLED", folder)
    networks.clear()
    yield lambda: shutil.copy(original / FILE, folder)
    networks.clear()


def test_a_missing_weights_file_is_named_with_its_mend_and_measures_once_it_is_back(without_file):
    at = open_app(**LINK)
    (sentence,) = sentences(at)
    assert f"{FILE} is missing" in sentence.replace("\\", "")
    assert "9f97fd313f4da83dbe6bbfbe6effca1241de9edfcd7c53386261ed9697286dd9" in sentence
    assert "git checkout" in sentence
    # Mended while the app runs, the next action measures.
    box = at.selectbox(key="setting_backbone")
    place = box.index
    without_file()
    box.options[place] = (
        "AlexNet"  # AppTest finds the choice by its words, which say no more that it is missing
    )
    (swap,) = (button for button in at.button if button.label == "Swap the two")
    swap.click().run()
    assert not at.exception
    assert sentences(at) == []
    assert float(tiles(at)[0]) > 0
