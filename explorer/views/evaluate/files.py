"""The row of files: the chart by subset as a figure, and all scores as a table and as JSON."""

import json
from functools import partial

import streamlit as st

from explorer.judgments.evaluation import Evaluation
from explorer.judgments.standing import Standings
from explorer.names import word
from explorer.report import FORMATS
from explorer.report.standings import figure_of_standings
from explorer.views.common import parts
from explorer.views.common.session import Session
from explorer.views.evaluate.state import EvaluateState
from explorer.views.evaluate.view import PAPER, EvaluateView

PAPERS = "bapps-val"  # what the paper's validation set is called
ABOUT_PAPERS = "The votes of the paper's validation set (BAPPS)"


def draw_files(session: Session, view: EvaluateView) -> None:
    """Offer what the page shows."""
    evaluation, _ = _held(session)
    name = PAPERS if view.source == PAPER else evaluation.name
    with st.container(key="take_away", horizontal=True, vertical_alignment="center", gap="small"):
        for ending in ("pdf", "svg", "png"):
            make = partial(_figure, session, ABOUT_PAPERS if view.source == PAPER else name, ending)
            parts.draw_download(
                f"Figure, {ending.upper()}", make, _named(name, ending), FORMATS[ending], "content"
            )
        parts.draw_download("Scores, CSV", partial(_csv, session), _named(name, "csv"), "text/csv", "content")
        parts.draw_download(
            "Scores, JSON", partial(_json, session), _named(name, "json"), "application/json", "content"
        )


def _named(name: str, ending: str) -> str:
    return f"{word(name)}_scores.{ending}"


def _held(session: Session) -> tuple[Evaluation, Standings]:
    return parts.still_held(session.state(EvaluateState).found.latest)


def _figure(session: Session, name: str, ending: str) -> bytes:
    return figure_of_standings(_held(session)[1], name, ending)


def _csv(session: Session) -> str:
    return _held(session)[0].to_csv()


def _json(session: Session) -> str:
    return json.dumps(_held(session)[0].to_dict(), indent=2, allow_nan=False) + "\n"
