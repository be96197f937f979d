"""The sweep as files, and the pair at the playhead as a figure and as a report."""

from functools import partial

from explorer.analysis import export
from explorer.analysis.sweep import Sweep
from explorer.analysis.sweep_files import to_csv, to_npz
from explorer.report.curves import figure
from explorer.viewer.sweep.sweep import SweepDisplay
from explorer.views.common import parts
from explorer.views.common.session import Session
from explorer.views.common.shown import Pair
from explorer.views.common.stale import NO_FILE
from explorer.views.common.take_away import Subject, found_of, take_away
from explorer.views.sweep.shown import Shown
from explorer.views.sweep.state import SweepState


def draw_files(session: Session, shown: Shown, display: SweepDisplay, is_stale: bool) -> None:
    """The row of files: of the pair at the playhead, and of all curves."""
    refusal = NO_FILE if is_stale else ""
    session.state(SweepState).shown.keep("page", shown)
    pictures = shown.given.name, shown.view.entry.label
    with take_away(session, _subjects(session, shown, display), refusal):
        for label, make, ending, kind in (
            ("Curves, PNG", _figure, "png", "image/png"),
            ("Table, CSV", _csv, "csv", "text/csv"),
            ("Numbers, NPZ", _npz, "npz", "application/octet-stream"),
        ):
            name = export.named_by_methods(pictures, (shown.method,), shown.reference.size, "sweep", ending)
            call = partial(make, session)
            parts.draw_download(label, call, name, kind, width="content", refusal=refusal)


def _held(session: Session) -> tuple[Shown, tuple[Sweep, ...]]:
    """What is on screen, and those of its sweeps that have points."""
    shown = parts.still_held(session.state(SweepState).shown.latest)
    return shown, tuple(sweep for sweep in shown.sweeps if sweep.points)


def _figure(session: Session) -> bytes:
    shown, made = _held(session)
    return figure(shown.lines, made, shown.method, shown.view.seeds)


def _csv(session: Session) -> str:
    return to_csv(_held(session)[1])


def _npz(session: Session) -> bytes:
    return to_npz(_held(session)[1])


def _subjects(session: Session, shown: Shown, display: SweepDisplay) -> list[Subject]:
    """The pair at the playhead, at the measured size; none while its point is to come."""
    own = shown.sweeps[min(display.sweep, shown.view.seen - 1)]
    last = len(own.axis.steps) - 1
    place = last // 2 if display.at is None else min(display.at, last)
    if place not in {point.place for point in own.points}:
        return []

    def find():
        pair = Pair(shown.reference, own.picture(place), linkable=False)
        return found_of(session, pair, shown.method)

    key = (shown.reference.digest, own.axis.steps[place], shown.method.identity)
    return [Subject(key, f"{own.axis.distortion.label}, {own.axis.text(place)}", find)]
