"""A widget that shows a part of a page's view, which a link, Back or another control may change as well."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from explorer.views.common.session import Session


@dataclass
class _Widgets:
    """Key of a widget -> what it showed last: where the view has another value, that comes from elsewhere."""

    shown: dict[str, Any] = field(default_factory=dict)


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
    shown = session.state(_Widgets).shown
    if key not in st.session_state or shown.get(key) != value:
        st.session_state[key] = value
    shown[key] = picked = widget(label, *choices, key=key, persist_state="session", **how)
    return picked


def chosen_below(session: Session, key: str, value: Any) -> Any:
    """What was chosen just now in such a widget, for what is drawn above it; else the view's value."""
    known = session.state(_Widgets).shown.get(key)
    return st.session_state.get(key, value) if known == value else value
