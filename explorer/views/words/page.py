"""Words: what does a word on these pages mean?

Reads top to bottom: pair and settings (in the sidebar), and the glossary, opened at the word of the link.
"""

import streamlit as st

from explorer.viewer.words.words import words
from explorer.views.common import pair_controls, parts
from explorer.views.common.distorting import draw_distorting
from explorer.views.common.method_controls import draw_measure
from explorer.views.common.session import Session, current, write_link
from explorer.views.words.entries import entries
from explorer.views.words.view import WordsView


def page(session: Session) -> None:
    """The whole page."""
    camera = st.container()
    with st.sidebar:
        pair, problem = pair_controls.choose_pair(session, camera)
        draw_measure(session, pair)
    view = session.view_of(WordsView)
    parts.draw_problems(session.sentences(), problem)
    if pair is None and not problem:
        draw_distorting(session)
    st.markdown("## What does a word mean?")
    words(entries(), view.term, key="words", on_term=lambda term: session.keep_view(WordsView(term)))
    write_link(session, view.PAGE, has_failed=problem is not None)


page(current())
