"""The table of a run: the same bytes however often it was ended, and never one that means something else."""

import csv
import os
import shutil
from dataclasses import replace

import pytest

from benchmarks.triplets import made_triplets, triplets_of
from explorer.errors import SettingError
from explorer.judgments import formats
from explorer.judgments.running import measure, read_way
from explorer.judgments.running.table import fill_table, open_table, values_of
from explorer.judgments.sets import Opinion, TrialSet

WAY = read_way(("psnr", "ssim"), size=32)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    return made_triplets(tmp_path_factory.mktemp("made"), 5)


@pytest.fixture
def trials(made, tmp_path):
    return triplets_of(shutil.copytree(made, tmp_path / "val"))


def run(path, trials, way=WAY, most=None):
    """Fill a table, or leave it after so many rows; returns how many were measured."""
    table = open_table(path, trials, way)
    measured = 0
    for _ in fill_table(table, measure(trials.trials, way, table.left)):
        measured += 1
        if measured == most:
            break
    return measured


def rows_of(path):
    return list(csv.DictReader(path.read_text().splitlines()))


def test_a_table_of_triplets_is_one_of_votes(trials, tmp_path):
    run(tmp_path / "out.csv", trials)
    votes = formats.read(tmp_path / "out.csv")
    outcomes = list(measure(trials.trials, WAY))
    assert votes.metrics == ("psnr", "ssim")
    assert votes.first.T.tolist() == [[own[0] for own in each.distances] for each in outcomes]
    assert votes.second.T.tolist() == [[own[1] for own in each.distances] for each in outcomes]
    assert votes.people.tolist() == [trial.judge for trial in trials.trials]


def test_a_table_of_triplets_tells_which_of_them_share_a_reference(trials, tmp_path):
    first, second, *others = trials.trials
    shared = [replace(each, subset="x", scene="s") for each in (first, second)]
    trials = replace(trials, trials=(*shared, *others))
    run(tmp_path / "out.csv", trials)
    votes = formats.read(tmp_path / "out.csv")
    assert votes.groups.tolist() == [each.group for each in trials.trials]
    assert len(set(votes.groups)) == 4


def test_trials_that_are_listed_twice_are_measured_once_each_and_the_run_ends(trials, tmp_path):
    equal = [Opinion("all", "p0.png", each.reference, each.p0, 3.0) for each in trials.trials[:1]] * 2
    other = [Opinion("all", "p0.png", each.reference, each.p0, 4.0) for each in trials.trials[1:2]]
    twice = TrialSet("table", "mos", (*equal, *other))
    assert run(tmp_path / "whole.csv", twice) == 3
    assert run(tmp_path / "whole.csv", twice) == 0
    assert run(tmp_path / "out.csv", twice, most=1) == 1
    assert run(tmp_path / "out.csv", twice) == 2
    assert (tmp_path / "out.csv").read_bytes() == (tmp_path / "whole.csv").read_bytes()


def test_a_table_cut_off_at_any_byte_becomes_the_same_file(trials, tmp_path):
    whole, path = tmp_path / "whole.csv", tmp_path / "out.csv"
    run(whole, trials)
    content = whole.read_bytes()
    header, first = content.index(b"\n") + 1, content.index(b"\n", content.index(b"\n") + 1) + 1
    for cut in (0, 7, header - 1, header, header + 5, first - 1, first, first + 20, len(content) - 1):
        path.write_bytes(content[:cut])
        expected = 5 - max(0, content[:cut].count(b"\n") - 1)
        assert run(path, trials) == expected, cut
        assert path.read_bytes() == content, cut
    assert run(path, trials) == 0


def test_a_run_that_is_left_goes_on_where_it_was(trials, tmp_path):
    run(tmp_path / "whole.csv", trials)
    assert run(tmp_path / "out.csv", trials, most=2) == 2
    assert run(tmp_path / "out.csv", trials) == 3
    assert (tmp_path / "out.csv").read_bytes() == (tmp_path / "whole.csv").read_bytes()


def test_what_has_failed_or_changed_is_measured_anew_and_stands_in_its_place(trials, tmp_path):
    path, third = tmp_path / "out.csv", trials.trials[2].p0
    run(tmp_path / "whole.csv", trials)
    content = third.read_bytes()
    third.write_bytes(b"no picture")
    run(path, trials)
    rows = rows_of(path)
    assert rows[2]["d0_psnr"] == ""
    assert "is text, not an image" in rows[2]["error"]
    third.write_bytes(content)
    assert run(path, trials) == 1
    assert path.read_bytes() == (tmp_path / "whole.csv").read_bytes()
    shutil.copy(trials.trials[2].reference, third)
    assert run(path, trials) == 1
    assert rows_of(path)[2]["d0_psnr"] == "-inf"


def test_rows_say_what_was_measured(trials, tmp_path):
    run(tmp_path / "out.csv", trials)
    table = open_table(tmp_path / "out.csv", trials, WAY)
    assert table.left == []
    assert [values_of(table, row) for row in table.found.values()] == [
        each.distances for each in measure(trials.trials, WAY)
    ]


@pytest.mark.parametrize(
    ("way", "why"),
    [
        (read_way(("psnr",), size=32), r"holds the metrics psnr, ssim, and this run asks for psnr;"),
        (
            read_way(("ssim", "psnr"), size=32),
            r"this run asks for ssim, psnr; ask for the same in the same order",
        ),
        (read_way(("psnr", "ssim"), size=48), r"longest side 32, and this run asks for 48"),
        (read_way(("psnr", "ssim"), size=None), r"longest side 32, and this run asks for none"),
        (read_way(("psnr", "ssim"), size=32, resampling="bilinear"), r"resampling lanczos, .* for bilinear"),
    ],
)
def test_a_table_of_another_way_is_refused_and_left_alone(trials, tmp_path, way, why):
    path = tmp_path / "out.csv"
    run(path, trials)
    before = path.read_bytes()
    with pytest.raises(SettingError, match=rf"{why}.*name another file for --csv"):
        run(path, trials, way)
    assert path.read_bytes() == before


def test_a_table_of_another_set_is_refused(trials, tmp_path):
    path = tmp_path / "out.csv"
    run(path, trials)
    others = replace(trials, trials=trials.trials[1:])
    with pytest.raises(SettingError, match=r"is of another set: cnn/000000 is no trial of val"):
        run(path, others)
    changed = replace(trials, trials=(replace(trials.trials[0], judge=0.123), *trials.trials[1:]))
    with pytest.raises(SettingError, match=r"is of another set"):
        run(path, changed)


@pytest.mark.parametrize("content", ["a,b\n1,2\n", "subset,name,judge\n", "no table", "\0\0\n", '"\n'])
def test_a_file_of_something_else_is_refused_and_left_alone(trials, tmp_path, content):
    path = tmp_path / "out.csv"
    path.write_text(content)
    with pytest.raises(SettingError, match="no table of an earlier run"):
        run(path, trials)
    assert path.read_text() == content


def test_what_is_no_file_is_no_table(trials, tmp_path):
    os.mkfifo(tmp_path / "pipe.csv")
    for path in (tmp_path / "pipe.csv", tmp_path):
        with pytest.raises(OSError, match="Not a regular file"):
            open_table(path, trials, WAY)
