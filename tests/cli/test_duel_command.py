"""`duel` makes what Python makes, writes it, and refuses in one line."""

import json
import re

import numpy as np
import pytest
from PIL import Image

from explorer import synthesis
from explorer.images import load, resize
from explorer.synthesis.competition import RUNS
from tests.cli.commands import CAT, refusal, run, save

SMALL = ("--size", "64", "--device", "cpu", "--steps", "2")


def test_both_pictures_are_written_and_told_with_the_numbers_that_python_has(tmp_path):
    target = tmp_path / "out.png"
    said = run(
        "duel", CAT, *SMALL, "--seed", "3", "-o", target, "--json", "--beside", "squeezenet1_1:uniform"
    )
    told = json.loads(said.stdout)
    made = synthesis.duel(CAT, size=64, steps=2, seed=3, witnesses=["squeezenet1_1:uniform"], device="cpu")
    assert [each["name"] for each in told["pictures"]] == ["start", *RUNS]
    assert told["hold"] == {"metric": "psnr", "value": 24}
    for name, plain in zip(RUNS, told["pictures"][1:], strict=True):
        frame = made.frames(name)[-1]
        with Image.open(tmp_path / f"out-{name}.png") as image:
            np.testing.assert_array_equal(np.asarray(image), frame.picture.pixels)
        values = list(frame.standing.values.values()) + list(made.said[name, 2].values())
        assert list(plain["values"].values()) == pytest.approx(values, rel=1e-6)
        assert sum(plain["layers"].values()) == pytest.approx(plain["values"]["alexnet:lpips-0.1"])
        assert told["curves"][name] == pytest.approx(made.curves[name], rel=1e-6)


def test_one_picture_from_an_image_is_written_where_it_was_asked_for(tmp_path):
    reference = resize(load(CAT), 64)
    darker = save((reference.pixels * 0.8).astype(np.uint8), tmp_path / "darker.png")
    small, target = save(reference.pixels, tmp_path / "small.png"), tmp_path / "up.png"
    asked = ("duel", small, "--hold", "ssim=0.8", "--raise", "lpips", "--start", darker, "--steps", "2")
    lines = run(*asked, "-o", target).stdout.splitlines()
    assert lines[0] == "Raising AlexNet · LPIPS v0.1 of small.png at 64 × 64 pixels, SSIM held at 0.8"
    assert [line.split()[:2] for line in lines[3:]] == [["start", "0"], ["raised", "2"]]
    with Image.open(target) as image:
        made = synthesis.duel(small, "ssim", 0.8, start=darker, steps=2)
        np.testing.assert_array_equal(np.asarray(image), made.frames("raised")[-1].picture.pixels)


def test_where_the_metric_is_held_psnr_moves_and_a_backbone_alone_is_asked_beside():
    asked = ("duel", CAT, "--size", "31", "--device", "cpu", "--steps", "1", "--hold", "lpips=0.2", "--json")
    told = json.loads(run(*asked, "--beside", "squeeze").stdout)
    assert told["moved"] == "psnr"
    start, lowered, raised = (each["values"] for each in told["pictures"])
    assert lowered["psnr"] < start["psnr"] < raised["psnr"]
    assert lowered["alexnet:lpips-0.1"] == pytest.approx(0.2, rel=0.01)
    assert "squeezenet1_1:lpips-0.1" in raised


def test_the_nearest_value_that_is_named_is_accepted():
    asked = ("duel", CAT, "--size", "31", "--device", "cpu", "--steps", "1", "--json", "--hold")
    nearest = re.search(r"reached has PSNR ([\d.]+) dB", refusal(*asked, "psnr=1"))[1]
    told = json.loads(run(*asked, f"psnr={nearest}").stdout)
    assert [each["values"]["psnr"] for each in told["pictures"]] == pytest.approx(
        [float(nearest)] * 3, abs=0.02
    )


@pytest.mark.parametrize(
    ("command", "words"), [("duel", ()), ("invert", ()), ("directions", ()), ("verdict", (CAT, CAT))]
)
def test_of_a_picture_too_small_nothing_is_advised_that_is_refused_next(tmp_path, command, words):
    tiny = save(resize(load(CAT), 20).pixels, tmp_path / "tiny.png")
    said = refusal(command, tiny, *(tiny for _ in words), "--size", "256")
    assert "The reference measures 20 × 20 pixels, but AlexNet needs at least 31" in said
    assert "use a larger image" in said  # no size would enlarge it
    assert "VGG16" in said
    assert "DISTS" not in said


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--hold", "psnr"), "'--hold': psnr names no value; write METRIC=X"),
        (("--hold", "fog=3"), "'--hold': There is no metric 'fog'"),
        (("--hold", "ssim=nan"), "'--hold': The SSIM asked for is nan"),
        (("--hold", "psnr=2"), "the nearest that was reached has PSNR 5"),
        (("--lower", "lpips", "--raise", "ssim"), "name one metric for both"),
        (("--raise", "psnr"), "PSNR is held, so it cannot move as well"),
        (("--raise", "dists:dists"), "'--raise': VGG16 · DISTS has no gradient here"),
        (("--raise", "dists"), "'--raise': VGG16 · DISTS has no gradient here"),
        (("--hold", "dists=0.1"), "'--hold': VGG16 · DISTS has no gradient here"),
        (("--start", "fog"), "'--start': fog is no file, and no noise"),
        (("--start", CAT), "'--start': The start is the reference itself"),
        (("--steps", "10000"), "'--steps': The number of steps is 10000"),
        (("-o", "out.jpg"), "'--output': out.jpg must end in .png"),
        (("-o", "no/such/folder.png"), "cannot be written"),
        (("--size", "20"), "'--size': The reference measures 20 × 20 pixels, but AlexNet needs at least 31"),
    ],
)
def test_what_cannot_be_is_refused_in_one_line(words, sentence):
    rest = () if "--size" in words else ("--size", "64")
    assert sentence in refusal("duel", CAT, *rest, *words)
