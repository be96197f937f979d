"""What a command of the duel reads is never written over, whatever name the file is called by."""

import os
from functools import partial

import pytest

from explorer.distortions import distort
from explorer.images import load, resize
from tests.cli.commands import CAT, refusal, run, save


@pytest.fixture
def folder(tmp_path):
    """A photograph under names that results have as well, its noisy and its blurred version."""
    reference = resize(load(CAT), 32)
    for name in ("photo", "photo-raised", "photo-most"):
        save(reference.pixels, tmp_path / f"{name}.png")
    for name, kind in (("noisy", "gaussian_noise"), ("blurred", "gaussian_blur")):
        save(distort(reference, kind, 0.5), tmp_path / f"{name}.png")
    (tmp_path / "link.png").symlink_to(tmp_path / "noisy.png")
    os.link(tmp_path / "photo.png", tmp_path / "second.png")
    return tmp_path


@pytest.mark.parametrize(
    "words",
    [
        ("duel", "photo.png", "--raise", "lpips", "-o", "photo.png"),
        ("duel", "photo.png", "--raise", "lpips", "-o", "second.png"),
        ("duel", "photo-raised.png", "-o", "photo.png"),
        ("duel", "photo.png", "--start", "noisy.png", "--lower", "lpips", "-o", "link.png"),
        ("duel", "photo.png", "--start", "photo-raised.png", "-o", "photo.png"),
        ("verdict", "photo.png", "noisy.png", "blurred.png", "-o", "photo.png"),
        ("verdict", "photo.png", "noisy.png", "blurred.png", "-o", "noisy.png"),
        ("verdict", "photo.png", "noisy.png", "blurred.png", "-o", "blurred.png"),
        ("invert", "photo.png", "-o", "photo.png"),
        ("invert", "photo.png", "--from", "noisy.png", "-o", "noisy.png"),
        ("directions", "photo-most.png", "-o", "photo.png"),
    ],
    ids=" ".join,
)
def test_no_image_that_is_read_is_written_over(folder, monkeypatch, words):
    monkeypatch.chdir(folder)
    before = {path: path.read_bytes() for path in folder.iterdir()}
    said = refusal(*words)
    assert "'--output'" in said
    assert "give another name" in said
    assert {path: path.read_bytes() for path in folder.iterdir()} == before


def test_a_file_that_is_only_there_and_the_name_of_a_noise_stand_in_no_way(folder, monkeypatch):
    monkeypatch.chdir(folder)
    asked = partial(run, "duel", "photo.png", "--steps", "1", "--raise", "lpips")
    asked("--start", "gaussian_noise", "-o", "blurred.png")
    asked("--start", "noisy.png", "-o", "new.png")
    assert (folder / "blurred.png").read_bytes() != (folder / "new.png").read_bytes()
