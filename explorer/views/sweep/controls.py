"""The sidebar of the page Sweep: which distortion, over what, and beside what."""

from dataclasses import replace

import streamlit as st

from explorer.distortions import CATALOGUE
from explorer.views.common.distortion_controls import with_family
from explorer.views.common.parts import heading, plain
from explorer.views.common.tips import tip
from explorer.views.sweep.view import OF_SEEDS, POINTS, SEEDS, SEVERITY, SweepView

KEY = "sweep_"  # what keys of these widgets begin with


def forget() -> None:
    """Have the widgets start from the view anew, as where a link was followed."""
    for key in [key for key in st.session_state if str(key).startswith(KEY)]:
        del st.session_state[key]


def choose(view: SweepView) -> SweepView:
    """Draw the controls; returns what is chosen."""
    heading("Distortion")
    name = st.selectbox(
        "Distortion",
        CATALOGUE,
        format_func=with_family,
        key=_key("distortion", view.distortion),
        help=plain(view.entry.summary),
        label_visibility="collapsed",
        persist_state="session",
    )
    if name != view.distortion:
        view = replace(view, distortion=name, over=SEVERITY, start=None, stop=None)
        view = view if _can_stand_beside(view, view.beside) else replace(view, beside="")
    view = _choose_over(view)
    view = _choose_beside(view)
    points = st.segmented_control(
        "Points",
        POINTS,
        key=_key("points", view.points),
        required=True,
        width="stretch",
        persist_state="session",
    )
    return replace(view, points=points)


def _key(name: str, value: object) -> str:
    key = f"{KEY}{name}"
    st.session_state.setdefault(key, value)
    return key


def _choose_over(view: SweepView) -> SweepView:
    """Severity, or one of the parameters with its ends."""
    rows = {parameter.name: parameter for parameter in view.entry.parameters}
    over = st.selectbox(
        "Over",
        (SEVERITY, *rows),
        format_func=str.capitalize,
        key=_key(f"over_{view.distortion}", view.over),
        help=tip("severity"),
        persist_state="session",
    )
    if over != view.over:
        view = replace(view, over=over, start=None, stop=None)
    if over == SEVERITY:
        return replace(view, start=None, stop=None)
    row, ends = rows[over], {}
    usual = {"start": row.at(0.0), "stop": row.at(1.0)}
    for (name, label), column in zip((("start", "From"), ("stop", "To")), st.columns(2), strict=True):
        given = getattr(view, name)
        ends[name] = column.number_input(
            f"{label} · {row.unit}" if row.unit else label,
            min_value=row.checked(row.low, view.distortion),
            max_value=row.checked(row.high, view.distortion),
            step=row.increment,
            format="%d" if row.whole else "%.4g",
            key=_key(
                f"{name}_{view.distortion}_{over}",
                row.checked(usual[name] if given is None else given, view.distortion),
            ),
            help=plain(row.range),
            persist_state="session",
        )
    chosen = {name: None if end == usual[name] else float(end) for name, end in ends.items()}
    return replace(view, **chosen)


def _choose_beside(view: SweepView) -> SweepView:
    """Nothing, several seeds, or another distortion."""
    offered = ["", *(f"{OF_SEEDS}{count}" for count in SEEDS), *CATALOGUE]
    offered = [name for name in offered if _can_stand_beside(view, name)]
    kind = "all" if view.over == SEVERITY else "seeds"
    key = f"{KEY}beside_{view.distortion}_{kind}"
    beside = view.beside if view.beside in offered else ""
    if key not in st.session_state:
        st.session_state[key] = beside
    beside = st.selectbox(
        "Beside it",
        offered,
        format_func=_beside_label,
        key=key,
        help=tip("seed") if view.entry.random else None,
        persist_state="session",
    )
    return replace(view, beside=beside)


def _can_stand_beside(view: SweepView, name: str) -> bool:
    if not name:
        return True
    if name.startswith(OF_SEEDS):
        return view.entry.random
    return view.over == SEVERITY and name != view.distortion


def _beside_label(name: str) -> str:
    if not name:
        return "Nothing"
    if name.startswith(OF_SEEDS):
        return f"{name.removeprefix(OF_SEEDS)} seeds, as a band"
    return with_family(name)
