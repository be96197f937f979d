"""Where lessons are: with the app, in a folder, in a browser; and how a link names them."""

import os

import pytest

from explorer.errors import ImageError, LessonError, SettingError
from explorer.lessons.library import FOLDER, address_of, digest_in, find, library, uploaded
from explorer.lessons.reading import USUAL, bundled, bundled_paths, read

OWN = b"lesson: My own\nsteps:\n  - chapter: One\n    view: region?sample=cat\n"
BUNDLED = [path.stem for path in bundled_paths()]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv(FOLDER, str(tmp_path))
    return tmp_path


def test_the_lessons_of_the_app_are_there_the_usual_one_first():
    files = library().files
    assert [file.lesson.name for file in files] == BUNDLED
    assert files[0].lesson == bundled(USUAL)
    assert {"shift-fools-psnr", "jpeg-blocks", "restored-eye"} <= set(BUNDLED)


def test_a_folders_lessons_come_behind_and_follow_what_changes_in_it(folder):
    (folder / "own.yaml").write_bytes(OWN)
    (folder / "notes.txt").write_text("no lesson")
    assert [file.lesson.title for file in library().files[len(BUNDLED) :]] == ["My own"]
    assert find("own").data == OWN
    (folder / "own.yaml").write_bytes(OWN.replace(b"My own", b"My new one"))
    assert find("own").lesson.title == "My new one"
    (folder / "own.yaml").unlink()
    with pytest.raises(LessonError, match="no lesson “own”"):
        find("own")


def test_what_is_no_lesson_in_the_folder_is_told_and_takes_nothing_else_away(folder):
    (folder / "own.yaml").write_bytes(OWN)
    (folder / "broken.yaml").write_bytes(OWN + b"    txt: x\n")
    (folder / f"{USUAL}.yaml").write_bytes(OWN)
    (folder / "Odd name.yaml").write_bytes(OWN)
    (folder / "huge.yaml").write_bytes(b"x" * 100_000)
    (folder / "letter.yaml").write_bytes(OWN + b'    text: "\\U00110000"\n')
    found = library()
    assert [file.lesson.name for file in found.files] == [*BUNDLED, "own"]
    told = dict(fault.split(": ", 1) for fault in found.faults)
    assert told["broken.yaml"] == "Line 5: there is no “txt”; did you mean text?"
    assert "another lesson" in told[f"{USUAL}.yaml"]
    assert "small letters" in told["Odd name.yaml"]
    assert "KB" in told["huge.yaml"]
    assert told["letter.yaml"].startswith("Line 5: ")


@pytest.mark.parametrize("kind", [ImageError, SettingError])
def test_a_file_that_fails_in_another_way_takes_nothing_else_away(folder, monkeypatch, kind):
    def failing(name: str, data: bytes):
        if name == "bad":
            raise kind("It is bad.")
        return read(name, data)

    for name in ("bad", "own"):
        (folder / f"{name}.yaml").write_bytes(OWN)
    monkeypatch.setattr("explorer.lessons.library.read", failing)
    found = library()
    assert [file.lesson.name for file in found.files] == [*BUNDLED, "own"]
    assert found.faults == ("bad.yaml: It is bad.",)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read all")
def test_a_file_that_may_not_be_read_is_told(folder):
    (folder / "own.yaml").write_bytes(OWN)
    (folder / "own.yaml").chmod(0)
    assert "permissions" in library().faults[0]


def test_a_folder_that_is_not_there_has_no_lessons(monkeypatch):
    monkeypatch.setenv(FOLDER, "/nowhere/at/all")
    assert len(library().files) == len(BUNDLED)


@pytest.mark.parametrize(
    "file", ["My lesson.yaml", "C:\\x\\my-lesson.yml", "../../my_lesson", "…", ".yaml", "a" * 300]
)
def test_an_uploaded_lesson_is_named_by_its_file_and_what_is_in_it(file):
    own = uploaded(file, OWN)
    assert digest_in(own.lesson.name)
    assert len(own.lesson.name) < 80
    assert find(own.lesson.name, [own]) is own
    assert uploaded(file, OWN + b"# changed\n").lesson.name != own.lesson.name
    with pytest.raises(LessonError, match="upload"):
        find(own.lesson.name)


@pytest.mark.parametrize("name", ["../../app", "ten-minutes.yaml", "", "x" * 5000, "<b>", "none~123"])
def test_a_name_that_no_lesson_has_is_told_in_a_short_sentence(name):
    with pytest.raises(LessonError) as error:
        find(name)
    assert len(str(error.value)) < 150


def test_an_address_says_what_is_not_usual_and_no_more():
    assert address_of(USUAL) == "learn"
    assert address_of(USUAL, 3, 2, is_classroom=True) == "learn?chapter=3&step=2&classroom=1"
    assert address_of("own~0123456789ab", 1, 2) == "learn?lesson=own~0123456789ab&step=2"
