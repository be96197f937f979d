"""The app's pages: a folder a page, and `common/` for what they share.

With `viewer` these are the only rooms that know Streamlit.
"""
