"""What a guest's path reaches: files below the root, by whatever links, and nothing else."""

import os
from pathlib import Path

import pytest

from explorer.errors import SettingError
from explorer.files import below as below_module
from explorer.files.below import Finder, below, folders_below, is_inside, tables_below


@pytest.fixture
def root(tmp_path):
    """A root with a file in a folder, and beside it, outside, another of nearly the same name."""
    files = "root/night/a.png", "root/scores.csv", "root-2/secret.png", "outside.csv", "root/.hidden/x.png"
    for path in (*files, "root/.x.csv"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(b"x")
    (tmp_path / "root/in.csv").symlink_to(tmp_path / "root/scores.csv")
    (tmp_path / "root/out.csv").symlink_to(tmp_path / "outside.csv")
    (tmp_path / "root/aside").symlink_to(tmp_path / "root-2")
    (tmp_path / "root/circle").symlink_to(tmp_path / "root/circle")
    return tmp_path / "root"


def test_a_path_below_the_root_is_found_also_through_a_link_that_stays_inside(root):
    assert below(root, "night/a.png") == root / "night/a.png"
    assert below(root, "./night//a.png") == root / "night/a.png"
    assert below(root, "in.csv") == root / "scores.csv"
    assert below(root, ".") == below(root, "") == root


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("../outside.csv", "climbs out"),
        ("night/../../outside.csv", "climbs out"),
        ("night\\..\\..\\outside.csv", "climbs out"),
        ("..", "climbs out"),
        ("night/..", "climbs out"),
        ("/etc/passwd", "absolute"),
        ("//server/share/x.csv", "absolute"),
        ("\\\\server\\share\\x.csv", "absolute"),
        ("\\x.csv", "absolute"),
        ("C:\\x.csv", "absolute"),
        ("c:x.csv", "absolute"),
        ("night/a.png\0.csv", "no path has"),
        (".x.csv", "is hidden"),
        (".hidden/x.png", "is hidden"),
        ("night\\.x.csv", "is hidden"),
        ("out.csv", "leads out"),
        ("aside", "leads out"),
        ("aside/secret.png", "leads out"),
        ("circle", "There is no"),
        ("nowhere.csv", "There is no"),
        ("scores.csv/x", "There is no"),
        ("x" * 5000, "There is no"),
    ],
)
def test_whatever_else_is_refused_in_a_sentence_that_names_no_place_of_the_machine(root, text, words):
    with pytest.raises(SettingError) as refused:
        below(root, text)
    sentence = str(refused.value)
    assert words in sentence
    assert sentence.endswith(".")
    assert str(root) not in sentence
    assert "\0" not in sentence
    assert len(sentence) < 200


def test_the_root_may_be_a_link_itself(root, tmp_path):
    (tmp_path / "link").symlink_to(root)
    assert below(tmp_path / "link", "scores.csv") == root / "scores.csv"
    with pytest.raises(SettingError, match="leads out"):
        below(tmp_path / "link", "out.csv")


def test_a_folder_whose_name_begins_as_the_roots_is_not_inside(root):
    assert is_inside(root, root / "night")
    assert not is_inside(root, root.with_name("root-2"))
    assert not is_inside(root, root / "aside/secret.png")


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("night/a.png", "night/a.png"),
        ("../night/a.png", "night/a.png"),  # a table in a folder, written from there
        ("in.csv", "in.csv"),
        ("{root}/night/a.png", "night/a.png"),
        ("{root}/../outside.csv", None),
        ("../../outside.csv", None),
        ("out.csv", None),
        ("aside/secret.png", None),
        ("night/gone.png", None),
        ("/etc/passwd", None),
        ("a\0.png", None),
        ("", None),
        ("night", None),  # no file
        ("night/pipe.png", None),
        (".hidden/x.png", None),
        ("night/../.hidden/x.png", None),
        (".x.csv", None),
        ("kept.png", "kept.png"),  # a link to what is hidden, as some archives of data keep their files
    ],
)
def test_a_tables_files_are_found_from_its_folder_or_the_root_and_only_inside(root, name, found):
    (root / "tables").mkdir()
    os.mkfifo(root / "night/pipe.png")
    (root / "kept.png").symlink_to(root / ".hidden/x.png")
    path = Finder(root, root / "tables").find(name.format(root=root))
    assert path == (None if found is None else root / found)


@pytest.mark.parametrize(
    "name",
    [
        "\\\\attacker\\share\\a.png",
        "//attacker/share/a.png",
        "\\\\?\\C:\\a.png",
        "C:\\a.png",
        "c:a.png",
        "/net/attacker/a.png",
        "../../net/attacker/a.png",
        "night/../../root-2/secret.png",
        "{root}/../root-2/secret.png",
        "{root}-2/secret.png",
    ],
)
def test_a_name_that_leads_elsewhere_is_refused_before_any_file_system_is_asked(root, monkeypatch, name):
    def asked(*_, **__):
        raise AssertionError("a file system was asked")

    finder = Finder(root, root)
    with monkeypatch.context() as patch:
        for call in ("stat", "lstat", "scandir", "readlink"):
            patch.setattr(os, call, asked)
        found = finder.find(name.format(root=root))
    assert found is None


def test_each_folder_is_looked_into_once(root, monkeypatch):
    looked = []
    real = os.scandir
    monkeypatch.setattr(below_module.os, "scandir", lambda path: looked.append(Path(path)) or real(path))
    finder = Finder(root, root)
    assert [finder.find(f"night/{name}.png") is not None for name in "aaab"] == [True, True, True, False]
    assert looked == [root / "night"]


def test_lists_hold_what_can_be_opened_and_nothing_hidden_or_behind_a_link(root):
    for path in ("empty/notes.txt", "deep/er/b.JPG"):
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).touch()
    assert folders_below(root) == [".", "deep", "deep/er", "night"]
    assert tables_below(root) == ["in.csv", "scores.csv"]
