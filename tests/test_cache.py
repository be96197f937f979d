"""The cache of reference features: bounded by bytes, least recently used first out, safe among threads."""

import gc
import random
from concurrent.futures import ThreadPoolExecutor

import pytest

from explorer.cache import SMALL, ByteBudgetCache, SharedBudget, budget_from_environment, everything
from explorer.errors import SettingError


def test_a_kept_value_is_returned_as_the_same_object():
    cache = ByteBudgetCache(10)
    value = object()
    cache.put("a", value, 10)
    assert cache.get("a") is value
    assert cache.used == 10


def test_an_unknown_key_gives_none():
    assert ByteBudgetCache(10).get("a") is None


def test_the_least_recently_used_goes_first():
    cache = ByteBudgetCache(30)
    for key in "abc":
        cache.put(key, key.upper(), 10)
    cache.get("a")
    cache.put("d", "D", 10)
    assert [cache.get(key) for key in "abcd"] == ["A", None, "C", "D"]
    assert cache.used == 30


def test_a_large_value_pushes_out_as_many_as_it_needs():
    cache = ByteBudgetCache(30)
    for key in "abc":
        cache.put(key, key.upper(), 10)
    cache.put("d", "D", 15)
    assert [cache.get(key) for key in "abcd"] == [None, None, "C", "D"]
    assert cache.used == 25


def test_a_value_put_again_counts_once():
    cache = ByteBudgetCache(30)
    cache.put("a", "old", 20)
    cache.put("a", "new", 5)
    assert cache.get("a") == "new"
    assert cache.used == 5


def test_a_value_over_the_budget_is_not_kept_and_pushes_out_nothing_else():
    cache = ByteBudgetCache(30)
    cache.put("a", "A", 10)
    cache.put("b", "B", 31)
    assert cache.get("a") == "A"
    assert cache.get("b") is None
    assert cache.used == 10


def test_a_value_that_outgrew_the_budget_leaves_no_stale_one_behind():
    cache = ByteBudgetCache(30)
    cache.put("a", "old", 10)
    cache.put("a", "new", 31)
    assert cache.get("a") is None
    assert cache.used == 0


def test_clear_drops_everything():
    cache = ByteBudgetCache(30)
    cache.put("a", "A", 10)
    cache.clear()
    assert cache.get("a") is None
    assert cache.used == 0


def test_many_threads_never_exceed_the_budget_nor_lose_count():
    budget = 100
    cache = ByteBudgetCache(budget)

    def work(seed):
        rng = random.Random(seed)
        highest = 0
        for _ in range(2000):
            key = rng.randrange(20)
            # The size belongs to the value, so that the sum can be taken again below.
            cache.put(key, size := rng.randrange(1, 40), size)
            cache.get(rng.randrange(20))
            highest = max(highest, cache.used)
        return highest

    with ThreadPoolExecutor(8) as pool:
        assert max(pool.map(work, range(8))) <= budget
    kept = [size for key in range(20) if (size := cache.get(key)) is not None]
    assert cache.used == sum(kept) <= budget


@pytest.mark.parametrize(
    ("text", "expected"), [("0", 0), ("64", 64_000_000), ("0.5", 500_000), (" 7 ", 7_000_000)]
)
def test_a_budget_is_read_in_megabytes(text, expected, monkeypatch):
    monkeypatch.setenv("EXPLORER_SOME_MB", text)
    assert budget_from_environment("EXPLORER_SOME_MB", 512) == expected


def test_without_a_variable_the_budget_is_the_default(monkeypatch):
    monkeypatch.delenv("EXPLORER_SOME_MB", raising=False)
    assert budget_from_environment("EXPLORER_SOME_MB", 512) == 512_000_000


@pytest.mark.parametrize("text", ["", "many", "-1", "nan", "inf", "64 MB"])
def test_a_budget_that_is_no_number_is_refused_by_the_variables_name(text, monkeypatch):
    monkeypatch.setenv("EXPLORER_SOME_MB", text)
    with pytest.raises(
        SettingError, match=r"EXPLORER_SOME_MB is .*; set it to a number of megabytes, such as 512"
    ):
        budget_from_environment("EXPLORER_SOME_MB", 512)


def test_caches_that_share_a_budget_stay_within_it_together():
    pool = SharedBudget(30)
    first, second = ByteBudgetCache(25, pool), ByteBudgetCache(25, pool)
    first.put("a", "A", 10)
    second.put("b", "B", 10)
    first.put("c", "C", 10)
    assert first.get("a") == "A"  # so that b is now the oldest of all
    second.put("d", "D", 10)
    assert pool.used == 30
    assert [first.get("a"), second.get("b"), first.get("c"), second.get("d")] == ["A", None, "C", "D"]


def test_a_value_over_the_shared_budget_is_not_kept_and_pushes_out_nothing():
    pool = SharedBudget(30)
    first, second = ByteBudgetCache(50, pool), ByteBudgetCache(50, pool)
    first.put("a", "A", 10)
    second.put("b", "B", 40)
    assert (first.get("a"), second.get("b"), pool.used) == ("A", None, 10)


def test_numbers_alone_stay_as_long_as_something_larger_can_go():
    pool = SharedBudget(3 * SMALL)
    numbers, pictures = ByteBudgetCache(SMALL, pool), ByteBudgetCache(3 * SMALL, pool)
    numbers.put("a", "A", 10)
    pictures.put("b", "B", 2 * SMALL)
    pictures.put("c", "C", 2 * SMALL)
    assert [numbers.get("a"), pictures.get("b"), pictures.get("c")] == ["A", None, "C"]
    pictures.put("d", "D", 3 * SMALL)
    assert [numbers.get("a"), pictures.get("c"), pictures.get("d")] == [None, None, "D"]


def test_a_cache_that_is_gone_takes_no_room():
    pool = SharedBudget(30)
    ByteBudgetCache(30, pool).put("a", "A", 30)
    gc.collect()
    assert pool.used == 0


def test_all_caches_of_the_program_count_to_one_budget():
    before = everything.used
    cache = ByteBudgetCache(100)
    cache.put("a", "A", 7)
    assert everything.used - before == 7
    cache.clear()
    assert everything.used == before
