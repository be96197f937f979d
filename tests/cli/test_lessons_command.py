"""`lessons`: the list, the check of a file, and links that the page Learn takes."""

import re
from urllib.parse import parse_qsl, urlsplit

import pytest
from click.testing import CliRunner

from explorer.cli import shell
from explorer.lessons.library import FOLDER, library
from explorer.lessons.reading import bundled, bundled_paths
from explorer.views.learn.view import LearnView
from tests.cli.commands import refusal, run

OWN = "lesson: My own\nsteps:\n  - chapter: One\n    question: Why is it so?\n    view: region?sample=cat\n"


def test_all_lessons_are_listed_and_a_broken_one_of_the_folder_is_noted(tmp_path, monkeypatch):
    monkeypatch.setenv(FOLDER, str(tmp_path))
    (tmp_path / "own.yaml").write_text(OWN)
    (tmp_path / "broken.yaml").write_text(OWN + "    txt: x\n")
    result = run("lessons", "list")
    rows = [re.split("  +", line) for line in result.stdout.splitlines()[1:]]
    assert [row[0] for row in rows] == [file.lesson.name for file in library().files]
    assert rows[-1] == ["own", "10", "1", "1", "in EXPLORER_LESSONS", "My own"]
    assert result.stderr == "Note: broken.yaml: Line 6: there is no “txt”; did you mean text?\n"


def test_a_file_is_checked(tmp_path):
    (tmp_path / "own.yaml").write_text(OWN)
    (tmp_path / "broken.yaml").write_text(OWN + "    txt: x\n")
    good = run("lessons", "check", tmp_path / "own.yaml", *bundled_paths()).stdout.splitlines()
    assert good[0] == f"{tmp_path}/own.yaml: “My own”, 10 minutes, 1 step; words of its chapters: 4."
    assert len(good) == 1 + len(bundled_paths())
    result = CliRunner().invoke(shell, ["lessons", "check", *map(str, (tmp_path / "broken.yaml", tmp_path))])
    assert result.exit_code == 1
    broken, folder = result.stderr.splitlines()
    assert broken == f"Error: {tmp_path}/broken.yaml: Line 6: there is no “txt”; did you mean text?"
    assert "cannot be read" in folder


def test_what_a_scene_cannot_show_is_told_with_its_line(tmp_path):
    (tmp_path / "own.yaml").write_text(OWN.replace("region?sample=cat", "learn?scene=cell&cell_x=nan"))
    result = CliRunner().invoke(shell, ["lessons", "check", str(tmp_path / "own.yaml")])
    assert result.exit_code == 1
    assert "own.yaml: Line 5: the view cannot be had: cell_x “nan”: it must be a number" in result.stderr


def test_links_open_every_step_as_the_page_learn_reads_them():
    lesson = bundled("restored-eye")
    lines = run(
        "lessons", "links", "restored-eye", "--class", "--server", "https://example.org/below/"
    ).stdout
    for line, place in zip(lines.splitlines(), lesson.places, strict=True):
        link, chapter, step, title = line.split("\t")
        parts = urlsplit(link)
        assert (parts.netloc, parts.path) == ("example.org", "/below/learn")
        view, problems = LearnView.from_link(dict(parse_qsl(parts.query)))
        assert (view.lesson, view.chapter, view.step, view.is_classroom) == ("restored-eye", *place, True)
        assert (int(chapter), int(step)) == place
        assert title == lesson.chapters[place[0] - 1].title
        assert not problems


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("links", "../x"), "choose one of ten-minutes"),
        (("links", "--server", "javascript:alert(1)"), "--server"),
        (("check", "nowhere.yaml"), "There is no file"),
    ],
)
def test_what_cannot_be_is_told(arguments, words):
    assert words in refusal("lessons", *arguments)
