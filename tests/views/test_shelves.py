"""Uploads that a browser finds again: by its key alone, within a budget, for a time."""

import gc

import pytest

from explorer.views.common import shelves as shelves_module
from explorer.views.common.shelves import File, Shelves
from explorer.views.common.sources import digest_of

HIS, HERS = "a" * 64, "b" * 64


def put(shelves: Shelves, key: str, size: int, name: str) -> str:
    """Keep a file of so many bytes; returns its digest."""
    data = name.encode().ljust(size, b".")
    shelves.open(key).put(digest_of(data), File(name, data))
    return digest_of(data)


def test_a_file_is_found_by_the_beginning_of_its_digest_on_the_shelf_of_its_own_browser_alone():
    shelves = Shelves(1000)
    digest = put(shelves, HIS, 10, "his.png")
    assert shelves.open(HIS).find(digest[:12]).name == "his.png"
    assert shelves.open(HERS).find(digest) is None
    assert shelves.open("").find(digest) is None


def test_the_oldest_file_goes_where_there_is_no_room_and_what_was_wanted_last_stays():
    shelves = Shelves(1000)  # of which one alone has half
    first, second = (put(shelves, HIS, 200, name) for name in ("first", "second"))
    assert shelves.open(HIS).find(first)
    third = put(shelves, HIS, 200, "third")
    assert [bool(shelves.open(HIS).find(digest)) for digest in (first, second, third)] == [True, False, True]


def test_a_file_that_is_too_large_is_not_kept_and_one_that_is_kept_twice_takes_its_room_once():
    shelves = Shelves(1000)
    assert shelves.open(HIS).find(put(shelves, HIS, 501, "large")) is None
    for _ in range(3):
        digest = put(shelves, HIS, 400, "once")
    assert shelves.open(HIS).find(digest)


def test_one_browser_cannot_push_out_the_files_of_another():
    shelves = Shelves(1000)
    hers = put(shelves, HERS, 100, "hers")
    for number in range(50):
        put(shelves, HIS, 100, f"his {number}")
    assert shelves.open(HERS).find(hers)
    assert shelves.open("c" * 64).find(put(shelves, "c" * 64, 100, "one more"))


def test_a_shelf_is_let_go_after_its_time_unless_a_session_still_holds_it(monkeypatch):
    now = 0.0
    monkeypatch.setattr(shelves_module.time, "monotonic", lambda: now)
    shelves = Shelves(1000, seconds=60)
    his, hers = put(shelves, HIS, 10, "his"), put(shelves, HERS, 10, "hers")
    held = shelves.open(HERS)
    now = 59.0
    assert shelves.open(HIS).find(his)  # and its time begins anew
    now = 61.0
    shelves.open("c" * 64)
    gc.collect()
    assert shelves.open(HERS) is held
    assert held.find(hers)
    assert shelves.open(HIS).find(his)
    now = 300.0
    shelves.open("c" * 64)
    gc.collect()
    assert shelves.open(HIS).find(his) is None
    del held
    now = 600.0
    shelves.open("c" * 64)
    gc.collect()
    assert shelves.open(HERS).find(hers) is None


@pytest.mark.parametrize("budget", [0, 1])
def test_without_a_budget_nothing_is_kept(budget):
    shelves = Shelves(budget)
    assert shelves.open(HIS).find(put(shelves, HIS, 10, "his")) is None
