"""`region` gives the numbers of the map and of the checks, for boxes in pixels of the images as given."""

import re

import numpy as np
import pytest

import explorer
from explorer.backbones import find_device
from explorer.cli import shell
from explorer.images import load
from explorer.limits import MOST_BOXES
from explorer.samples import FOLDER
from tests.cli.commands import BRICK, CAT, refusal, run, save, strict


def boxes_of(*arguments):
    return strict(run("region", CAT, *arguments, "--json").stdout)["boxes"]


def exchanged(path, blurred, rows, columns):
    """The distorted image with a box of the reference, and the reference with one of the distorted."""
    reference, distorted = (np.array(load(source).pixels) for source in (CAT, blurred))
    restored, inserted = distorted.copy(), reference.copy()
    restored[rows, columns], inserted[rows, columns] = reference[rows, columns], distorted[rows, columns]
    return save(restored, path / "restored.png"), save(inserted, path / "inserted.png")


@pytest.mark.parametrize(
    ("options", "settings"),
    [
        ((), {}),
        (("--size", "150"), {"size": 150}),
        (
            ("--layers", "conv2,conv4", "--heads", "lpips-0.0"),
            {"layers": ["conv2", "conv4"], "heads": "lpips-0.0"},
        ),
        (
            ("--backbone", "resnet18", "--weights", "random", "--size", "96"),
            {"backbone": "resnet18", "weights": "random", "size": 96},
        ),
    ],
)
def test_numbers_of_a_box_are_those_of_measuring_the_exchanged_images(tmp_path, blurred, options, settings):
    printed = strict(run("region", CAT, blurred, "--box", "60,40,120,80", "--json", *options).stdout)
    measurement = explorer.measure(CAT, blurred, **settings)
    assert printed["score"] == pytest.approx(measurement.score, rel=1e-5)
    assert printed["size"] == list(measurement.size)
    assert printed["given"] == [300, 300]
    (box,) = printed["boxes"]
    assert (box["name"], box["box"]) == ("A", [60, 40, 120, 80])
    restored, inserted = exchanged(tmp_path, blurred, slice(40, 120), slice(60, 180))
    assert box["restore"] == pytest.approx(explorer.measure(CAT, restored, **settings).score, rel=1e-5)
    assert box["insert"] == pytest.approx(explorer.measure(CAT, inserted, **settings).score, rel=1e-5)
    assert [layer["name"] for layer in box["layers"]] == [layer.name for layer in measurement.layers]
    assert sum(layer["distance"] for layer in box["layers"]) == pytest.approx(box["distance"])


@pytest.mark.parametrize("options", [(), ("--size", "120")])
def test_whole_image_holds_all_of_the_score_leaves_nothing_and_inserts_all(blurred, options):
    measurement = explorer.measure(CAT, blurred, size=int(options[1]) if options else None)
    (box,) = boxes_of(blurred, "--box", "0,0,300,300", *options)
    assert box["share"] == pytest.approx(1)
    assert box["restore"] == 0
    assert box["insert"] == pytest.approx(measurement.score, rel=1e-6)
    for found, layer in zip(box["layers"], measurement.layers, strict=True):
        assert found["distance"] == pytest.approx(layer.distance, rel=1e-5)


def test_boxes_keep_their_order_and_shares_of_a_tiling_add_up(blurred):
    halves = boxes_of(blurred, "--box", "0,0,130,300", "--box", "130,0,170,300")
    assert [box["name"] for box in halves] == ["A", "B"]
    assert sum(box["share"] for box in halves) == pytest.approx(1)


def test_boxes_are_pixels_of_the_fitted_pair(tmp_path):
    coffee = FOLDER / "coffee.png"
    printed = strict(run("region", coffee, BRICK, "--fit", "crop", "--box", "0,0,512,400", "--json").stdout)
    assert printed["given"] == [512, 400]
    assert printed["boxes"][0]["share"] == pytest.approx(1)
    line = refusal("region", coffee, BRICK, "--fit", "crop", "--box", "550,0,20,20")
    assert "'--box'" in line


def test_box_that_reaches_beyond_the_image_is_cut_with_a_note(blurred):
    result = run("region", CAT, blurred, "--box", "-5,290,20,20", "--json")
    assert strict(result.stdout)["boxes"][0]["box"] == [0, 290, 15, 10]
    assert result.stderr == "Note: Box A reached beyond the image and was cut to x 0, y 290, 15 × 10.\n"


def test_without_a_box_the_hot_spots_are_asked_about_and_that_is_said(blurred):
    result = run("region", CAT, blurred, "--json")
    boxes = strict(result.stdout)["boxes"]
    assert 1 < len(boxes) <= 5
    assert f"the {len(boxes)} hot spots, the highest peak of the map first" in result.stderr
    assert all(box["share"] > 0 for box in boxes)


def test_identical_images_have_no_hot_spots_and_that_is_said():
    result = run("region", CAT, CAT)
    assert "no hot spots" in result.stderr
    assert "Box" not in result.stdout


def test_identical_images_leave_nothing_to_share():
    (box,) = boxes_of(CAT, "--box", "0,0,50,50")
    assert (box["share"], box["restore"], box["insert"]) == (None, 0, 0)
    text = run("region", CAT, CAT, "--box", "0,0,50,50").stdout
    assert re.search(r"^map share +undefined ", text, re.MULTILINE)
    assert "nan" not in text


def test_table_has_the_sentences_the_answers_with_their_meaning_and_the_layers(blurred):
    (box,) = boxes_of(blurred, "--box", "60,40,120,80")
    score = explorer.measure(CAT, blurred).score
    text = run("region", CAT, blurred, "--box", "60,40,120,80").stdout
    assert f"AlexNet · LPIPS v0.1, on {find_device('auto')}, at 300 × 300 pixels" in text
    assert "Box A: x 60, y 40, 120 × 80" in text
    assert re.search(
        rf"^Box A covers 11% of the image and holds {box['share']:.0%} of the distance", text, re.M
    )
    assert re.search(rf"^map share +{box['share']:.1%}  the part of the map", text, re.M)
    less = f"{1 - box['restore'] / score:.0%} lower"
    assert re.search(rf"^restore +{box['restore']:.4f}  the score that remains .*: {less}$", text, re.M)
    part = f"{box['insert'] / score:.0%} of the pair's"
    assert re.search(rf"^insert +{box['insert']:.4f}  the score of the reference .*: {part}$", text, re.M)
    for layer in box["layers"]:
        assert re.search(rf"^{layer['name']} +{layer['distance']:.6f} +{layer['share']:.1%} ", text, re.M)
    assert re.search(rf"^sum +{box['distance']:.6f} +{box['share']:.1%} ", text, re.M)
    assert "A learned map is not a cause" in text


def test_metric_without_maps_is_asked_by_exchanging_pixels_alone(blurred):
    options = ("--backbone", "dists", "--weights", "random", "--size", "64")
    (box,) = boxes_of(blurred, "--box", "0,0,300,300", *options)
    assert (box["share"], box["layers"], box["restore"]) == (None, [], 0)
    text = run("region", CAT, blurred, "--box", "0,0,30,30", *options).stdout
    assert re.search(r"^map share +no map ", text, re.M)
    assert "A learned map" not in text
    line = refusal("region", CAT, blurred, *options)
    assert "'--box'" in line
    assert "dists has no maps" in line


@pytest.mark.parametrize(
    ("box", "words"),
    [
        ("1,2,3", ["'1,2,3' is no box", "10,20,64,48"]),
        ("a,b,c,d", ["'a,b,c,d' is no box"]),
        ("1.5,2,3,4", ["whole pixels"]),
        ("", ["'' is no box"]),
        ("0,0,0,5", ["Box A", "0 × 5", "at least 1"]),
        ("0,0,5,-5", ["Box A", "at least 1"]),
        ("300,0,5,5", ["Box A", "outside the image", "300 × 300"]),
        ("-9,0,9,9", ["Box A", "outside the image"]),
    ],
)
@pytest.mark.parametrize("command", [("region",), ("report", "-o", "report.html")])
def test_bad_box_is_one_line_that_names_the_flag(tmp_path, monkeypatch, command, box, words):
    monkeypatch.chdir(tmp_path)
    line = refusal(*command, CAT, CAT, "--box", box)
    assert [word for word in ("'--box'", *words) if word not in line] == [], line
    assert list(tmp_path.iterdir()) == []


def test_second_box_is_called_b_in_its_error():
    assert "Box B" in refusal("region", CAT, CAT, "--box", "0,0,9,9", "--box", "400,0,9,9")


def test_more_boxes_than_there_may_be_are_refused():
    many = [word for _ in range(MOST_BOXES + 1) for word in ("--box", "0,0,9,9")]
    line = refusal("region", CAT, CAT, *many)
    assert f"{MOST_BOXES + 1} boxes" in line
    assert f"{MOST_BOXES} are the most" in line


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--size", "20", "--box", "0,0,9,9"), ["'--size'", "20 × 20", "at least 31"]),
        (("--layers", "conv9"), ["'--layers'", "'conv9'"]),
        (("--backbone", "vgg19"), ["'--backbone'", "'vgg19'"]),
    ],
)
def test_method_is_checked_as_for_measure(arguments, words):
    line = refusal("region", CAT, CAT, *arguments)
    assert [word for word in words if word not in line] == [], line


def test_two_sizes_are_refused_by_name():
    assert "brick.png" in refusal("region", CAT, BRICK)


def test_all_commands_that_measure_have_the_same_flags():
    def flags(name):
        return [option.opts for option in shell.commands[name].params if option.opts[0] in common]

    common = {"--backbone", "--heads", "--layers", "--weights", "--size"}
    common |= {"--background", "--fit", "--device", "--precision"}
    assert len(flags("measure")) == len(common)
    assert flags("region") == flags("report") == flags("measure")
