"""Runs of pages: so many draw at once, one that computes leaves its place, and none is lost."""

import threading
import time
from collections.abc import Callable
from contextlib import nullcontext

import pytest

from explorer.turns import Turns
from explorer.views.common.runs import Runs

SECONDS = 60  # after which a test that waits has failed


def wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + SECONDS
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.001)


def begin(runs: Runs, name: str, drawn: list[str]) -> threading.Thread:
    """Start a run in a thread of its own, which stands in the queue or has drawn when this returns."""

    def run() -> None:
        with runs.drawing():
            drawn.append(name)

    waiting = len(runs._places._waiting)
    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    wait_for(lambda: name in drawn or len(runs._places._waiting) > waiting)
    return thread


def test_runs_draw_one_after_the_other_in_their_order():
    runs, drawn = Runs(Turns(1)), []
    with runs.drawing():
        threads = [begin(runs, name, drawn) for name in "abc"]
        assert drawn == []
    for thread in threads:
        thread.join(SECONDS)
    assert drawn == ["a", "b", "c"]


def test_others_draw_while_a_run_computes_and_it_goes_on_before_those_who_begin():
    runs, drawn, computed, held = Runs(Turns(1)), [], threading.Event(), threading.Event()

    def computing() -> None:
        with runs.drawing():
            with runs.aside():
                assert computed.wait(SECONDS)
            drawn.append("computing")

    def holding() -> None:
        with runs.drawing():
            drawn.append("holding")
            assert held.wait(SECONDS)

    threads = [threading.Thread(target=computing, daemon=True), threading.Thread(target=holding, daemon=True)]
    for thread in threads:
        thread.start()
    wait_for(lambda: drawn == ["holding"])  # although the other came first
    threads.append(begin(runs, "new", drawn))
    computed.set()
    wait_for(lambda: len(runs._places._waiting) == 2)
    held.set()
    for thread in threads:
        thread.join(SECONDS)
    assert drawn == ["holding", "computing", "new"]


@pytest.mark.parametrize("where", ["drawing", "aside"])
def test_a_run_that_fails_gives_its_place_back_once(where):
    runs, drawn = Runs(Turns(1)), []
    with (
        pytest.raises(ZeroDivisionError),
        runs.drawing(),
        runs.aside() if where == "aside" else nullcontext(),
    ):
        raise ZeroDivisionError
    assert runs._places._free == 1
    begin(runs, "next", drawn).join(SECONDS)
    assert drawn == ["next"]


def test_who_has_no_place_has_none_to_leave():
    runs = Runs(Turns(1))
    with runs.aside():
        assert runs._places._free == 1
    assert runs._places._free == 1
