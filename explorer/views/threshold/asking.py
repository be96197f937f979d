"""A run while it is asked: the pictures, the card, and what an answer on it does."""

from collections.abc import Hashable

import streamlit as st

from explorer.analysis.cost import is_large
from explorer.distortions import Distortion, Recipe
from explorer.images import Picture, resize
from explorer.judgments.asking.noticed import step_at, weakest_of
from explorer.judgments.asking.threshold import MOST, is_enough
from explorer.viewer.cards.cards import Card
from explorer.viewer.cards.cards import card as card_viewer
from explorer.views.common.apart import apart
from explorer.views.common.compute import distorted_by_job, one_at_a_time
from explorer.views.common.method_controls import size_for
from explorer.views.common.session import Session
from explorer.views.threshold.state import Run, ThresholdState

ASKED = "A or B is the reference itself. Which one is distorted?"


def base_of(session: Session, state: ThresholdState, reference: Picture) -> Picture:
    """The reference at the size that is measured, at which it is shown."""
    longest = size_for(session, reference.size)
    key = reference.digest, reference.name, longest
    base = state.base.get(key)
    if base is None:
        with one_at_a_time("Resizing the image …"):
            base = state.base.keep(key, resize(reference, longest))
    return base


def key_of(base: Picture, entry: Distortion, run: Run) -> str:
    """Tells a card from all others: what comes back from the browser is of this one."""
    return f"{base.digest}|{entry.name}|{run.seed}|{run.attempt}|{len(run.answers)}"


def follow(state: ThresholdState, about: Hashable, base: Picture, entry: Distortion, seed: int) -> Run:
    """Do what was chosen since the last run of the page; returns how far the answers have come.

    Raises:
        SettingError: the distortion cannot be made, or changes nothing.
    """
    run = state.run_of(about, seed, lambda: _weakest(base, entry, seed))
    while state.done:
        key, side = state.done.pop(0)
        if key == key_of(base, entry, run) and not is_enough(run.answers):
            run = state.runs.keep(about, run.answered(side))
    return run


def draw_card(state: ThresholdState, base: Picture, entry: Distortion, run: Run) -> None:
    """How far the run is, and the reference between A and B, one of which is it.

    Raises:
        SettingError: the distortion cannot be made.
    """
    made = _made(state, base, Recipe((step_at(entry, run.severity, run.seed),)))
    place = len(run.answers)
    st.progress(place / MOST, text=f"Question {place + 1} of at most {MOST}")
    versions = (made, base) if run.side == "A" else (base, made)
    card_viewer(
        Card(
            key=key_of(base, entry, run),
            question=ASKED,
            reference=base.pixels,
            versions=(versions[0].pixels, versions[1].pixels),
            tally="Where you see no difference, guess.",
            has_next=False,
            verb="is distorted",
            goes_on=True,
        ),
        key="threshold_card",
        on_choose=state.choose,
        on_next=lambda _key: None,
        on_take_back=lambda _key: None,
        on_open=lambda _key, _side: None,
    )


def _weakest(base: Picture, entry: Distortion, seed: int) -> float:
    with one_at_a_time("Distorting the image …"):
        return weakest_of(base, entry, seed, _apart)


def _made(state: ThresholdState, base: Picture, recipe: Recipe) -> Picture:
    key = base.digest, recipe
    made = state.made.get(key)
    if made is None:
        with one_at_a_time("Distorting the image …"):
            made = state.made.keep(key, _apart(base, recipe))
    return made


def _apart(base: Picture, recipe: Recipe) -> Picture:
    if not is_large(base.size):
        return distorted_by_job(base, recipe)
    return apart("Distorting the image", lambda: distorted_by_job(base, recipe))
