"""Lessons: which lessons are there, and what does each step show?"""

import streamlit as st

from explorer.views.common.session import current, write_link

session = current()
st.caption("Which lessons are there, and what does each step show?")
write_link(session)
