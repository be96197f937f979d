"""Databases of other versions: older ones are brought up whole or not at all, newer ones are left alone."""

import threading
from pathlib import Path

import pytest
from sqlalchemy import create_engine, inspect, text

from explorer.errors import StoreError
from explorer.judgments.asking.trial import Shown
from explorer.judgments.store import Store
from explorer.judgments.store.keys import kept
from explorer.judgments.store.schema import VERSION, metadata
from explorer.judgments.store.versions import UPGRADES

TOKEN, TEACHER = "a token of somebody", "a teacher's key"
ROWS = f"""
INSERT INTO explorer_schema (version) VALUES (1);
INSERT INTO explorer_sessions
    (code, teacher, title, kind, "each", seed, choosing, most, is_open, created, joined, voted)
    VALUES ('KKKKKK', '{kept(TEACHER)}', 'Old', '2afc', 1, 7, 'random', 9, true, 5.5, 1, 1);
INSERT INTO explorer_trials
    (session, number, kind, family, scene, condition_a, condition_b, reference, a, b)
    VALUES (1, 0, '2afc', 'noise', 'cat', 'x', 'y', 'r0', 'a0', 'b0');
INSERT INTO explorer_pictures (session, digest, png) VALUES (1, 'r0', 'png');
INSERT INTO explorer_participants (session, number, token, joined) VALUES (1, 1, '{kept(TOKEN)}', 6.5);
INSERT INTO explorer_shown (participant, trial, session, place, was_swapped) VALUES (1, 0, 1, 0, true);
INSERT INTO explorer_votes (participant, trial, session, "order", choice, milliseconds, at)
    VALUES (1, 0, 1, 1, 'B', 800, 7.5);
"""


@pytest.fixture
def old(address):
    """An engine on a database as version 1 has left it, with one vote."""
    engine = create_engine(address)
    made = Path(__file__).with_name(f"version_1.{address.get_backend_name()}.sql").read_text()
    with engine.begin() as connection:
        for command in filter(str.strip, (made + ROWS).split(";")):
            connection.execute(text(command))
    yield engine
    engine.dispose()


def layout(engine):
    """Everything that makes up the tables, in an order of its own."""
    found = inspect(engine)
    return {
        name: (
            sorted(str((part["name"], part["type"], part["nullable"])) for part in found.get_columns(name)),
            found.get_pk_constraint(name)["constrained_columns"],
            sorted(str(index["column_names"]) for index in found.get_indexes(name)),
            sorted(str(key["column_names"]) for key in found.get_unique_constraints(name)),
            sorted(str((key["constrained_columns"], key["options"])) for key in found.get_foreign_keys(name)),
        )
        for name in found.get_table_names()
    }


def test_an_older_database_is_brought_up_with_all_that_it_holds(old, address):
    store = Store(address)
    (vote,) = store.votes("KKKKKK")
    assert (vote.participant, vote.trial, vote.choice, vote.was_swapped, vote.at) == (1, 0, "B", True, 7.5)
    assert store.by_teacher(TEACHER).plan.title == "Old"
    assert store.resume(TOKEN).shown == (Shown(0, True, "B"),)
    assert store.vote(TOKEN, 0, "B", 5) == vote
    upgraded = layout(old)
    store.release()
    with old.begin() as connection:
        assert connection.execute(text("SELECT version FROM explorer_schema")).scalars().all() == [VERSION]
        metadata.drop_all(connection)
    Store(address).release()
    assert upgraded == layout(old)  # as if it had been made anew


def test_an_upgrade_that_breaks_off_leaves_the_database_as_it_was(old, address, monkeypatch):
    before = layout(old)

    def broken(connection):
        connection.execute(text("CREATE INDEX half ON explorer_votes (at)"))
        connection.execute(text("DELETE FROM explorer_votes"))
        raise StoreError("Broken off.")

    with monkeypatch.context() as during:
        during.setitem(UPGRADES, 1, broken)
        with pytest.raises(StoreError, match="Broken off"):
            Store(address)
    assert layout(old) == before
    store = Store(address)
    assert len(store.votes("KKKKKK")) == 1
    store.release()


def test_a_newer_database_is_refused_in_words_and_left_alone(store, address):
    engine = create_engine(address)
    with engine.begin() as connection:
        connection.execute(text("UPDATE explorer_schema SET version = 99"))
    before = layout(engine)
    with pytest.raises(StoreError, match=r"version 99.*Use a newer explorer"):
        Store(address)
    assert layout(engine) == before
    engine.dispose()


@pytest.mark.parametrize("begins", ["empty", "older"])
def test_many_that_open_one_database_at_once_make_or_upgrade_it_once(begins, request, address):
    if begins == "older":
        request.getfixturevalue("old")
    faults, start = [], threading.Barrier(4)

    def opened():
        start.wait(30)
        try:
            Store(address).release()
        except StoreError as error:
            faults.append(error)

    threads = [threading.Thread(target=opened) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    engine = create_engine(address)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT version FROM explorer_schema")).scalars().all() == [VERSION]
    engine.dispose()
