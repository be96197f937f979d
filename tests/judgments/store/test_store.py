"""What the store promises, on SQLite and on PostgreSQL."""

import dataclasses
import time

import pytest
from sqlalchemy import inspect, text

from explorer.errors import AskingError, SettingError, StoreError
from explorer.judgments.asking.trial import Shown
from explorer.judgments.store import Store
from explorer.judgments.store.keys import ALPHABET
from explorer.judgments.store.written import checked
from tests.judgments.store.store_cases import PNG, images_of, plan_of

TRIAL = plan_of(1).trials[0]


def refused(reason, call, *arguments):
    """What is said when a call is refused for a reason."""
    with pytest.raises(AskingError) as caught:
        call(*arguments)
    assert caught.value.reason == reason
    return str(caught.value)


def test_a_session_comes_back_as_it_was_planned(store, address):
    plan = plan_of(3, kind="jnd", each=2, seed=-(2**40), choosing="active", most=9, title="<b>'; DROP TABLE")
    sentinel = dataclasses.replace(plan.trials[1], expected="same")
    plan = dataclasses.replace(plan, trials=(plan.trials[0], sentinel, plan.trials[2]))
    keys = store.create(plan, images_of(plan))
    again = Store(address)
    found = again.session(keys.code)
    assert (found.plan, found.state, found.participants, found.votes) == (plan, "open", 0, 0)
    assert abs(found.created - time.time()) < 60
    assert (
        again.by_teacher(keys.teacher) == found == store.session(f" {keys.code[:3].lower()}-{keys.code[3:]} ")
    )
    assert again.picture("a2") == PNG + b"a2"
    again.release()


def test_a_participant_that_comes_back_finds_what_it_has_seen_and_said(store, make):
    keys = make()
    first, second = store.join(keys.code), store.join(keys.code)
    assert (first.number, second.number, first.code) == (1, 2, keys.code)
    assert store.resume(first.token) == first
    store.measured(first.token, 44.5)
    store.shown(first.token, 3, True)
    store.vote(first.token, 3, "B", 1200)
    store.shown(first.token, 0, False)
    back = store.resume(first.token)
    assert back.shown == (Shown(3, True, "B"), Shown(0, False))
    assert (back.answered, back.pixels_per_degree) == ((3,), 44.5)
    assert store.resume(second.token) == second


def test_a_vote_is_kept_with_all_that_is_known_of_it(store, make):
    keys = make()
    token = store.join(keys.code).token
    store.measured(token, 44.5)
    store.shown(token, 2, True)
    before = time.time()
    vote = store.vote(token, 2, "A", 850)
    assert (vote.participant, vote.trial, vote.choice, vote.was_swapped) == (1, 2, "A", True)
    assert (vote.milliseconds, vote.pixels_per_degree, vote.order) == (850, 44.5, 1)
    assert before <= vote.at <= time.time()
    assert store.votes(keys.code) == (vote,)
    assert store.session(keys.code).votes == 1


def test_a_vote_of_a_flash_keeps_how_long_each_picture_was_on_the_screen(store, make):
    keys = make(3, kind="jnd")
    token = store.join(keys.code).token
    for trial in range(3):
        store.shown(token, trial, False)
    vote = store.vote(token, 1, "different", 850, frames=[500.1, 166.7, 500])
    assert vote.frames == (500.1, 166.7, 500.0)
    assert store.vote(token, 1, "different", 850) == vote
    for wrong in ([float("nan")], [float("inf")], range(9)):
        assert "no milliseconds" in refused("refused", store.vote, token, 0, "same", 1, wrong)
    assert store.vote(token, 2, "same", 1).frames == ()
    assert [each.frames for each in store.votes(keys.code)] == [vote.frames, ()]


def test_votes_come_in_their_order_and_since_any_of_them(store, make):
    keys = make(3)
    for token in (store.join(keys.code).token, store.join(keys.code).token):
        for trial in (2, 0, 1):
            store.shown(token, trial, False)
            store.vote(token, trial, "AB"[trial % 2], 1)
    votes = store.votes(keys.code)
    assert [vote.order for vote in votes] == [1, 2, 3, 4, 5, 6]
    assert [vote.trial for vote in votes] == [2, 0, 1, 2, 0, 1]
    assert store.votes(keys.code, since=4) == votes[4:]
    assert store.votes(keys.code, since=6) == ()


def test_the_same_answer_again_counts_once_and_another_is_refused(store, make):
    keys = make()
    token = store.join(keys.code).token
    store.shown(token, 1, False)
    vote = store.vote(token, 1, "A", 900)
    assert store.vote(token, 1, "A", 950) == vote
    assert "first answer counts" in refused("refused", store.vote, token, 1, "B", 950)
    store.close(keys.teacher)
    assert store.vote(token, 1, "A", 950) == vote  # an acknowledgment that was lost is given again
    assert store.votes(keys.code) == (vote,)


def test_a_trial_stays_on_the_sides_on_which_it_was_shown_first(store, make):
    token = store.join(make().code).token
    assert store.shown(token, 1, True) == Shown(1, True) == store.shown(token, 1, False)
    store.vote(token, 1, "A", 1)
    assert store.shown(token, 1, False) == Shown(1, True, "A")


def test_what_no_session_takes_is_refused_in_words(store, make):
    keys = make(3, each=2)
    token = store.join(keys.code).token
    store.shown(token, 1, False)
    assert "not shown" in refused("refused", store.vote, token, 0, "A", 1)
    for trial in (-1, 3, 2**70, "1", 1.0, True, None, [1]):
        assert "not shown" in refused("refused", store.vote, token, trial, "A", 1)
        assert "no such trial" in refused("refused", store.shown, token, trial, False)
    for choice in ("same", "a", "", None, "A'; DROP TABLE explorer_votes; --"):
        assert "A or B" in refused("refused", store.vote, token, 1, choice, 1)
    for milliseconds in (-1, 2**31, 1.5, float("nan"), "5", None):
        assert "milliseconds" in refused("refused", store.vote, token, 1, "A", milliseconds)
    for screen in (0.0, -4.0, float("nan"), float("inf"), 5000.0):
        assert "pixels per degree" in refused("refused", store.measured, token, screen)
    store.shown(token, 2, False)
    assert "all of your 2 trials" in refused("refused", store.shown, token, 0, False)
    assert store.votes(keys.code) == ()


def test_codes_tokens_and_keys_that_none_has_are_unknown(store, make):
    keys = make()
    token = store.join(keys.code).token
    for code in (
        "",
        "AB",
        "000000",
        "K" * 6 if keys.code != "K" * 6 else "C" * 6,
        "\0",
        "\ud800",
        "é" * 6,
        "x" * 10**5,
    ):
        assert "code" in refused("unknown", store.session, code)
        refused("unknown", store.join, code)
        refused("unknown", store.votes, code)
    for wrong in ("", token[:-1], keys.teacher, keys.code, "\0", "\ud800"):
        refused("unknown", store.resume, wrong)
        refused("unknown", store.vote, wrong, 0, "A", 1)
        refused("unknown", store.shown, wrong, 0, False)
    for wrong in ("", keys.code, token, "\0"):
        for act in (store.by_teacher, store.close, store.reopen, store.remove):
            refused("unknown", act, wrong)
    refused("unknown", store.picture, "a77")
    refused("unknown", store.picture, "a\0")


def test_a_closed_session_takes_nothing_and_keeps_what_it_has(store, make):
    keys = make()
    token = store.join(keys.code).token
    store.shown(token, 0, False)
    vote = store.vote(token, 0, "A", 1)
    store.shown(token, 1, False)
    store.close(keys.teacher)
    assert store.session(keys.code).state == "closed"
    for call, *arguments in (
        (store.join, keys.code),
        (store.vote, token, 1, "A", 1),
        (store.shown, token, 2, True),
    ):
        assert "closed" in refused("closed", call, *arguments)
    assert store.resume(token).shown[1] == Shown(1, False)
    assert store.votes(keys.code) == (vote,)
    store.reopen(keys.teacher)
    assert store.vote(token, 1, "A", 1).order == 2


def test_a_full_session_takes_nobody_more(store, make):
    keys = make(most=2)
    tokens = [store.join(keys.code).token for _ in range(2)]
    assert "all of its 2 participants" in refused("full", store.join, keys.code)
    assert [store.resume(token).number for token in tokens] == [1, 2]


def test_a_removed_session_leaves_nothing_and_takes_no_other_with_it(store, make):
    keys, other = make(), make()
    for code in (keys.code, other.code):
        token = store.join(code).token
        store.shown(token, 0, False)
        store.vote(token, 0, "A", 1)
    lost = store.join(keys.code).token
    store.remove(keys.teacher)
    for call, *arguments in (
        (store.session, keys.code),
        (store.by_teacher, keys.teacher),
        (store.resume, lost),
        (store.vote, lost, 0, "A", 1),
        (store.shown, lost, 0, True),
    ):
        refused("unknown", call, *arguments)
    assert [info.code for info in store.sessions()] == [other.code]
    assert len(store.votes(other.code)) == 1
    assert store.picture("r0") == PNG + b"r0"
    store.remove(other.teacher)
    with store._database.reading() as connection:
        for table in inspect(connection).get_table_names():
            rows = connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one()
            assert rows == (table == "explorer_schema"), table


def test_who_runs_the_server_closes_renews_and_removes_a_session_by_its_code(store, make):
    keys, other = make(), make()
    store.close_code(keys.code.lower())
    assert (store.session(keys.code).state, store.session(other.code).state) == ("closed", "open")
    again = store.renew(keys.code)
    assert store.by_teacher(again.teacher).code == again.code == keys.code
    refused("unknown", store.by_teacher, keys.teacher)
    store.remove_code(keys.code)
    assert [info.code for info in store.sessions()] == [other.code]
    for act in (store.close_code, store.renew, store.remove_code):
        assert "No session has this code" in refused("unknown", act, keys.code)


def test_the_pictures_of_all_sessions_have_a_bound(address):
    plan = plan_of(2)
    images = images_of(plan)
    store = Store(address, room=2 * sum(map(len, images.values())) + 1)
    first = store.create(plan, images)
    store.create(plan, images)
    with pytest.raises(StoreError, match="judgments remove CODE"):
        store.create(plan, images)
    assert len(store.sessions()) == 2
    store.remove(first.teacher)
    store.create(plan, images)
    store.release()


def test_sessions_are_listed_the_newest_first(store, make):
    codes = [make(title=title).code for title in ("one", "two", "three")]
    assert [info.code for info in store.sessions()] == codes[::-1]
    assert [info.plan.title for info in store.sessions()] == ["three", "two", "one"]


def test_keys_are_kept_as_hashes_and_codes_are_read_out_easily(store, make):
    keys = make()
    token = store.join(keys.code).token
    assert len(keys.code) == 6
    assert set(keys.code) <= set(ALPHABET)
    assert len(keys.teacher) == len(token) == 32  # of 6 bits each
    assert not set(ALPHABET) & set("AEIOU015S2ZBL")
    with store._database.reading() as connection:
        rows = [
            connection.execute(text(f"SELECT * FROM {table}")).all()
            for table in ("explorer_sessions", "explorer_participants")
        ]
    assert keys.code in str(rows)
    assert keys.teacher not in str(rows)
    assert token not in str(rows)


@pytest.mark.parametrize(
    ("plan", "said"),
    [
        (plan_of(0), "1 to 550 trials"),
        (plan_of(551), "1 to 550 trials"),
        (plan_of(3, each=4), "1 to 3 of 3"),
        (plan_of(3, each=0), "1 to 3 of 3"),
        (plan_of(most=0), "participants"),
        (plan_of(title="x" * 121), "120 letters"),
        (plan_of(seed=2**63), "seed"),
        (plan_of(choosing="best"), "random"),
        (dataclasses.replace(plan_of(), kind="jnd"), "of one kind"),
        (dataclasses.replace(plan_of(2), trials=plan_of(2).trials[::-1]), "numbered from 0"),
        (dataclasses.replace(plan_of(1), trials=(dataclasses.replace(TRIAL, expected="same"),)), "'same'"),
    ],
)
def test_what_cannot_be_asked_is_refused_in_words(plan, said):
    with pytest.raises(SettingError, match=said):
        checked(plan, images_of(plan))


def test_pictures_that_are_missing_or_none_are_refused_before_anything_is_kept(store):
    plan = plan_of(2)
    images = images_of(plan)
    with pytest.raises(SettingError, match="2 of the 6 pictures"):
        store.create(plan, {digest: png for digest, png in images.items() if digest[0] != "b"})
    with pytest.raises(SettingError, match="no PNG"):
        store.create(plan, images | {"b1": b"GIF89a"})
    with pytest.raises(SettingError, match="over 8 MB"):
        store.create(plan, images | {"b1": PNG + bytes(8_000_000)})
    odd = dataclasses.replace(plan, trials=(dataclasses.replace(TRIAL, a="../a"),), each=1)
    with pytest.raises(SettingError, match="no digest"):
        store.create(odd, images | {"../a": PNG})
    assert store.sessions() == ()


def test_what_a_teacher_writes_is_data(store):
    hostile = "<script>alert(1)</script> \0\u202e{{x}} \ud800 Ж'\"; DROP TABLE explorer_votes"
    plan = dataclasses.replace(plan_of(1), title=hostile)
    plan = dataclasses.replace(plan, trials=(dataclasses.replace(plan.trials[0], condition_a=hostile),))
    found = store.session(store.create(plan, images_of(plan)).code).plan
    assert found.title == found.trials[0].condition_a
    assert found.title.startswith("<script>alert(1)</script> ��{{x}} � Ж'\"; DROP")
