"""How a page follows work in the background: when it is drawn anew, and how often it looks."""

import threading

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from explorer.jobs import LANES, Pool, Task
from explorer.views.common import progress

SECONDS = 60


class Anew:
    """In a session's place: notes that the page would run anew, and ends the run as a session does."""

    def __init__(self):
        self.count = 0

    def run_anew(self):
        self.count += 1
        st.stop()


@pytest.fixture
def work():
    """A job with one result that goes on until it is let; and what lets it."""
    pool, has_one, may_end = Pool(LANES, 10**9), threading.Event(), threading.Event()

    def run(job):
        job.add(1)
        has_one.set()
        may_end.wait(SECONDS)
        job.add(2)

    job = pool.start(Task("Counting", run, total=2))
    assert has_one.wait(SECONDS)
    yield job, may_end
    may_end.set()
    assert job.wait(SECONDS)


def drawn_anew(job, pause):
    """How often the page would run anew, of whose results it has drawn none."""
    at, session = AppTest.from_function(_draw), Anew()
    at.session_state["session"], at.session_state["asked"] = session, (job, pause)
    at.run(timeout=SECONDS)
    assert not at.exception
    return session.count


def _draw():
    import streamlit as st

    from explorer.views.common.progress import draw_work

    job, pause = st.session_state.asked
    draw_work(job, "job", drawn=0, pause=pause)


def test_a_page_runs_anew_for_more_results_after_its_pause_and_for_the_end_at_once(work):
    job, may_end = work
    assert drawn_anew(job, pause=0.0) == 1
    assert drawn_anew(job, pause=SECONDS * 60) == 0
    may_end.set()
    assert job.wait(SECONDS)
    assert drawn_anew(job, pause=SECONDS * 60) == 1


def test_the_end_of_young_work_is_waited_for_and_that_of_other_work_looked_for(work):
    job, may_end = work
    threading.Timer(progress.POLL / 3, may_end.set).start()
    assert drawn_anew(job, pause=SECONDS * 60) == 1  # it ended while the page looked once


def test_old_work_holds_no_run_up(work, monkeypatch):
    job, _ = work
    monkeypatch.setattr(type(job), "seconds", progress.YOUNG)
    monkeypatch.setattr(type(job), "wait", lambda self, seconds: pytest.fail("it was waited for"))
    assert drawn_anew(job, pause=SECONDS * 60) == 0
    monkeypatch.undo()
