"""The sidebar's picture of a recipe of several steps, which the page Distort changes."""

import html

import streamlit as st

from explorer.distortions import Step
from explorer.places import page
from explorer.views.common.parts import plain
from explorer.views.common.session import Session, set_distortion


def draw_recipe(session: Session) -> None:
    """Draw what a recipe does, a line a step, and the ways to change it and to leave it."""
    steps = session.settings.steps
    st.html(f'<ol class="recipe">{"".join(map(_line, steps))}</ol>')
    with st.container(horizontal=True, key="recipe_ways", gap="xsmall"):
        if st.button("Edit in Distort", key="edit_recipe", width="stretch"):
            st.switch_page(page("distort"))
        st.button(
            "Keep the first",
            key="one_distortion",
            help=f"Back to one distortion, {plain(steps[0].entry.in_text)}; the other steps go.",
            on_click=_to_one,
            args=(session,),
            width="stretch",
        )


def _line(step: Step) -> str:
    words = f"<b>{html.escape(step.entry.label)}</b> {html.escape(step.note)}"
    return f"<li>{words}</li>" if step.is_on else f'<li class="off">{words} <i>off</i></li>'


def _to_one(session: Session) -> None:
    session.settings = session.settings.with_one(session.settings.steps[0])
    set_distortion(session)
