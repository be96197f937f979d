"""Metrics held against the class: a chart beside a table, and the same by family."""

import numpy as np
import streamlit as st

from explorer.analysis.wording import percent
from explorer.figures.people import PEOPLE, agreement_chart, agreement_text, has_scores, range_text
from explorer.judgments.class_results import ClassResults
from explorer.views.common import parts
from explorer.views.common.tips import tip

MOST_FAMILIES = 12  # of a table on a projector; the files have all
WITHOUT = "No metric has a score yet; below stands what is missing."
MEASURING = "No metric has measured the pictures yet; the chart comes with the first."


def draw_agreement(found: ClassResults) -> None:
    """The chart, the table, and the families."""
    if not has_scores(found):
        st.info(WITHOUT if found.metrics else MEASURING)
        return
    left, right = st.columns((3, 2), gap="large")
    with left:
        st.plotly_chart(
            agreement_chart(found),
            key="results_agreement",
            config={"displayModeBar": False},
            alt=agreement_text(found),
        )
    with right, st.container(key="results_table"):
        st.markdown(_table(found))
        st.caption(_reading(found), help=tip("jnd") if found.ceiling is None else tip("ceiling"))
    if len(found.families) > 1:
        st.markdown("**By family of distortions**")
        with st.container(key="results_families"):
            st.markdown(_families(found))
        if len(found.families) > MOST_FAMILIES:
            st.caption(f"The {MOST_FAMILIES} largest of {len(found.families)} families; the files have all.")


def _reading(found: ClassResults) -> str:
    if found.kind == "jnd":
        return (
            "Average precision: pairs are put in a metric’s order, the smallest distance first, and those "
            "that people took for the same should come first. Intervals hold 95%, had other references been "
            "asked."
        )
    return (
        "The part of the votes that a metric agrees with, a mean over trials. Two participants: how often "
        "they say the same. Ceiling: how often people agree with all votes, their own among them; it is "
        "what Evaluate and the paper call people. "
        f"Siding with the majority in each trial would give {percent(found.majority)}. Intervals hold 95%, "
        "had other references been asked."
    )


def _table(found: ClassResults) -> str:
    rows = []
    if found.kind == "2afc":
        if found.peers is not None:
            rows.append([PEOPLE, percent(found.peers.value), range_text(found.peers)])
        rows.append(["Ceiling", percent(found.ceiling.value), range_text(found.ceiling)])
    known = sorted(found.metrics, key=lambda each: -np.nan_to_num(each.score.value, nan=-1))
    rows += [[parts.plain(each.label), _percent(each.score.value), range_text(each.score)] for each in known]
    title = "2AFC score" if found.kind == "2afc" else "Precision"
    return parts.table(("", title, "95% interval"), rows)


def _families(found: ClassResults) -> str:
    ceilings = ["Ceiling"] if found.kind == "2afc" else []
    titles = ["Family", "Trials", "Votes", *ceilings, *(parts.plain(each.label) for each in found.metrics)]
    rows = [
        [
            parts.plain(family.name),
            f"{family.trials:,}",
            f"{family.votes:,}",
            *([percent(family.ceiling)] if family.ceiling is not None else []),
            *(_percent(each.by_family.get(family.name, float("nan"))) for each in found.metrics),
        ]
        for family in found.families[:MOST_FAMILIES]
    ]
    return parts.table(titles, rows)


def _percent(share: float) -> str:
    return percent(share) if np.isfinite(share) else "–"
