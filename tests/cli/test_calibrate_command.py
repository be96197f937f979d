"""`calibrate` learns heads from a folder of votes, keeps them, and refuses in one line."""

import json

import pytest
import torch

import explorer
from explorer.files.own_metrics import read_metric
from explorer.judgments.calibration import training
from explorer.judgments.store import opened_store
from tests.cli.commands import CAT, refusal, run
from tests.judgments.calibration.folder import votes_folder
from tests.judgments.classes import People, session, vote


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return votes_folder(tmp_path_factory.mktemp("votes"))


@pytest.fixture(autouse=True)
def heads(tmp_path, monkeypatch):
    monkeypatch.setattr(training, "LEAST_STEPS", 10)  # what is asked here does not need good heads
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
        ((), "one of the three"),
        (("nowhere",), "There is no nowhere"),
        (("nowhere", "--simulated"), "one of the three"),
        (("nowhere", "--session", "C4P7XM"), "one of the three"),
        (("nowhere", "--leave-out", "1"), "Sentinels are known of a --session alone"),
        (("--session", "C4P7XM"), "No session has this code"),
        (("nowhere", "--tune"), "--out FILE"),
        (("nowhere", "--out", "x.safetensors"), "heads alone are kept by --name"),
        (("nowhere", "--scratch", "--out", "x", "--name", "mine"), "a whole metric"),
        (("--simulated", "--tune", "--out", "x"), "name a FOLDER or --session"),
        (("nowhere", "--tune", "--out", "no/folder/x"), "no/folder"),
        (("nowhere", "--tune", "--out", "x", "--device", "abacus"), "abacus"),
        (("nowhere", "--backbone", "alexnot"), "alexnot"),
        (("nowhere", "--backbone", "dists"), "no maps"),
        (("nowhere", "--name", "a b"), "letters from A to Z"),
    ],
)
def test_what_cannot_be_learned_is_refused_in_one_line(arguments, words):
    assert words in refusal("calibrate", *arguments)


def test_a_class_is_learned_from_by_its_code_and_too_few_votes_are_told(tmp_path, monkeypatch):
    monkeypatch.setenv("EXPLORER_VOTES", str(tmp_path / "votes"))
    store = opened_store()
    keys, plan = session(store, count=52)
    vote(store, keys.code, plan, People(store, plan), 1)
    found = json.loads(run("calibrate", "--session", keys.code, "--leave-out", "1", "--json").stdout)
    told = found["learned_from"]
    assert (told["votes"], told["trials"], told["size"]) == (f"class {keys.code}", 52, 0)
    few, plan = session(store)
    vote(store, few.code, plan, People(store, plan), 1)
    store.release()
    said = refusal("calibrate", "--session", few.code)
    assert "--session" in said
    assert "50 trials" in said
    assert "these are 12 about" in said


def test_a_file_of_heads_that_is_none_is_said_beside_the_lists(heads):
    heads.mkdir()
    (heads / "alexnet-yours-mine.safetensors").write_bytes(b"nothing")
    for command in (("backbones",), ("weights", "list")):
        found = run(*command)
        assert "alexnet-yours-mine.safetensors is no safetensors file" in found.stderr
        assert "yours-mine" not in found.stdout


def test_a_metric_is_trained_into_a_file_that_python_loads(tmp_path, monkeypatch):
    monkeypatch.setattr(training, "FULL", 1)
    monkeypatch.setattr(training, "FALLING", 1)
    folder, out = votes_folder(tmp_path, 51), tmp_path / "tuned.safetensors"
    (folder / "train" / "made" / "p1" / "000003.png").write_bytes(b"no picture")
    ended = run("calibrate", folder, "--tune", "--out", out, "--seed", "2")
    assert "made/000003 is left out" in ended.stderr
    assert "The trained metric agrees with" in ended.stdout
    metric = read_metric(out)
    assert (metric.way, metric.provenance.trials, metric.provenance.seed) == ("tune", 50, 2)
    pictures = torch.zeros(1, 3, 64, 64)
    assert explorer.Lpips.from_file(out)(pictures, pictures + 0.5).item() > 0
    before = out.read_bytes()
    few = votes_folder(tmp_path / "few", 12)
    assert "these are 12 about 12" in refusal("calibrate", few, "--scratch", "--out", out)
    assert out.read_bytes() == before
