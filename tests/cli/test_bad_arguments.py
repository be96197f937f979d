"""Bad input is one line that names the mend, exit code 2, and nothing written."""

import os

import numpy as np
import pytest

from explorer.samples import FOLDER
from tests.cli.commands import BRICK, CAT, refusal, save


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("mesure",), ["No such command 'mesure'", "open, measure, region", "two images", "--help"]),
        (("mesure", CAT, CAT), ["No such command 'mesure'"]),
        (("--verbose",), ["No such option '--verbose'", "open --help"]),
        ((CAT,), ["REFERENCE and DISTORTED, not on 1", "open --help"]),
        ((CAT, CAT, CAT), ["not on 3", "`measure` takes any number"]),
        ((CAT, CAT, "--json"), ["No such option '--json'", "open --help"]),
        ((CAT, "nowhere.png"), ["no file nowhere.png", "check the path"]),
        (("nowhere.png",), ["no file nowhere.png", "check the path"]),
        ((CAT, FOLDER / "README.md"), ["README.md is text", "choose a PNG"]),
        (("open", FOLDER, FOLDER), ["samples is a folder", "name an image file"]),
        (("--port", "0"), ["'--port'", "0 is not in the range"]),
        (("--port", "web", CAT, CAT), ["'--port'", "'web'"]),
        (("--no-browser", "--theme.base"), ["'--theme.base' requires an argument"]),
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
        (("measure", CAT, CAT, "--backbone", "vgg19"), ["'--backbone'", "'vgg19'", "alexnet, vgg16"]),
        (
            ("measure", CAT, CAT, "--backbone", "resnet18", "--heads", "lpips-0.1"),
            ["'--heads'", "ResNet-18 has no heads 'lpips-0.1'", "uniform"],
        ),
        (
            ("measure", CAT, CAT, "--backbone", "vgg16", "--layers", "conv1"),
            ["'--layers'", "VGG16 has no layer 'conv1'", "conv1_2"],
        ),
        (("measure", CAT, CAT, "--layers", "features.0"), ["'--layers'", "features.0", "uniform"]),
        (
            ("measure", CAT, CAT, "--layers", "features.99", "--heads", "uniform"),
            ["'--layers'", "'features.99'"],
        ),
        (("measure", CAT, CAT, "--weights", "mine"), ["'--weights'", "'mine'", "'trained', 'random'"]),
        (("measure", CAT, CAT, "--precision", "fp16"), ["'--precision'", "'fp16'", "'bf16'"]),
        (
            ("measure", CAT, CAT, "--precision", "tf32", "--device", "cpu"),
            ["'--precision'", "'tf32'", "float32, bf16"],
        ),
        (("measure", CAT, CAT, "--device", "abacus"), ["'--device'", "'abacus'", "auto"]),
        (("measure", CAT, CAT, "--csv", "t.csv", "--maps", "m.npz"), ["'--maps'", "--csv"]),
        (
            ("measure", CAT, CAT, "--backbone", "alexnet,squeezenet1_1", "--maps", "m.npz"),
            ["'--maps'", "one backbone"],
        ),
        (
            ("measure", CAT, CAT, "--backbone", "alexnet,alex"),
            ["'--backbone'", "alexnet is named twice", "once"],
        ),
        (("measure", CAT, CAT, "--backbone", "alexnet,"), ["'--backbone'", "no backbone ''", "vgg16"]),
        (("region", CAT, CAT, "--backbone", "alexnet,vgg16"), ["'--backbone'", "`measure` alone"]),
        (
            ("measure", FOLDER, FOLDER, "--backbone", "alexnet,vgg16", "--layers", "conv1"),
            ["'--layers'", "VGG16 has no layer 'conv1'"],
        ),
        (("measure", CAT, FOLDER / "nothing", "--csv", "t.csv"), ["no file", "check the path"]),
        (("measure", FOLDER, FOLDER, "--csv", "t.txt"), ["'--csv'", "t.txt", "end in .csv"]),
        (("measure", FOLDER, FOLDER, "--csv", "t.csv", "--json"), ["'--csv'", "--json"]),
        (("measure", FOLDER, FOLDER, "--maps", "m.npz"), ["'--maps'", "one pair"]),
        (("measure", FOLDER, FOLDER, FOLDER), ["'DISTORTED'", "samples is a folder", "two at a time"]),
        (("measure", CAT, CAT, FOLDER), ["'DISTORTED'", "samples is a folder"]),
        (("measure", FOLDER, CAT), ["'DISTORTED'", "samples is a folder", "cat.png is not"]),
        (("measure", FOLDER, FOLDER.parents[1] / "tests"), ["No image in", "has a partner", "same name"]),
        (("measure", FOLDER, FOLDER, "--size", "20"), ["'--size'", "20 × 20", "AlexNet needs at least 31"]),
        (("measure", FOLDER, FOLDER, "--csv", "no/t.csv"), ["'--csv'", "no/t.csv cannot be written"]),
        (("backbones", "vgg19"), ["'NAME'", "'vgg19'", "alexnet, vgg16"]),
        (("weights",), ["Missing command", "weights --help"]),
        (("weights", "fetch"), ["NAME", "weights fetch --help"]),
        (("weights", "fetch", "alexnet", "vgg19"), ["'NAME'", "'vgg19'", "alexnet, vgg16"]),
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
