"""The common sidebar: which pair is measured, and how. Every page draws it."""

import base64
import io
from functools import cache

import streamlit as st
from PIL import Image

from explorer.analysis.cost import estimate
from explorer.backbones import HEADS, available_devices, find_backbone
from explorer.distortions import CATALOGUE
from explorer.errors import ExplorerError, SettingError, SizeMismatchError
from explorer.images import Picture, match, measured_size
from explorer.metrics import choose_layers
from explorer.samples import SAMPLES, load_sample
from explorer.views import session
from explorer.views.compute import distorted_picture, trunk
from explorer.views.session import Pair
from explorer.views.settings import AS_GIVEN, AUTOMATIC, LARGEST_SEED, SIZES, Settings

MEGAPIXEL = 2**20
FIRST_SIZE = 1024  # longest side at which a larger pair is measured first
THUMBNAIL = 96  # pixels; shown at 36, sharp also on dense screens

SOURCES = {"sample": "Sample", "upload": "Upload", "camera": "Camera"}
PAIRINGS = {"distort": "Distort it", "upload": "Upload"}


def draw_images() -> Pair | None:
    """Draw the controls that choose the pair; returns it, or None where a picture is still missing.

    Raises:
        ExplorerError: what was chosen makes no pair.
    """
    _heading("Images")
    source = st.segmented_control(
        "Reference",
        SOURCES,
        format_func=SOURCES.get,
        key=session.widget_key("source", "sample"),
        required=True,
        label_visibility="collapsed",
        width="stretch",
    )
    reference = _reference(source)

    _heading("Distorted")
    pairing = st.segmented_control(
        "Distorted image",
        PAIRINGS,
        format_func=PAIRINGS.get,
        key=session.widget_key("pairing", "distort"),
        required=True,
        label_visibility="collapsed",
        width="stretch",
    )
    if pairing == "distort":
        choose_distortion()
        settings = session.settings()
        distorted = reference and distorted_picture(
            reference, settings.distortion, settings.severity, settings.seed
        )
    else:
        distorted = _uploaded("distorted", "Distorted image")
    if source != "sample" or pairing != "distort":
        _choose_background()
        st.caption("Uploaded pictures stay in this session; a link cannot carry them.")
    swapped = session.settings().swapped
    st.button(
        "Swap them back" if swapped else "Swap the two",
        key="swap",
        icon=":material/swap_horiz:",
        help="Exchange the reference and the distorted image.",
        on_click=session.change,
        kwargs={"swapped": not swapped},
        width="stretch",
    )

    if reference is None or distorted is None:
        return None
    if swapped:
        reference, distorted = distorted, reference
    reference, distorted = match(reference, distorted, st.session_state.get("fit"))
    return Pair(reference, distorted, linkable=source == "sample" and pairing == "distort")


def _heading(text: str) -> None:
    st.html(f'<h2 class="heading">{text}</h2>')


def _reference(source: str) -> Picture | None:
    if source == "sample":
        return load_sample(_choose_sample())
    if source == "upload":
        return _uploaded("reference", "Reference image")
    st.caption("The camera's picture arrives as a JPEG, which is already slightly compressed.")
    st.camera_input(
        "Take the reference",
        key="file_camera",
        on_change=_receive,
        args=("camera",),
        label_visibility="collapsed",
    )
    upload = st.session_state.uploads.get("camera")
    return upload and upload.picture


def _choose_sample() -> str:
    name = st.pills(
        "Sample",
        SAMPLES,
        format_func=_thumbnail,
        key=session.widget_key("sample", session.settings().sample),
        required=True,
        label_visibility="collapsed",
    )
    session.change(sample=name)
    return name


@cache
def _thumbnail(name: str) -> str:
    """A sample's picture as Markdown, whose alternative text is its name."""
    image = Image.fromarray(load_sample(name).pixels)
    side = min(image.size)
    left, top = (image.width - side) // 2, (image.height - side) // 2
    image = image.resize((THUMBNAIL, THUMBNAIL), box=(left, top, left + side, top + side))
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=85)
    return f"![{SAMPLES[name].label}](data:image/jpeg;base64,{base64.b64encode(buffer.getvalue()).decode()})"


def choose_distortion() -> None:
    """Draw the catalogue, the severity with its physical parameters, and the seed where there is one."""
    settings = session.settings()
    name = st.selectbox(
        "Distortion",
        CATALOGUE,
        format_func=lambda name: CATALOGUE[name].label,
        key=session.widget_key("distortion", settings.distortion),
        label_visibility="collapsed",
        persist_state="session",
    )
    entry = CATALOGUE[name]
    key = session.widget_key("severity", settings.severity)
    severity = st.slider(
        f"Severity · {entry.describe(st.session_state[key])}",
        0.0,
        1.0,
        step=0.01,
        key=key,
        help=entry.summary,
        persist_state="session",
    )
    seed = settings.seed
    if entry.random:
        seed = st.number_input(
            "Seed",
            0,
            LARGEST_SEED,
            key=session.widget_key("seed", settings.seed),
            help="The same seed gives the same pattern at every severity.",
            persist_state="session",
        )
    session.change(distortion=name, severity=severity, seed=seed)


def _uploaded(role: str, label: str) -> Picture | None:
    st.file_uploader(
        label,
        key=f"file_{role}",
        on_change=_receive,
        args=(role,),
        help="PNG, JPEG, WebP, TIFF, BMP, GIF or AVIF, told by content; up to 50 megapixels.",
    )
    upload = st.session_state.uploads.get(role)
    if upload:
        st.caption(f"In use: {upload.name}, {upload.picture.width} × {upload.picture.height}")
    return upload and upload.picture


def _receive(role: str) -> None:
    """Check a new file; one that cannot be read is named, and what was there stays."""
    file = st.session_state[f"file_{role}"]
    if file is None:
        return
    name = "camera picture" if role == "camera" else file.name
    try:
        upload = session.read_upload(name, file.getvalue(), st.session_state.get("background", "#ffffff"))
    except ExplorerError as error:
        session.report(error)
        return
    st.session_state.uploads[role] = upload
    st.session_state.fit = None


def _choose_background() -> None:
    """Offer the colour under transparency where an upload has any."""
    uploads = st.session_state.uploads
    if not any("transparen" in note for upload in uploads.values() for note in upload.picture.notes):
        return
    before = st.session_state.get("background", "#ffffff")
    colour = st.color_picker("Colour under transparent places", before, key="background_picker")
    if colour != before:
        st.session_state.background = colour
        st.session_state.uploads = {role: upload.on(colour) for role, upload in uploads.items()}
        st.rerun()


def draw_measure(pair: Pair | None) -> None:
    """Draw the controls for how the pair is measured."""
    settings = session.settings()
    backbone = find_backbone(settings.backbone)
    _heading("Measure")
    heads = st.segmented_control(
        f"{backbone.label}, heads",
        HEADS,
        format_func=lambda name: HEADS[name].label,
        key=session.widget_key("heads", settings.heads),
        required=True,
        help="  \n".join(f"**{heads.label}**: {heads.summary}" for heads in HEADS.values()),
        width="stretch",
    )
    key = session.widget_key("layers", list(settings.layers))
    chosen = st.pills(
        f"Layers in the sum · {len(st.session_state[key])} of {len(backbone.layers)}",
        backbone.layer_names,
        selection_mode="multi",
        key=key,
        on_change=_keep_one_layer,
        args=(key,),
    )
    session.change(heads=heads, layers=choose_layers(backbone, chosen))
    if pair:
        _choose_size(pair, session.settings())
    _choose_device()


def _keep_one_layer(key: str) -> None:
    """Put the layers back where the last one was taken out of the sum."""
    if not st.session_state[key]:
        st.session_state[key] = list(session.settings().layers)
        try:
            choose_layers(find_backbone(session.settings().backbone), [])
        except SettingError as error:
            session.report(error)


def _choose_size(pair: Pair, settings: Settings) -> None:
    """Offer the sizes to measure at; those that cannot be had are disabled and say why."""
    width, height = pair.reference.size
    now = measured_size(pair.reference.size, longest_side(pair, settings))
    how = "as given" if now == pair.reference.size else f"{now[0]} × {now[1]}, Lanczos"
    st.caption(f"Measured at · {how}", help="The longest side in pixels. A picture is never enlarged.")
    with st.container(horizontal=True, gap="xxsmall", key="sizes"):
        for size in (AS_GIVEN, *SIZES):
            reason = size_problem(size, pair, settings)
            chosen = (
                now == measured_size(pair.reference.size, None if size == AS_GIVEN else size) and not reason
            )
            st.button(
                "as given" if size == AS_GIVEN else str(size),
                key=f"size_{size}",
                type="primary" if chosen else "secondary",
                disabled=reason is not None,
                help=reason or _cost_of(size, pair, settings),
                on_click=session.change,
                kwargs={"size": size},
            )
    if width * height > MEGAPIXEL and settings.size == AUTOMATIC:
        st.caption(f"First measured at {FIRST_SIZE}; as given takes {_cost_of(AS_GIVEN, pair, settings)}.")


def longest_side(pair: Pair, settings: Settings) -> int | None:
    """The longest side to measure at; None for as given."""
    if settings.size == AUTOMATIC:
        width, height = pair.reference.size
        return FIRST_SIZE if width * height > MEGAPIXEL else None
    return None if settings.size == AS_GIVEN else settings.size


def size_problem(size: int | str, pair: Pair, settings: Settings) -> str | None:
    """Why a size cannot be had, or None."""
    if size in (AS_GIVEN, AUTOMATIC):
        return None
    if size >= max(pair.reference.size):
        return f"The picture's longest side is {max(pair.reference.size)}, and it is never enlarged."
    backbone = find_backbone(settings.backbone)
    shortest = min(measured_size(pair.reference.size, size))
    if shortest < backbone.smallest_side:
        return (
            f"The short side would be {shortest}; {backbone.label} needs at least {backbone.smallest_side}."
        )
    return None


def _cost_of(size: int | str, pair: Pair, settings: Settings) -> str | None:
    """An estimate for sizes at which it matters, once something was measured."""
    known = st.session_state.get("last_cost")
    wanted = measured_size(pair.reference.size, None if size == AS_GIVEN else size)
    if known is None or wanted[0] * wanted[1] <= MEGAPIXEL:
        return None
    return str(estimate(trunk(settings), wanted, *known))


def _choose_device() -> None:
    devices = available_devices()
    if len(devices) == 1:
        return
    device = st.segmented_control(
        "Device",
        ("auto", *devices),
        key=session.widget_key("device", session.settings().device),
        required=True,
    )
    session.change(device=device)


def offer_mends(error: SizeMismatchError) -> None:
    """Two buttons below the sentence of a size mismatch."""
    with st.container(horizontal=True):
        for fit, label in (
            (
                "resize",
                f"Resize the distorted image to {error.reference_size[0]} × {error.reference_size[1]}",
            ),
            ("crop", "Crop both to their common centre"),
        ):
            st.button(label, key=f"fit_{fit}", on_click=st.session_state.update, args=({"fit": fit},))
