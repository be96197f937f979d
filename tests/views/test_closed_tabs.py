"""What a closed tab leaves behind: Streamlit keeps its session, which must not keep the maps."""

import weakref
from dataclasses import dataclass
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from explorer.views.common.browser import KEPT_SECONDS, Tabs
from explorer.views.common.compute import Computed

APP = str(Path(__file__).parents[2] / "app.py")


@pytest.mark.parametrize("page", ["inspect", "region"])
def test_a_closed_tab_holds_no_maps_and_shows_the_same_when_it_comes_back(page):
    at = AppTest.from_file(APP, default_timeout=180).run()  # the pages are known after the first run
    at.context["url"] = "http://localhost"
    at.switch_page(f"explorer/views/{page}/page.py").run()
    at.run()
    assert not at.exception
    session = at.session_state["session"]
    shown = str(at.main)
    held = [
        weakref.ref(each)
        for each in (session.shown, session.shown.inspection, session.state(Computed).comparisons.latest[0])
    ]
    session.let_go()
    # No button for a file and no callback of the page holds them; the last is in the cache of all users.
    assert [reference() is None for reference in held] == [True, True, False]
    at.run()
    assert not at.exception
    assert str(at.main) == shown


@dataclass(eq=False)
class Away:
    """A tab that has been closed for some seconds."""

    seconds: float

    def seconds_away(self) -> float:
        return self.seconds


@dataclass(eq=False)
class Held:
    """What a tab shows."""

    is_held: bool = True

    def let_go(self) -> None:
        self.is_held = False


def test_results_are_let_go_some_time_after_the_tab_was_closed_and_no_sooner():
    tabs = Tabs()
    open_one, just_left, closed, ended = Away(0.0), Away(KEPT_SECONDS / 2), Away(KEPT_SECONDS + 1), Away(1e9)
    held = {tab: Held() for tab in (open_one, just_left, closed)}
    for tab, results in held.items():
        tabs.watch(tab, results.let_go)
    tabs.watch(ended, Held().let_go)  # the session is gone, too
    tabs.let_closed_go()
    assert [results.is_held for results in held.values()] == [True, True, False]

    held[closed].is_held, closed.seconds = True, 0.0  # it comes back
    tabs.watch(closed, held[closed].let_go)
    tabs.let_closed_go()
    assert held[closed].is_held
    closed.seconds = KEPT_SECONDS + 1
    tabs.let_closed_go()
    assert not held[closed].is_held
