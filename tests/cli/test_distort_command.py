"""`distort` writes the pixels that Python gives, says what it did, and harms no file."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import explorer
from explorer.cli.distorting import FORMATS
from explorer.distortions import CATALOGUE, Recipe, distort, random_sequence
from explorer.samples import load_sample
from tests.cli.commands import BRICK, CAT, assert_same_numbers, refusal, run, save, strict


@pytest.mark.parametrize("ending", [*(e for e in FORMATS if not e.startswith(".jp")), ".PNG"])
def test_lossless_formats_keep_every_pixel_of_the_distortion(tmp_path, ending):
    target = tmp_path / f"out{ending}"
    result = run("distort", CAT, target, "--name", "gaussian_noise", "--severity", "0.5", "--seed", "7")
    expected = distort(load_sample("cat").pixels, "gaussian_noise", 0.5, seed=7)
    with Image.open(target) as image:
        np.testing.assert_array_equal(np.asarray(image), expected)
    described = CATALOGUE["gaussian_noise"].describe(0.5)
    assert result.stdout == f"{target}: gaussian_noise at severity 0.5, {described} (seed 7)\n"
    assert result.stderr == ""
    assert list(tmp_path.iterdir()) == [target]


def test_jpeg_is_written_at_its_best_and_said_to_be_lossy(tmp_path):
    target = tmp_path / "out.jpg"
    result = run("distort", CAT, target, "--name", "gaussian_blur", "--severity", "0.4")
    expected = distort(load_sample("cat").pixels, "gaussian_blur", 0.4)
    with Image.open(target) as image:
        assert image.format == "JPEG"
        assert np.abs(np.asarray(image, int) - expected).max() <= 5
    assert "lossy" in result.stderr
    assert ".png" in result.stderr
    assert "seed" not in result.stdout


def test_severity_0_copies_the_pixels(tmp_path):
    target = tmp_path / "same.png"
    assert "unchanged" in run("distort", CAT, target, "--name", "jpeg", "--severity", "0").stdout
    np.testing.assert_array_equal(np.asarray(Image.open(target)), load_sample("cat").pixels)


def test_seed_picks_the_pattern_and_0_is_the_default(tmp_path):
    noise = ("--name", "gaussian_noise", "--severity", "0.3")
    for name, seed in (("a", ()), ("b", ("--seed", "0")), ("c", ("--seed", "1"))):
        run("distort", CAT, tmp_path / f"{name}.png", *noise, *seed)
    a, b, c = ((tmp_path / f"{name}.png").read_bytes() for name in "abc")
    assert a == b != c


def test_conversions_on_the_way_in_are_told(tmp_path):
    result = run("distort", BRICK, tmp_path / "out.png", "--name", "contrast", "--severity", "0.5")
    assert result.stderr == "Note: greyscale repeated to three channels\n"


@pytest.mark.parametrize("alias", ["cat.png", "./cat.png", "link.png"])
def test_image_is_never_overwritten_by_itself(tmp_path, monkeypatch, alias):
    monkeypatch.chdir(tmp_path)
    Path("cat.png").write_bytes(CAT.read_bytes())
    Path("link.png").symlink_to("cat.png")
    assert "'OUT'" in refusal("distort", "cat.png", alias, "--name", "jpeg", "--severity", "1")
    assert Path("cat.png").read_bytes() == CAT.read_bytes()


def test_image_too_large_for_a_format_is_refused(tmp_path):
    wide = save(np.zeros((2, 16384, 3), np.uint8), tmp_path / "wide.png")  # WebP ends at 16383
    line = refusal("distort", wide, tmp_path / "wide.webp", "--name", "contrast", "--severity", "0.5")
    assert "WEBP cannot hold 16384 × 2 pixels; use .png." in line
    assert list(tmp_path.iterdir()) == [wide]


def test_distorted_file_measures_as_the_distorted_pixels(tmp_path):
    target = tmp_path / "out.tiff"
    run("distort", CAT, target, "--name", "jpeg", "--severity", "0.6")
    printed = strict(run("measure", CAT, target, "--json").stdout)
    pixels = load_sample("cat").pixels
    assert_same_numbers(printed, explorer.measure(pixels, distort(pixels, "jpeg", 0.6)))


@pytest.mark.parametrize(
    ("flags", "recipe", "said"),
    [
        (
            ("--name", "gaussian_blur", "--set", "sigma=1.8"),
            [("gaussian_blur", {"sigma": 1.8})],
            "gaussian_blur (σ 1.8% of side)",
        ),
        (
            ("--name", "jpeg_local_blur", "--set", "sigma=2", "--set", "quality=9", "--seed", "3"),
            [("jpeg_local_blur", {"quality": 9, "sigma": 2}, 3)],
            "jpeg_local_blur (quality 9, σ 2% of side, seed 3)",
        ),
    ],
)
def test_values_may_stand_in_the_place_of_a_severity(tmp_path, flags, recipe, said):
    target = tmp_path / "out.png"
    assert run("distort", CAT, target, *flags).stdout == f"{target}: {said}\n"
    np.testing.assert_array_equal(np.asarray(Image.open(target)), distort(load_sample("cat"), recipe))


@pytest.mark.parametrize("where", ["file", "standard input"])
def test_a_recipe_of_json_is_done_step_by_step(tmp_path, where):
    recipe = Recipe([("jpeg", {"quality": 9}), ("gaussian_noise", {"sigma": 12}, 7)])
    file, target = tmp_path / "steps.json", tmp_path / "out.png"
    file.write_text(recipe.to_json(), encoding="utf-8")
    if where == "file":
        result = run("distort", CAT, target, "--recipe", file)
    else:
        result = run("distort", CAT, target, "--recipe", "-", input=recipe.to_json())
    assert result.stdout == f"{target}: jpeg (quality 9), then gaussian_noise (σ 12 levels, seed 7)\n"
    np.testing.assert_array_equal(np.asarray(Image.open(target)), recipe.apply(load_sample("cat").pixels))


@pytest.mark.parametrize(
    ("flags", "words"),
    [
        (("--name", "jpeg", "--set", "quality=9.5"), ["'--set'", "9.5", "whole number, 1 to 95"]),
        (("--name", "jpeg", "--set", "quality=nan"), ["'--set'", "nan", "1 to 95"]),
        (("--name", "jpeg", "--set", "sigma=1"), ["'--set'", "no parameter 'sigma'", "quality (1 to 95)"]),
        (("--name", "jpeg", "--set", "quality"), ["'--set'", "'quality' is no value", "sigma=1.8"]),
        (("--name", "jpeg", "--set", "quality=best"), ["'--set'", "'quality=best' is no value"]),
        (("--name", "jpeg", "--set", "quality=9", "--set", "quality=8"), ["'--set'", "given twice"]),
        (("--name", "jpeg_local_blur", "--set", "quality=9"), ["'--set'", "lacks a value for sigma"]),
        (("--name", "jpeg", "--set", "quality=9", "--severity", "1"), ["'--set'", "a severity is given too"]),
        (("--name", "jpeg", "--severity", "1", "--seed", str(2**53)), ["'--seed'", "9,007,199,254,740,991"]),
        (("--set", "quality=9"), ["'--name'", "--help"]),
        (("--recipe", "steps.json", "--seed", "0"), ["'--recipe'", "leave out the other flags"]),
        (("--recipe", "nowhere.json"), ["'--recipe'", "nowhere.json cannot be read"]),
        (("--recipe", "."), ["'--recipe'", "cannot be read"]),
        (("--recipe", CAT), ["'--recipe'", "is no text"]),
        (("--recipe", "steps.json"), ["'--recipe'", "no distortion 'melt'"]),
    ],
    ids=str,
)
def test_flags_that_make_no_recipe_are_named_and_nothing_is_written(tmp_path, monkeypatch, flags, words):
    monkeypatch.chdir(tmp_path)
    Path("steps.json").write_text('[{"name": "melt", "values": {}}]', encoding="utf-8")
    line = refusal("distort", CAT, "out.png", *flags)
    assert all(word in line for word in words)
    assert not Path("out.png").exists()


def test_a_sequence_is_drawn_with_its_seed_and_told_so_that_it_can_be_made_again(tmp_path):
    target = tmp_path / "drawn.png"
    told = run("distort", CAT, target, "--random-sequence", "--seed", "7").stdout
    recipe = random_sequence(7)
    with Image.open(target) as image:
        np.testing.assert_array_equal(np.asarray(image), recipe.apply(load_sample("cat").pixels))
    for step in recipe:
        assert f"{step.name} ({step.note})" in told


@pytest.mark.parametrize("other", [("--name", "jpeg"), ("--severity", "0.5"), ("--recipe", "steps.json")])
def test_a_drawn_sequence_takes_a_seed_and_nothing_else(tmp_path, other):
    said = refusal("distort", CAT, tmp_path / "a.png", "--random-sequence", *other)
    assert ("leave out the other flags" if "--recipe" in other else "give --seed alone") in said
