"""Trying out codes gets slower: for one browser after a few, and for all of them after many."""

from explorer.views.vote.guesses import FREE, LONGEST, MINUTE, MOST_IN_ALL, Crowd, Guesses


class Clock:
    """Seconds that a test sets."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_the_first_wrong_codes_cost_nothing_and_each_further_one_twice_as_long():
    clock = Clock()
    guesses = Guesses(Crowd(clock), clock)
    waits = []
    for _ in range(12):
        guesses.note_wrong()
        waits.append(guesses.seconds_to_wait())
        clock.now += waits[-1]
    assert waits[: FREE - 1] == [0] * (FREE - 1)
    assert waits[FREE - 1 : FREE + 3] == [2, 4, 8, 16]
    assert waits[-1] == LONGEST
    assert guesses.seconds_to_wait() == 0


def test_a_right_code_is_forgiven_all_before_it():
    clock = Clock()
    guesses = Guesses(Crowd(clock), clock)
    for _ in range(FREE):
        guesses.note_wrong()
    guesses.note_right()
    guesses.note_wrong()
    assert guesses.seconds_to_wait() == 0


def test_who_opens_a_new_session_for_each_guess_is_slowed_down_with_all_others():
    clock = Clock()
    crowd = Crowd(clock)
    for _ in range(MOST_IN_ALL):
        assert Guesses(crowd, clock).seconds_to_wait() == 0
        Guesses(crowd, clock).note_wrong()
    assert Guesses(crowd, clock).seconds_to_wait() == MINUTE
    clock.now += MINUTE
    assert Guesses(crowd, clock).seconds_to_wait() == 0
