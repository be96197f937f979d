"""The needles' component in Python: what comes from a browser, which may be anything."""

import pytest

from explorer.viewer.needles.needles import LONGEST, MOST_HELD, Moved

GOOD = {
    "serial": 7,
    "held": ["a", "b"],
    "mode": "free",
    "map": "lpips",
    "moved": "blur",
    "amounts": {"shift": 2, "blur": 1.5},
    "rests": True,
}


def test_what_a_browser_asks_for_is_read():
    moved = Moved.read(GOOD)
    assert (moved.serial, moved.mode, moved.map, moved.moved, moved.rests) == (
        7,
        "free",
        "lpips",
        "blur",
        True,
    )
    assert moved.held == {"a", "b"}
    assert moved.amounts == {"shift": 2.0, "blur": 1.5}


@pytest.mark.parametrize(
    "changed",
    [
        {"serial": "7"},
        {"serial": 1.5},
        {"serial": True},
        {"held": None},
        {"held": [3]},
        {"held": ["a" * (LONGEST + 1)]},
        {"mode": "all"},
        {"mode": ["free"]},
        {"map": None},
        {"map": "m" * (LONGEST + 1)},
        {"moved": 2},
        {"amounts": [1, 2]},
        {"amounts": {"blur": "1"}},
        {"amounts": {"blur": float("nan")}},
        {"amounts": {"blur": None}},
    ],
    ids=str,
)
def test_what_is_nothing_of_the_kind_is_left(changed):
    assert Moved.read(GOOD | changed) is None


@pytest.mark.parametrize("sent", [None, [], "moved", 3])
def test_what_is_no_message_at_all_is_left(sent):
    assert Moved.read(sent) is None


def test_no_more_keys_are_taken_than_a_browser_holds():
    assert len(Moved.read(GOOD | {"held": [str(key) for key in range(1000)]}).held) == MOST_HELD
