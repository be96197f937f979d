"""`calibrate` learns heads from a folder of votes, keeps them, and refuses in one line."""

import json

import pytest

from tests.cli.commands import CAT, refusal, run
from tests.judgments.calibration.folder import votes_folder


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return votes_folder(tmp_path_factory.mktemp("votes"))


@pytest.fixture(autouse=True)
def heads(tmp_path, monkeypatch):
    monkeypatch.setenv("EXPLORER_HEADS", str(tmp_path / "heads"))
    return tmp_path / "heads"


def test_heads_that_are_kept_measure_and_a_taken_name_is_refused_before_learning(folder, heads):
    found = json.loads(run("calibrate", folder, "--name", "mine", "--seed", "3", "--json").stdout)
    assert found["heads"].startswith("yours-mine.")
    assert found["learned_from"]["trials"] == 60
    assert found["learned_from"]["seed"] == 3
    assert set(found["held_out"]["scores"]) >= {"New heads", "LPIPS v0.1", "Uniform"}
    assert [path.name for path in heads.iterdir()] == ["alexnet-yours-mine.safetensors"]
    small = ("--size", "64", "--json")
    measured = json.loads(run("measure", CAT, CAT, "--heads", "yours-mine", *small).stdout)
    assert measured["heads"] == found["heads"]
    assert "yours-mine" in run("backbones", "alexnet").stdout
    assert "already; choose another name" in refusal("calibrate", "no/folder", "--name", "mine")


def test_without_a_name_nothing_is_kept(folder, heads):
    text = run("calibrate", folder).stdout
    assert "The new heads agree with" in text
    assert "conv5" in text
    assert not heads.exists()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "one of the two"),
        (("nowhere",), "There is no nowhere"),
        (("nowhere", "--simulated"), "one of the two"),
        (("nowhere", "--backbone", "alexnot"), "alexnot"),
        (("nowhere", "--backbone", "dists"), "no maps"),
        (("nowhere", "--name", "a b"), "letters from A to Z"),
    ],
)
def test_what_cannot_be_learned_is_refused_in_one_line(arguments, words):
    assert words in refusal("calibrate", *arguments)
