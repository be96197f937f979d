"""Ledger, maps, figure and report as files, each made when it is asked for."""

from collections.abc import Callable, Hashable
from functools import partial

from explorer.analysis import export
from explorer.analysis.region import Findings
from explorer.analysis.region.findings import to_csv, to_dict, to_json
from explorer.views.common import parts, projects
from explorer.views.common.session import Session
from explorer.views.common.stale import NO_FILE
from explorer.views.common.take_away import Subject, take_away
from explorer.views.region.state import RegionState

# Label, what makes it, which of the files of a pair it is, its ending, and its type.
FILES: tuple[tuple[str, Callable[[Findings], str | bytes], str, str, str], ...] = (
    ("Ledger, CSV", to_csv, "regions", "csv", "text/csv"),
    ("Ledger, JSON", to_json, "regions", "json", "application/json"),
    (
        "Maps, NPZ",
        lambda found: export.to_npz(found.comparison, found.measurement, found.combined),
        "maps",
        "npz",
        "application/octet-stream",
    ),
)


def draw_files(session: Session, key: Hashable, found: Findings, is_stale: bool) -> None:
    """A button a file, named after what is shown; disabled where that is not of the chosen pair.

    Args:
        key: Of the measured pair.
    """
    session.state(RegionState).found.keep("files", found)
    refusal = NO_FILE if is_stale else ""
    boxes = tuple(region.box for region in found.regions)
    whole = key, boxes, found.causal and (found.causal.side, found.causal.done)
    subject = Subject(whole, "", partial(_as_one, session))
    project = "Project, ZIP", partial(_project, session), "project", "zip", "application/zip"
    with take_away(session, (subject,), refusal):
        for label, make, what, ending, mime in (*FILES, project):
            file = export.named(found.measurement, what, ending)
            make_it = partial(_of_found, session, make)
            parts.draw_download(label, make_it, file, mime, width="content", refusal=refusal)


def _found(session: Session) -> Findings:
    return parts.still_held(session.state(RegionState).found.latest)


def _as_one(session: Session) -> tuple[Findings]:
    return (_found(session),)


def _project(session: Session, found: Findings) -> bytes:
    return projects.made(session, "region", parts.still_held(session.shown), to_dict(found))


def _of_found(session: Session, make: Callable[[Findings], str | bytes]) -> str | bytes:
    return make(_found(session))
