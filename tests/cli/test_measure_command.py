"""`measure` gives the same numbers as from Python: as a table, a ranking, JSON and a file of maps."""

import json
import os
import re
import sys

import numpy as np
import pytest
from PIL import Image

import explorer
from explorer.backbones import find_device
from explorer.samples import FOLDER
from tests.cli.commands import BRICK, CAT, assert_same_numbers, run, save, strict


@pytest.mark.parametrize(
    ("options", "settings"),
    [
        ((), {}),
        (("--heads", "lpips-0.0", "--device", "cpu"), {"heads": "lpips-0.0", "device": "cpu"}),
        (
            ("--layers", "conv3, conv1", "--heads", "uniform"),
            {"heads": "uniform", "layers": ["conv1", "conv3"]},
        ),
        (("--size", "100"), {"size": 100}),
    ],
)
def test_json_of_a_pair_is_the_measurement_from_python(blurred, options, settings):
    printed = strict(run("measure", CAT, blurred, "--json", *options).stdout)
    assert_same_numbers(printed, explorer.measure(CAT, blurred, **settings))


@pytest.mark.parametrize(("fit", "size"), [("resize", [600, 400]), ("crop", [512, 400])])
def test_images_of_two_sizes_are_fitted_as_asked(fit, size):
    coffee = FOLDER / "coffee.png"
    printed = strict(run("measure", coffee, BRICK, "--fit", fit, "--json").stdout)
    assert printed["size"] == size
    assert_same_numbers(printed, explorer.measure(coffee, BRICK, fit=fit))


def test_transparent_images_are_laid_on_the_chosen_background(tmp_path):
    clear = tmp_path / "clear.png"
    Image.new("RGBA", (64, 64), (0, 0, 0, 0)).save(clear)
    green = save(np.full((64, 64, 3), (0, 128, 0), np.uint8), tmp_path / "green.png")
    printed = strict(run("measure", green, clear, "--background", "green", "--json").stdout)
    assert printed["score"] == 0
    assert printed["notes"] == ["distorted: transparency composited on green"]


def test_json_of_identical_images_is_valid_and_has_nulls():
    printed = strict(run("measure", CAT, CAT, "--json").stdout)
    assert printed["score"] == 0
    assert printed["psnr"] is None
    assert {layer["share"] for layer in printed["layers"]} == {None}


def test_several_images_are_a_list_with_the_closest_first(blurred, noisy):
    printed = strict(run("measure", CAT, blurred, CAT, noisy, "--json").stdout)
    assert [entry["distorted"]["name"] for entry in printed] == [str(CAT), str(noisy), str(blurred)]
    scores = [entry["score"] for entry in printed]
    assert scores == sorted(scores)
    for entry in printed:
        assert entry["reference"]["name"] == str(CAT)
        assert_same_numbers(entry, explorer.measure(CAT, entry["distorted"]["name"]))


def test_table_of_a_pair_has_its_numbers_layers_and_size(blurred):
    measurement = explorer.measure(CAT, blurred, size=200)
    text = run("measure", CAT, blurred, "--size", "200").stdout
    assert f"AlexNet · LPIPS v0.1, on {find_device('auto')}, at 200 × 200 pixels" in text
    numbers = (
        f"score {measurement.score:.4f} lower is closer",
        f"PSNR {measurement.psnr:.2f} dB higher is closer",
        f"SSIM {measurement.ssim:.4f} higher is closer",
    )
    lines = [" ".join(line.split()) for line in text.splitlines()]
    for number in numbers:
        assert f"{number} · at 200 × 200" in lines
    for layer in measurement.layers:
        row = rf"^{layer.name} +{layer.channels} +{layer.grid[0]} × {layer.grid[1]} +{layer.distance:.6f} +"
        assert re.search(row + f"{layer.share:.1%}$", text, re.MULTILINE)
    assert "converted  reference: resized from 300 × 300 to 200 × 200 (Lanczos)" in text


def test_table_of_identical_images_has_words_for_what_is_no_number():
    text = run("measure", CAT, CAT).stdout
    assert re.search(r"^PSNR +infinite ", text, re.MULTILINE)
    assert text.count("undefined") == 5
    assert "nan" not in text
    assert "converted  nothing" in text


def test_ranking_has_a_row_a_file_and_tells_each_conversion_once(blurred, noisy):
    text = run("measure", BRICK, blurred, noisy, "--fit", "crop", "--layers", "conv1,conv2").stdout
    rows = re.findall(r"^ *(\d\.\d{4}) .* 300 × 300  (\S+)$", text, re.MULTILINE)
    assert sorted(rows) == rows
    assert {name for _, name in rows} == {str(blurred), str(noisy)}
    assert "conv1, conv2; closest first" in text
    assert text.count("reference: greyscale repeated to three channels") == 1
    assert text.count("reference: cropped from 512 × 512 to 300 × 300 about the centre") == 1


def test_columns_are_aligned(blurred, noisy):
    heading, *rows = run("measure", CAT, CAT, blurred, noisy).stdout.splitlines()[2:6]
    starts = {
        row.index("  " + str(path.parent)) for row, path in zip(rows, (CAT, noisy, blurred), strict=True)
    }
    assert starts == {heading.index("  distorted")}
    assert len({row.index(" × ") for row in rows}) == 1


@pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse such file names")
def test_file_name_that_is_no_text_is_printed_all_the_same(tmp_path, blurred):
    odd = os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.png")
    os.rename(blurred, odd)
    assert "caf�.png" in run("measure", CAT, odd, CAT).stdout
    assert strict(run("measure", CAT, odd, CAT, "--json").stdout)[1]["distorted"]["name"].endswith(
        "/caf�.png"
    )


@pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse such file names")
def test_file_name_that_would_turn_the_line_round_is_tame_in_the_table_and_true_in_json(tmp_path, blurred):
    odd = tmp_path / "a\u202egnp.exe"
    os.rename(blurred, odd)
    assert "/a�gnp.exe" in run("measure", CAT, odd, CAT).stdout
    told = run("measure", CAT, odd, CAT, "--json").stdout
    assert told.isascii()
    assert strict(told)[1]["distorted"]["name"] == str(odd)


def test_maps_file_holds_the_maps_from_python(blurred, tmp_path):
    target = tmp_path / "maps.npz"
    run("measure", CAT, blurred, "--layers", "conv2,conv5", "--maps", target)
    measurement = explorer.measure(CAT, blurred, layers=["conv2", "conv5"])
    with np.load(target) as arrays:
        for layer in measurement.layers:
            np.testing.assert_allclose(arrays[layer.name], layer.map, rtol=1e-5, atol=1e-7)
        assert arrays["score"] == pytest.approx(measurement.score, rel=1e-6)
        assert arrays["combined"].shape == (300, 300)
        assert json.loads(str(arrays["measurement"]))["heads"] == "lpips-0.1"
    assert {path.name for path in tmp_path.iterdir()} == {"blurred.png", "maps.npz"}


def test_maps_file_replaces_an_older_one_through_a_link(blurred, tmp_path):
    target, link = tmp_path / "maps.npz", tmp_path / "link.npz"
    target.write_bytes(b"old")
    link.symlink_to(target)
    run("measure", CAT, blurred, "--maps", link)
    assert link.is_symlink()
    with np.load(target) as arrays:
        assert arrays["conv1"].shape == (74, 74)
