"""Without a terminal, progress is a plain line now and then: the first, the last, and few between."""

import itertools
import re

from explorer.cli.progress import ProgressBar


def words(done, total):
    return f"{done} of {total or 'unknown'}"


def test_first_and_last_step_are_told_and_few_between(capsys):
    with ProgressBar(1000, words, every=3600) as progress:
        for done in range(1, 1001):
            progress.at(done)
    first, last = capsys.readouterr().err.splitlines()
    assert first == "1 of 1000"  # too early to tell the time that is left
    assert last == "1000 of 1000"


def test_lines_come_as_often_as_asked_for_and_tell_the_time_left_once_it_is_known(capsys):
    now = itertools.count(step=2.0)
    with ProgressBar(5, words, every=0, clock=lambda: next(now)) as progress:
        for done in range(1, 6):
            progress.at(done)
    lines = capsys.readouterr().err.splitlines()
    assert lines[:2] == ["1 of 5", "2 of 5"]  # too early to tell the time that is left
    for number, line in enumerate(lines[2:4], start=3):
        assert re.fullmatch(rf"{number} of 5, about \d+ seconds left", line)
    assert lines[4] == "5 of 5"


def test_total_may_become_known_later_and_the_steps_may_begin_anew(capsys):
    with ProgressBar(0, words, every=0) as progress:
        progress.at(5)
        progress.at(9, 10)
        progress.at(1, 20)
    lines = capsys.readouterr().err.splitlines()
    assert [line.partition(",")[0] for line in lines] == ["5 of unknown", "9 of 10", "1 of 20"]
    assert "left" not in lines[0]


def test_work_that_knows_no_total_yet_tells_nothing(capsys):
    with ProgressBar(5, words, every=0) as progress:
        progress.tell(0, 0)
        progress.tell(2, 5)
    assert capsys.readouterr().err.splitlines() == ["2 of 5"]


def test_nothing_is_told_of_what_never_began(capsys):
    with ProgressBar(5, words):
        pass
    assert capsys.readouterr().err == ""


def test_lines_between_stand_on_their_own(capsys):
    with ProgressBar(2, words, every=3600) as progress:
        progress.at(1)
        progress.say("Failed: b.png")
        progress.at(2)
    lines = capsys.readouterr().err.splitlines()
    assert lines[1:] == ["Failed: b.png", "2 of 2"]
