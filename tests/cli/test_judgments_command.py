"""The command `judgments`: sessions are listed, and their votes written as files."""

import pytest
from sqlalchemy import URL

from explorer.errors import AskingError
from explorer.judgments.exporting import to_table
from explorer.judgments.store import Store
from explorer.views.common.teacher import teacher_in
from tests.cli.commands import refusal, run
from tests.judgments.classes import People, session, vote


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("votes")


@pytest.fixture(scope="module")
def asked(folder):
    """A class of two, the second of whom is careless."""
    store = Store(URL.create("sqlite", database=str(folder / "votes.sqlite3")))
    keys, plan = session(store, count=3, title="Class\x1b[31m 7b")
    vote(store, keys.code, plan, People(store, plan, careless=(2,)), 2)
    yield store, keys.code, plan
    store.release()


@pytest.fixture(autouse=True)
def environment(folder, monkeypatch):
    monkeypatch.setenv("EXPLORER_VOTES", str(folder))
    monkeypatch.delenv("EXPLORER_DATABASE", raising=False)


def test_sessions_are_listed_with_how_they_stand(asked):
    _, code, _ = asked
    (line,) = (line for line in run("judgments", "list").stdout.splitlines() if line.startswith(code))
    assert line.split()[3:8] == ["open", "2afc", "5", "2", "10"]
    assert "\x1b" not in line


def test_votes_are_written_as_a_table_and_as_the_papers_folders(asked, tmp_path):
    store, code, plan = asked
    expected = to_table(plan, code, store.votes(code))
    assert run("judgments", "export", code.lower()).stdout == expected
    run("judgments", "export", code, "--csv", tmp_path / "votes.csv", "--folder", tmp_path / "layout")
    assert (tmp_path / "votes.csv").read_text() == expected
    judged = list((tmp_path / "layout/2afc/val").glob("*/judge/*.npy"))
    assert len(judged) == 3


def test_who_failed_sentinels_can_be_left_out_of_the_folders(asked, tmp_path):
    _, code, _ = asked
    said = run("judgments", "export", code, "--folder", tmp_path / "layout", "--leave-out", 2).stderr
    assert "1 participant was left out" in said


@pytest.mark.parametrize("code", ["ZZZZZZ", "", "'; drop", "x" * 500])
def test_an_unknown_code_is_one_sentence(asked, code):
    assert "No session has this code" in refusal("judgments", "export", code)


def test_a_folder_with_other_files_stays_as_it_is(asked, tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    assert "is not empty" in refusal("judgments", "export", asked[1], "--folder", tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_leaving_out_without_a_folder_is_refused_for_the_table_has_all(asked, tmp_path):
    said = refusal("judgments", "export", asked[1], "--csv", tmp_path / "votes.csv", "--leave-out", 1)
    assert "--leave-out" in said
    assert "Name a folder too" in said
    assert not (tmp_path / "votes.csv").exists()


def test_without_sessions_the_list_says_where_they_are_started(tmp_path, monkeypatch):
    monkeypatch.setenv("EXPLORER_VOTES", str(tmp_path))
    assert run("judgments", "list").stdout == "There are no sessions yet; the page Ask starts one.\n"


def test_a_session_is_closed_gets_a_new_link_and_is_removed_once_that_is_confirmed(folder):
    store = Store(URL.create("sqlite", database=str(folder / "votes.sqlite3")))
    keys, _plan = session(store, count=2)
    assert run("judgments", "close", keys.code.lower()).stdout == f"Session {keys.code} is closed.\n"
    assert store.by_teacher(keys.teacher).state == "closed"

    link = run("judgments", "new-link", keys.code).stdout
    assert store.by_teacher(teacher_in(link)).code == keys.code
    assert keys.teacher not in link
    with pytest.raises(AskingError):
        store.by_teacher(keys.teacher)

    assert "Nothing was removed" in run("judgments", "remove", keys.code, input="n\n").stderr
    assert store.session(keys.code).code == keys.code
    assert "is removed" in run("judgments", "remove", keys.code, "--yes").stdout
    assert keys.code not in [info.code for info in store.sessions()]
    for command in (("close",), ("new-link",), ("remove", "--yes")):
        assert "No session has this code" in refusal("judgments", *command, keys.code)
    store.release()
