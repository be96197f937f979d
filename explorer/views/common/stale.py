"""A result of something else than what is chosen now: it stays on screen, dimmed, and says of what it is."""

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from explorer.images import Picture
from explorer.views.common.parts import plain
from explorer.views.common.shown import Pair

NO_FILE = "A file is made of what is chosen in the sidebar, and this result is of something else."


def name_of(pair: Pair) -> str:
    """A pair in words: "Cat and its JPEG", or "a.png and b.png"."""
    reference, distorted = pair.reference, pair.distorted
    if _is_made(reference) and not _is_made(distorted):  # swapped
        reference, distorted = distorted, reference
    return f"{reference.name} and {'its ' if _is_made(distorted) else ''}{distorted.name}"


def _is_made(picture: Picture) -> bool:
    return any(note.kind == "distorted" for note in picture.notes)


@contextmanager
def result_of(subject: str, is_stale: bool) -> Iterator[None]:
    """Draw all of a result inside; a stale one is dimmed, below the sentence that says of what it is.

    Args:
        subject: What was measured, in words, such as those of `name_of`.
        is_stale: Whether that is not what is chosen now.
    """
    # Both are always there: a viewer whose place on the page changes would start anew, and lose its zoom.
    said, result = st.container(), st.container(key="result")
    if is_stale:
        with said:
            _say(subject)
    with result:
        yield


def say_stale(pair: Pair) -> None:
    """The same for a page that stays on a pair from before, and draws it in another way."""
    _say(name_of(pair))


def _say(subject: str) -> None:
    with st.container(key="stale"):  # style.css dims the result beside it
        st.markdown(f":material/history: Shown dimmed: {plain(subject)}, which were measured before.")
