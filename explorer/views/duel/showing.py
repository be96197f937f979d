"""What was made so far, as it comes: the sentence, how far the work is, and the pictures.

All of it is a fragment, which runs by itself as long as something comes; the page around it stays as it is.
"""

from dataclasses import dataclass, replace

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from explorer.viewer.duel.duel import DuelDisplay, duel
from explorer.views.common.parts import plain
from explorer.views.common.session import Session
from explorer.views.duel.looking import Look
from explorer.views.duel.modes import MODES
from explorer.views.duel.running import Stage, Trip, note_pace, short_words
from explorer.views.duel.state import DuelState
from explorer.views.duel.view import DuelView

POLL = 0.45  # seconds between two looks at the work


@dataclass(frozen=True, eq=False)
class Seen:
    """What a run of the page has found, and draws.

    Attributes:
        trip: The work on what is chosen; None where that was not asked for.
        stage: Of it; None without a trip.
        has_begun: Whether there are pictures of it.
        going: The work on what was chosen before, while it is under way.
        shown: The trip whose pictures are shown, which may be of something else; None for none.
        said, work: Where the sentence goes, and how far the work is.
    """

    trip: Trip | None
    stage: Stage | None
    has_begun: bool
    going: Trip | None
    shown: Trip | None
    said: DeltaGenerator
    work: DeltaGenerator

    @property
    def is_old(self) -> bool:
        """Whether the work has come to where the page around it is another one."""
        trip = self.trip
        return trip is not None and (trip.stage, trip.journey.has_begun) != (self.stage, self.has_begun)

    @property
    def comes(self) -> bool:
        """Whether more comes."""
        return any(trip is not None and trip.is_under_way for trip in (self.trip, self.going, self.shown))


def draw_seen(session: Session, state: DuelState, seen: Seen) -> None:
    """Draw it, and again and again as long as more comes."""
    comes = seen.comes
    st.fragment(_draw, run_every=POLL if comes else None)(session, state, seen, comes)


def _draw(session: Session, state: DuelState, seen: Seen, has_come: bool) -> None:
    """Args: has_come, whether more came when the page ran."""
    if state.changed or state.opening is not None or seen.is_old or seen.comes < has_come:
        session.run_anew()  # the link, or the buttons, are others now
    with seen.work:
        _draw_work(seen.going or seen.trip)
    if seen.shown is None:
        return
    trip = seen.shown
    mode, view = MODES[trip.mode], session.view_of(DuelView)
    grows = trip.is_under_way and not trip.is_bundled
    journey = trip.journey.copy()  # sentence and pictures are of one moment
    with seen.said:
        st.markdown(f"## {plain(mode.sentence(journey, trip.settings))}")
    look = Look(session.settings.colours, max(trip.steps, journey.step), grows)
    scene = state.scene.keep("page", mode.scene(journey, trip.settings, look))

    def keep(display: DuelDisplay) -> None:
        session.keep_view(replace(session.view_of(DuelView), display=display))
        state.changed = True

    is_over = not trip.is_under_way and trip.journey.is_over
    display = duel(
        replace(scene, is_asking=trip.is_under_way, is_over=is_over),
        key=f"duel_viewer_{trip.mode}",
        display=view.display,
        on_display=keep,
        on_open=lambda tile, step: state.open("inspect", tile, step),
    )
    session.keep_view(replace(view, display=display))


def _draw_work(trip: Trip | None) -> None:
    """How far the work is, in a short line."""
    if trip is None or trip.job is None:
        return
    job, journey = trip.job, trip.journey
    if trip.is_under_way:
        note_pace(trip)
        st.progress(min(1.0, job.done / job.total) if job.total else 0.0, text=_line(trip))
    elif trip.stage == "paused" and journey.has_begun and journey.step < trip.steps and not trip.is_bundled:
        st.caption(f"Paused at step {journey.step} of {trip.steps}")


def _line(trip: Trip) -> str:
    """How far it is, in steps as the page counts them: of all runs together."""
    job, step = trip.job, trip.journey.step
    if job.state == "waiting":
        return "Waiting for its turn"
    if not trip.journey.has_begun:
        return "Beginning"
    if trip.is_bundled or step >= trip.steps:
        return "Asking the other metrics"
    left = job.seconds_left
    return f"Step {step} of {trip.steps}" + ("" if left is None else f", {short_words(left)} left")
