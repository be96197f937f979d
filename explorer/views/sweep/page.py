"""Sweep: how does each metric answer as a distortion grows?

Reads top to bottom: reference, distortion and how it is measured (in the sidebar), one sentence, all curves
with a playhead whose picture and map follow, a table, and the files. Points come as they are measured.
"""

from dataclasses import replace

import streamlit as st

from explorer.analysis.sweep_curves import sentence
from explorer.analysis.sweep_job import Found, Kept, sweep_task
from explorer.errors import ExplorerError, SettingError
from explorer.images import Picture
from explorer.metrics import Method
from explorer.metrics.measuring import reference_at
from explorer.viewer.sweep.sweep import SweepDisplay, sweep
from explorer.views.common import method_controls, pair_controls, parts
from explorer.views.common.distortion_controls import draw_seed
from explorer.views.common.fetch_controls import draw_fetch
from explorer.views.common.opening import open_version
from explorer.views.common.progress import draw_work, job_for
from explorer.views.common.session import Session, current, widget_key, write_link
from explorer.views.common.shown import Pair
from explorer.views.common.stale import result_of
from explorer.views.sweep import controls
from explorer.views.sweep.files import draw_files
from explorer.views.sweep.shown import Shown, scene_of, shown_of
from explorer.views.sweep.state import SweepState
from explorer.views.sweep.view import SEVERITY, SweepView

QUESTION = "How does each metric answer as a distortion grows?"
CHOOSE = "Choose a reference in the sidebar; a distortion is laid on it, from weak to strong."
PAUSE = 1.0  # seconds that the browser has for drawing before the next points come

# For all users together, by what they are made of.
_kept = Kept(192_000_000)


def open_in_inspect(session: Session, view: SweepView, sweep: int, place: int) -> None:
    """Show a point in Inspect, where the distortion is laid on the reference as given."""
    axes = view.axes(session.settings.seed)
    if not (0 <= sweep < view.seen and 0 <= place < len(axes[sweep].steps)):
        return
    axis = axes[sweep]
    step = axis.steps[place]
    settings = session.settings  # whose seed stays, also where it does not matter
    if axis.name == SEVERITY:
        settings = settings.with_severity(step.name, axis.values[place], settings.seed)
    else:
        settings = settings.with_step(replace(step, seed=settings.seed))
    open_version(session, settings)


def choose(session: Session) -> tuple[Picture | None, ExplorerError | None, SweepView]:
    """The sidebar: the reference or why there is none, what is swept, and how it is measured."""
    camera = st.container()
    with st.sidebar:
        reference, is_sample, problem = pair_controls.reference_or_problem(session, camera)
        view = session.keep_view(controls.choose(session.view_of(SweepView, on_read=controls.forget)))
        if view.is_random:
            session.change(seed=draw_seed(widget_key("seed", session.settings.seed)))
        pair = None if reference is None else Pair(reference, reference, is_sample)
        method_controls.draw_measure(session, pair)
    return reference, problem, view


def draw_sweep(session: Session, view: SweepView, given: Picture, is_stale: bool) -> None:
    """What is measured so far: the answer, curves, pictures, table and files."""
    state = session.state(SweepState)
    longest = method_controls.size_for(session, given.size)
    method = replace(session.settings.method, size=None)
    try:
        axes = view.axes(session.settings.seed)
        reference = reference_at(given, longest)
        # What could not be measured is tried again once its weights have come.
        is_ready = method_controls.is_ready(method)
        key = (reference.digest, method.identity, tuple(axis.steps for axis in axes), is_ready)
        job = job_for(state.measuring, key, lambda: sweep_task(reference, axes, view.seen, method, _kept))
    except SettingError as error:
        st.error(parts.plain(str(error)), icon=":material/error:")
        return
    results: tuple[Found, ...] = job.results
    draw_work(job, "sweep", len(results), state.measuring.clear, pause=PAUSE)
    draw_missing(method)
    shown = shown_of(view, given, reference, method, axes, results)
    if not results:
        return
    if said := sentence(shown.lines, shown.sweeps, view.seeds > 0):
        st.markdown(f"## {parts.plain(said)}")

    def keep(display: SweepDisplay) -> None:
        session.keep_view(replace(session.view_of(SweepView), display=display))

    display = sweep(
        scene_of(shown, session.settings.colours),
        key="sweep_viewer",
        display=view.display,
        on_display=keep,
        on_open=state.open,
    )
    session.keep_view(replace(view, display=display))
    draw_table(shown)
    draw_files(session, shown, display, is_stale)


def draw_missing(method: Method) -> None:
    """Offer to fetch weights that are not on this machine."""
    if not method_controls.is_ready(method):
        draw_fetch(method.row, "sweep")


def draw_table(shown: Shown) -> None:
    """All values, a row a place; for seeds their mean."""
    axis = shown.sweeps[0].axis
    heads = [parts.plain(axis.label)]
    for line in shown.lines:
        whose = f", {shown.sweeps[line.sweep].axis.distortion.label}" if shown.view.seen > 1 else ""
        heads.append(parts.plain(f"{line.metric}{whose}"))
    columns = [dict(zip(line.places, map(line.text, line.values), strict=True)) for line in shown.lines]
    rows = [
        [parts.plain(text) for text in (axis.text(place), *(column.get(place, "") for column in columns))]
        for place in range(len(axis.steps))
    ]
    with st.expander("All values as a table"):
        st.markdown(parts.table(heads, rows))


def page(session: Session) -> None:
    """The whole page."""
    state = session.state(SweepState)
    reference, problem, view = choose(session)
    opening, state.opening = state.opening, None  # a click is for this run, or for none
    if opening is not None and reference is not None:
        open_in_inspect(session, view, opening["sweep"], opening["place"])
    st.caption(QUESTION)
    parts.draw_problems(session.sentences(), problem)
    if reference is None and not problem:
        pair_controls.say_missing(session, CHOOSE)
    is_stale = reference is None
    state.reference = given = reference or state.reference
    if given is not None and not (is_stale and session.asked_for):
        with result_of(f"{given.name} and its distortions", is_stale):
            draw_sweep(session, view, given, is_stale)
    write_link(session, SweepView.PAGE, problem is not None, needs_distorted=False)


page(current())
