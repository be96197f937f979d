"""What a chapter says: its formula, the step's line, the one thing to try, and where it comes from."""

import streamlit as st

from explorer.lessons.lesson import Chapter, LessonStep
from explorer.views.common.parts import plain


def draw_words(chapter: Chapter, step: LessonStep, has_formula: bool = True) -> None:
    """Draw them in one row: the formula, and what is said beside it.

    Args:
        has_formula: Whether the formula is drawn here, and not by the scene.
    """
    formula = chapter.formula if has_formula else ""
    said = [step.text, f"**Try** {chapter.trying}" if chapter.trying else ""]
    said = [line for line in said if line]
    if not (formula or said or chapter.sources):
        return
    with st.container(key="learn_words", horizontal=True, vertical_alignment="center", gap="medium"):
        if formula:
            with st.container(key="learn_formula", width="content"):
                st.latex(formula)
        with st.container(key="learn_said"):
            if said:
                st.markdown("  \n".join(said))
            if chapter.sources:
                st.caption(plain(" · ".join(chapter.sources)))
