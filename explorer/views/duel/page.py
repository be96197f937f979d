"""Duel: what does a metric not see?"""

import streamlit as st

st.caption("What does a metric not see?")
