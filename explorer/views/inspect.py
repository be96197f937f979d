"""Inspect: where, and in which layer, does the distance between two images arise?

Reads top to bottom: pair and settings (in the sidebar), one comparison, then numbers, pictures, table.
"""

from dataclasses import replace

import streamlit as st

from explorer.analysis import export
from explorer.analysis.inspection import Inspection, inspect
from explorer.backbones import HEADS, find_backbone
from explorer.errors import ExplorerError, SizeMismatchError
from explorer.figures import layer_colours, share_bar, share_bar_text
from explorer.images import Picture
from explorer.viewer import LayerMap, PixelMap, Scene, viewer
from explorer.views import parts, session, sidebar
from explorer.views.compute import comparison
from explorer.views.session import Pair
from explorer.views.settings import AUTOMATIC

NOTE = (
    "A map shows where features differ, not what caused it: features see beyond their own cell. "
    "A distance is comparable only with distances to the same reference."
)


def measure(pair: Pair) -> Inspection:
    """Compare the pair as the settings say, and keep it as the one that stays on screen."""
    settings = session.settings()
    if problem := sidebar.size_problem(settings.size, pair, settings):
        session.report(f"Measured at the first size instead of {settings.size}: {problem}")
        settings = session.change(size=AUTOMATIC)
    result, seconds = comparison(
        pair.reference, pair.distorted, settings, sidebar.longest_side(pair, settings)
    )
    st.session_state.pair = pair
    st.session_state.last_cost = (result.reference.size, seconds)
    return inspect(result, settings.heads, settings.layers)


def choose_pair() -> tuple[Pair | None, ExplorerError | None]:
    """Draw the sidebar's images; where they make no pair, the pair before stays."""
    try:
        return sidebar.draw_images() or st.session_state.pair, None
    except ExplorerError as error:
        return st.session_state.pair, error


def measure_or_keep(pair: Pair) -> tuple[Inspection | None, ExplorerError | None]:
    """Measure; where that fails, measure the pair before again, which has worked."""
    try:
        return measure(pair), None
    except ExplorerError as error:
        before = st.session_state.pair
        return (measure(before) if before and before is not pair else None), error


def scene(shown: Inspection) -> Scene:
    """What the viewer draws."""
    result, measurement = shown.comparison, shown.measurement
    return Scene(
        key=f"{result.reference.digest}-{result.distorted.digest}-{measurement.backbone}-{measurement.heads}",
        reference=result.reference.pixels,
        distorted=result.distorted.pixels,
        layers=tuple(
            LayerMap(
                name=layer.name,
                channels=layer.channels,
                distance=layer.distance,
                share=layer.share if layer.share >= 0 else None,
                values=layer.map,
                included=shown.is_in_sum(layer),
            )
            for layer in shown.layers
        ),
        pixel_maps=(
            PixelMap(
                "one_minus_ssim",
                "1 − SSIM",
                shown.dissimilarity,
                f"{result.ssim:.3f}",
                shown.dissimilarity_maximum,
            ),
            PixelMap(
                "squared_error",
                "Squared error",
                result.squared_error,
                parts.decibels(result.psnr),
                shown.squared_error_maximum,
            ),
        ),
        score=measurement.score,
        shared_maximum=shown.shared_maximum,
        reference_name=result.reference.name,
        distorted_name=result.distorted.name,
        note=NOTE,
    )


def draw_share_bar(shown: Inspection) -> None:
    """The layers' shares; a click on a segment selects that layer."""
    display = session.settings().display
    layers = shown.measurement.layers
    colours = dict(zip((layer.name for layer in shown.layers), layer_colours(len(shown.layers)), strict=True))
    names = [layer.name for layer in layers]
    selected = display.layer if display.map == "layer" else None

    def select() -> None:
        points = st.session_state.share_bar.selection.points
        if points:
            session.change(display=replace(display, map="layer", layer=names[points[0]["curve_number"]]))

    st.plotly_chart(
        share_bar(layers, [colours[name] for name in names], selected, outline=parts.text_colour()),
        key="share_bar",
        on_select=select,
        selection_mode="points",
        config={"displayModeBar": False},
        alt=share_bar_text(layers),
    )


def draw_downloads(shown: Inspection) -> None:
    """The numbers and the maps as files, made when asked for."""
    result, measurement = shown.comparison, shown.measurement
    for label, make, file, mime in (
        ("Numbers, JSON", lambda: export.to_json(measurement), "lpips.json", "application/json"),
        ("Numbers, CSV", lambda: export.to_csv(measurement), "lpips.csv", "text/csv"),
        (
            "Maps, NPZ",
            lambda: export.to_npz(result, measurement),
            "lpips-maps.npz",
            "application/octet-stream",
        ),
    ):
        st.download_button(label, make, file, mime, on_click="ignore", icon=":material/download:")


def describe(picture: Picture, given: Picture) -> str:
    """One picture of the quiet line: name, size, format, and what was converted."""
    words = [f"{given.name}, {given.width} × {given.height} {given.format}", *picture.notes]
    return "; ".join(words)


session.settings()
with st.sidebar:
    pair, problem = choose_pair()
    sidebar.draw_measure(pair)
    about_device = st.empty()

shown, failure = measure_or_keep(pair) if pair else (None, None)
parts.draw_problems(session.take_problems(), problem or failure)
if isinstance(problem, SizeMismatchError):
    sidebar.offer_mends(problem)
if shown is None:
    st.info("Choose a reference and a distorted image in the sidebar; the measurement then appears here.")
    st.stop()

pair, settings = st.session_state.pair, session.settings()
about_device.caption(
    f"Device · {shown.measurement.device.upper()}, {st.session_state.last_cost[1] * 1000:.0f} ms"
)
parts.draw_tiles(shown, f"{HEADS[settings.heads].label} · {find_backbone(settings.backbone).label}")
draw_share_bar(shown)
viewer(
    scene(shown), key="viewer", display=settings.display, on_display=lambda now: session.change(display=now)
)
st.caption(
    f"Reference: {describe(shown.comparison.reference, pair.reference)}.  \n"
    f"Distorted: {describe(shown.comparison.distorted, pair.distorted)}."
)
numbers, files = st.columns([3, 1], gap="large")
with numbers:
    parts.draw_table(shown)
with files:
    draw_downloads(shown)
session.write_link(settings, pair.linkable)
