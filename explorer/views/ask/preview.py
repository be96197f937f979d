"""A few of the trials as participants will see them, in a row of small triplets."""

import html
from collections.abc import Mapping, Sequence

import streamlit as st

from explorer.judgments.asking.trial import Plan, Trial
from explorer.render import text

SHOWN = 4  # trials; they are drawn alike


def draw_preview(plan: Plan, pictures: Mapping[str, bytes]) -> None:
    """The first trials, and one sentinel."""
    others = [trial for trial in plan.trials if not trial.is_sentinel]
    obvious = [trial for trial in plan.trials if trial.is_sentinel]
    st.html(markup([*others[: SHOWN - bool(obvious)], *obvious[:1]], pictures))


def markup(trials: Sequence[Trial], pictures: Mapping[str, bytes]) -> str:
    """HTML of trials; what they are called is data."""
    return f'<div class="asked">{"".join(_figure(trial, pictures) for trial in trials)}</div>'


def _figure(trial: Trial, pictures: Mapping[str, bytes]) -> str:
    shown = {"A": trial.a, "Reference": trial.reference, "B": trial.b}
    if trial.kind == "jnd":
        shown = {"First": trial.a, "Second": trial.b}
    cells = "".join(
        f'<span><img alt="{name}" src="data:image/png;base64,{text(pictures[digest])}"><i>{name}</i></span>'
        for name, digest in shown.items()
    )
    return f"<figure><div>{cells}</div><figcaption>{html.escape(trial.family)}</figcaption></figure>"
