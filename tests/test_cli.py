"""The shell: the same numbers as from Python, and one line, exit code 2 and no file for what is wrong."""

import json
import os
import re
import signal
import subprocess
import sys
import time
import tomllib
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from PIL import Image

import explorer
import explorer.metrics
from explorer.cli import FORMATS, shell
from explorer.distortions import CATALOGUE, distort
from explorer.samples import FOLDER, SAMPLES, load_sample

ROOT = Path(__file__).resolve().parents[1]
CAT, BRICK = FOLDER / "cat.png", FOLDER / "brick.png"
KEYS = ["backbone", "heads", "device", "size", "score", "psnr", "ssim", "layers", "notes"]


def run(*arguments):
    """Run a command in this process and expect it to end well."""
    result = CliRunner().invoke(shell, list(map(str, arguments)))
    assert result.exit_code == 0, result.stderr
    return result


def refusal(*arguments):
    """Run a command that must fail, and return the one line that it says."""
    result = CliRunner().invoke(shell, list(map(str, arguments)))
    assert isinstance(result.exception, SystemExit)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert re.fullmatch(r"Error: [^\n]+[.]\n", result.stderr), result.stderr
    return result.stderr


def process(*arguments, **options):
    """Run the real command."""
    command = [sys.executable, "-m", "explorer", *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, **options)


def strict(text):
    """Parse JSON as the standard has it, without Python's NaN and Infinity."""

    def refuse(constant):
        raise ValueError(f"{constant} is not JSON")

    return json.loads(text, parse_constant=refuse)


def save(pixels, path):
    Image.fromarray(pixels).save(path)
    return path


def leaves(value, path=""):
    """Every plain value of a JSON text, with its place."""
    if isinstance(value, dict | list):
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from leaves(inner, f"{path}.{key}")
    else:
        yield path, value


def assert_same_numbers(printed, measurement):
    assert list(printed) == KEYS
    for layer in printed["layers"]:
        assert list(layer) == ["name", "channels", "grid", "distance", "share"]
    assert dict(leaves(printed)) == {
        path: pytest.approx(value, rel=1e-6) if isinstance(value, float) else value
        for path, value in leaves(measurement.to_dict())
    }


@pytest.fixture
def blurred(tmp_path):
    return save(distort(load_sample("cat").pixels, "gaussian_blur", 0.4), tmp_path / "blurred.png")


@pytest.fixture
def noisy(tmp_path):
    return save(distort(load_sample("cat").pixels, "gaussian_noise", 0.2), tmp_path / "noisy.png")


# measure: what it prints


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
    assert [entry["distorted"] for entry in printed] == [str(CAT), str(noisy), str(blurred)]
    scores = [entry["score"] for entry in printed]
    assert scores == sorted(scores)
    for entry in printed:
        assert_same_numbers(entry, explorer.measure(CAT, entry.pop("distorted")))


def test_table_of_a_pair_has_its_numbers_layers_and_size(blurred):
    measurement = explorer.measure(CAT, blurred, size=200)
    text = run("measure", CAT, blurred, "--size", "200").stdout
    assert "alexnet, lpips-0.1, on cpu, at 200 × 200 pixels" in text
    assert re.search(rf"^score +{measurement.score:.4f}  lower is closer$", text, re.MULTILINE)
    assert re.search(rf"^PSNR +{measurement.psnr:.2f} dB  higher is closer$", text, re.MULTILINE)
    assert re.search(rf"^SSIM +{measurement.ssim:.4f}  higher is closer$", text, re.MULTILINE)
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
    assert strict(run("measure", CAT, odd, CAT, "--json").stdout)[1]["distorted"].endswith("/caf�.png")


# measure: the file of maps


def test_maps_file_holds_the_maps_from_python(blurred, tmp_path):
    target = tmp_path / "maps.npz"
    run("measure", CAT, blurred, "--layers", "conv2,conv5", "--maps", target)
    measurement = explorer.measure(CAT, blurred, layers=["conv2", "conv5"])
    with np.load(target) as arrays:
        for layer in measurement.layers:
            np.testing.assert_allclose(arrays[layer.name], layer.map, rtol=1e-5, atol=1e-7)
        assert arrays["score"] == pytest.approx(measurement.score, rel=1e-6)
        assert arrays["combined"].shape == (300, 300)
        assert json.loads(str(arrays["settings"]))["heads"] == "lpips-0.1"
    assert {path.name for path in tmp_path.iterdir()} == {"blurred.png", "maps.npz"}


def test_maps_file_replaces_an_older_one_through_a_link(blurred, tmp_path):
    target, link = tmp_path / "maps.npz", tmp_path / "link.npz"
    target.write_bytes(b"old")
    link.symlink_to(target)
    run("measure", CAT, blurred, "--maps", link)
    assert link.is_symlink()
    with np.load(target) as arrays:
        assert arrays["conv1"].shape == (74, 74)


# Bad input: one line that names the mend, exit code 2, and nothing written


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), ["Missing command", "--help"]),
        (("mesure",), ["No such command 'mesure'", "measure", "--help"]),
        (("--verbose",), ["No such option '--verbose'", "--help"]),
        (("measure",), ["REFERENCE", "measure --help"]),
        (("measure", CAT), ["DISTORTED", "measure --help"]),
        (("measure", CAT, CAT, "--jsn"), ["'--jsn'", "--json"]),
        (("measure", CAT, CAT, "--heads"), ["'--heads' requires an argument"]),
        (
            ("measure", CAT, CAT, "--heads", "lpips"),
            ["'--heads'", "'lpips'", "lpips-0.1, lpips-0.0, uniform"],
        ),
        (("measure", CAT, CAT, "--layers", "conv1,conv9"), ["'--layers'", "'conv9'", "conv4, conv5"]),
        (("measure", CAT, CAT, "--layers", ""), ["'--layers'", "conv1, conv2"]),
        (("measure", CAT, CAT, "--device", "abacus"), ["'--device'", "'abacus'", "auto"]),
        (("measure", CAT, CAT, "--fit", "stretch"), ["'--fit'", "'stretch'", "'resize', 'crop'"]),
        (("measure", CAT, CAT, "--background", "mud"), ["--background", "'mud'", "white"]),
        (("measure", CAT, CAT, "--background", "#ffffff80"), ["--background", "'#ffffff80'"]),
        (("measure", CAT, CAT, "--size", "0"), ["--size", "0 is no size", "1 or more"]),
        (("measure", CAT, CAT, "--size", "-3"), ["--size", "-3 is no size", "1 or more"]),
        (("measure", CAT, CAT, "--size", "abc"), ["--size", "'abc' is no size", "whole number"]),
        (("measure", CAT, CAT, "--size", "1e3"), ["--size", "'1e3' is no size"]),
        (("measure", CAT, CAT, "--size", "20"), ["'--size'", "20 × 20", "at least 31"]),
        (("measure", CAT, BRICK), ["brick.png", "300 × 300", "512 × 512", "--fit resize", "--fit crop"]),
        (("measure", CAT, "nowhere.png"), ["no file nowhere.png", "check the path"]),
        (("measure", CAT, CAT, "-"), ["no file -"]),
        (("measure", "x" * 5000, CAT), ["no file x", "check the path"]),
        (("measure", CAT, FOLDER), ["is a folder", "name an image file"]),
        (("measure", CAT, FOLDER / "README.md"), ["README.md is text", "choose a PNG"]),
        (("measure", "two\nlines\x1b[31m.png", CAT), ["two lines�[31m.png"]),
        (("distort", CAT), ["OUT", "distort --help"]),
        (("distort", CAT, "out.png", "--severity", "1"), ["'--name'", "--help"]),
        (("distort", CAT, "out.png", "--name", "jpeg"), ["'--severity'", "--help"]),
        (("distort", CAT, "out.png", "--name", "fog", "--severity", "1"), ["'--name'", "'fog'", "'jpeg'"]),
        (("distort", CAT, "out.png", "--name", "jpeg", "--severity", "2"), ["'--severity'", "2", "0<=x<=1"]),
        (("distort", CAT, "out.png", "--name", "jpeg", "--severity", "nan"), ["'--severity'", "nan", "0 ("]),
        (("distort", CAT, "out.png", "--name", "jpeg", "--severity", "half"), ["'--severity'", "'half'"]),
        (
            ("distort", CAT, "out.png", "--name", "gaussian_noise", "--severity", "1", "--seed", "-1"),
            ["'--seed'", "-1"],
        ),
        (("distort", "nowhere.png", "out.png", "--name", "jpeg", "--severity", "1"), ["no file nowhere.png"]),
        (
            ("distort", FOLDER / "README.md", "out.png", "--name", "jpeg", "--severity", "1"),
            ["README.md is text"],
        ),
        (
            ("distort", CAT, "out.gif", "--name", "jpeg", "--severity", "1"),
            ["'OUT'", "out.gif", ".png, .tif"],
        ),
        (("distort", CAT, "out", "--name", "jpeg", "--severity", "1"), ["'OUT'", "must end in .png"]),
        (("distort", CAT, "no/out.png", "--name", "jpeg", "--severity", "1"), ["'OUT'", "cannot be written"]),
        (("samples", "cat"), ["cat", "samples --help"]),
    ],
)
def test_bad_input_is_one_line_that_names_the_mend(tmp_path, monkeypatch, arguments, words):
    monkeypatch.chdir(tmp_path)
    line = refusal(*arguments)
    assert [word for word in words if word not in line] == [], line
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("options", [(), ("--size", "512")])
def test_image_that_is_too_small_is_not_blamed_on_the_size_asked_for(tmp_path, options):
    tiny = save(np.zeros((20, 40, 3), np.uint8), tmp_path / "tiny.png")
    line = refusal("measure", tiny, tiny, *options)
    assert "tiny.png measures 40 × 20 pixels" in line
    assert "Invalid value for '--size'" not in line


def test_damaged_image_is_told_by_its_name(tmp_path):
    broken = tmp_path / "broken.png"
    broken.write_bytes(CAT.read_bytes()[:5000])
    assert "broken.png is cut short" in refusal("measure", CAT, CAT, broken)


def test_last_of_many_missing_files_is_told_before_the_first_is_read(tmp_path):
    assert "no file nowhere.png" in refusal("measure", CAT, FOLDER / "README.md", "nowhere.png")


@pytest.mark.parametrize("name", ["maps.png", "maps", "folder.npz", "missing/maps.npz", "file.txt/maps.npz"])
def test_target_for_maps_that_cannot_be_written_is_refused_before_the_images_are_read(tmp_path, name):
    (tmp_path / "folder.npz").mkdir()
    (tmp_path / "file.txt").touch()
    line = refusal("measure", CAT, FOLDER / "README.md", "--maps", tmp_path / name)
    assert "'--maps'" in line
    assert name in line
    assert {path.name for path in tmp_path.iterdir()} == {"folder.npz", "file.txt"}


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
@pytest.mark.parametrize("mode", [0o500, 0o700])
def test_read_only_target_is_refused(tmp_path, mode):
    folder = tmp_path / "folder"
    folder.mkdir()
    target = folder / "maps.npz"
    target.touch(mode=0o400)
    folder.chmod(mode)
    assert "Permission denied" in refusal("measure", CAT, CAT, "--maps", target)


def test_maps_of_several_images_are_refused(tmp_path):
    assert "one DISTORTED image" in refusal("measure", CAT, CAT, CAT, "--maps", tmp_path / "maps.npz")


@pytest.mark.parametrize(
    "command",
    [
        ("measure", CAT, BRICK, "--maps"),
        ("distort", FOLDER / "README.md", "--name", "jpeg", "--severity", "1"),
    ],
)
def test_target_stays_as_it_was_when_the_command_fails(tmp_path, command):
    target = tmp_path / ("maps.npz" if "--maps" in command else "out.png")
    target.write_bytes(b"precious")
    refusal(*command, target)
    assert target.read_bytes() == b"precious"
    assert list(tmp_path.iterdir()) == [target]


# distort


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


# Lists and help


def test_samples_are_listed_in_columns_that_a_pipeline_can_cut():
    rows = [line.split("\t") for line in run("samples").stdout.splitlines()]
    assert [row[0] for row in rows] == list(SAMPLES)
    for name, size, licence, path in rows:
        with Image.open(path) as image:
            assert size == "{}x{}".format(*image.size)
        assert licence == SAMPLES[name].licence


def test_every_distortion_is_listed_with_family_and_parameters():
    lines = run("distortions").stdout.splitlines()[1:]
    for line, entry in zip(lines, CATALOGUE.values(), strict=True):
        assert re.split("  +", line) == [entry.name, entry.family, entry.describe(1), entry.summary]


@pytest.mark.parametrize("command", shell.commands)
def test_every_command_explains_itself_with_an_example_that_parses(command):
    text = run(command, "--help").stdout
    examples = re.findall(r"^ +python -m explorer (.+?)(?: \|.*)?$", text, re.MULTILINE)
    assert examples
    for example in examples:
        name, *arguments = example.split()
        known = {option for parameter in shell.commands[name].params for option in parameter.opts}
        assert {word for word in arguments if word.startswith("--")} <= known
        if "--name" in arguments:
            assert arguments[arguments.index("--name") + 1] in CATALOGUE
    assert all(len(line) <= 100 for line in text.splitlines())


def test_help_lists_every_command_in_full_words():
    text = run("--help").stdout
    assert all(re.search(rf"^  {command} +\S.*[.]$", text, re.MULTILINE) for command in shell.commands)
    assert "..." not in text.split("Commands:")[1]


def test_version_is_that_of_the_project():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert explorer.__version__ == project["version"]
    assert project["version"] in run("--version").stdout


def test_package_gives_measure_on_first_use():
    assert explorer.measure is explorer.metrics.measure
    assert set(explorer.__all__) <= set(dir(explorer))
    with pytest.raises(AttributeError, match="'explorer' has no attribute 'mesure'"):
        explorer.mesure  # noqa: B018


# The real command


def test_real_command_measures_and_writes(tmp_path):
    distorted, maps = tmp_path / "out.png", tmp_path / "maps.npz"
    written = process("distort", CAT, distorted, "--name", "gaussian_blur", "--severity", "0.4")
    assert (written.returncode, written.stderr) == (0, "")
    measured = process("measure", CAT, distorted, "--json", "--maps", maps)
    assert (measured.returncode, measured.stderr) == (0, "")
    assert_same_numbers(strict(measured.stdout), explorer.measure(CAT, distorted))
    assert maps.stat().st_mode & 0o777 == distorted.stat().st_mode & 0o777 == 0o666 & ~_umask()


def _umask():
    mask = os.umask(0)
    os.umask(mask)
    return mask


def test_real_command_refuses_in_one_line():
    result = process("measure", CAT, BRICK, "--layers", "conv0")
    assert result.returncode == 2
    assert result.stdout == ""
    assert result.stderr == (
        "Error: Invalid value for '--layers': AlexNet has no layer 'conv0'; "
        "choose from: conv1, conv2, conv3, conv4, conv5.\n"
    )


@pytest.mark.parametrize("arguments", [["--help"], ["samples"], ["distortions"], ["measure", "--help"]])
def test_lists_and_help_do_not_wait_for_torch(arguments):
    command = [sys.executable, "-X", "importtime", "-m", "explorer", *arguments]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=True)
    imported = set(re.findall(r"\| +(\w+)[\w.]*$", result.stderr, re.MULTILINE))
    assert {"explorer", "click", "PIL"} <= imported
    assert not {"torch", "torchvision", "streamlit", "plotly"} & imported


def test_closed_pipe_is_no_traceback():
    reader, writer = os.pipe()
    os.close(reader)
    try:
        command = [sys.executable, "-m", "explorer", "samples"]
        result = subprocess.run(
            command, cwd=ROOT, stdout=writer, stderr=subprocess.PIPE, text=True, timeout=60
        )
    finally:
        os.close(writer)
    assert (result.returncode, result.stderr) == (1, "")


def test_terminal_without_the_characters_still_gets_the_numbers():
    windows = "cp1252"  # has no σ
    result = process("distortions", env={**os.environ, "PYTHONIOENCODING": windows}, encoding=windows)
    assert (result.returncode, result.stderr) == (0, "")
    assert re.search(r"^gaussian_noise +noise +\? 48 levels", result.stdout, re.MULTILINE)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs a named pipe")
def test_interrupt_ends_quietly_and_leaves_no_file(tmp_path):
    waiting = tmp_path / "waiting.png"  # a pipe that nobody writes to: reading it lasts for ever
    os.mkfifo(waiting)
    arguments = ["distort", waiting, tmp_path / "out.png", "--name", "jpeg", "--severity", "1"]
    command = [sys.executable, "-m", "explorer", *map(str, arguments)]
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as child:
        deadline = time.monotonic() + 30
        while not list(tmp_path.glob(".*.part")) and time.monotonic() < deadline:
            time.sleep(0.01)
        child.send_signal(signal.SIGINT)
        stdout, stderr = child.communicate(timeout=30)
    assert child.returncode == 130
    assert (stdout, stderr.strip()) == ("", "")
    assert list(tmp_path.iterdir()) == [waiting]
