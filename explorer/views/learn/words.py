"""What a chapter says: its formula, the step's line, the one thing to try, and where it comes from."""

import streamlit as st

from explorer.lessons.lesson import Chapter, LessonStep
from explorer.lessons.markup import as_html

OF_SCENES = ("cell",)  # which draw the formula themselves, for they number its parts


def draw_words(chapter: Chapter, step: LessonStep) -> None:
    """Draw them in one row, as high in all steps: what is said, and at the right the formula."""
    formula = "" if step.sight.scene in OF_SCENES else step.formula or chapter.formula
    said = _said(chapter, step)
    if not (formula or any(_said(chapter, each) for each in chapter.steps)):
        return
    with st.container(key="learn_words", horizontal=True, vertical_alignment="center", gap="medium"):
        st.html(f'<div class="said">{said}</div>')
        if formula:
            with st.container(key="learn_formula", width="content"):
                st.latex(formula)


def _said(chapter: Chapter, step: LessonStep) -> str:
    """As HTML: all that a file says is taken apart by `markup`, which lets nothing else through."""
    lines = [f'<p class="step">{as_html(step.text)}</p>'] if step.text else []
    lines += [f"<p><b>Try</b> {as_html(step.trying)}</p>"] if step.trying else []
    # Only on a phone: elsewhere the foot has the room.
    lines += [f"<small>{' · '.join(map(as_html, chapter.sources))}</small>"] if chapter.sources else []
    return "".join(lines)
