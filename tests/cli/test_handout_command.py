"""`lessons handout` writes a lesson to print, whole or not at all, on the lesson's picture or one's own."""

import re

import explorer
from explorer.images import load, resize
from tests.cli.commands import BRICK, CAT, refusal, run

LESSON = """\
lesson: Own
steps:
  - chapter: The sum
    view: learn?scene=ledger&sample=cat
    answer: A sum.
"""


def lesson(folder, text=LESSON):
    path = folder / "own.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_file_of_ones_own_on_ones_own_pair_has_its_numbers_and_its_answers(blurred, tmp_path):
    target = tmp_path / "out.html"
    result = run("lessons", "handout", lesson(tmp_path), CAT, blurred, "-o", target, "--answers")
    assert result.stdout == f"{target}\n"
    page = target.read_text(encoding="utf-8")
    measured = explorer.measure(*(resize(load(path), 300) for path in (CAT, blurred)))
    for layer in measured.layers:
        assert f'data-value="{layer.distance}"' in page
    assert "A sum." in page
    assert "1 of 1 chapters" in result.stderr
    assert {path.name for path in tmp_path.iterdir()} == {"own.yaml", "blurred.png", "out.html"}


def test_what_cannot_be_written_is_one_line_and_leaves_nothing(blurred, tmp_path):
    target = tmp_path / "out.html"
    own = lesson(tmp_path)
    assert "must end in .html" in refusal("lessons", "handout", own, "-o", tmp_path / "out.pdf")
    assert "ten-minutes" in refusal("lessons", "handout", "no-such", "-o", target)
    assert "reference first" in refusal("lessons", "handout", own, CAT, "-o", target)
    assert "leave it out" in refusal("lessons", "handout", own, "-o", target, "--size", "64")
    assert "--fit" in refusal("lessons", "handout", own, CAT, BRICK, "-o", target)
    bad = lesson(tmp_path, LESSON.replace("scene=ledger", "scene=nonsense"))
    assert re.search(r"Line 4: .*nonsense", refusal("lessons", "handout", bad, "-o", target))
    assert not target.exists()
