"""`verdict` says what Python says, writes the changed image, and refuses in one line."""

import json

import numpy as np
import pytest
from PIL import Image

import explorer
from explorer import synthesis
from explorer.distortions import distort
from explorer.images import load, resize
from tests.cli.commands import CAT, refusal, run, save, strict


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """A reference, a faint noise, and a blur."""
    folder = tmp_path_factory.mktemp("versions")
    reference = resize(load(CAT), 64)
    versions = {"reference": reference.pixels} | {
        name: distort(reference, kind, severity)
        for name, kind, severity in (("noise", "gaussian_noise", 0.3), ("blur", "gaussian_blur", 0.5))
    }
    return [save(pixels, folder / f"{name}.png") for name, pixels in versions.items()]


def test_the_changed_image_is_written_and_told_with_the_numbers_that_python_has(files, tmp_path):
    target = tmp_path / "turned.png"
    asked = ("verdict", *files, "--levels", "4", "--steps", "3", "--beside", "squeezenet1_1:uniform")
    told = strict(run(*asked, "-o", target, "--json").stdout)
    found = synthesis.turn_verdict(*files, levels=4, steps=3, witnesses=["squeezenet1_1:uniform"])
    assert told == json.loads(
        json.dumps({"reference": "reference.png", "a": "noise.png", "b": "blur.png"} | found.to_dict())
    )
    assert [each["metric"] for each in told["opinions"]][-1] == "squeezenet1_1:uniform"
    assert told["levels"] <= 4
    assert told["curves"][told["changed"]] == found.journey.curves[found.changed]
    with Image.open(target) as image:
        np.testing.assert_array_equal(np.asarray(image), found.now.picture.pixels)


def test_people_read_a_sentence_and_a_row_a_metric(files):
    lines = run("verdict", *files, "--psnr", "42", "--steps", "2", "--beside", "").stdout.splitlines()
    found = synthesis.turn_verdict(*files, psnr=42, steps=2, witnesses=())
    assert found.sentence in lines[0]
    assert "at 64 × 64 pixels" in lines[2]
    rows = lines[4:]
    assert rows[0].split() == ["A", "before", "A", "changed", "B"]
    assert len(rows) == 4
    assert all(each.outcome.value in row for each, row in zip(found.opinions(), rows[1:], strict=True))


def test_at_one_score_the_first_column_is_of_b_scaled_and_not_of_the_file(files):
    _, noise, blur = files
    lines = run("verdict", *files, "--same-score", "--steps", "1", "--beside", "").stdout.splitlines()
    rows = [line.split() for line in lines[4:]]
    assert rows[0] == ["B", "scaled", "B", "changed", "A"]
    measured = explorer.measure(files[0], blur).score
    assert float(rows[1][-3]) != pytest.approx(measured, rel=0.1)
    assert float(rows[1][-3]) == pytest.approx(explorer.measure(files[0], noise).score, rel=0.01)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--levels", "17"), "'--levels': The bound is 17; choose a whole number from 1 to 16"),
        (("--psnr", "nan"), "'--psnr': The bound is nan dB; choose a number from 20 to 60"),
        (("--levels", "2", "--same-score"), "only one can be asked for"),
        (("--steps", "0"), "'--steps': The number of steps is 0"),
        (("--backbone", "dists"), "'--backbone': VGG16 · DISTS has no gradient here"),
        (("--beside", "fog"), "'--beside': There is no metric 'fog'"),
        (("-o", "out.jpg"), "'--output': out.jpg must end in .png"),
    ],
)
def test_what_cannot_be_is_refused_in_one_line(files, words, sentence):
    assert sentence in refusal("verdict", *files, *words)


def test_versions_that_leave_nothing_to_turn_are_refused_in_one_line(files):
    reference, noise, _ = files
    same = refusal("verdict", reference, noise, noise)
    assert "A and B are the same picture; choose two versions that differ." in same
    assert "'--" not in same  # no flag is to blame
    assert "finds no difference" in refusal("verdict", reference, reference, noise)
    assert "There is no file gone.png" in refusal("verdict", reference, noise, "gone.png")
