"""Learn: why do PSNR and LPIPS disagree?

Reads top to bottom: which lesson, chapter and step; the chapter's words; its scene; the way on.
"""

from dataclasses import replace
from importlib import import_module

import streamlit as st

from explorer.lessons.reading import bundled
from explorer.views.common import method_controls, pair_controls, parts
from explorer.views.common.session import Session, current, write_link
from explorer.views.learn.stage import Stage
from explorer.views.learn.view import LearnView


def page(session: Session) -> None:
    """The whole page."""
    view = session.view_of(LearnView)
    lesson = bundled(view.lesson)
    chapter = lesson.chapters[view.chapter - 1]
    step = chapter.steps[view.step - 1]
    camera = st.container()
    with st.sidebar:
        pair, problem = pair_controls.choose_pair(session, camera)
        method_controls.draw_measure(session, pair)
    st.markdown(f"## {view.chapter}. {parts.plain(chapter.title)}")
    st.caption(chapter.question)
    if chapter.formula:
        st.latex(chapter.formula)
    parts.draw_problems(session.sentences(), problem)

    def keep(own):
        session.keep_view(replace(session.view_of(LearnView), own=dict(own)))

    if pair is not None:
        scene = import_module(f"explorer.views.learn.scenes.{step.sight.scene}")
        scene.draw(Stage(session, chapter, step, view.is_classroom, pair.reference, pair, view.own, keep))
    write_link(session, LearnView.PAGE, problem is not None)


page(current())
