"""The pages of single components in one server.

They are imported: a script is executed anew in every run, and would forget the pictures that it has made.
"""

import streamlit as st

from tests.browser import duel_page, gallery_page, viewer_page

st.navigation(
    [
        st.Page(viewer_page.page, title="Viewer", url_path="viewer", default=True),
        st.Page(gallery_page.page, title="Gallery", url_path="gallery"),
        st.Page(duel_page.page, title="Duel", url_path="duel"),
    ],
    position="hidden",
).run()
