"""A page that feeds the viewer with pictures and maps made on the spot; the tests import its scene."""

from dataclasses import replace
from functools import lru_cache

import numpy as np
import streamlit as st
from skimage import data, filters, transform

from explorer.errors import SettingError
from explorer.viewer import Display, Field, LayerMap, PixelMap, RegionDisplay, Scene, Spot, viewer
from tests.browser import anew

LAYERS = {  # name: (channels, cells a side for 256 pixels, blur, weight)
    "conv1": (64, 63, 0.5, 0.2),
    "conv2": (192, 31, 1.5, 1.5),
    "conv3": (384, 15, 4, 1.8),
    "conv4": (256, 15, 6, 1.5),
    "conv5": (256, 15, 7, 1.9),
}
NODES = {  # of a deep network: long names, many of them
    f"features.denseblock{block}.denselayer{layer}.conv{conv}": (64 * block, 64 // 2**block, block, 0.4)
    for block in (1, 2, 3)
    for layer in (1, 6)
    for conv in (1, 2)
}
NETWORKS = {"small": LAYERS, "deep": NODES, "none": {}}
NO_MAP = "DISTS has no map: it compares means and variances of whole layers, not places."
SIZES = {
    "square": (256, 256),
    "landscape": (240, 360),
    "portrait": (360, 200),
    "large": (700, 1000),
    "wide": (200, 1500),
    "tall": (1500, 200),
    "tiny": (31, 31),
    "photograph": (400, 600),
}

FIELDS = {  # name: (pixels a side, step, start)
    "conv1": (11, 4, -2),
    "conv2": (51, 8, -22),
    "conv3": (99, 16, -38),
    "conv4": (131, 16, -54),
}
SPOTS = {  # x and y, as parts of the sides: what is said of it
    (0.6, 0.4): "31% of the score",
    (0.2, 0.75): "12% of the score",
}


def make_spots(width: int, height: int) -> tuple[Spot, ...]:
    """Hot spots of an image as given, each the middle of a box of a quarter of the sides."""
    return tuple(
        Spot(
            x * width,
            y * height,
            (round((x - 1 / 8) * width), round((y - 1 / 8) * height), width // 4, height // 4),
            label,
        )
        for (x, y), label in SPOTS.items()
    )


def make_fields() -> dict[str, Field]:
    """What the small network's cells see; those of conv5 see all."""
    fields = {
        name: Field(f"{size} × {size} pixels", (size, size), (step, step), (start, start))
        for name, (size, step, start) in FIELDS.items()
    }
    return fields | {"conv5": Field("the whole image")}


def read_boxes(text: str) -> tuple[tuple[int, ...], ...]:
    """Boxes as in an address: "x,y,width,height;..."."""
    return tuple(tuple(map(int, box.split(","))) for box in text.split(";") if box)


@lru_cache(12)  # the page asks for the same in every run
def make_scene(
    shape: str = "square",
    severity: float = 0.5,
    included: tuple[str, ...] = tuple(LAYERS),
    network: str = "small",
) -> Scene:
    """A blurred and noisy cat beside itself, with maps that look like those of a network.

    Args:
        shape: A key of SIZES.
        severity: 0 gives two identical pictures.
        included: Names of the layers in the sum.
        network: A key of NETWORKS; of the deep one all layers are in the sum, "none" has no layers.
    """
    height, width = SIZES[shape]
    network_layers = NETWORKS[network]
    if network != "small":
        included = tuple(network_layers)
    cat = data.chelsea()[:300, 60:451]
    reference = np.rint(255 * transform.resize(cat, (height, width), anti_aliasing=True)).astype(np.uint8)
    noise = np.random.default_rng(0).normal(0, 30 * severity, reference.shape)
    blurred = (
        filters.gaussian(reference / 255, 12 * severity, channel_axis=2) if severity else reference / 255
    )
    patch = np.zeros((height, width, 1))
    patch[height // 4 : height // 2, width // 2 : width * 3 // 4] = 1
    noise *= np.linspace(0.2, 1, width)[None, :, None]
    mixed = 255 * (patch * blurred + (1 - patch) * reference / 255) + (1 - patch) * noise
    distorted = np.rint(np.clip(mixed, 0, 255)).astype(np.uint8)

    error = np.mean((reference.astype(float) - distorted) ** 2, axis=2)
    dissimilar = 1 - np.exp(-filters.gaussian(error, 2) / 400)
    dissimilar[:5] = dissimilar[-5:] = dissimilar[:, :5] = dissimilar[:, -5:] = np.nan
    maps = []
    for name, (_, cells, blur, weight) in network_layers.items():
        grid = (max(1, round(cells * height / 256)), max(1, round(cells * width / 256)))
        smooth = filters.gaussian(1 - np.exp(-error / 500), blur * max(height, width) / 256)
        maps.append((name, np.float32(weight * transform.resize(smooth, grid, anti_aliasing=True) ** 1.5)))
    distances = {name: float(values.mean(dtype=np.float64)) for name, values in maps}
    score = sum(distances[name] for name in included)
    layers = tuple(
        LayerMap(
            name=name,
            channels=network_layers[name][0],
            distance=distances[name],
            share=distances[name] / score if score and name in included else None,
            values=values,
            included=name in included,
        )
        for name, values in maps
    )
    pixel_maps = (
        PixelMap(
            "squared_error", "Squared error", error, f"{error.mean():.0f}", float(np.percentile(error, 99))
        ),
        PixelMap("one_minus_ssim", "1 − SSIM", dissimilar, f"{np.nanmean(dissimilar):.3f}", 1.0),
    )
    return Scene(
        key=f"{shape} {severity} {network} {' '.join(included)}",
        reference=reference,
        distorted=distorted,
        reference_name="chelsea",
        distorted_name=f"blur and noise, severity {severity}",
        layers=layers,
        pixel_maps=pixel_maps,
        score=score if maps else 0.13,
        shared_maximum=score,
        combined_maximum=2.5 * score,
        short_metric="LPIPS" if network == "small" else "Distance",
        hint="Region asks for the cause.",
        file="chelsea_alexnet-v0.1_256x256_view.png",
        note="A map is not a cause: a feature sees far beyond its cell." if maps else NO_MAP,
    )


def page() -> None:
    """Settings in the address, the viewer, and what it reported."""
    st.set_page_config(layout="wide")
    st.markdown("<style>.stMainBlockContainer{padding:3.7rem 1.5rem 1rem}</style>", unsafe_allow_html=True)
    query, number = anew.start()
    st.session_state.setdefault("runs", 0)
    st.session_state.runs += 1

    with st.sidebar:
        st.button("Rerun")
        severity = st.slider(
            "Severity", 0.0, 1.0, float(query.get("severity", "0.5")), 0.05, key=f"severity{number}"
        )
        shape = st.selectbox(
            "Shape", list(SIZES), list(SIZES).index(query.get("shape", "square")), key=f"shape{number}"
        )
        network = st.radio(
            "Network", list(NETWORKS), list(NETWORKS).index(query.get("network", "small")), key=f"net{number}"
        )
        included = st.multiselect(
            "Layers", list(LAYERS), query.get("layers", ",".join(LAYERS)).split(","), key=f"layers{number}"
        )
        if st.button("Ask for conv2"):
            st.session_state.display = replace(st.session_state.display, map="layer", layer="conv2")
        if "boxes" in query and st.button("Ask for boxes"):
            st.session_state.display = replace(
                st.session_state.display, boxes=((8, 8, 40, 40), (120, 60, 100, 50)), chosen=1
            )

    def remember(display: Display) -> None:
        st.session_state.display = display

    if "display" not in st.session_state:
        try:
            settings = {"mode": query.get("mode", "side"), "map": query.get("map", "combined")}
            if "boxes" in query:
                st.session_state.display = RegionDisplay(**settings, boxes=read_boxes(query["boxes"]))
            else:
                st.session_state.display = Display(**settings)
        except SettingError as error:
            st.error(str(error))
            st.session_state.display = Display()
    scene = make_scene(shape, severity, tuple(name for name in LAYERS if name in included), network)
    height, width = scene.reference.shape[:2]
    given = tuple(map(float, query["given"].split(","))) if "given" in query else None
    scene = replace(
        scene,
        given=given,
        spots=make_spots(*(given or (width, height))) if "spots" in query else (),
        fields=make_fields() if "fields" in query else {},
    )
    shown = viewer(scene, key=f"viewer{number}", display=st.session_state.display, on_display=remember)
    st.text(f"run {st.session_state.runs}; {shown}")
