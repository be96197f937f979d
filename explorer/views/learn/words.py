"""What a chapter says: its formula, the step's line, the one thing to try, and where it comes from."""

import streamlit as st

from explorer.lessons.lesson import Chapter, LessonStep
from explorer.lessons.markup import as_html

OF_SCENES = ("cell",)  # which draw the formula themselves, for they number its parts


def draw_words(chapter: Chapter, step: LessonStep) -> None:
    """Draw them in one row: the formula, and what is said beside it."""
    formula = "" if step.sight.scene in OF_SCENES else chapter.formula
    said = _said(chapter, step)
    if not (formula or said):
        return
    with st.container(key="learn_words", horizontal=True, vertical_alignment="center", gap="medium"):
        if formula:
            with st.container(key="learn_formula", width="content"):
                st.latex(formula)
        if said:
            steady = " steady" if len(chapter.steps) > 1 else ""  # so that a step moves nothing below it
            st.html(f'<div class="said{steady}">{said}</div>')


def _said(chapter: Chapter, step: LessonStep) -> str:
    """As HTML: all that a file says is taken apart by `markup`, which lets nothing else through."""
    lines = [f"<p>{as_html(step.text)}</p>"] if step.text else []
    trying = f"<b>Try</b> {as_html(step.trying)}" if step.trying else ""
    sources = f"<small>{' · '.join(map(as_html, chapter.sources))}</small>" if chapter.sources else ""
    return "".join(lines + [f"<p>{trying} {sources}</p>"] * bool(trying or sources))
