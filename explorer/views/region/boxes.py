"""The boxes in numbers: which one is chosen, where it lies, what it holds, and the hot spots beside it."""

import math
from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from explorer.analysis.region import Box, Findings, HotSpot, Region, fitted, name_of
from explorer.analysis.region.text import INSERT, NOT_A_CAUSE, NOT_ADDITIVE, RESTORE
from explorer.errors import SettingError
from explorer.views.common.parts import percent, plain, table
from explorer.views.common.session import Session
from explorer.views.region.measuring import Subject
from explorer.views.region.state import RegionState
from explorer.views.region.view import RegionView
from explorer.views.region.viewing import keep, view_of

FIELDS = ("x", "y", "width", "height")
FAR = 1_000_000  # pixels: a box that reaches beyond the image can be typed, and is cut and said so
ORDER = (  # of the hot spots, which their shares seem to contradict
    "The highest peak of the map comes first. What a spot holds depends on its size as well, "
    "and so one with a lower peak may hold more."
)
MEANING = (
    f"**Restore**: {RESTORE}; 0 for the whole image. **Insert**: {INSERT}; the whole score for the whole "
    f"image. {NOT_A_CAUSE} {NOT_ADDITIVE}"
)


def draw_choice(session: Session, subject: Subject, view: RegionView) -> RegionView:
    """Which box is chosen, and its numbers for the keyboard; returns the view with another choice."""
    if not view.boxes:
        st.info("There is no box: drag one on the pictures.")
        return view
    names = [name_of(place) for place in range(len(view.boxes))]
    choosing, removing = st.columns([4, 1.6], vertical_alignment="center")
    with choosing:
        # Its key holds the choice, so that one made in the pictures is taken over.
        chosen = st.segmented_control(
            "Box",
            names,
            default=view.name,
            key=f"region_chosen_{view.chosen}_{len(names)}",
            format_func=lambda name: f"Box {name}",
            required=True,
            label_visibility="collapsed",
        )
    with removing:
        st.button(
            f"Remove {view.name}",
            key="region_remove",
            icon=":material/delete:",
            on_click=keep,
            args=(session, view.without_chosen(), subject.spots),
            width="stretch",
        )
    if chosen != view.name:
        return replace(view, chosen=names.index(chosen))
    _draw_numbers(session, subject, view.box)
    return view


def _draw_numbers(session: Session, subject: Subject, box: Box) -> None:
    """Four fields that follow the box."""
    keys = [f"region_{name}" for name in FIELDS]
    state = session.state(RegionState)
    if state.drawn != box or any(key not in st.session_state for key in keys):
        st.session_state.update(dict(zip(keys, box.numbers, strict=True)))
        state.drawn = box
    args = session, subject.shown.pair.reference.size, subject.spots
    with st.container(horizontal=True, key="numbers", gap="small"):
        for name, key in zip(FIELDS, keys, strict=True):
            st.number_input(
                name,
                -FAR,
                FAR,
                step=1,
                key=key,
                on_change=_take_typed,
                args=args,
                persist_state="session",
            )


def _take_typed(session: Session, size: tuple[int, int], spots: Sequence[HotSpot]) -> None:
    """Make what stands in the fields the chosen box: at once, since a run that is superseded forgets it.

    As with files, Streamlit keeps what a callback is given, and so that is no measurement.
    """
    typed = Box(*(int(st.session_state[f"region_{name}"]) for name in FIELDS))
    view = view_of(session, size, spots)
    try:
        inside, sentence = fitted(typed, size, f"Box {view.name}")
    except SettingError as error:
        session.report(error)
        session.state(RegionState).drawn = None  # draw the numbers that still hold
        return
    if sentence:
        session.report(sentence)
    session.state(RegionState).drawn = inside if inside == typed else None
    keep(session, view.with_box(inside), spots)


def draw_ledger(region: Region) -> None:
    """A box by layer and in sum: the map's answer."""
    held = region.held
    if held is None:
        return
    titles = ("Layer", "Distance inside", "Of the score", "Of the layer", "Of the area", "Score ÷ area")
    rows = [
        (
            plain(layer.name),
            f"{layer.distance:.6f}",
            percent(layer.share),
            percent(layer.own_share),
            percent(held.area_share),
            ratio(layer.ratio),
        )
        for layer in held.layers
    ]
    whole = (
        f"Box {region.name}",
        f"{held.distance:.6f}",
        percent(held.share),
        percent(held.share),
        percent(held.area_share),
        ratio(held.ratio),
    )
    rows.append(tuple(f"**{cell}**" for cell in whole))
    st.markdown(table(titles, rows))


def draw_answers(found: Findings) -> None:
    """All boxes beside each other: what the map says, and what exchanging their pixels does."""
    if not found.regions:
        return
    titles = ("Box", "Of the area", "Map: of the distance", "Restore", "removes", "Insert", "gives")
    rows = [
        (
            f"**{region.name}** · {region.box.words}",
            percent(region.area_share),
            percent(region.held.share) if region.held else "no map",
            f"{region.check.restore:.4f}",
            percent(region.check.removed),
            f"{region.check.insert:.4f}",
            percent(region.check.inserted),
        )
        for region in found.regions
    ]
    st.markdown(table(titles, rows))
    st.caption(MEANING)


def draw_spots(session: Session, subject: Subject, view: RegionView) -> None:
    """The hot spots in numbers, and a button each that makes it the chosen box."""
    if not subject.method.has_maps:
        st.caption("DISTS compares statistics of whole layers: it has no map, and so no hot spots.")
        return
    if not subject.spots:
        st.caption("The distance is 0 everywhere, so there is no hot spot.")
        return
    titles = ("Hot spot", "Position", "Size", "Of the distance", "Strongest layer")
    rows = [
        (
            f"**{number}**",
            f"{spot.box.x}, {spot.box.y}",
            f"{spot.box.width} × {spot.box.height}",
            percent(spot.held.share),
            plain(spot.strongest_layer),
        )
        for number, spot in enumerate(subject.spots, start=1)
    ]
    st.markdown(table(titles, rows))
    with st.container(horizontal=True, key="spots", vertical_alignment="center"):
        st.caption("Make it the box")
        for number, spot in enumerate(subject.spots, start=1):
            st.button(
                str(number),
                key=f"spot_{number}",
                help=f"Hot spot {number} becomes the chosen box.",
                on_click=keep,
                args=(session, view.with_box(spot.box), subject.spots),
            )


def ratio(value: float) -> str:
    """A ratio as it is shown; undefined where the score is 0."""
    return f"{value:.2f}" if math.isfinite(value) else "–"
