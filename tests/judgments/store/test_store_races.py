"""Many at once, in threads and in processes, and processes that are killed: every vote counts once."""

import json
import threading
import time
from collections import Counter

import pytest
from sqlalchemy.exc import IntegrityError

from explorer.errors import AskingError, StoreError
from explorer.judgments.store import Store, schema
from tests.processes import loaded


def at_once(*calls):
    """What calls give that all start together: results, and the reasons of what was refused."""
    start, results = threading.Barrier(len(calls)), [None] * len(calls)

    def run(place, call):
        start.wait(30)
        try:
            results[place] = call()
        except AskingError as error:
            results[place] = error.reason

    threads = [threading.Thread(target=run, args=each) for each in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_taps_at_once_on_both_answers_leave_one_vote(store, make):
    keys = make(8)
    token = store.join(keys.code).token
    for trial in range(8):
        store.shown(token, trial, False)
        taps = [lambda choice=choice: store.vote(token, trial, choice, 1) for choice in "AABBAABB"]  # noqa: B023
        taken = at_once(*taps)
        votes = [vote for vote in taken if vote != "refused"]
        assert len(votes) == 4
        assert set(votes) == {store.votes(keys.code)[-1]}
    assert [vote.trial for vote in store.votes(keys.code)] == list(range(8))
    assert store.session(keys.code).votes == 8


def test_of_many_that_join_at_once_no_more_come_in_than_may(store, make):
    keys = make(most=5)
    joined = at_once(*[lambda: store.join(keys.code)] * 12)
    assert sorted(each.number for each in joined if each != "full") == [1, 2, 3, 4, 5]
    assert joined.count("full") == 7


def test_of_trials_that_are_shown_at_once_no_more_are_than_each_sees(store, make):
    keys = make(6, each=3)
    token = store.join(keys.code).token
    seen = at_once(*[lambda trial=trial: store.shown(token, trial, False) for trial in range(6)])
    assert seen.count("refused") == 3
    assert len(store.resume(token).shown) == 3


def test_votes_while_a_session_closes_are_kept_or_refused_and_never_half(store, make):
    keys = make(1)
    tokens = [store.join(keys.code).token for _ in range(10)]
    for token in tokens:
        store.shown(token, 0, False)
    calls = [lambda token=token: store.vote(token, 0, "A", 1) for token in tokens]
    taken = at_once(*calls[:5], lambda: store.close(keys.teacher), *calls[5:])
    kept = [vote for vote in taken if vote not in ("closed", None)]
    assert sorted(store.votes(keys.code), key=str) == sorted(kept, key=str)
    assert store.session(keys.code).votes == len(kept)


def test_votes_while_a_session_is_removed_leave_nothing(store, make):
    keys = make(1)
    tokens = [store.join(keys.code).token for _ in range(6)]
    for token in tokens:
        store.shown(token, 0, False)
    calls = [lambda token=token: store.vote(token, 0, "A", 1) for token in tokens]
    at_once(*calls[:3], lambda: store.remove(keys.teacher), *calls[3:])
    assert store.sessions() == ()


# Votes for one token after the other; each acknowledged vote is a line of a file.
VOTING = """
import json, os, sys
from sqlalchemy import make_url
from explorer.judgments.store import Store
store = Store(make_url(sys.argv[1]))
acknowledged = os.open(sys.argv[2], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
for trial in range(int(sys.argv[3])):
    for token in json.loads(sys.argv[4]):
        store.shown(token, trial, bool(trial % 2))
        vote = store.vote(token, trial, "AB"[trial % 2], trial)
        os.write(acknowledged, f"{vote.participant} {vote.trial} {vote.choice}\\n".encode())
"""


def lines(path):
    """The acknowledged votes: a line that has its end was written whole."""
    return path.read_text().splitlines() if path.exists() else []


def kept_of(store, code):
    return Counter(f"{vote.participant} {vote.trial} {vote.choice}" for vote in store.votes(code))


def test_processes_that_vote_at_once_and_are_killed_lose_no_acknowledged_vote(address, store, make, tmp_path):
    trials = 550
    keys = make(trials)
    tokens = [store.join(keys.code).token for _ in range(4)]
    text = address.render_as_string(hide_password=False)
    files = [tmp_path / "first", tmp_path / "second"]
    shares = [json.dumps(tokens[:2]), json.dumps(tokens[2:])]
    with (
        loaded(VOTING, text, files[0], trials, shares[0]) as first,
        loaded(VOTING, text, files[1], trials, shares[1]) as second,
    ):
        end = time.monotonic() + 120
        while min(each := [len(lines(file)) for file in files]) < 1 or sum(each) < 40:
            assert time.monotonic() < end
            assert first.returncode is second.returncode is None
            time.sleep(0.01)
        first.kill()
        second.kill()
    acknowledged = [line for file in files for line in lines(file)]
    kept = kept_of(store, keys.code)
    assert set(kept.values()) == {1}
    assert set(acknowledged) <= set(kept)
    assert len(kept) <= len(acknowledged) + 2  # what each had on its way
    again = Store(address)
    assert kept_of(again, keys.code) == kept
    for token in tokens:  # each goes on where it was
        back = again.resume(token)
        pending = next((each for each in back.shown if each.choice is None), None)
        pending = pending or again.shown(token, len(back.shown), False)
        assert again.vote(token, pending.trial, "A", 1).trial == pending.trial
    if address.get_backend_name() == "sqlite":
        with again._database.reading() as connection:
            assert connection.exec_driver_sql("PRAGMA integrity_check").scalar_one() == "ok"
            assert connection.exec_driver_sql("PRAGMA foreign_key_check").all() == []
    again.release()


def test_a_vote_is_on_the_disk_before_it_is_acknowledged(store):
    with store._database.reading() as connection:
        if connection.dialect.name == "sqlite":
            assert connection.exec_driver_sql("PRAGMA journal_mode").scalar_one() == "wal"
            assert connection.exec_driver_sql("PRAGMA synchronous").scalar_one() == 2  # FULL
            assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar_one() == 1
        else:
            assert connection.exec_driver_sql("SHOW synchronous_commit").scalar_one() == "on"


@pytest.mark.parametrize("table", ["shown", "votes"])
def test_what_counts_once_is_a_constraint_also_for_who_writes_past_the_store(store, make, table):
    keys = make()
    token = store.join(keys.code).token
    store.shown(token, 0, False)
    store.vote(token, 0, "A", 1)
    with store._database.reading() as connection:
        row = dict(connection.execute(getattr(schema, table).select()).mappings().one())
    again = {**row, "place": 1} if table == "shown" else {**row, "order": 2, "choice": "B"}
    unseen = {**again, "trial": 99}
    for wrong in (again, unseen):
        with pytest.raises(StoreError) as caught, store._database.writing() as connection:
            connection.execute(getattr(schema, table).insert().values(wrong))
        assert isinstance(caught.value.__cause__, IntegrityError)
