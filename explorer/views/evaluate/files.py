"""The row of files: all scores as a table and as JSON."""

import json
from functools import partial

import streamlit as st

from explorer.views.common import parts
from explorer.views.common.session import Session
from explorer.views.evaluate.state import EvaluateState
from explorer.views.evaluate.view import EvaluateView


def draw_files(session: Session, view: EvaluateView) -> None:
    """Offer what the page shows."""
    name = "bapps-val" if view.source == "paper" else "judgments"
    with st.container(key="take_away", horizontal=True, vertical_alignment="center", gap="small"):
        for label, make, ending, kind in (
            ("Scores, CSV", _csv, "csv", "text/csv"),
            ("Scores, JSON", _json, "json", "application/json"),
        ):
            parts.draw_download(label, partial(make, session), f"{name}-scores.{ending}", kind, "content")


def _held(session: Session):
    return parts.still_held(session.state(EvaluateState).found.latest)


def _csv(session: Session) -> str:
    return _held(session)[0].to_csv()


def _json(session: Session) -> str:
    return json.dumps(_held(session)[0].to_dict(), indent=2, allow_nan=False) + "\n"
