"""Take it away: ledger, maps, figure and report, each made when it is asked for."""

from collections.abc import Callable
from functools import partial

import streamlit as st

from explorer import report
from explorer.analysis import export
from explorer.analysis.region import Findings
from explorer.analysis.region.findings import to_csv, to_json
from explorer.views.common import parts
from explorer.views.common.session import Session
from explorer.views.common.stale import NO_FILE
from explorer.views.region.state import RegionState

FILES: tuple[tuple[str, Callable[[Findings], str | bytes], str, str], ...] = (
    ("Report, HTML", report.report_html, "region-report.html", "text/html"),
    ("Figure, PNG", report.figure_png, "region-figure.png", "image/png"),
    ("Ledger, CSV", to_csv, "region.csv", "text/csv"),
    ("Ledger, JSON", to_json, "region.json", "application/json"),
    (
        "Maps, NPZ",
        lambda found: export.to_npz(found.comparison, found.measurement, found.combined),
        "maps.npz",
        "application/octet-stream",
    ),
)


def draw_files(session: Session, found: Findings, is_stale: bool) -> None:
    """A button a file; disabled where what is shown is not of the chosen pair."""
    session.state(RegionState).found.keep("files", found)
    st.markdown("### Take it away")
    for place, (label, make, file, mime) in zip(st.columns(len(FILES), gap="small"), FILES, strict=True):
        with place:
            refusal = NO_FILE if is_stale else ""
            parts.draw_download(label, partial(_of_found, session, make), file, mime, refusal=refusal)
    st.caption(
        "The report is one file that opens without a network and prints on A4; it and the figure hold the "
        "boxes, the hot spots, and the causal map if it was measured."
    )


def _of_found(session: Session, make: Callable[[Findings], str | bytes]) -> str | bytes:
    return make(parts.still_held(session.state(RegionState).found.latest))
