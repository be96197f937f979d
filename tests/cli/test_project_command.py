"""`project`: a pair, its settings, boxes and results in one file, with the other commands' numbers."""

import json

import pytest

import explorer
from explorer.distortions import distort
from explorer.samples import load_sample
from tests.cli.commands import CAT, assert_same_numbers, refusal, run, save


@pytest.fixture
def copy(tmp_path):
    return save(distort(load_sample("cat").pixels, "jpeg", 0.6), tmp_path / "copy.png")


def test_the_file_holds_both_images_as_they_are_and_the_numbers_of_measure(copy, tmp_path):
    target = tmp_path / "pair.zip"
    how = ("--size", 96, "--heads", "lpips-0.0", "--layers", "conv1,conv3", "--background", "teal")
    assert run("project", CAT, copy, "-o", target, *how).stdout == f"{target}\n"
    made = explorer.open_project(target)
    assert [made.reference.data, made.distorted.data] == [CAT.read_bytes(), copy.read_bytes()]
    assert [made.reference.name, made.distorted.name] == ["cat.png", "copy.png"]
    assert dict(made.settings) == {"heads": "lpips-0.0", "layers": "conv1,conv3", "size": "96"}
    assert (made.page, made.background, made.fit, made.boxes) == ("inspect", "#008080", None, ())
    assert_same_numbers(dict(made.results), made.measure())


def test_boxes_are_asked_about_and_open_on_region(copy, tmp_path):
    target = tmp_path / "pair.zip"
    result = run("project", CAT, copy, "-o", target, "--box", "10,20,60,50", "--box", "280,0,99,40")
    assert "cut to x 280, y 0, 20 × 40" in result.stderr
    made = explorer.open_project(target)
    assert made.page == "region"
    assert [str(box) for box in made.boxes] == ["10,20,60,50", "280,0,20,40"]
    asked = run("region", CAT, copy, "--box", "10,20,60,50", "--box", "280,0,99,40", "--json").stdout
    assert made.results["boxes"] == json.loads(asked)["boxes"]


def test_a_size_that_changes_nothing_is_the_size_as_given(copy, tmp_path):
    run("project", CAT, copy, "-o", tmp_path / "pair.zip", "--size", 4000)
    made = explorer.open_project(tmp_path / "pair.zip")
    assert (made.settings["size"], made.results["size"]) == ("given", [300, 300])


def test_what_cannot_be_is_refused_before_a_file_is_there(copy, tmp_path):
    target = tmp_path / "pair.zip"
    small = save(load_sample("cat").pixels[:90, :120], tmp_path / "small.png")
    assert "must end in .zip" in refusal("project", CAT, copy, "-o", tmp_path / "pair.tar")
    image = tmp_path / "image.zip"
    image.write_bytes(copy.read_bytes())
    assert "one of the images" in refusal("project", CAT, image, "-o", image)
    image.unlink()
    assert "--fit resize or --fit crop" in refusal("project", CAT, small, "-o", target)
    assert "--box" in refusal("project", CAT, copy, "-o", target, "--box", "900,0,9,9")
    assert "--size" in refusal("project", CAT, copy, "-o", target, "--size", 8)
    assert "cannot be written" in refusal("project", CAT, copy, "-o", tmp_path / "none" / "pair.zip")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["copy.png", "small.png"]
