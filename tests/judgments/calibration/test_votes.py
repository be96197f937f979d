"""Votes of a folder become vectors: all that can be read, in words what cannot, and the same by the job."""

import threading
from dataclasses import replace

import numpy as np
import pytest

from explorer.errors import AskingError, SettingError
from explorer.images import load
from explorer.jobs import pool
from explorer.judgments.calibration import job as learning
from explorer.judgments.calibration import learn, measured, read_trials, sources
from explorer.judgments.calibration.job import learn_task
from explorer.judgments.calibration.sources import FromFolder, FromSession, Simulated
from explorer.judgments.class_results import participant_lines, tally_of
from explorer.judgments.exporting import to_folder
from explorer.judgments.formats import read
from explorer.judgments.sets import Skipped
from explorer.judgments.store import opened_store
from explorer.metrics.scores import scores_on
from tests.judgments.calibration.folder import votes_folder
from tests.judgments.classes import People, session, vote

SECONDS = 120


def ignored(_done: int, _total: int) -> None:
    """Progress that nobody looks at."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return votes_folder(tmp_path_factory.mktemp("votes"))


def test_a_folders_votes_have_the_distances_of_their_pictures(trunk, folder):
    found = read(folder)
    votes = measured(trunk, found.name, read_trials(found, 64), len(found.trials))
    assert len(votes) == votes.references == 60
    first = found.trials[0]
    pictures = [load(path) for path in (first.reference, first.p0, first.p1)]
    expected = scores_on(trunk, pictures[0], pictures[1:], "uniform", trunk.backbone.layer_names)
    assert votes.distances(np.ones(1152))[0] == pytest.approx(expected, rel=1e-4)
    assert votes.judge.tolist() == [trial.judge for trial in found.trials]


def test_what_cannot_be_read_is_left_out_and_named_with_what_the_set_says(trunk, tmp_path):
    folder = votes_folder(tmp_path, 53)
    made = folder / "train" / "made"
    (made / "p1" / "000003.png").write_bytes(b"no picture")
    np.save(made / "judge" / "000005.npy", np.array([1.4]))
    (tmp_path / "jnd").mkdir()
    found = FromFolder(tmp_path).trials()
    assert found.count == 53
    votes, _ = FromFolder(tmp_path).votes(trunk, ignored)
    assert len(votes) == len(votes.vectors) == 51
    assert [each.what for each in votes.skipped] == ["made/000005", "made/000003"]
    told = next(learn(trunk, votes)).left_out
    assert told.startswith("jnd is left out; open it by itself for what it holds. 2 are left out, first")
    assert told.endswith("made/000005: judge: it is 1.4, outside 0..1.")


def test_what_stands_for_many_counts_as_many(trunk, folder):
    votes, _ = FromFolder(folder).votes(trunk, ignored)
    many = replace(votes, skipped=(Skipped("a/1", "why"), Skipped("6 more", "for such reasons", 6)))
    assert next(learn(trunk, many)).left_out == "7 are left out, first a/1: why."


def test_the_memory_that_is_reserved_is_that_of_the_votes_and_more_than_there_is_is_refused(trunk, folder):
    vectors = 2 * 1152 * 4  # bytes a trial
    few, many = (learning.room_for(trunk, trials, 64) for trials in (1_000, 5_000))
    assert many - few >= 4_000 * vectors
    task = learn_task(trunk, FromFolder(folder), 0)
    assert 0 < task.size == learning.room_for(trunk, 60, 64)
    with pytest.raises(
        SettingError, match=r"AlexNet from 1,000,000,000 trials takes .* GB.*take fewer votes"
    ):
        learning.room_for(trunk, 10**9, 64)


def test_too_few_trials_in_a_folder_are_told_by_how_many(trunk, tmp_path):
    found = read(votes_folder(tmp_path, 12))
    with pytest.raises(
        SettingError, match="50 trials about 10 references at least, and these are 12 about 12"
    ):
        measured(trunk, found.name, read_trials(found, 64), 12)


def test_the_job_learns_a_folder_and_with_another_seed_no_picture_is_read_again(trunk, folder, monkeypatch):
    first = pool.start(learn_task(trunk, FromFolder(folder), 0))
    assert first.wait(SECONDS)
    assert first.state == "done", first.error
    assert first.results[-1].provenance.votes == "2afc"
    assert first.results[-1].score > 0.8  # all see what noise is

    def refuse(*_arguments):
        raise AssertionError("votes that are known were read again")

    monkeypatch.setattr(sources, "read_trials", refuse)
    second = pool.start(learn_task(trunk, FromFolder(folder), 1))
    assert second.wait(SECONDS)
    assert second.state == "done", second.error
    assert second.results[-1].provenance.seed == 1


def test_a_job_that_is_cancelled_leaves_the_last_good_heads(trunk, folder, monkeypatch):
    whole, reached, may_go_on = learning.learn, threading.Event(), threading.Event()

    def slow(*arguments):
        for place, learned in enumerate(whole(*arguments)):
            yield learned
            if place == 1:
                reached.set()
                may_go_on.wait(SECONDS)

    monkeypatch.setattr(learning, "learn", slow)
    job = pool.start(learn_task(trunk, FromFolder(folder), 2))
    assert reached.wait(SECONDS)
    job.cancel()
    may_go_on.set()
    assert job.wait(SECONDS)
    assert job.state == "cancelled"
    assert [len(learned.course.epochs) for learned in job.results][:2] == [1, 2]
    assert len(job.results) < 4
    assert job.results[-1].course.weights.any()


def test_a_folder_that_is_gone_is_one_sentence(trunk, tmp_path):
    job = pool.start(learn_task(trunk, FromFolder(tmp_path / "gone"), 0))
    assert job.wait(SECONDS)
    assert (job.state, job.results) == ("failed", ())
    assert "check the path" in job.error


def test_a_vote_that_was_changed_in_its_file_is_read_anew(tmp_path):
    source = FromFolder(votes_folder(tmp_path, 2))
    before = source.state()
    assert source.state() == before
    np.save(source.path / "train" / "made" / "judge" / "000001.npy", np.array([0.25], np.float64))
    assert source.state() != before


def test_trials_about_one_picture_are_of_one_reference_whatever_their_names(trunk, tmp_path):
    folder = votes_folder(tmp_path, 60)
    references = folder / "train" / "made" / "ref"
    for number in range(1, 6):
        (references / f"{number:06d}.png").write_bytes((references / "000000.png").read_bytes())
    found = read(folder)
    votes = measured(trunk, found.name, read_trials(found, 64), len(found.trials))
    assert votes.references == 55
    assert len(set(votes.groups[:6])) == 1


def test_a_table_without_pictures_is_refused_with_the_mend(trunk, tmp_path):
    table = tmp_path / "votes.csv"
    table.write_text("subset,name,judge,d0_a,d1_a\nx,1,0.5,0.1,0.2\n")
    with pytest.raises(SettingError, match=r"votes without pictures.*ref, p0, p1 and judge"):
        FromFolder(table).votes(trunk, ignored)


def test_votes_of_two_observers_are_told_apart():
    assert Simulated(0).state() != Simulated(1).state()


@pytest.fixture
def store(tmp_path, monkeypatch):
    monkeypatch.delenv("EXPLORER_DATABASE", raising=False)
    monkeypatch.setenv("EXPLORER_VOTES", str(tmp_path / "votes"))
    opened = opened_store()
    yield opened
    opened.release()


def test_a_class_teaches_what_its_exported_folders_teach_and_sentinels_nothing(trunk, store, tmp_path):
    keys, plan = session(store, count=52)
    vote(store, keys.code, plan, People(store, plan, careless=(2,)), 3)
    for leave_out in (0, 1):
        found, hidden = FromSession(keys.code.lower(), leave_out).votes(trunk, ignored)
        people = participant_lines(plan, store.votes(keys.code), leave_out - 1 if leave_out else None)
        out = {line.number for line in people if line.is_left_out}
        tally = tally_of(plan, [each for each in store.votes(keys.code) if each.participant not in out])
        folder = tmp_path / str(leave_out)
        to_folder(folder, plan, keys.code, tally, store.picture)
        again, _ = FromFolder(folder / "2afc", None).votes(trunk, ignored)
        assert hidden is None
        assert found.name == f"class {keys.code}"
        assert len(found) == len(again) == 52
        assert found.digest == again.digest  # of the same pictures and shares
        assert np.array_equal(found.vectors, again.vectors)
        assert len(out) == leave_out  # the careless one fails all that they are shown


def test_a_class_with_too_few_votes_says_how_many_it_takes_and_one_of_jnd_what_is_asked(trunk, store):
    keys, plan = session(store)
    vote(store, keys.code, plan, People(store, plan), 2)
    with pytest.raises(SettingError, match=r"takes 50 trials.*these are 12 about"):
        FromSession(keys.code).votes(trunk, ignored)
    keys, _ = session(store, "jnd")
    with pytest.raises(SettingError, match="closer to the reference"):
        FromSession(keys.code).votes(trunk, ignored)
    with pytest.raises(AskingError):
        FromSession("NOBODY").state()


def test_an_answer_more_makes_a_class_another_set_of_votes(store):
    keys, plan = session(store)
    before = FromSession(keys.code).state()
    assert FromSession(keys.code).state() == before
    vote(store, keys.code, plan, People(store, plan), 1)
    assert FromSession(keys.code).state() != before
