"""A widget that shows a part of a page's view, which a link, Back or another control may change as well."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from explorer.views.common.session import Session


@dataclass
class _Widgets:
    """What the widgets showed last: where the view has another value, that comes from elsewhere.

    But a run may end before its page has kept its view: another choice superseded it, or work has news. Then
    the view has what it had before, and the widget's choice counts in the next run.

    Attributes:
        shown: Key of a widget -> the view's value in the last run, and what was chosen there.
    """

    shown: dict[str, tuple[Any, Any]] = field(default_factory=dict)

    def shows(self, session: Session, key: str, value: Any) -> bool:
        """Whether the widget, with what has been chosen in it since, goes before the view's value."""
        known = self.shown.get(key, ())
        return key in st.session_state and value in (known if session.is_after_a_cut else known[1:])


def tied(
    widget: Callable[..., Any], session: Session, key: str, value: Any, label: str, *choices: Any, **how: Any
) -> Any:
    """Draw a widget with the view's value, and return what is chosen in it now.

    Args:
        widget: Of Streamlit, such as `st.slider`.
        key: Of the widget, unique in the app.
        value: What the view has.
        label, choices, how: As the widget takes them.
    """
    widgets = session.state(_Widgets)
    if not widgets.shows(session, key, value):
        st.session_state[key] = value
    picked = widget(label, *choices, key=key, persist_state="session", **how)
    widgets.shown[key] = value, picked
    return picked


def untie(session: Session, key: str) -> None:
    """Have such a widget show the view's value in the next run, since what was chosen in it was refused."""
    session.state(_Widgets).shown.pop(key, None)


def chosen_below(session: Session, key: str, value: Any) -> Any:
    """What was chosen just now in such a widget, for what is drawn above it; else the view's value."""
    return st.session_state[key] if session.state(_Widgets).shows(session, key, value) else value
