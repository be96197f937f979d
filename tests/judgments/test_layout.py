"""The paper's folders are read from any level, and whatever does not fit is named."""

import os
import pickle
import shutil

import numpy as np
import pytest

from explorer.errors import SettingError
from explorer.judgments import formats
from explorer.judgments.formats.arrays import read_share
from explorer.judgments.sets import Couple, Triplet
from tests.judgments.made import layout, picture, trial


@pytest.fixture
def root(tmp_path):
    return layout(tmp_path / "dataset")


def left_out(found):
    return {each.what: each.why for each in found.skipped}


@pytest.mark.parametrize("level", ["", "2afc", "2afc/val"])
def test_it_is_read_from_any_level_in_the_papers_order(root, level):
    found = formats.read(root / level)
    assert found.kind == "2afc"
    assert found.subsets == ("traditional", "cnn", "mine")
    assert [trial.name for trial in found.trials[:3]] == ["000000", "000001", "000002"]
    assert [trial.judge for trial in found.trials[:3]] == pytest.approx([0, 0.2, 0.4])
    first = found.trials[0]
    assert isinstance(first, Triplet)
    assert [path.parent.name for path in (first.reference, first.p0, first.p1)] == ["ref", "p0", "p1"]
    assert all(path.exists() for path in (first.reference, first.p0, first.p1))
    assert found.skipped == ()


def test_what_is_not_chosen_is_said_and_can_be_opened_by_itself(root):
    assert formats.read(root).notes == (
        "jnd is left out; open it by itself for what it holds.",
        "2afc/train is left out; open it by itself for what it holds.",
    )
    assert [trial.judge for trial in formats.read(root / "2afc" / "train").trials] == [1]
    one = formats.read(root / "2afc/val/cnn")
    assert (one.name, one.subsets, len(one.trials)) == ("cnn", ("cnn",), 2)


@pytest.mark.parametrize("level", ["jnd", "jnd/val", "jnd/val/cnn"])
def test_jnd_trials_are_read_too(root, level):
    found = formats.read(root / level)
    assert found.kind == "jnd"
    assert [trial.same for trial in found.trials] == pytest.approx([0, 1 / 3])
    assert all(isinstance(trial, Couple) for trial in found.trials)


def test_a_part_of_a_subset_says_what_to_open(root):
    with pytest.raises(SettingError, match="ref is no folder of judgments; open the folder above it"):
        formats.read(root / "2afc/val/cnn/ref")


@pytest.mark.parametrize("dtype", ["f2", "f4", ">f4", "f8", "g", "i1", "u8", "?"])
@pytest.mark.parametrize("shape", [(), (1,), (1, 1, 1)])
def test_a_share_is_read_from_an_array_of_any_type_of_number(tmp_path, dtype, shape):
    np.save(tmp_path / "a.npy", np.ones(shape, dtype))
    share, name = read_share(tmp_path / "a.npy")
    assert share == 1
    assert name == np.dtype(dtype).name


def test_an_array_of_pythons_second_version_is_read(tmp_path):
    file = tmp_path / "a.npy"
    np.save(file, np.array([0.25], "f4"))
    file.write_bytes(file.read_bytes().replace(b"(1,), ", b"(1L,),"))
    assert read_share(file) == (0.25, "float32")


def test_an_unusual_type_is_noted(root):
    trial(root / "2afc/val/cnn", "half", np.array([0.6], np.float16))
    found = formats.read(root / "2afc/val/cnn")
    assert found.notes == ("What people said is kept as float16, and is read as it is.",)
    assert found.trials[-1].judge == np.float16(0.6)


@pytest.mark.parametrize(
    ("array", "why"),
    [
        (np.array([1.4]), "it is 1.4, outside 0..1"),
        (np.array([-0.2]), "it is -0.2, outside 0..1"),
        (np.array([np.nan]), "it is no number"),
        (np.array([np.inf]), "it is inf, outside 0..1"),
        (np.array([0.2, 0.8]), "it has the shape (2,), and one number is needed"),
        (np.empty(0), "it has the shape (0,), and one number is needed"),
        (np.array(["yes"]), "it holds no number"),
        (np.array([1j]), "it holds no number"),
    ],
)
def test_a_share_that_is_none_is_left_out_with_the_reason(root, array, why):
    trial(root / "2afc/val/cnn", "odd", array)
    found = formats.read(root)
    assert left_out(found) == {"cnn/odd": f"judge: {why}"}
    assert len(found.trials) == 6


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "it is no .npy file"),
        (b"0.6\n", "it is no .npy file"),
        (b"\x93NUMPY\x01\x00v\x00{'descr': '<f4', 'fortr", "it is a damaged .npy file"),
        (b"\x93NUMPY\x01\x00v\x00" + b"(" * 118, "it is a damaged .npy file"),
        (b"\x93NUMPY\x07\x00v\x00" + b" " * 118, "it is a damaged .npy file"),
        (b"x" * 70_000, "it holds more than one number"),
    ],
)
def test_a_damaged_file_is_left_out_with_the_reason(root, data, why):
    trial(root / "2afc/val/cnn", "odd", 1.0)
    (root / "2afc/val/cnn/judge/odd.npy").write_bytes(data)
    assert left_out(formats.read(root)) == {"cnn/odd": f"judge: {why}"}


def test_a_cut_off_array_is_left_out(root):
    file = root / "2afc/val/cnn/judge/000001.npy"
    file.write_bytes(file.read_bytes()[:-2])
    assert left_out(formats.read(root)) == {"cnn/000001": "judge: it is cut off"}


class Trap:
    def __reduce__(self):
        return os.mkdir, ("sprung",)


def test_no_pickle_is_run(root, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    file = root / "2afc/val/cnn/judge/000001.npy"
    np.save(file, np.array([Trap()], object), allow_pickle=True)
    assert left_out(formats.read(root)) == {"cnn/000001": "judge: it holds no number"}
    file.write_bytes(pickle.dumps(Trap()))
    assert left_out(formats.read(root)) == {"cnn/000001": "judge: it is no .npy file"}
    assert not (tmp_path / "sprung").exists()


def test_missing_and_extra_partners_are_named(root):
    cnn = root / "2afc/val/cnn"
    (cnn / "p1/000000.png").unlink()
    picture(cnn / "ref/extra.png", 1)
    picture(cnn / "p0/000001.jpg", 2)
    (cnn / "p0/notes.txt").write_text("hello")
    (cnn / "judge/notes.txt").write_text("hello")
    found = formats.read(root)
    assert left_out(found) == {
        "2afc/val/cnn/p0/000001.png": "another file has this name with another ending",
        "2afc/val/cnn/judge/notes.txt": "it is no .npy file, by its name",
        "2afc/val/cnn/p0/notes.txt": "it is no picture, by its name",
        "cnn/000000": "it has no p1",
        "cnn/000001": "it has no p0",
        "cnn/extra": "it has no p0 and no p1 and no judge",
    }
    assert found.subsets == ("traditional", "mine")


def test_a_subset_without_a_folder_of_references_is_told_by_its_trials(root):
    shutil.rmtree(root / "2afc/val/cnn/ref")
    assert left_out(formats.read(root)) == {"cnn/000000": "it has no ref", "cnn/000001": "it has no ref"}


def test_where_nothing_can_be_used_the_sentence_says_why(root):
    shutil.rmtree(root / "2afc/val/mine/ref")
    with pytest.raises(
        SettingError, match="mine holds no trial that can be used: mine/000000: it has no ref"
    ):
        formats.read(root / "2afc/val/mine")


def test_no_link_is_followed_out_of_the_folder(root, tmp_path):
    other = tmp_path / "other"
    trial(other, "000009", 0.5)
    cnn = root / "2afc/val/cnn"
    for part in ("ref", "p0", "p1"):
        (cnn / part / "000000.png").unlink()
        (cnn / part / "000000.png").symlink_to(other / part / "000009.png")
    (root / "2afc/val/elsewhere").symlink_to(other)
    found = left_out(formats.read(root))
    led_out = "it is a link that leads out of the folder"
    assert found["2afc/val/cnn/ref/000000.png"] == led_out
    assert found["cnn/000000"] == "it has no ref and no p0 and no p1"
    assert found["2afc/val/elsewhere"] == led_out
    (cnn / "p1/000001.png").unlink()
    (cnn / "p1/000001.png").symlink_to(cnn / "p0/000001.png")  # which stays inside
    assert "cnn/000001" not in left_out(formats.read(root))


def test_trials_with_the_same_reference_belong_to_one_group(tmp_path):
    for stem in "abc":
        trial(tmp_path / "s", stem, 0.5, seed=4 if stem in "ac" else 9)
    assert [each.group for each in formats.read(tmp_path / "s").trials] == ["s/a", "s/b", "s/a"]


def test_a_thousand_reasons_are_told_and_the_rest_is_counted(tmp_path):
    trial(tmp_path / "s", "good", 0.5)
    for number in range(1005):
        (tmp_path / "s" / "ref" / f"{number:06d}.png").touch()
    found = formats.read(tmp_path / "s")
    assert len(found.skipped) == 1001
    assert sum(each.count for each in found.skipped) == 1005


def test_progress_is_told(root):
    told = []
    formats.read(root, lambda done, whole: told.append((done, whole)))
    assert told[0] == (0, 6)
    assert told[-1] == (6, 6)


@pytest.mark.parametrize("name", ["", "nothing", "a\0b", "x" * 5000])
def test_what_is_no_set_is_refused_in_a_sentence(tmp_path, name):
    with pytest.raises(SettingError, match=r"(; .*|names?)\.$") as error:
        formats.read(tmp_path / name if name else tmp_path)
    assert "\n" not in str(error.value)
