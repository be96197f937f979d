"""Trying out codes gets slower: for one browser after a few, and for all of one address after many."""

import pytest

from explorer.views.common.often import MINUTE, Often, network_of
from explorer.views.vote.guesses import FREE, LONGEST, Guesses

HERE, THERE = "192.0.2.7", "198.51.100.1"


class Clock:
    """Seconds that a test sets."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_the_first_wrong_codes_cost_nothing_and_each_further_one_twice_as_long():
    clock = Clock()
    guesses = Guesses(Often(100, MINUTE, clock), clock)
    waits = []
    for _ in range(12):
        guesses.note_wrong(HERE)
        waits.append(guesses.seconds_to_wait(HERE))
        clock.now += waits[-1]
    assert waits[: FREE - 1] == [0] * (FREE - 1)
    assert waits[FREE - 1 : FREE + 3] == [2, 4, 8, 16]
    assert waits[-1] == LONGEST
    assert guesses.seconds_to_wait(HERE) == 0


def test_a_right_code_is_forgiven_all_before_it():
    clock = Clock()
    guesses = Guesses(Often(100, MINUTE, clock), clock)
    for _ in range(FREE):
        guesses.note_wrong(HERE)
    guesses.note_right()
    guesses.note_wrong(HERE)
    assert guesses.seconds_to_wait(HERE) == 0


@pytest.mark.parametrize(("address", "same"), [(HERE, HERE), ("2001:db8::1", "2001:db8::9:2"), (None, None)])
def test_who_opens_a_new_session_for_each_guess_is_slowed_down_and_nobody_elsewhere(address, same):
    clock = Clock()
    wrong = Often(5, MINUTE, clock)
    address, same, other = map(network_of, (address, same, "2001:db8:0:1::1"))
    for _ in range(5):
        assert Guesses(wrong, clock).seconds_to_wait(same) == 0
        Guesses(wrong, clock).note_wrong(address)
    assert Guesses(wrong, clock).seconds_to_wait(same) == MINUTE
    assert Guesses(wrong, clock).seconds_to_wait(THERE) == 0
    assert Guesses(wrong, clock).seconds_to_wait(other) == 0
    clock.now += MINUTE
    assert Guesses(wrong, clock).seconds_to_wait(same) == 0
