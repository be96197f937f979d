"""Turns and rounds: who asked first goes first, and who asks for much leaves the others theirs."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from explorer import turns as module
from explorer.turns import Rounds, Turns

SECONDS = 60  # after which a test that waits has failed


def enter(turns, name, order, until=None, long=False):
    """Take a turn in a thread of its own, once all that came before are in the queue."""

    def work():
        turns.enter(long=long)
        order.append(name)
        if until is not None:
            assert until.wait(SECONDS)
        turns.leave()

    def in_queue():
        return len(turns._waiting) + len(turns._waiting_long)

    waiting = in_queue()
    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    deadline = time.monotonic() + SECONDS
    while in_queue() == waiting and name not in order:
        assert time.monotonic() < deadline
        time.sleep(0.001)
    return thread


def test_turns_come_in_the_order_in_which_they_were_asked_for():
    turns, order = Turns(), []
    with turns:
        threads = [enter(turns, number, order) for number in range(5)]
    for thread in threads:
        thread.join(SECONDS)
    assert order == [0, 1, 2, 3, 4]


def test_long_work_that_gives_way_goes_on_behind_those_who_wait_by_then():
    turns, order = Turns(), []
    with turns:
        threads = [enter(turns, number, order) for number in range(2)]
        turns.give_way()
        order.append("long")
    for thread in threads:
        thread.join(SECONDS)
    assert order == [0, 1, "long"]


def test_long_work_waits_behind_what_is_short_but_not_for_ever(monkeypatch):
    turns, order = Turns(), []

    def in_order():
        order.clear()
        with turns:
            threads = [enter(turns, name, order, long=name < 2) for name in range(4)]
        for thread in threads:
            thread.join(SECONDS)
        return order

    assert in_order() == [2, 3, 0, 1]
    monkeypatch.setattr(module, "PATIENCE", -1)
    assert in_order() == [0, 1, 2, 3]


def test_long_work_gives_way_to_what_is_short_and_not_to_other_long_work():
    turns, order = Turns(), []
    with turns:
        threads = [enter(turns, name, order, long=name == "other") for name in ("other", "short")]
        turns.give_way()
        order.append("this")
    for thread in threads:
        thread.join(SECONDS)
    assert order == ["short", "this", "other"]


def test_where_nobody_waits_long_work_keeps_its_turn():
    turns = Turns()
    with turns:
        turns.give_way()
        assert turns._free == 0
    assert turns._free == 1


@pytest.mark.parametrize("places", [1, 2])
def test_no_more_are_in_it_than_there_are_places(places):
    turns, order, end = Turns(places), [], threading.Event()
    threads = [enter(turns, number, order, until=end) for number in range(places + 1)]
    assert order == list(range(places))
    end.set()
    for thread in threads:
        thread.join(SECONDS)
    assert order == list(range(places + 1))
    assert turns._free == places


def test_a_turn_is_given_back_where_the_work_fails():
    turns = Turns()
    with pytest.raises(ZeroDivisionError), turns:
        raise ZeroDivisionError
    assert turns._free == 1


def test_who_waits_until_nobody_is_in_it_takes_no_place_and_does_not_wait_for_ever():
    turns, order, end = Turns(2), [], threading.Event()
    assert turns.wait_until_empty(0)
    threads = [enter(turns, number, order, until=end) for number in range(2)]
    assert not turns.wait_until_empty(0.01)
    with ThreadPoolExecutor(1) as worker:
        waited = worker.submit(turns.wait_until_empty, SECONDS)
        end.set()
        assert waited.result(SECONDS)
    for thread in threads:
        thread.join(SECONDS)
    assert (turns._free, turns._watching) == (2, [])


def test_who_is_to_come_first_has_the_next_turn_to_be_free():
    turns, order = Turns(), []
    turns.enter()
    threads = [enter(turns, number, order) for number in range(2)]
    first = threading.Thread(target=lambda: (turns.enter(first=True), order.append("first"), turns.leave()))
    first.start()
    deadline = time.monotonic() + SECONDS
    while len(turns._waiting) < 3:
        assert time.monotonic() < deadline
        time.sleep(0.001)
    turns.leave()
    for thread in (first, *threads):
        thread.join(SECONDS)
    assert order == ["first", 0, 1]


def test_rounds_put_who_comes_later_into_the_one_that_is_served():
    rounds = Rounds()
    assert [rounds.next_of("many") for _ in range(4)] == [0, 1, 2, 3]
    rounds.serve(0)
    rounds.serve(1)
    assert rounds.next_of("late") == 1
    assert rounds.next_of("late") == 2
    assert rounds.next_of("many") == 4


def test_rounds_remember_only_those_who_still_wait():
    rounds = Rounds()
    for owner in range(100):
        rounds.serve(rounds.next_of(owner) + 1)
    assert len(rounds._last) <= 2
