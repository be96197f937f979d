"""Going back through links, and away from a page and back to it."""

import time
from collections.abc import Callable, Iterator
from itertools import chain, repeat
from unittest import mock

import pytest
from streamlit.testing.v1 import AppTest

from explorer.jobs import Job, Task, pool
from explorer.views.candidates.candidate_list import CandidateList
from explorer.views.common import session as session_module
from explorer.views.common.browser import Browser
from explorer.views.compare.state import CompareState
from explorer.views.region.state import RegionState
from tests.views.test_inspect_page import open_app, tiles
from tests.views.test_typed_values import link_of

SECONDS = 20
TAB = Browser("test session id")  # which AppTest runs pages in
PAIR = {"sample": "cat", "distortion": "jpeg", "severity": "0.5", "seed": "0", "size": "64"}
TWO, ONE = ["alexnet:lpips-0.1", "alexnet:uniform"], ["alexnet:lpips-0.1"]


def go_to(at: AppTest, link: dict[str, str], page: str | None = None) -> None:
    """What Back and Forward do: another address, maybe of another page, and the page runs."""
    if page is not None:
        at.context["url"] = f"http://localhost/{page}"
        at.switch_page(f"explorer/views/{page or 'inspect'}/page.py")
    at.query_params.clear()
    for name, value in link.items():
        at.query_params[name] = value
    # The runs that the page starts by itself after this one do not come by the history.
    came = chain([True], repeat(False))
    with mock.patch.object(session_module, "came_by_history", side_effect=came):
        at.run()
    assert not at.exception


def visit(at: AppTest, page: str) -> None:
    """Another page of the app, as its menu opens it."""
    at.context["url"] = f"http://localhost/{page}"
    at.query_params.clear()
    at.switch_page(f"explorer/views/{page}/page.py").run()
    assert not at.exception


def test_several_steps_back_in_a_row_are_all_followed():
    at = open_app(**PAIR)
    links, shown = [link_of(at)], [tiles(at)]
    for severity in (0.6, 0.7):
        at.slider(key="setting_severity").set_value(severity).run()
        links.append(link_of(at))
        shown.append(tiles(at))
    assert len(set(map(tuple, shown))) == 3
    for link, numbers in [*zip(links, shown, strict=True)][-2::-1]:
        go_to(at, link)
        assert (link_of(at), tiles(at)) == (link, numbers)


def test_a_change_of_compares_columns_is_taken_back_by_going_back():
    at = open_app(**PAIR, columns=",".join(TWO))
    visit(at, "compare")
    assert at.multiselect(key="compare_columns").value == TWO
    before = link_of(at)
    at.multiselect(key="compare_columns").set_value(ONE).run()
    assert link_of(at)["columns"] == ONE[0]
    go_to(at, before)
    assert at.multiselect(key="compare_columns").value == TWO
    assert link_of(at) == before
    at.session_state["session"].leave_pages()


def endless(job: Job[float]) -> None:
    job.add(0.5)
    while True:
        job.advance(1, 2)
        time.sleep(0.05)


@pytest.fixture
def start() -> Iterator[Callable[[], Job[float]]]:
    """Starts jobs that go on until nobody wants them."""
    jobs = []

    def start() -> Job[float]:
        jobs.append(pool.start(Task("Measuring", endless, total=2), TAB))
        deadline = time.monotonic() + SECONDS
        while not jobs[-1].results:
            assert time.monotonic() < deadline
            time.sleep(0.01)
        return jobs[-1]

    yield start
    for job in jobs:
        job.cancel()


def test_work_for_a_page_ends_where_another_is_opened_and_a_causal_map_keeps_its_tiles(start):
    at = open_app(**PAIR)
    session = at.session_state["session"]
    jobs = [start(), start()]
    session.state(CompareState).measuring.keep("pair", jobs[0])
    region = session.state(RegionState)
    region.running = region.causal.keep("pair", jobs[1])
    at.run()
    assert not any(job.is_over for job in jobs)

    visit(at, "region")
    assert all(job.wait(SECONDS) for job in jobs)
    assert [job.state for job in jobs] == ["cancelled", "cancelled"]
    assert session.state(CompareState).measuring.latest is None  # to be started again
    assert region.causal.latest.results == (0.5,)


def test_what_was_cancelled_on_a_page_is_not_started_by_itself_when_one_comes_back(start):
    chosen = CandidateList()
    job = chosen.measuring.keep("pair", start())
    job.cancel()
    assert job.wait(SECONDS)
    chosen.leave()
    assert chosen.measuring.get("pair") is job


def test_a_short_address_stays_as_long_as_it_says_what_is_chosen_and_no_longer():
    at = open_app(size="64")
    assert link_of(at) == {"size": "64"}
    at.slider(key="setting_severity").set_value(0.5).run()
    assert link_of(at)["severity"] == "0.5"
    go_to(at, {"size": "64"})
    assert link_of(at) == {"size": "64"}
    assert at.slider(key="setting_severity").value == 0.72
