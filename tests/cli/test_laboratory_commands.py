"""`sweep` and `match` say what Python says, and refuse in one line."""

import csv
import json

import numpy as np
import pytest
from PIL import Image

import explorer
from explorer.analysis.match import USUAL
from tests.cli.commands import CAT, refusal, run

SMALL = ("--size", "96", "--device", "cpu")


def test_a_sweep_has_the_numbers_that_python_has_in_json_csv_and_text(tmp_path):
    asked = ("sweep", CAT, "--name", "jpeg", "--parameter", "quality", "--from", "10", "--to", "30", *SMALL)
    found = explorer.sweep(CAT, "jpeg", "quality", 10, 30, points=3, size=96, device="cpu")
    plain = json.loads(run(*asked, "--points", "3", "--json").stdout)
    assert plain == json.loads(json.dumps(found.to_dict()))
    assert [point["quality"] for point in plain["points"]] == [10, 20, 30]

    table = tmp_path / "jpeg.csv"
    run(*asked, "--points", "3", "--csv", table)
    with table.open(newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert b"\r" not in table.read_bytes()
    assert [float(row["alexnet:lpips-0.1.score"]) for row in rows] == found.scores().tolist()
    assert [float(row["alexnet:lpips-0.1.conv2.distance"]) for row in rows] == found.distances()[
        :, 1
    ].tolist()

    text = run(*asked, "--points", "3").stdout
    assert "JPEG of cat.png: AlexNet · LPIPS v0.1, at 96 × " in text
    assert f"{found.scores()[1]:.4f}" in text


def test_a_sweep_is_written_as_arrays_and_drawn(tmp_path):
    arrays, drawn = tmp_path / "jpeg.npz", tmp_path / "jpeg.png"
    asked = ("sweep", CAT, "--name", "jpeg", "--points", "3", *SMALL)
    said = run(*asked, "--npz", arrays, "--figure", drawn, "--json")
    plain = json.loads(said.stdout)
    with np.load(arrays) as held:
        scores = [point["methods"][0]["score"] for point in plain["points"]]
        assert held["score"][0].tolist() == scores
        assert json.loads(str(held["sweeps"])) == [plain]
    with Image.open(drawn) as picture:
        assert picture.width == 2400
    assert "must end in .npz" in refusal(*asked, "--npz", drawn)


def test_a_sweep_of_severities_begins_with_the_image_itself():
    plain = json.loads(run("sweep", CAT, "--name", "contrast", "--points", "2", *SMALL, "--json").stdout)
    first, last = plain["points"]
    assert (first["severity"], first["psnr"], first["ssim"], first["methods"][0]["score"]) == (0, None, 1, 0)
    assert last["methods"][0]["score"] == sum(last["methods"][0]["layers"].values())


def test_equal_pictures_are_written_and_told_with_what_they_take(tmp_path):
    folder = tmp_path / "new" / "equal"
    asked = ("match", CAT, "--target", "25", "--names", "gaussian_noise, jpeg", *SMALL, "--folder", folder)
    told = json.loads(run(*asked, "--json").stdout)
    asked_for = told["reference"], told["metric"], told["target"], told["method"]["backbone"]
    assert asked_for == ("cat.png", "psnr", 25, "alexnet")
    noise, jpeg = told["matches"]
    assert noise["outcome"] == "reached"
    assert noise["value"] == pytest.approx(25, abs=0.02)
    found = explorer.match(CAT, "psnr", 25.0, ["gaussian_noise", "jpeg"], size=96, device="cpu")
    assert noise["values"] == found[0].parameters
    assert noise["psnr"] == {"value": noise["value"], "rank": 1}
    with Image.open(folder / "gaussian_noise.png") as image:
        own = explorer.measure(found[0].reference.pixels, image, device="cpu")
    assert noise["lpips"]["value"] == pytest.approx(own.score, abs=1e-6)
    assert jpeg["values"] == found[1].parameters
    for each in found:
        with Image.open(folder / f"{each.name}.png") as image:
            np.testing.assert_array_equal(np.asarray(image), each.image)


def test_a_choice_of_distortions_is_tuned_where_none_is_named():
    lines = run("match", CAT, "--target", "0.9", "--metric", "ssim", "--size", "32").stdout.splitlines()
    assert " have SSIM 0.9" in lines[0]
    rows = lines[3:]
    assert {name for line in rows for name in USUAL if f" {name} " in line} == set(USUAL)
    ranks = [int(line.split()[0]) for line in rows if line.split()[0].isdecimal()]
    assert ranks == sorted(ranks)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (
            ("sweep", CAT, "--name", "jpeg", "--from", "3"),
            "--from and --to are the ends of a parameter",
        ),
        (("sweep", CAT, "--name", "jpeg", "--parameter", "sigma"), "no parameter 'sigma'; it takes quality"),
        (("sweep", CAT, "--name", "jpeg", "--points", "1"), "'--points': 1 points were"),
        (("sweep", CAT, "--name", "jpeg", "--csv", "a.csv", "--json"), "one place is enough"),
        (("sweep", CAT, "--name", "jpeg", "--csv", "a.txt"), "must end in .csv"),
        (("sweep", CAT, "--name", "jpeg", "--size", "20"), "'--size': "),
        (("match", CAT, "--target", "nan"), "'--target': The PSNR asked for is nan"),
        (("match", CAT, "--target", "2", "--metric", "ssim"), "choose a number from -1 to 1"),
        (("match", CAT, "--target", "26", "--names", "fog"), "There is no distortion 'fog'"),
        (("match", CAT, "--target", "26", "--folder", CAT), "cannot be made"),
        (("match", CAT, "--target", "0.9", "--metric", "ssim", "--size", "8"), "'--size': SSIM needs"),
    ],
)
def test_what_cannot_be_is_refused_in_one_line(words, sentence):
    assert sentence in refusal(*words)
