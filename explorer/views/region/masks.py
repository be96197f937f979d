"""Mask: the distance inside and outside any set of pixels, and what it is without the other side."""

from functools import partial

import streamlit as st

from explorer.analysis.region import Mask, Masked, mask_of, read_mask
from explorer.errors import ExplorerError
from explorer.images import load
from explorer.names import as_meant
from explorer.views.common.apart import apart
from explorer.views.common.parts import draw_name, percent, plain, table
from explorer.views.common.session import Session
from explorer.views.region.measuring import Subject, masked_pair
from explorer.views.region.state import RegionState
from explorer.views.region.view import RegionView

SOURCES = {"boxes": "The boxes", "upload": "A mask image"}
NOTE = (
    "On the map, inside and outside add up to the score, but features near the border have seen across it. "
    "The exact alternative makes both images equal on the other side and measures again; these two do not "
    "add up."
)


def draw_mask(session: Session, subject: Subject, view: RegionView) -> None:
    """Choose a mask, and see both of its sides."""
    st.markdown("## Mask")
    source = st.segmented_control(
        "Mask",
        SOURCES,
        default="boxes",
        format_func=SOURCES.get,
        key="region_mask",
        required=True,
        label_visibility="collapsed",
        persist_state="session",
    )
    size = subject.shown.pair.reference.size
    if source == "upload":
        chosen = _uploaded(session, size)
    elif view.boxes:
        chosen = mask_of(view.boxes, size), view.boxes
        st.caption("Inside is what lies in any of the boxes.")
    else:
        chosen = None
        st.caption("Draw a box, or upload a mask image.")
    if chosen is None:
        return
    try:
        found = masked_pair(session, subject, chosen[1], chosen[0])
    except ExplorerError as error:
        st.error(plain(str(error)), icon=":material/error:")
        return
    _draw_sides(found)


def _uploaded(session: Session, size: tuple[int, int]) -> tuple[Mask, object] | None:
    """The mask of the last good file, and what tells it from others; None where there is none that fits."""
    file = st.file_uploader(
        "Mask image",
        key="region_mask_file",
        help=f"White is inside, black is outside; {size[0]} × {size[1]} pixels, as the images.",
    )
    state = session.state(RegionState)
    if file is not None and state.mask_file != file.file_id:
        state.mask_file, state.mask_refused = file.file_id, ""
        try:
            read = partial(load, file.getvalue(), name=as_meant(file.name), background="black")
            state.mask = apart("Reading the mask", read)
        except ExplorerError as error:
            state.mask_refused = str(error)
    refused = state.mask_refused if file is not None else ""
    if refused:
        st.error(plain(refused), icon=":material/error:")
    picture = state.mask
    if picture is None:
        st.caption(f"White is inside, black is outside; {size[0]} × {size[1]} pixels, as the images.")
        return None
    words = "In use" if file is not None and not refused else "Still in use, until you upload another"
    draw_name(words, picture)
    try:
        mask, sentences = read_mask(picture, size)
    except ExplorerError as error:
        st.error(plain(str(error)), icon=":material/error:")
        return None
    if sentences:
        st.warning("\n\n".join(map(plain, sentences)))
    return mask, picture.digest


def _draw_sides(found: Masked) -> None:
    """Both sides, by the map and exactly."""
    whole = found.check.score
    sides = (
        ("Inside", found.inside, found.check.insert, found.check.inserted),
        ("Outside", found.outside, found.check.restore, found.check.remaining),
    )
    rows = [
        (
            f"**{name}**",
            percent(held.area_share) if held else "–",
            f"{held.distance:.4f}" if held else "no map",
            percent(held.share) if held else "–",
            f"{exact:.4f}",
            percent(part),
        )
        for name, held, exact, part in sides
    ]
    rows.append(("Score", "", f"{whole:.4f}", "", f"{whole:.4f}", ""))
    titles = ("Side", "Of the area", "By the map", "share", "With the other side made equal", "of the score")
    with st.container(key="masked"):
        st.markdown(table(titles, rows))
    st.caption(NOTE)
