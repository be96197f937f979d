"""A teacher's own pictures as trials: how files are called, what is missing, and bad archives."""

import io
import zipfile

import numpy as np
import pytest

from explorer.errors import ImageError
from explorer.views.ask import bringing
from explorer.views.ask.bringing import brought, part_of
from tests.browser.support import png

PIXELS = np.random.default_rng(0).integers(0, 256, (32, 40, 3), dtype=np.uint8)
REF, P0, P1 = png(PIXELS), png(255 - PIXELS), png(PIXELS // 2)


def packed(files):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("a_ref.png", ("a", "ref")),
        ("a.p0.jpeg", ("a", "p0")),
        ("a-b-p1.png", ("a-b", "p1")),
        ("set/a/ref.png", ("set/a", "ref")),
        ("cnn/p1/000012.png", ("cnn/000012", "p1")),
        ("set\\a\\p0.png", ("set/a", "p0")),
        ("ref.png", None),
        ("a_p2.png", None),
        ("judge/000012.npy", None),
        ("", None),
    ],
)
def test_a_file_says_by_its_name_which_part_of_which_trial_it_is(path, found):
    assert part_of(path) == found


@pytest.mark.parametrize("form", ["{name}_{part}.png", "{name}/{part}.png", "{part}/{name}.png"])
def test_trials_are_found_in_files_and_archives_by_all_three_forms(form):
    parts = {"ref": REF, "p0": P0, "p1": P1}
    files = {form.format(name=name, part=part): data for name in "xy" for part, data in parts.items()}
    for given in (list(files.items()), [("all.zip", packed(files | {"__MACOSX/x": b"", ".hid": b"-"}))]):
        trials, problems = brought(given, "2afc")
        assert problems == ()
        assert [trial.reference.name for trial in trials] == ["x ref", "y ref"]
        assert np.array_equal(trials[0].a.pixels, 255 - PIXELS)
        assert np.array_equal(trials[0].b.pixels, PIXELS // 2)


def test_a_part_that_comes_twice_is_named_and_the_first_is_taken():
    files = {"1/ref.png": REF, "1/p0.png": P0, "1/p1.png": P1}
    again = {"1/ref.png": P0, "1/p0.png": REF, "1/p1.png": P1}
    for given in (
        [("one.zip", packed(files)), ("two.zip", packed(again))],
        [("1_ref.png", REF), ("1_p0.png", P0), ("1_p1.png", P1), ("1_ref.jpg", P0)],
    ):
        (trial,), problems = brought(given, "2afc")
        assert np.array_equal(trial.reference.pixels, PIXELS)
        assert "is a second ref of 1" in problems[0]


def test_what_makes_no_trial_is_named_and_the_others_are_taken():
    files = [("a_ref.png", REF), ("a_p0.png", P0), ("b_ref.png", REF), ("b_p0.png", P0), ("b_p1.png", P1)]
    files += [("notes.txt", b"hello"), ("c_ref.png", b"no picture"), ("c_p0.png", P0), ("c_p1.png", P1)]
    trials, problems = brought(files, "2afc")
    assert [trial.reference.name for trial in trials] == ["b ref"]
    assert len(problems) == 3
    assert any("a has no p1" in problem for problem in problems)
    assert any(problem.startswith("notes.txt is no part") for problem in problems)
    trials, problems = brought(files[:2] + files[2:5], "jnd")
    assert [trial.b for trial in trials] == [None, None]
    assert problems == ("b has a p1, which JND trials do not show.",)


def test_archives_that_are_damaged_and_too_many_or_too_large_files_are_refused(monkeypatch):
    whole = packed({"a/ref.png": REF, "a/p0.png": P0, "a/p1.png": P1})
    with pytest.raises(ImageError, match="damaged"):
        brought([("all.zip", whole[: len(whole) // 2])], "2afc")
    with pytest.raises(ImageError, match="files"):
        brought([(f"{i}_ref.png", b"") for i in range(bringing.MOST_FILES + 1)], "2afc")
    bomb = packed({"a/ref.png": b"\0" * 4096})
    monkeypatch.setattr(bringing, "MOST_FILE_BYTES", 1024)
    with pytest.raises(ImageError, match="MB"):
        brought([("bomb.zip", bomb)], "2afc")


def test_a_picture_larger_than_a_phone_shows_is_named():
    big = png(np.zeros((20, 1100, 3), np.uint8))
    trials, (problem,) = brought([("a_ref.png", big), ("a_p0.png", big), ("a_p1.png", big)], "2afc")
    assert trials == ()
    assert "1100 × 20" in problem
