"""To be written."""

import streamlit as st

from explorer.views.common.session import current

session = current()
st.caption("…")
