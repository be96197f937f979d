"""`invert` grows what Python grows, writes it, and refuses in one line."""

import numpy as np
import pytest
from PIL import Image

from explorer import synthesis
from tests.cli.commands import CAT, refusal, run, strict

SMALL = ("--size", "48", "--device", "cpu", "--steps", "3")


def test_the_picture_is_written_and_told_with_the_numbers_that_python_has(tmp_path):
    target = tmp_path / "out.png"
    said = run("invert", CAT, "--layers", "conv3", "--seed", "3", *SMALL, "-o", target, "--json")
    told = strict(said.stdout)
    made = synthesis.invert(CAT, "conv3", size=48, steps=3, seed=3, device="cpu")
    frame = made.frames("conv3")[-1]
    with Image.open(target) as image:
        np.testing.assert_array_equal(np.asarray(image), frame.picture.pixels)
    assert [each["name"] for each in told["pictures"]] == ["start", "grown"]
    start, grown = told["pictures"]
    assert "Note" not in said.stderr
    assert grown["distance"] == grown["layers"]["conv3"] == pytest.approx(frame.standing.distances[2])
    assert grown["distance"] < start["distance"]
    assert sum(grown["layers"].values()) == pytest.approx(grown["values"]["alexnet:lpips-0.1"])
    assert told["curves"]["conv3"] == pytest.approx(made.curves["conv3"])
    assert (told["lowered"], told["from"], told["by"], told["seed"]) == (["conv3"], "noise", "pixels", 3)


def test_several_layers_grow_an_image_together_without_heads(tmp_path):
    other = tmp_path / "other.png"
    Image.new("RGB", (90, 40), (200, 60, 20)).save(other)
    asked = ("--layers", "conv1,conv2", "--heads", "uniform", "--by", "smooth", "--from", other)
    said = run("invert", CAT, *asked, *SMALL)
    assert "Note: other.png: scaled and cropped from 90 × 40 to 48 × 48 pixels\n" in said.stderr
    lines = said.stdout.splitlines()
    assert lines[0] == (
        "Growing a picture for conv1 + conv2 of cat.png at 48 × 48 pixels, by AlexNet · uniform heads"
    )
    assert [line.split()[:2] for line in lines[3:]] == [["start", "0"], ["grown", "3"]]
    own, whole = (float(text) for text in lines[4].split()[2:4])
    assert own < whole


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--layers", "conv9"), "'--layers': AlexNet has no layer 'conv9'"),
        (("--from", "fog"), "'--from': fog is no file, and no start; the starts are noise, grey, cat"),
        (("--from", CAT), "'--from': The start is the reference itself"),
        (("--backbone", "dists"), "'--backbone': VGG16 · DISTS has no gradient here"),
        (("--size", "16"), "'--size': The reference measures 16 × 16 pixels"),
        (
            ("--steps", "10000"),
            "'--steps': The number of steps is 10000; choose a whole number from 1 to 2000",
        ),
        (("-o", "out.jpg"), "'--output': out.jpg must end in .png"),
    ],
)
def test_what_cannot_be_is_refused_in_one_line(words, sentence):
    assert sentence in refusal("invert", CAT, *words)
