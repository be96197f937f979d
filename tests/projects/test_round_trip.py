"""A project is opened as it was saved: the same files, pixels, method, boxes and numbers."""

import json
import zipfile
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

import explorer
from explorer.analysis.region import Box
from explorer.distortions import distort
from explorer.errors import ProjectError, SettingError, SizeMismatchError
from explorer.samples import FOLDER, load_sample
from tests.projects.made import project


@pytest.fixture
def pair(tmp_path):
    """A JPEG, and a smaller PNG with transparent places."""
    pixels = load_sample("coffee").pixels[:140, :180]
    reference, copy = tmp_path / "a photo.jpg", tmp_path / "copy.png"
    Image.fromarray(pixels).save(reference, quality=92)
    alpha = np.full((120, 160, 1), 255, np.uint8)
    alpha[:30] = 90
    Image.fromarray(np.concatenate([distort(pixels, "jpeg", 0.7)[:120, :160], alpha], 2)).save(copy)
    return reference, copy


def test_what_python_saves_it_opens_with_the_same_files_pixels_and_numbers(pair, tmp_path):
    how = {"size": 100, "heads": "uniform", "layers": ["conv2", "conv4"], "weights": "random"}
    measured = explorer.measure(*pair, background="#008080", fit="crop", **how)
    boxes = [(10, 20, 30, 40), (0, 0, 5, 5)]
    path = tmp_path / "pair.zip"
    explorer.save_project(path, *pair, background="#008080", fit="crop", boxes=boxes, **how)
    opened = explorer.open_project(path)

    files = opened.reference, opened.distorted
    assert [file.data for file in files] == [each.read_bytes() for each in pair]
    assert [file.name for file in files] == [each.name for each in pair]
    assert opened.boxes == tuple(Box(*box) for box in boxes)
    assert [box["box"] for box in opened.results["boxes"]] == [list(box) for box in boxes]
    again = opened.measure()
    assert again.to_dict() == measured.to_dict()
    assert {key: opened.results[key] for key in measured.to_dict()} == measured.to_dict()
    assert opened.difference(again) == ""
    assert opened.page == "region"


def test_arrays_and_pictures_are_kept_to_the_pixel(tmp_path):
    pixels = load_sample("brick").pixels[:64, :72]
    copy = distort(pixels, "gaussian_noise", 0.5)
    explorer.save_project(tmp_path / "pair.zip", pixels, copy)
    opened = explorer.open_project(tmp_path / "pair.zip")
    for picture, given in zip(opened.pictures, (pixels, copy), strict=True):
        assert np.array_equal(picture.pixels, given)
    assert opened.boxes == ()
    assert opened.page == "inspect"
    assert opened.results["score"] == explorer.measure(pixels, copy).score


def test_equal_projects_have_equal_bytes_and_plain_entries(tmp_path):
    data = project().to_bytes()
    assert explorer.Project.from_bytes(data).to_bytes() == data
    (tmp_path / "pair.zip").write_bytes(data)
    with zipfile.ZipFile(tmp_path / "pair.zip") as archive:
        assert archive.namelist() == ["project.json", "results.json", "reference.jpeg", "distorted.png"]
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert json.loads(archive.read("results.json")) == project().results


def test_a_score_that_moved_is_said_with_its_reason_and_one_that_did_not_is_not():
    made = project()
    measured = made.measure()
    moved = replace(measured, score=measured.score + 1e-3)
    assert made.difference(measured) == ""
    assert made.difference(replace(measured, score=measured.score + 5e-6)) == ""
    assert made.difference(replace(moved, heads="uniform")) == ""  # another way, another score
    assert made.difference(moved).endswith(": it was measured on another kind of machine, or changed since.")
    reasons = {
        "weights_files": ([], "the weights here are other files"),
        "reference": ({"name": "x", "digest": "0" * 32}, "its pictures are read as other pixels here"),
        "versions": ({"explorer": "0.0.1"}, "other versions of the explorer or of its packages"),
    }
    for key, (value, words) in reasons.items():
        sentence = replace(made, results={**made.results, key: value}).difference(moved)
        assert f"{made.results['score']:.6f}, and measured here it is {moved.score:.6f}" in sentence
        assert words in sentence


def test_a_precision_that_this_machine_lacks_is_said_and_measured_exactly(monkeypatch):
    monkeypatch.setattr("explorer.projects.project.find_device", lambda _: "cpu")
    asked = replace(project(), settings={**project().settings, "precision": "tf32"})
    opened = explorer.Project.from_bytes(asked.to_bytes())
    precision, sentence = opened.precision_here
    assert precision == opened.method.precision == "float32"
    assert "tf32, which this machine lacks" in sentence


def test_saving_refuses_what_measuring_refuses_and_leaves_no_file(pair, tmp_path):
    target = tmp_path / "pair.zip"
    cat = FOLDER / "cat.png"
    with pytest.raises(SizeMismatchError):
        explorer.save_project(target, *pair)
    with pytest.raises(SettingError, match="outside the image"):
        explorer.save_project(target, cat, cat, boxes=[(400, 0, 9, 9)])
    for boxes in (5, "1,2,3,4", (40, 30, 9, 9), [(1, 2, 3)], [(1, 2, 3, float("nan"))], [None]):
        with pytest.raises(SettingError, match=r"(no box|no list of boxes); write"):
            explorer.save_project(target, cat, cat, boxes=boxes)
    with pytest.raises(SettingError, match="9 boxes, and 8 are the most; leave some out"):
        explorer.save_project(target, cat, cat, boxes=[(0, 0, 9, 9)] * 9)
    for background in ("clear", "#ffffff80", 7):
        with pytest.raises(SettingError, match="no colour"):
            explorer.save_project(target, cat, cat, background=background)
    assert not target.exists()
    with pytest.raises(ProjectError, match="cannot be written"):
        explorer.save_project(tmp_path / "no folder" / "pair.zip", cat, cat)
    assert [path.name for path in tmp_path.iterdir() if path.suffix in (".zip", ".part")] == []
