"""The boxes in numbers: which one is chosen, where it lies, what it holds, and the hot spots beside it."""

import math
from dataclasses import replace

import streamlit as st

from explorer.analysis.region import Box, Findings, HotSpot, Region, fitted, name_of
from explorer.errors import SettingError
from explorer.views.parts import percent, plain
from explorer.views.regions.view import View
from explorer.views.session import Session

FIELDS = ("x", "y", "width", "height")
DO_NOT_ADD_UP = (
    "**Restore**: the score that remains when the box of the distorted image is replaced by the reference; 0 "
    "for the whole image. **Insert**: the score of the clean reference with only the distorted box put in; "
    "the whole score for the whole image. Shares of the map add up over boxes. Restore and insert do not: a "
    "feature that sees two boxes answers to both at once."
)


def draw_choice(session: Session, view: View, size: tuple[int, int]) -> View:
    """Which box is chosen, and its numbers for the keyboard; returns the view with what was changed.

    Args:
        size: (width, height) of the image as given.
    """
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
        remove = st.button(
            f"Remove {view.name}", key="region_remove", icon=":material/delete:", width="stretch"
        )
    if remove:
        return view.without_chosen()
    if chosen != view.name:
        return replace(view, chosen=names.index(chosen))
    typed = _draw_numbers(view.box, size)
    if typed == view.box:
        return view
    try:
        inside, sentence = fitted(typed, size, f"Box {view.name}")
    except SettingError as error:
        session.report(error)
        st.rerun()  # to say so, and to draw the numbers that still hold
    if sentence:
        session.report(sentence)
    return view.with_box(inside)


def _draw_numbers(box: Box, size: tuple[int, int]) -> Box:
    """Four fields that follow the box, and what was typed into them."""
    keys = {name: f"region_{name}" for name in FIELDS}
    drawn = st.session_state.get("region_drawn")
    if drawn != box or any(key not in st.session_state for key in keys.values()):
        for name, number in zip(FIELDS, box.numbers, strict=True):
            st.session_state[keys[name]] = number
        st.session_state["region_drawn"] = box
    # Wider than the image, so that a box that reaches beyond it can be typed, and is cut and said so.
    limits = {"x": size[0], "y": size[1], "width": 2 * size[0], "height": 2 * size[1]}
    numbers = []
    with st.container(horizontal=True, key="numbers", gap="small"):
        for name in FIELDS:
            least = 0 if name in ("width", "height") else -limits[name]
            numbers.append(st.number_input(name, least, limits[name], step=1, key=keys[name]))
    typed = Box(*map(int, numbers))
    if typed != box:
        st.session_state["region_drawn"] = None  # what was typed may be cut: draw what became of it
    return typed


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
    st.caption(DO_NOT_ADD_UP)


def draw_spots(spots: tuple[HotSpot, ...], has_maps: bool) -> Box | None:
    """The hot spots in numbers, and a button each; returns the box of the one that was chosen."""
    chosen = None
    if not has_maps:
        st.caption("DISTS compares statistics of whole layers: it has no map, and so no hot spots.")
        return None
    if not spots:
        st.caption("The distance is 0 everywhere, so there is no hot spot.")
        return None
    titles = ("Hot spot", "Position", "Size", "Of the distance", "Strongest layer")
    rows = [
        (
            f"**{number}**",
            f"{spot.box.x}, {spot.box.y}",
            f"{spot.box.width} × {spot.box.height}",
            percent(spot.held.share),
            plain(spot.strongest_layer),
        )
        for number, spot in enumerate(spots, start=1)
    ]
    st.markdown(table(titles, rows))
    with st.container(horizontal=True, key="spots", vertical_alignment="center"):
        st.caption("Make it the box")
        for number, spot in enumerate(spots, start=1):
            if st.button(
                str(number), key=f"spot_{number}", help=f"Hot spot {number} becomes the chosen box."
            ):
                chosen = spot.box
    return chosen


def table(titles: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    """A Markdown table whose first column is words and the others numbers."""
    lines = [titles, (":--", *["--:"] * (len(titles) - 1)), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def ratio(value: float) -> str:
    """A ratio as it is shown; undefined where the score is 0."""
    return f"{value:.2f}" if math.isfinite(value) else "–"
