"""All scores as a table: people, the metrics with their intervals, and the paper's rows."""

import streamlit as st

from explorer.judgments.standing import Standings, percent, with_interval
from explorer.names import harmless, shortened
from explorer.views.common import parts


def draw_table(found: Standings) -> None:
    """A column a subset, in percent."""
    rows = []
    if any(found.ceiling):
        rows.append(["**People**", *map(with_interval, found.ceiling)])
    rows += [
        [f"**{parts.plain(shortened(harmless(each.label)))}**", *map(with_interval, each.marks)]
        for each in found.metrics
    ]
    if found.published_people:
        rows.append(["People (paper)", *map(percent, found.published_people)])
    rows += [[f"{parts.plain(each.label)} (paper)", *map(percent, each.marks)] for each in found.published]
    unit = "× 100" if found.kind == "mos" else "In percent"
    titles = [unit, *(parts.plain(shortened(harmless(name))) for name in found.columns)]
    with st.expander("All numbers", expanded=True), st.container(key="scores_table"):
        st.markdown(parts.table(titles, rows))
