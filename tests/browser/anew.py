"""How a page of the tests starts anew without being loaded again, which takes a browser seconds."""

from collections.abc import Mapping
from urllib.parse import parse_qsl

import streamlit as st

LABEL = "Start anew"


def start() -> tuple[Mapping[str, str], str]:
    """The settings in the address, or those typed since; and a number for the keys of all elements.

    What is typed is the number, and settings as in an address: "7?mode=flip". A new number makes new
    elements, and empties the session.
    """
    typed = st.sidebar.text_input(LABEL, key="anew")
    number, _, query = typed.partition("?")
    if st.session_state.get("number") != number:
        for key in set(st.session_state) - {"anew"}:
            del st.session_state[key]
        st.session_state.number = number
    return (dict(parse_qsl(query, keep_blank_values=True)) if number else st.query_params), number
