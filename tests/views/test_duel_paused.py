"""The page Duel: what is paused, what was not asked of it, and what cannot be run at all."""

import threading

import numpy as np
from streamlit.testing.v1 import AppTest

from explorer.render import png
from explorer.synthesis import journey
from explorer.views.duel import running
from explorer.views.duel.modes import MODES
from tests.views.test_duel_page import (
    FEW,
    LONG,
    PAIR,
    buttons,
    moving,
    open_duel,
    press,
    settled,
    state_of,
)
from tests.views.test_going_back import go_to, visit
from tests.views.test_inspect_page import SECONDS, choose_uploads, open_app, sentences

SMALL = png(np.full((20, 20, 3), 90, np.uint8))


def notes(at: AppTest) -> list[str]:
    """How far the work is, where it has been paused."""
    return [each.value for each in at.caption if each.value.startswith("Paused")]


def has(at: AppTest, key: str) -> bool:
    return any(button.key == key for button in at.button)


def test_what_goes_on_can_be_paused_where_the_reference_is_gone():
    at = open_duel(**LONG)
    first = state_of(at).under_way
    at.segmented_control(key="setting_source").set_value("upload").run()
    assert not at.exception
    assert first.is_under_way
    assert buttons(at) == ["Run", "Pause"]
    assert at.button(key="duel_first").disabled
    press(at, "duel_pause")
    assert first.job.wait(SECONDS)
    assert first.stage == "paused"


def test_the_other_metrics_are_asked_of_what_is_paused_on_request_and_it_goes_no_farther():
    at = settled(press(moving(open_duel(**LONG)), "duel_first"))
    trip = state_of(at).under_way
    made, runs = trip.journey.step, trip.journey.runs
    assert not trip.journey.said
    settled(press(at, "duel_ask"))
    assert not sentences(at)
    assert trip.journey.step == made
    # The run that was a step behind has made it, so that both are told of at one step.
    assert trip.journey.said.keys() == {(run, step) for run in runs for step in (0, made)}
    for tile in state_of(at).scene.latest.tiles:
        assert all(tile.frames[-1].values)
    assert not has(at, "duel_ask")
    assert buttons(at) == [f"{2000 - made} more", "Start anew"]


def test_where_all_steps_are_made_nothing_says_that_it_was_paused_and_coming_back_makes_no_more(monkeypatch):
    asked, may_ask = threading.Event(), threading.Event()

    def waits(_reference, _pictures, witnesses):
        asked.set()
        may_ask.wait(SECONDS)
        return [dict.fromkeys(witnesses, 0.5)]

    monkeypatch.setattr(journey, "said_of", waits)
    monkeypatch.setattr(running, "FIRST_LOOK", 0.0)
    at = open_duel(**FEW, made="1")
    trip = state_of(at).under_way
    assert asked.wait(SECONDS)
    at.run()
    press(at, "duel_first")  # pauses
    may_ask.set()
    settled(at)
    assert (trip.stage, trip.journey.step) == ("paused", 6)
    assert notes(at) == []
    at.number_input(key="duel_steps_equal").set_value(9).run()
    asked.clear()
    may_ask.clear()
    press(at, "duel_ask")
    assert asked.wait(SECONDS)
    visit(at, "words")
    may_ask.set()
    assert trip.job.wait(SECONDS)
    go_to(at, PAIR | {"steps": "9"}, "duel")
    settled(at)
    assert (trip.stage, trip.journey.step) == ("done", 6)
    assert not has(at, "duel_ask")


def test_a_picture_that_is_too_small_is_told_of_at_once_and_cannot_be_run():
    at = open_app()
    choose_uploads(at, SMALL, SMALL)
    visit(at, "duel")
    for mode in MODES:
        at.segmented_control(key="duel_mode").set_value(mode).run()
        assert not at.exception
        (said,) = sentences(at)
        assert said.startswith("The reference measures 20 × 20 pixels"), mode
        assert at.button(key="duel_first").disabled
    assert state_of(at).under_way is None
