"""A page that feeds the gallery with pictures and maps made on the spot; the tests import its scene."""

from functools import lru_cache

import numpy as np
import streamlit as st
from skimage import filters, transform

from explorer.samples import load_sample
from explorer.viewer import Gallery, GalleryDisplay, GalleryMap
from explorer.viewer.gallery.gallery import gallery
from tests.browser import anew

NETWORKS = {  # title: (cells a side for 256 pixels, blur, weight)
    "AlexNet · LPIPS v0.1": (31, 2, 1.0),
    "VGG16 · LPIPS v0.1": (64, 1, 0.8),
    "AlexNet · uniform heads on random weights": (63, 5, 1.3),
    "EfficientNet-B0 · uniform": (16, 5, 1.1),
    "ViT-B/16 · uniform": (16, 9, 0.9),
    "MobileNetV3-Large · uniform": (32, 4, 1.2),
}
NO_MAP = "DISTS has no map: it compares means and variances of whole layers, not places."
SIZES = {
    "square": (256, 256),
    "landscape": (200, 300),
    "portrait": (300, 180),
    "wide": (100, 400),
    "large": (512, 768),
}


@lru_cache
def make_pair(shape: str, sample: str) -> tuple[np.ndarray, np.ndarray]:
    """A photograph, and the same with a blurred box and noise that grows to the right."""
    height, width = SIZES[shape]
    photograph = load_sample(sample).pixels
    rows, columns = photograph.shape[:2]
    scale = min(rows / height, columns / width)
    cut = photograph[: round(height * scale), : round(width * scale)]
    reference = np.rint(255 * transform.resize(cut, (height, width), anti_aliasing=True)).astype(np.uint8)
    noise = np.random.default_rng(0).normal(0, 18, reference.shape) * np.linspace(0, 1, width)[None, :, None]
    distorted = reference + noise
    box = np.s_[height // 4 : height // 2, width // 4 : width // 2]
    distorted[box] = filters.gaussian(reference.astype(float), 5, channel_axis=2)[box]
    return reference, np.rint(np.clip(distorted, 0, 255)).astype(np.uint8)


@lru_cache(12)
def make_gallery(
    shape: str = "square",
    networks: int = 2,
    difference: bool = True,
    dists: bool = False,
    warning: bool = False,
    sample: str = "cat",
) -> Gallery:
    """A pair with maps that look like those of networks, as shares of their own score.

    Args:
        shape: A key of SIZES.
        networks: The first so many of NETWORKS.
        difference: Whether to show where the first map is larger than the second.
        dists: Whether a measurement without a map stands last.
        warning: Whether the scale needs one.
        sample: The photograph's name.
    """
    height, width = SIZES[shape]
    reference, distorted = make_pair(shape, sample)
    error = np.mean((reference.astype(float) - distorted) ** 2, axis=2)
    maps = []
    for i, (title, (cells, blur, weight)) in enumerate(list(NETWORKS.items())[:networks]):
        grid = (round(cells * height / 256), round(cells * width / 256))
        smooth = filters.gaussian(1 - np.exp(-error / 300), blur * max(height, width) / 256)
        native = weight * transform.resize(smooth, grid, anti_aliasing=True) ** 1.5
        values = transform.resize(native, (height, width), order=0)
        values = np.float32(values / values.mean())
        if i == 1:
            values[:5] = np.nan
        maps.append(GalleryMap(f"network{i}", title, f"{0.4554 * weight:.4f}", values))
    if dists:
        maps.append(GalleryMap("dists", "DISTS", "0.1302", None, NO_MAP))
    delta = None
    if difference:
        values = maps[0].values - maps[1].values
        values[height // 2 :, : width // 4] = 0
        delta = GalleryMap("difference", "AlexNet − VGG16", "share of the score", values)
    return Gallery(
        key=f"{shape} {networks} {difference} {dists} {sample}",
        reference=reference,
        distorted=distorted,
        maps=tuple(maps),
        maximum=4.2,
        unit="× average",
        difference=delta,
        difference_maximum=1.2,
        difference_above="more in AlexNet",
        difference_below="more in VGG16",
        warning="Raw distances of different networks are not comparable." if warning else "",
        file="chelsea_2-metrics_256x256_comparison.png",
        note="A map is not a cause: a feature sees far beyond its cell.",
        reference_name=sample,
        distorted_name="blur and noise",
    )


def page() -> None:
    """Settings in the address, the gallery, and what it reported."""
    st.set_page_config(layout="wide")
    st.markdown("<style>.stMainBlockContainer{padding:3.7rem 1.5rem 1rem}</style>", unsafe_allow_html=True)
    query, number = anew.start()
    st.session_state.setdefault("runs", 0)
    st.session_state.runs += 1
    with st.sidebar:
        st.button("Rerun")
        networks = st.slider(
            "Networks", 0, len(NETWORKS), int(query.get("networks", "2")), key=f"net{number}"
        )
    scene = make_gallery(
        query.get("shape", "square"),
        networks,
        difference="difference" in query and networks > 1,
        dists="dists" in query,
        warning="warning" in query,
        sample=query.get("sample", "cat"),
    )

    def remember(display: GalleryDisplay) -> None:
        st.session_state.display = display

    st.session_state.setdefault("display", GalleryDisplay())
    shown = gallery(scene, key=f"gallery{number}", display=st.session_state.display, on_display=remember)
    st.text(f"run {st.session_state.runs}; {shown}")
