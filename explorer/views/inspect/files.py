"""The numbers and the maps as files, each made when it is asked for."""

from collections.abc import Callable
from functools import partial

from explorer.analysis import export
from explorer.analysis.inspection import Inspection
from explorer.metrics import Measurement
from explorer.views.common import parts, projects
from explorer.views.common.session import Session
from explorer.views.common.stale import NO_FILE


def draw_files(session: Session, measurement: Measurement, is_stale: bool) -> None:
    """A button a file, named after what is shown; disabled where that is not of the chosen pair."""
    for label, make, what, ending, mime in (
        ("Numbers, JSON", _json, "", "json", "application/json"),
        ("Numbers, CSV", _csv, "", "csv", "text/csv"),
        ("Maps, NPZ", _npz, "maps", "npz", "application/octet-stream"),
    ):
        file = export.named(measurement, what, ending)
        parts.draw_download(
            label, partial(_of_shown, session, make), file, mime, refusal=NO_FILE if is_stale else ""
        )
    parts.draw_download(
        "Project, ZIP",
        partial(_project, session),
        export.named(measurement, "project", "zip"),
        "application/zip",
        refusal=NO_FILE if is_stale else "",
    )


def _of_shown(session: Session, make: Callable[[Inspection], str | bytes]) -> str | bytes:
    return make(parts.still_held(session.shown).inspection)


def _project(session: Session) -> bytes:
    shown = parts.still_held(session.shown)
    return projects.made(session, "inspect", shown, shown.inspection.measurement.to_dict())


def _json(shown: Inspection) -> str:
    return export.to_json(shown.measurement)


def _csv(shown: Inspection) -> str:
    return export.to_csv(shown.measurement)


def _npz(shown: Inspection) -> bytes:
    return export.to_npz(shown.comparison, shown.measurement, shown.combined)
