"""Inspect: where, and in which layer, does the distance between two images arise?

Reads top to bottom: pair and settings (in the sidebar), one comparison, then numbers, pictures, table.
"""

from dataclasses import replace

import streamlit as st

from explorer.analysis import export
from explorer.analysis.inspection import Inspection
from explorer.analysis.viewing import Viewing
from explorer.backbones import HEADS, find_backbone
from explorer.errors import ExplorerError, MissingWeightsError, SizeMismatchError
from explorer.figures import layer_colours, share_bar, share_bar_text
from explorer.images import Picture
from explorer.metrics import Measurement
from explorer.viewer import LayerMap, PixelMap, Scene, viewer
from explorer.views import method, parts, sidebar
from explorer.views.compute import show
from explorer.views.fetch import draw_fetch
from explorer.views.session import Pair, Session, Shown, current, write_link

NOTE = (
    "A map shows where features differ, not what caused it: features see beyond their own cell. "
    "A distance is comparable only with distances to the same reference."
)


NO_MAPS = (
    "DISTS compares statistics of whole layers, so it has a ledger but no map: below are the maps of other "
    "measures. A distance is comparable only with distances to the same reference."
)


def measure(session: Session, pair: Pair | None) -> tuple[Shown | None, ExplorerError | None]:
    """Measure the pair; where there is none, or it fails, what was shown before stays."""
    pair = pair or (session.shown and session.shown.pair)
    if pair is None:
        return None, None
    try:
        return show(session, pair, method.longest_side(session, pair)), None
    except ExplorerError as error:
        return session.shown, error


def scene(shown: Inspection, pictures: Viewing) -> Scene:
    """What the viewer draws."""
    result, measurement = shown.comparison, shown.measurement
    note = NOTE if shown.combined is not None else NO_MAPS
    if pictures.is_reduced:
        width, height = pictures.reference.size
        note = (
            f"Shown at {width} × {height}, measured at {measurement.size[0]} × {measurement.size[1]}. {note}"
        )
    return Scene(
        key="-".join(
            (
                result.reference.digest,
                result.distorted.digest,
                measurement.backbone,
                measurement.weights,
                measurement.heads,
                measurement.precision,
                *(layer.name for layer in shown.layers),
            )
        ),
        reference=pictures.reference.pixels,
        distorted=pictures.distorted.pixels,
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
            if layer.map is not None
        ),
        pixel_maps=(
            PixelMap(
                "one_minus_ssim",
                "1 − SSIM",
                pictures.dissimilarity,
                f"{1 - result.ssim:.3f}",
                shown.dissimilarity_maximum,
            ),
            PixelMap(
                "squared_error",
                "Squared error",
                pictures.squared_error,
                f"{result.squared_error.mean():.1f}",
                shown.squared_error_maximum,
            ),
        ),
        score=measurement.score,
        shared_maximum=shown.shared_maximum,
        reference_name=result.reference.name,
        distorted_name=result.distorted.name,
        note=note,
        metric=name_of(measurement, ", "),
        short_metric=HEADS[measurement.heads].metric,
    )


def name_of(measurement: Measurement, separator: str) -> str:
    """What a pair was measured with."""
    heads, network = HEADS[measurement.heads].label, find_backbone(measurement.backbone).label
    words = [network] if network.startswith(heads) else [heads, network]  # "DISTS, VGG16" says both
    words += [f"{measurement.weights} weights"] if measurement.weights != "trained" else []
    words += [measurement.precision] if measurement.precision != "float32" else []
    return separator.join(words)


def take_bar_click(session: Session) -> None:
    """Select the layer whose segment was clicked since the last run."""
    state = st.session_state.get("share_bar")
    points = state.selection.points if state else []
    layer = points[0]["customdata"][0] if points else None
    # A selection that is gone is no click: Plotly drops it when the figure changes.
    if layer and layer != session.bar_layer:
        session.change(display=replace(session.settings.display, map="layer", layer=layer))
    session.bar_layer = layer


def draw_share_bar(session: Session, shown: Inspection) -> None:
    """The layers' shares; a click on a segment selects that layer."""
    display = session.settings.display
    layers = shown.measurement.layers
    colours = dict(zip((layer.name for layer in shown.layers), layer_colours(len(shown.layers)), strict=True))
    st.plotly_chart(
        share_bar(
            layers,
            [colours[layer.name] for layer in layers],
            selected=display.layer if display.map == "layer" else None,
            outline=parts.text_colour(),
        ),
        key="share_bar",
        on_select="rerun",
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
        st.download_button(
            label, make, file, mime, on_click="ignore", icon=":material/download:", width="stretch"
        )


def describe(picture: Picture, given: Picture) -> str:
    """One picture of the quiet line: name, size, format, and what was converted."""
    size = f"{given.width} × {given.height} {given.format}".rstrip()
    return parts.plain("; ".join((f"{given.name}, {size}", *picture.notes)))


session = current()
take_bar_click(session)
camera = st.container()
with st.sidebar:
    pair, problem = sidebar.choose_pair(session, camera)
    method.draw_measure(session, pair)
    about_size, about_device = st.empty(), st.empty()

shown, failure = measure(session, pair)
parts.draw_problems(session.sentences(), problem or failure)
if isinstance(problem, SizeMismatchError):
    sidebar.offer_mends(session, problem)
elif isinstance(failure, MissingWeightsError):
    draw_fetch(find_backbone(session.settings.backbone), "inspect")
elif pair is None and not problem:
    st.info("Below is still the pair before, until both pictures are chosen in the sidebar.")
if shown is None:
    st.stop()

inspection, measurement = shown.inspection, shown.inspection.measurement
about_device.caption(f"Device · {measurement.device.upper()}, {parts.duration(shown.seconds)}")
if shown.exact_score is not None:
    about_device.caption(
        f"Device · {measurement.device.upper()}, {parts.duration(shown.seconds)}. "
        f"{parts.effect(measurement.precision, measurement.score, shown.exact_score)}"
    )
method.offer_as_given(session, about_size)
parts.draw_tiles(inspection, name_of(measurement, " · "))
# The pictures are sent before the bar above them, which takes longer to make than to read.
bar = st.container()
session.change(
    display=viewer(
        scene(inspection, shown.viewing),
        key="viewer",
        display=session.settings.display,
        on_display=lambda display: session.change(display=display),
    )
)
with bar:
    draw_share_bar(session, inspection)
st.caption(
    f"Reference: {describe(inspection.comparison.reference, shown.pair.reference)}.  \n"
    f"Distorted: {describe(inspection.comparison.distorted, shown.pair.distorted)}."
)
numbers, files = st.columns([4, 1], gap="medium")
with numbers.container(key="ledger"):
    parts.draw_table(inspection)
with files:
    draw_downloads(inspection)
write_link(session)
