"""The ballot's Python side: what a browser says is checked, whatever it is, and pictures are sent once."""

import json

import pytest

from explorer.viewer.ballot.ballot import LONGEST, LONGEST_MS, MOST_HELD, Said

VOTE = {"action": "vote", "trial": 3, "answer": "A", "milliseconds": 812}


@pytest.mark.parametrize(
    "sent",
    [
        None,
        "vote",
        7,
        [],
        {},
        {"action": "join"},
        {"action": ["vote"]},
        {"action": "hello", "token": 5},
        {"action": "hello", "token": "x" * (LONGEST + 1)},
        VOTE | {"trial": "3"},
        VOTE | {"trial": True},
        VOTE | {"trial": 1.5},
        VOTE | {"answer": "<b>A</b>"},
        VOTE | {"answer": None},
        VOTE | {"answer": ["A"]},
        VOTE | {"milliseconds": None},
        VOTE | {"milliseconds": float("nan")},
    ],
)
def test_what_a_ballot_does_not_say_is_nothing(sent):
    assert Said.read(sent) is None


def test_what_a_ballot_says_is_read_with_its_numbers_in_range():
    said = Said.read(
        VOTE | {"token": "abc", "held": ["d1", 5, "d2"], "frames": [1000.1, 250, 999], "perDegree": 44}
    )
    assert said == Said("vote", "abc", frozenset({"d1", "d2"}), 3, "A", 812, (1000.1, 250.0, 999.0), 44.0)
    assert Said.read(VOTE | {"milliseconds": -5}).milliseconds == 0
    assert Said.read(VOTE | {"milliseconds": 1e300}).milliseconds == LONGEST_MS
    assert Said.read(VOTE | {"perDegree": 1e9}).pixels_per_degree is None
    assert Said.read(VOTE | {"perDegree": "50"}).pixels_per_degree is None
    assert Said.read(VOTE | {"frames": ["a", 1, 2]}).frames == ()
    assert Said.read(VOTE | {"frames": None, "held": "all"}).held == frozenset()


def test_a_flood_of_pictures_that_are_said_to_be_there_is_bounded():
    said = Said.read(json.loads(json.dumps({"action": "hello", "held": [str(i) for i in range(10_000)]})))
    assert len(said.held) == MOST_HELD
