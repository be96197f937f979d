"""The files of a session: its votes as a table, the paper's layout, and a report."""

import json
from functools import partial

import streamlit as st

from explorer.judgments.exporting import to_table, to_zip
from explorer.judgments.store import SessionInfo, Store
from explorer.report.class_page import class_report
from explorer.views.common import parts
from explorer.views.common.session import Session
from explorer.views.results.state import ResultsState

NO_VOTES = "There are no votes yet."
NO_TRIALS = "No trial has a vote that counts."


def draw_files(session: Session, state: ResultsState, store: Store, info: SessionInfo) -> None:
    """The row of files; each is made of what this run shows when it is asked for."""
    refusal = "" if state.votes else NO_VOTES
    found = state.found.latest
    no_layout = refusal or ("" if found is None or found.votes else NO_TRIALS)
    stem = f"class-{info.code.lower()}"
    with st.container(horizontal=True, key="files"):
        parts.draw_download(
            "Votes, CSV",
            partial(to_table, info.plan, info.code, state.votes),
            f"{stem}_votes.csv",
            "text/csv",
            "content",
            refusal,
        )
        parts.draw_download(
            "The paper’s layout, ZIP",
            partial(_layout, state, store, info),
            f"{stem}_layout.zip",
            "application/zip",
            "content",
            no_layout,
        )
        parts.draw_download(
            "Report, HTML",
            partial(_report, state, store, info),
            f"{stem}_report.html",
            "text/html",
            "content",
            refusal,
        )
        parts.draw_download(
            "Results, JSON",
            partial(_results, state, info),
            f"{stem}_results.json",
            "application/json",
            "content",
            refusal,
        )


def _layout(state: ResultsState, store: Store, info: SessionInfo) -> bytes:
    found = parts.still_held(state.found.latest)
    return to_zip(info.plan, info.code, found.tally, store.picture)


def _report(state: ResultsState, store: Store, info: SessionInfo) -> str:
    found = parts.still_held(state.found.latest)
    metrics = [each for each in state.shown if not each.problem]
    left_out = set(found.left_out)
    votes = [vote for vote in state.votes if vote.participant not in left_out]
    return class_report(info.plan, info.code, found, votes, metrics, store.picture)


def _results(state: ResultsState, info: SessionInfo) -> str:
    found = parts.still_held(state.found.latest)
    whole = {"code": info.code, "title": info.plan.title} | found.to_dict()
    return json.dumps(whole, indent=2, allow_nan=False, ensure_ascii=False) + "\n"
