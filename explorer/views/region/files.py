"""Take it away: ledger, maps, figure and report, each made when it is asked for."""

from collections.abc import Callable

import streamlit as st

from explorer import report
from explorer.analysis import export
from explorer.analysis.region import Findings
from explorer.analysis.region.findings import to_csv, to_json


def draw_files(found: Findings) -> None:
    """A button a file."""
    st.markdown("### Take it away")
    files: list[tuple[str, Callable[[], str | bytes], str, str]] = [
        ("Report, HTML", lambda: report.report_html(found), "region-report.html", "text/html"),
        ("Figure, PNG", lambda: report.figure_png(found), "region-figure.png", "image/png"),
        ("Ledger, CSV", lambda: to_csv(found), "region.csv", "text/csv"),
        ("Ledger, JSON", lambda: to_json(found), "region.json", "application/json"),
        (
            "Maps, NPZ",
            lambda: export.to_npz(found.comparison, found.measurement),
            "lpips-maps.npz",
            "application/octet-stream",
        ),
    ]
    for place, (label, make, file, mime) in zip(st.columns(len(files), gap="small"), files, strict=True):
        with place:
            st.download_button(
                label, make, file, mime, on_click="ignore", icon=":material/download:", width="stretch"
            )
    st.caption(
        "The report is one file that opens without a network and prints on A4; it and the figure hold the "
        "boxes, the hot spots, and the causal map if it was measured."
    )
