"""Widgets that show a page's view, whoever has changed that: the user here, a link, or Back."""

from collections.abc import Callable
from typing import Any

import streamlit as st


class Choices:
    """What the widgets of one page show, and what of it the page has taken into its view.

    A run may end before its page has kept its view: another choice superseded it, or work in the background
    has news. The widget then shows more than the view knows, and its choice counts in the next run.
    """

    def __init__(self, page: str):
        """Args: page, with which the keys of its widgets begin."""
        self._page = page
        self._seen: dict[str, tuple[Any, Any]] = {}  # the view's value in the last run, and what was picked
        self._was_cut = False
        self._has_ended = True

    def begin(self) -> None:
        """To be called before the first choice of a run."""
        self._was_cut, self._has_ended = not self._has_ended, False

    def end(self) -> None:
        """To be called where the view is kept."""
        self._has_ended = True

    def choose(self, widget: Callable, name: str, value: Any, label: str, options: Any, **how: Any) -> Any:
        """Draw a widget that shows a setting of the view; returns what is picked.

        Args:
            widget: Such as `st.selectbox`.
            name: Of the setting, a part of the widget's key.
            value: What the view has.
            how: Goes to the widget.
        """
        key = f"{self._page}_{name}"
        known = self._seen.get(key, ())
        is_shown = value in (known if self._was_cut else known[1:])
        if key not in st.session_state or not is_shown:
            st.session_state[key] = value
        picked = widget(label, options, key=key, persist_state="session", **how)
        self._seen[key] = value, picked
        return picked
