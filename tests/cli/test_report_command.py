"""`report` writes a page, and a figure where one is asked for, whole or not at all."""

import re
from xml.etree import ElementTree

import pytest
from PIL import Image

import explorer
from explorer import report
from explorer.cli.reporting import FIGURES, PARTS
from explorer.samples import FOLDER
from tests.cli.commands import BRICK, CAT, COMMAND, refusal, run
from tests.processes import loaded


def test_report_holds_the_numbers_of_the_measurement(blurred, tmp_path):
    target = tmp_path / "report.html"
    result = run("report", CAT, blurred, "-o", target, "--size", "150", "--box", "60,40,120,80")
    assert result.stdout == f"{target}\n"
    page = target.read_text(encoding="utf-8")
    measurement = explorer.measure(CAT, blurred, size=150)
    assert f"<strong>{measurement.score:.4f}</strong>" in page
    for layer in measurement.layers:
        assert f"<td>{layer.distance:.6f}</td>" in page
    assert "Box A: x 60, y 40, 120 × 80" in page
    assert "resized from 300 × 300 to 150 × 150 (Lanczos)" in page
    assert {path.name for path in tmp_path.iterdir()} == {"blurred.png", "report.html"}


def test_without_boxes_there_are_hot_spots_and_no_table_of_boxes(blurred, tmp_path):
    target = tmp_path / "report.html"
    result = run("report", CAT, blurred, "-o", target)
    assert result.stderr == ""
    page = target.read_text(encoding="utf-8")
    assert "<h2>Hot spots</h2>" in page
    assert "<h2>Boxes</h2>" not in page


def test_figure_goes_beside_the_report(blurred, tmp_path):
    page, figure = tmp_path / "a.HTML", tmp_path / "figure.png"
    assert run("report", CAT, blurred, "-o", page, "--figure", figure).stdout == f"{page}\n{figure}\n"
    with Image.open(figure) as image:
        assert image.format == "PNG"
        assert image.width == 2400


def test_a_figure_shows_the_parts_and_the_crop_that_were_named_in_the_format_of_its_ending(blurred, tmp_path):
    target = tmp_path / "figure.SVG"
    options = ("--parts", "reference, shares", "--crop", "60,40,300,80")
    result = run("figure", CAT, blurred, "-o", target, "--size", "64", *options)
    assert result.stdout == f"{target}\n"
    assert result.stderr == "Note: The crop reached beyond the image and was cut to x 60, y 40, 240 × 80.\n"
    root = ElementTree.fromstring(target.read_bytes())
    words = [element.text for element in root.findall(".//{*}text")]
    assert "Reference" in words
    assert "Distorted" not in words
    assert any("x 60, y 40, 240 × 80" in line for line in words)
    page, drawing = tmp_path / "r.html", tmp_path / "f.pdf"
    run("report", CAT, blurred, "-o", page, "--figure", drawing, "--size", "64", "--parts", "numbers")
    assert drawing.read_bytes().startswith(b"%PDF-")


def test_help_names_every_part_that_a_figure_of_the_shell_can_have():
    assert PARTS.split(", ") == [name for name in report.PARTS if name != "causal"]  # which takes a page
    assert [ending.removeprefix(".") for ending in FIGURES] == list(report.FORMATS)


def test_metric_without_maps_can_be_reported(blurred, tmp_path):
    target = tmp_path / "report.html"
    options = ("--backbone", "dists", "--weights", "random", "--size", "64", "--box", "0,0,99,99")
    run("report", CAT, blurred, "-o", target, *options)
    assert "DISTS" in target.read_text(encoding="utf-8")


def test_box_that_reaches_beyond_the_image_is_cut_with_a_note(blurred, tmp_path):
    result = run("report", CAT, blurred, "-o", tmp_path / "r.html", "--box", "290,0,20,20")
    assert result.stderr == "Note: Box A reached beyond the image and was cut to x 290, y 0, 10 × 20.\n"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), ["--output", "report --help"]),
        (("-o", "report.pdf"), ["'--output'", "report.pdf", "end in .html"]),
        (("-o", "no/report.html"), ["'--output'", "cannot be written"]),
        (("-o", "r.html", "--figure", "f.jpg"), ["'--figure'", "f.jpg", "end in .png, .svg or .pdf"]),
        (("-o", "r.html", "--crop", "0,0,9,9"), ["'--crop'", "add --figure"]),
        (("-o", "r.html", "--figure", "f.png", "--crop", "0,0,9"), ["'--crop'", "no box"]),
        (("-o", "r.html", "--figure", "f.png", "--crop", "0,0,0,9"), ["'--crop'", "0 × 9", "at least 1"]),
        (("-o", "r.html", "--figure", "f.png", "--crop", "900,0,9,9"), ["'--crop'", "outside the image"]),
        (("-o", "r.html", "--figure", "f.png", "--parts", ","), ["'--parts'", "of nothing"]),
        (("-o", "r.html", "--figure", "f.png", "--parts", "tail"), ["'--parts'", "“tail”", "overlay"]),
        (("-o", "r.html", "--figure", "f.png", "--parts", "causal"), ["'--parts'", "“causal”", "overlay"]),
        (("-o", "r.html", "--figure", "no/f.png"), ["'--figure'", "cannot be written"]),
        (("-o", "r.html", "--figure", CAT), ["'--figure'", "one of the images", "another name"]),
        (("-o", "r.html", "--heads", "st-lpips"), ["'--heads'", "st-lpips"]),
    ],
)
def test_bad_arguments_are_one_line_and_nothing_is_written(tmp_path, monkeypatch, arguments, words):
    monkeypatch.chdir(tmp_path)
    before = CAT.read_bytes()
    line = refusal("report", CAT, CAT, *arguments)
    assert [word for word in words if word not in line] == [], line
    assert list(tmp_path.iterdir()) == []
    assert CAT.read_bytes() == before


@pytest.mark.parametrize("other", [BRICK, FOLDER / "README.md"])
def test_targets_stay_as_they_were_when_the_command_fails(tmp_path, other):
    page, figure = tmp_path / "report.html", tmp_path / "figure.png"
    for path in (page, figure):
        path.write_bytes(b"precious")
    refusal("report", CAT, other, "-o", page, "--figure", figure)
    assert {path.read_bytes() for path in tmp_path.iterdir()} == {b"precious"}
    assert len(list(tmp_path.iterdir())) == 2


def test_hostile_name_of_a_file_is_text(blurred, tmp_path):
    hostile = blurred.rename(tmp_path / "<img src=x onerror=alert(1)>.png")
    run("report", CAT, hostile, "-o", tmp_path / "r.html")
    page = (tmp_path / "r.html").read_text(encoding="utf-8")
    assert "&lt;img src=x onerror=alert(1)&gt;.png" in page
    assert not re.search("<img src=x", page)


def test_real_command_needs_no_more_than_the_shell(blurred, tmp_path):
    with loaded(COMMAND, "report", CAT, blurred, "-o", tmp_path / "r.html", "--layers", "conv1") as child:
        _, stderr = child.communicate()
    assert (child.returncode, stderr) == (0, "")
    assert (tmp_path / "r.html").exists()
