"""A participant's booth on a real store: what is said is kept once, in the trial's own terms, and resumed."""

import sqlite3
from collections import Counter

import pytest
from sqlalchemy import URL

from explorer.judgments.asking.order import order
from explorer.judgments.store import Store
from explorer.judgments.store.store import DEGREES, LARGEST_SCALE
from explorer.viewer.ballot import ballot
from explorer.viewer.ballot.ballot import Said
from explorer.views.common.often import MINUTE, Often
from explorer.views.vote.booth import AHEAD, Booth
from tests.judgments.store.store_cases import images_of, plan_of


@pytest.fixture
def file(tmp_path):
    return tmp_path / "votes.sqlite3"


@pytest.fixture
def store(file):
    opened = Store(URL.create("sqlite", database=str(file)))
    yield opened
    opened.release()


@pytest.fixture
def keys(store):
    plan = plan_of(4)
    return store.create(plan, images_of(plan))


def opened(store, keys, token=""):
    booth = Booth(store, store.session(keys.code))
    assert booth.ballot().stage == "hello"
    booth.hear(Said("hello", token))
    return booth


def started(store, keys):
    booth = opened(store, keys)
    assert booth.ballot().stage == "welcome"
    booth.hear(Said("start"))
    return booth


def vote(booth, answer="A", trial=None):
    now = booth.ballot().turns[0]
    booth.hear(Said("vote", trial=now.trial if trial is None else trial, answer=answer, milliseconds=800))
    return now


def test_a_participant_sees_each_trial_of_its_order_once_and_is_done(store, keys):
    booth = started(store, keys)
    wanted = [each.trial for each in order(booth.plan, 1)]
    seen = [vote(booth).trial for _ in range(4)]
    assert seen == wanted
    ballot = booth.ballot()
    assert (ballot.stage, ballot.done, ballot.turns) == ("finished", 4, ())
    assert Counter(each.trial for each in store.votes(keys.code)) == dict.fromkeys(range(4), 1)


def test_where_most_is_learned_each_still_sees_its_number_of_different_trials(store):
    plan = plan_of(6, each=4, choosing="active")
    keys = store.create(plan, images_of(plan))
    for _ in range(3):
        booth = started(store, keys)
        seen = [vote(booth).trial for _ in range(4)]
        assert len(set(seen)) == 4
        assert booth.ballot().stage == "finished"
    counts = Counter(each.trial for each in store.votes(keys.code))
    assert set(counts) == set(range(6))  # what nobody has judged teaches most


def test_a_choice_is_kept_in_the_trials_own_terms_whatever_side_it_was_on(store, keys):
    booth = started(store, keys)
    sides = {each.trial: each.was_swapped for each in order(booth.plan, 1)}
    assert set(sides.values()) == {False, True}
    for _ in range(4):
        now = booth.ballot().turns[0]
        a = booth.plan.trials[now.trial].a
        vote(booth, "A" if now.first == a else "B")  # wherever A lies, it is A that is chosen
    kept = store.votes(keys.code)
    assert [each.choice for each in kept] == ["A"] * 4
    assert {each.trial: each.was_swapped for each in kept} == sides


def test_a_double_tap_and_an_answer_that_is_sent_again_count_once(store, keys):
    booth = started(store, keys)
    booth.hear(Said("start"))
    assert store.session(keys.code).participants == 1
    first = vote(booth)
    second = booth.ballot().turns[0]
    vote(booth, trial=first.trial)
    vote(booth, "B", trial=first.trial)  # another answer to the same trial is none
    assert booth.ballot().turns[0] == second
    assert len(store.votes(keys.code)) == 1


def test_who_comes_back_goes_on_at_the_trial_that_was_on_the_screen(store, keys):
    booth = started(store, keys)
    vote(booth)
    before = booth.ballot()
    again = opened(store, keys, before.token).ballot()
    assert (again.stage, again.done, again.turns) == ("vote", 1, before.turns)


def test_two_tabs_of_one_browser_are_one_participant(store, keys):
    one = started(store, keys)
    other = opened(store, keys, one.ballot().token)
    now = vote(one, "A")
    vote(other, "B", trial=now.trial)  # the first answer counts, and this tab goes on as well
    assert other.ballot().turns == one.ballot().turns
    assert [each.trial for each in store.votes(keys.code)] == [now.trial]
    assert store.session(keys.code).participants == 1


def test_a_token_of_another_session_or_of_none_is_no_ones(store, keys):
    plan = plan_of(2)
    other = started(store, store.create(plan, images_of(plan)))
    for token in (other.ballot().token, "made up"):
        assert opened(store, keys, token).ballot().stage == "welcome"


def test_a_vote_for_a_trial_that_was_not_shown_changes_nothing(store, keys):
    booth = started(store, keys)
    later = booth.ballot().turns[1].trial  # its pictures are there already
    for trial in (later, 99, -5):
        vote(booth, trial=trial)
    assert store.votes(keys.code) == ()
    assert booth.ballot().stage == "vote"
    opened(store, keys).hear(Said("vote", trial=0, answer="A", milliseconds=1))  # and of nobody
    assert store.votes(keys.code) == ()


def test_pictures_are_ahead_of_the_trial_that_is_asked(store, keys):
    booth = started(store, keys)
    counts = []
    while booth.ballot().stage == "vote":
        counts.append(len(booth.ballot().turns))
        vote(booth)
    assert counts == [1 + AHEAD, 1 + AHEAD, 2, 1]


def test_a_session_that_closes_says_so_and_keeps_what_was_answered(store, keys):
    booth = started(store, keys)
    vote(booth)
    store.close(keys.teacher)
    vote(booth)
    ballot = booth.ballot()
    assert (ballot.stage, ballot.done, ballot.problem) == ("closed", 1, "")
    assert opened(store, keys).ballot().stage == "closed"
    store.reopen(keys.teacher)
    assert opened(store, keys, ballot.token).ballot().stage == "vote"


def test_a_full_session_takes_nobody_more(store):
    plan = plan_of(2, most=1)
    keys = store.create(plan, images_of(plan))
    started(store, keys)
    late = opened(store, keys)
    late.hear(Said("start"))
    assert late.ballot().stage == "closed"
    assert "full" in late.ballot().problem


def test_a_session_that_is_removed_meanwhile_is_said_to_be_gone(store, keys):
    booth = started(store, keys)
    store.remove(keys.teacher)
    vote(booth)
    assert booth.is_removed


def test_a_locked_database_says_so_and_takes_the_same_answer_later(file):
    store, plan = Store(URL.create("sqlite", database=str(file)), patience=0.1), plan_of(4)
    keys = store.create(plan, images_of(plan))
    booth = started(store, keys)
    before = booth.ballot()
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    vote(booth)
    ballot = booth.ballot()
    assert ballot.turns == before.turns  # so that the browser sends it again
    assert "locked" in ballot.problem
    other.rollback()
    other.close()
    vote(booth)
    assert (booth.ballot().done, booth.ballot().problem) == (1, "")
    assert len(store.votes(keys.code)) == 1
    store.release()


def test_a_measured_screen_goes_with_the_votes(store, keys):
    booth = started(store, keys)
    trial = booth.ballot().turns[0].trial
    booth.hear(Said("hello", booth.ballot().token, pixels_per_degree=43.5))
    booth.hear(Said("vote", trial=trial, answer="B", milliseconds=5, pixels_per_degree=43.5, scale=4.5))
    assert [(each.pixels_per_degree, each.scale) for each in store.votes(keys.code)] == [(43.5, 4.5)]


def test_what_a_ballot_takes_for_a_screen_the_store_takes_too():
    assert (ballot.FEWEST_PER_DEGREE, ballot.MOST_PER_DEGREE) == DEGREES
    assert ballot.LARGEST_SCALE == LARGEST_SCALE


def test_a_jnd_answer_is_kept_as_it_is_said(store):
    plan = plan_of(2, "jnd")
    keys = store.create(plan, images_of(plan))
    booth = started(store, keys)
    vote(booth, "same")
    vote(booth, "different")
    assert [each.choice for each in store.votes(keys.code)] == ["same", "different"]


def test_a_browser_takes_part_once_whatever_it_says_it_is(store, keys):
    booth = started(store, keys)
    mine, now = booth.ballot().token, vote(booth)
    for token in ("made up", "", started(store, keys).ballot().token):
        booth.hear(Said("hello", token))
        booth.hear(Said("start"))
        assert booth.ballot().token == mine
    assert store.session(keys.code).participants == 2
    assert [each.trial for each in store.votes(keys.code)] == [now.trial]


def test_one_address_fills_no_session_in_a_minute(store, keys):
    joined = Often(2, MINUTE)
    booths = [Booth(store, store.session(keys.code), "192.0.2.7", joined) for _ in range(4)]
    booths.append(Booth(store, store.session(keys.code), "198.51.100.1", joined))
    for booth in booths:
        booth.hear(Said("hello"))
        booth.hear(Said("start"))
    assert [each.ballot().stage for each in booths] == ["vote", "vote", "welcome", "welcome", "vote"]
    assert "Wait a minute" in booths[2].ballot().problem


def test_a_store_that_fails_as_a_browser_comes_again_asks_the_trial_that_it_has_not_answered(file):
    store, plan = Store(URL.create("sqlite", database=str(file)), patience=0.1), plan_of(4)
    booth = started(store, store.create(plan, images_of(plan)))
    before = booth.ballot()
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    booth.hear(Said("hello", before.token))
    assert (booth.ballot().stage, booth.ballot().turns) == ("vote", before.turns)
    other.close()
    vote(booth)
    assert booth.ballot().done == 1
    store.release()
