"""`directions` finds what Python finds, writes it, and refuses in one line."""

import json

import numpy as np
import pytest
from PIL import Image

from explorer import synthesis
from tests.cli.commands import CAT, refusal, run

SMALL = ("--size", "64", "--device", "cpu", "--steps", "3")


def test_both_pictures_are_written_and_told_with_the_numbers_that_python_has(tmp_path):
    said = run("directions", CAT, *SMALL, "--seed", "2", "--at", "38", "--json", "-o", tmp_path / "cat.png")
    found = synthesis.directions(CAT, at=38.0, steps=3, seed=2, size=64, device="cpu")
    assert json.loads(said.stdout) == json.loads(json.dumps(found.to_dict()))
    for word, seen in zip(("most", "least"), found.pair("sum"), strict=True):
        with Image.open(tmp_path / f"cat-{word}.png") as image:
            np.testing.assert_array_equal(np.asarray(image), seen.picture.pixels)


def test_a_layer_alone_and_layers_each_for_itself_are_told_beside_the_whole_score(tmp_path):
    alone = json.loads(run("directions", CAT, *SMALL, "--layers", "conv2", "--json").stdout)
    assert [row["seen_by"] for row in alone["directions"]] == ["conv2", "conv2"]
    assert len(alone["method"]["layers"]) == 5

    asked = ("directions", CAT, *SMALL, "--layers", "conv1,conv2", "--each", "-o", tmp_path / "cat.png")
    lines = run(*asked).stdout.splitlines()
    assert lines[0].startswith(
        "cat.png at 64 × 64 pixels, by AlexNet · LPIPS v0.1: Of two changes of 40 dB each"
    )
    assert [line.split()[:3] for line in lines[3:]] == [
        [name, word, "3"] for name in ("conv1", "conv2") for word in ("most", "least")
    ]
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        f"cat-{name}-{word}.png" for name in ("conv1", "conv2") for word in ("least", "most")
    ]


def test_the_sum_is_seen_beside_a_layer_or_alone():
    found = json.loads(run("directions", CAT, *SMALL, "--layers", "conv2,sum", "--each", "--json").stdout)
    expected = synthesis.directions(CAT, ["sum", "conv2"], steps=3, size=64, device="cpu")
    assert found == json.loads(json.dumps(expected.to_dict()))
    alone = json.loads(run("directions", CAT, *SMALL, "--layers", "sum", "--json").stdout)
    assert alone["directions"] == found["directions"][:2]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--at", "12"), "'--at': Directions are shown at 24 to 56 dB, not at 12"),
        (("--at", "nan"), "'--at': Directions are shown at 24 to 56 dB, not at nan"),
        (("--each",), "'--each': Name them with --layers, 1 to 3 of sum, conv1, conv2"),
        (("--each", "--layers", "conv1,conv2,conv3,sum"), "'--layers': 4 were asked; choose 1 to 3, of sum"),
        (("--layers", "sum,conv1"), "'--layers': sum is all layers together; add --each"),
        (("--layers", "sum,fog", "--each"), "AlexNet has no layer 'fog'"),
        (("--backbone", "dists"), "'--backbone': VGG16 · DISTS has no gradient here"),
        (("--steps", "10000"), "'--steps': The number of steps is 10000"),
        (("-o", "out.jpg"), "'--output': out.jpg must end in .png"),
        (("-o", "no/such/folder.png"), "cannot be written"),
        (("--size", "20"), "AlexNet needs at least 31"),
    ],
)
def test_what_cannot_be_is_refused_in_one_line(words, sentence):
    rest = () if "--size" in words else ("--size", "64")
    assert sentence in refusal("directions", CAT, *rest, *words)
