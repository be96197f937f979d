"""Take it away: ledger, maps, figure and report, each made when it is asked for."""

from collections.abc import Callable
from functools import partial

import streamlit as st

from explorer import report
from explorer.analysis import export
from explorer.analysis.region import Findings
from explorer.analysis.region.findings import to_csv, to_dict, to_json
from explorer.views.common import parts, projects
from explorer.views.common.session import Session
from explorer.views.common.stale import NO_FILE
from explorer.views.region.state import RegionState

# Label, what makes it, which of the files of a pair it is, its ending, and its type.
FILES: tuple[tuple[str, Callable[[Findings], str | bytes], str, str, str], ...] = (
    ("Report, HTML", report.report_html, "report", "html", "text/html"),
    ("Figure, PNG", report.figure_png, "figure", "png", "image/png"),
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


def draw_files(session: Session, found: Findings, is_stale: bool) -> None:
    """A button a file, named after what is shown; disabled where that is not of the chosen pair."""
    session.state(RegionState).found.keep("files", found)
    st.markdown("### Take it away")
    project = "Project, ZIP", partial(_project, session), "project", "zip", "application/zip"
    files = (*FILES, project)
    places = st.columns(len(files), gap="small")
    for place, (label, make, what, ending, mime) in zip(places, files, strict=True):
        file = export.named(found.measurement, what, ending)
        with place:
            refusal = NO_FILE if is_stale else ""
            parts.draw_download(label, partial(_of_found, session, make), file, mime, refusal=refusal)
    st.caption(
        "The report is one file that opens without a network and prints on A4; it and the figure hold the "
        "boxes, the hot spots, and the causal map if it was measured. The project brings "
        "pictures, settings and boxes back, on any machine."
    )


def _project(session: Session, found: Findings) -> bytes:
    return projects.made(session, "region", parts.still_held(session.shown), to_dict(found))


def _of_found(session: Session, make: Callable[[Findings], str | bytes]) -> str | bytes:
    return make(parts.still_held(session.state(RegionState).found.latest))
