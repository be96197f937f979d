"""Recipes from elsewhere: drawn at random as the paper draws them, or given as JSON."""

import streamlit as st

from explorer.distortions import Recipe, random_sequence
from explorer.distortions.recipe import LONGEST_TEXT
from explorer.errors import ExplorerError, SettingError
from explorer.names import as_meant, cut, harmless
from explorer.views.common.distortion_controls import draw_seed
from explorer.views.common.session import Session
from explorer.views.distort.state import DistortState, change_rows
from explorer.views.distort.steps import WIDGETS

ABOUT_DRAWN = (
    "Section 3.1 of the paper composes two distortions of its Table 2, one after the other: 308 sequences. "
    "Each is as likely as the others here, with severities and patterns of its own; a seed draws it again."
)
EXAMPLE = (
    '[{"name": "jpeg", "values": {"quality": 9}},\n'
    ' {"name": "gaussian_noise", "values": {"sigma": 12}, "seed": 7}]'
)
MOST_BYTES = 4 * LONGEST_TEXT  # a character takes at most four


def draw_sources(session: Session) -> None:
    """Two small buttons, behind which a whole recipe can be had."""
    with st.container(horizontal=True, key=f"{WIDGETS}sources"):
        with st.popover("Random sequence", icon=":material/casino:", key=f"{WIDGETS}drawn"):
            _draw_random(session)
        with st.popover("From JSON", icon=":material/data_object:", key=f"{WIDGETS}json"):
            _draw_json(session)


def _draw_random(session: Session) -> None:
    st.caption(ABOUT_DRAWN)
    key = f"{WIDGETS}sequence_seed"
    st.session_state.setdefault(key, 0)
    seed = draw_seed(key)
    # A callback would be given the seed of the run before, which may not have seen what was just typed.
    if st.button(
        "Draw this sequence",
        key=f"{WIDGETS}draw",
        help="It takes the place of all steps.",
        width="stretch",
    ):
        change_rows(session, session.state(DistortState).replace, random_sequence(seed))
        session.run_anew()  # the steps were drawn before


def _draw_json(session: Session) -> None:
    file = st.file_uploader(
        "Recipe file",
        type=["json"],
        key=f"{WIDGETS}file",
        help="As “Recipe, JSON” below the pictures, or `lpips-explorer distort --recipe`, has it.",
    )
    state = session.state(DistortState)
    if file is not None and file.file_id != state.file_id:
        state.file_id = file.file_id
        try:
            recipe = _read(cut(harmless(as_meant(file.name))), file.size, file.getvalue)
            change_rows(session, state.replace, recipe)
        except ExplorerError as error:
            session.report(error)
        session.run_anew()  # the steps were drawn before
    key = f"{WIDGETS}text"
    st.session_state.setdefault(key, "")
    text = st.text_area(
        "Or paste it",
        key=key,
        placeholder=EXAMPLE,
        height=130,
        max_chars=LONGEST_TEXT,
        persist_state="session",
    )
    if st.button(
        "Take this recipe",
        key=f"{WIDGETS}take",
        help="It takes the place of all steps.",
        width="stretch",
    ):
        _take(session, text)
        session.run_anew()


def _take(session: Session, text: str) -> None:
    """Take a pasted recipe, as JSON or as a link has it; where it is none, that is said and all stays."""
    try:
        change_rows(session, session.state(DistortState).replace, Recipe.from_text(text.strip()))
    except ExplorerError as error:
        session.report(error)


def _read(name: str, size: int, data) -> Recipe:
    """The recipe in an uploaded file.

    Raises:
        SettingError: it is too large, no text, or no recipe.
    """
    if size > MOST_BYTES:
        raise SettingError(f"{name} has {size:,} bytes, and no recipe takes more than {MOST_BYTES:,}.")
    try:
        text = data().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SettingError(f"{name} is no text in UTF-8; write the recipe as JSON.") from error
    return Recipe.from_json(text)
