"""The common sidebar: which pair is measured, and how. Every page draws it."""

import base64
import io
from functools import cache

import streamlit as st
from PIL import Image
from streamlit.delta_generator import DeltaGenerator

from explorer.analysis.cost import estimate
from explorer.backbones import HEADS, available_devices, find_backbone
from explorer.distortions import CATALOGUE
from explorer.errors import SizeMismatchError
from explorer.images import Picture, measured_size
from explorer.metrics import choose_layers
from explorer.samples import SAMPLES, load_sample
from explorer.views.compute import distorted_picture, matched, trunk
from explorer.views.parts import plain
from explorer.views.session import Pair, Session, widget_key
from explorer.views.settings import AS_GIVEN, AUTOMATIC, LARGEST_SEED, SIZES

MEGAPIXEL = 2**20
FIRST_SIZE = 1024  # longest side at which a larger pair is measured first
CAMERA_WIDTH = 640  # pixels of the widget, and so of its pictures
THUMBNAIL = 96  # pixels; shown at about 27, sharp also on dense screens

SOURCES = {"sample": "Sample", "upload": "Upload", "camera": "Camera"}
PAIRINGS = {"distort": "Distort it", "upload": "Upload"}


def draw_images(session: Session, camera: DeltaGenerator) -> Pair | None:
    """Draw the controls that choose the pair; returns it, or None where a picture is still missing.

    Args:
        camera: Where the camera is drawn when it is chosen: its pictures are as wide as its place.

    Raises:
        ExplorerError: what was chosen makes no pair.
    """
    _heading("Images")
    source = _choose("Reference", SOURCES, "source", "sample")
    reference = _draw_reference(session, source, camera)
    _heading("Distorted")
    pairing = _choose("Distorted image", PAIRINGS, "pairing", "distort")
    if pairing == "distort":
        draw_distortion(session)
    else:
        distorted = _draw_upload(session, "distorted", "Distorted image")
    linkable = source == "sample" and pairing == "distort"
    if not linkable:
        _choose_background(session)
        st.caption("Uploaded pictures stay in this session; a link cannot carry them.")
    _draw_swap(session)

    if pairing == "distort" and reference is not None:
        distorted = distorted_picture(session, reference)
    if reference is None or distorted is None:
        return None
    if session.settings.swapped:
        reference, distorted = distorted, reference
    pair = Pair(*matched(session, reference, distorted), linkable)
    if reference.size != distorted.size:
        _draw_fit(session, session.fit_of(reference, distorted))
    return pair


def _draw_fit(session: Session, fit: str) -> None:
    """Two sizes were made one: say how, and offer the other way."""
    way, other, label = {
        "resize": ("The distorted image was resized to the reference.", "crop", "Crop both instead"),
        "crop": ("Both were cropped to their common centre.", "resize", "Resize the distorted image instead"),
    }[fit]
    st.caption(way)
    st.button(label, key="fit_other", on_click=session.mend, args=(other,), width="stretch")


def _heading(text: str) -> None:
    st.html(f'<h2 class="heading">{text}</h2>')


def _choose(label: str, options: dict[str, str], name: str, first: str) -> str:
    """One of a few, in a row of the sidebar's width."""
    return st.segmented_control(
        label,
        options,
        format_func=options.get,
        key=widget_key(name, first),
        required=True,
        label_visibility="collapsed",
        width="stretch",
        persist_state="session",
    )


def _draw_reference(session: Session, source: str, camera: DeltaGenerator) -> Picture | None:
    if source == "sample":
        return load_sample(_choose_sample(session))
    if source == "upload":
        return _draw_upload(session, "reference", "Reference image")
    st.caption("The camera's picture arrives as a JPEG, which is already slightly compressed.")
    has_picture = "camera" in session.uploads
    with camera.expander("Camera", icon=":material/photo_camera:", expanded=not has_picture):
        file = st.camera_input(
            "Take the reference", key="file_camera", label_visibility="collapsed", width=CAMERA_WIDTH
        )
    picture = _latest(session, "camera", file, "camera picture")
    if picture and not has_picture:
        st.rerun()  # to fold the camera away
    return picture


def _choose_sample(session: Session) -> str:
    name = st.pills(
        "Sample",
        SAMPLES,
        format_func=_thumbnail,
        key=widget_key("sample", session.settings.sample),
        required=True,
        label_visibility="collapsed",
        persist_state="session",
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


def draw_distortion(session: Session) -> None:
    """Draw the catalogue, the severity with its physical parameters, and the seed where there is one."""
    settings = session.settings
    name = st.selectbox(
        "Distortion",
        CATALOGUE,
        format_func=lambda name: CATALOGUE[name].label,
        key=widget_key("distortion", settings.distortion),
        label_visibility="collapsed",
        persist_state="session",
    )
    entry = CATALOGUE[name]
    key = widget_key("severity", settings.severity)
    severity = st.slider(
        f"Severity · {entry.describe(st.session_state[key])}",
        0.0,
        1.0,
        step=0.01,
        key=key,
        help=entry.summary,
        persist_state="session",
    )
    session.change(distortion=name, severity=severity)
    if entry.random:
        seed = st.number_input(
            "Seed",
            0,
            LARGEST_SEED,
            key=widget_key("seed", settings.seed),
            help="The same seed gives the same pattern at every severity.",
            persist_state="session",
        )
        session.change(seed=seed)


def _draw_upload(session: Session, role: str, label: str) -> Picture | None:
    file = st.file_uploader(
        label,
        key=f"file_{role}",
        help="PNG, JPEG, WebP, TIFF, BMP, GIF or AVIF, told by content; up to 50 megapixels.",
    )
    picture = _latest(session, role, file, file.name if file else "")
    if picture:
        words = "In use" if file else "Still in use, until you upload another"
        st.caption(plain(f"{words}: {picture.name}, {picture.width} × {picture.height}"))
    return picture


def _latest(session: Session, role: str, file: object, name: str) -> Picture | None:
    """Check the widget's file where it is a new one; returns the last good picture of this role."""
    if file is None:
        session.refused.pop(role, None)
    elif session.seen.get(role) != file.file_id:
        session.receive(role, name, file.getvalue())
        session.seen[role] = file.file_id
    upload = session.uploads.get(role)
    return upload and upload.picture


def _choose_background(session: Session) -> None:
    """Offer the colour under transparency where an upload has any."""
    if not any("transparen" in note for upload in session.uploads.values() for note in upload.picture.notes):
        return
    st.color_picker(
        "Colour under transparent places",
        key=widget_key("background", session.background),
        persist_state="session",
    )
    if st.session_state.setting_background != session.background:
        session.lay_on(st.session_state.setting_background)
        st.rerun()  # the pictures above were drawn on the colour before


def _draw_swap(session: Session) -> None:
    swapped = session.settings.swapped
    st.button(
        "Swap them back" if swapped else "Swap the two",
        key="swap",
        icon=":material/swap_horiz:",
        help="Exchange the reference and the distorted image.",
        on_click=session.change,
        kwargs={"swapped": not swapped},
        width="stretch",
    )


def draw_measure(session: Session, pair: Pair | None) -> None:
    """Draw the controls for how the pair is measured."""
    backbone = find_backbone(session.settings.backbone)
    _heading("Measure")
    heads = st.segmented_control(
        f"{backbone.label}, heads",
        HEADS,
        format_func=lambda name: HEADS[name].label,
        key=widget_key("heads", session.settings.heads),
        required=True,
        help="  \n".join(f"**{heads.label}**: {heads.summary}" for heads in HEADS.values()),
        width="stretch",
        persist_state="session",
    )
    session.change(heads=heads, layers=_choose_layers(session))
    if pair:
        _choose_size(session, pair)
    devices = available_devices()
    if len(devices) > 1:
        device = st.segmented_control(
            "Device", ("auto", *devices), key=widget_key("device", session.settings.device), required=True
        )
        session.change(device=device)


def _choose_layers(session: Session) -> tuple[str, ...]:
    backbone = find_backbone(session.settings.backbone)
    key = widget_key("layers", list(session.settings.layers))
    if not st.session_state[key]:
        # The last one was taken out: put it back before the widget is drawn.
        st.session_state[key] = list(session.settings.layers)
        session.report("The sum needs at least one layer; choose another before you leave this one out.")
    chosen = st.pills(
        f"Layers in the sum · {len(st.session_state[key])} of {len(backbone.layers)}",
        backbone.layer_names,
        selection_mode="multi",
        key=key,
        persist_state="session",
    )
    return choose_layers(backbone, chosen)


def _choose_size(session: Session, pair: Pair) -> None:
    """Offer the sizes to measure at; those that cannot be had are disabled and say why."""
    if problem := _size_problem(session, pair, session.settings.size):
        session.report(f"The size {session.settings.size} cannot be had for this pair: {problem}")
        session.change(size=AUTOMATIC)
    given = pair.reference.size
    now = measured_size(given, longest_side(session, pair))
    how = "as given" if now == given else "Lanczos"
    st.caption(
        f"Measure at {now[0]} × {now[1]}, {how}",
        help="Choose the longest side in pixels. A picture is never enlarged.",
    )
    with st.container(horizontal=True, gap="xxsmall", key="sizes"):
        for size in (AS_GIVEN, *SIZES):
            problem = _size_problem(session, pair, size)
            chosen = not problem and now == measured_size(given, None if size == AS_GIVEN else size)
            st.button(
                "as given" if size == AS_GIVEN else str(size),
                key=f"size_{size}",
                type="primary" if chosen else "secondary",
                disabled=problem is not None,
                help=problem or _cost_of(session, pair, size),
                on_click=session.change,
                kwargs={"size": size},
            )


def offer_as_given(session: Session, place: DeltaGenerator) -> None:
    """Say what the size as given would cost, once a larger pair was measured at the first size."""
    pair, settings = session.shown.pair, session.settings
    if settings.size == AUTOMATIC and longest_side(session, pair) is not None:
        cost = _cost_of(session, pair, AS_GIVEN) or "slower"
        place.caption(f"Above a megapixel the first measurement is at {FIRST_SIZE}. As given: {cost}.")


def longest_side(session: Session, pair: Pair) -> int | None:
    """The longest side to measure at; None for as given."""
    size = session.settings.size
    if size == AUTOMATIC:
        return FIRST_SIZE if pair.reference.width * pair.reference.height > MEGAPIXEL else None
    return None if size == AS_GIVEN else size


def _size_problem(session: Session, pair: Pair, size: int | str) -> str | None:
    """Why a size cannot be had, or None."""
    if size in (AS_GIVEN, AUTOMATIC):
        return None
    longest = max(pair.reference.size)
    if size >= longest:
        return f"The picture's longest side is {longest}, and it is never enlarged."
    backbone = find_backbone(session.settings.backbone)
    shortest = min(measured_size(pair.reference.size, size))
    if shortest < backbone.smallest_side:
        return (
            f"The short side would be {shortest}; {backbone.label} needs at least {backbone.smallest_side}."
        )
    return None


def _cost_of(session: Session, pair: Pair, size: int | str) -> str | None:
    """An estimate for sizes at which it matters, once something was measured."""
    wanted = measured_size(pair.reference.size, None if size == AS_GIVEN else size)
    if (
        wanted[0] * wanted[1] <= MEGAPIXEL
        or not session.shown
        or session.shown.pair.reference != pair.reference
    ):
        return None
    known, seconds = session.shown.cost
    # In a smaller measurement the fixed costs, which do not grow, are too large a part.
    if known[0] * known[1] < MEGAPIXEL / 4:
        return None
    return str(estimate(trunk(session.settings), wanted, known, seconds))


def offer_mends(session: Session, error: SizeMismatchError) -> None:
    """Two buttons below the sentence of a size mismatch."""
    width, height = error.reference_size
    with st.container(horizontal=True):
        for fit, label in (
            ("resize", f"Resize the distorted image to {width} × {height}"),
            ("crop", "Crop both to their common centre"),
        ):
            st.button(label, key=f"fit_{fit}", on_click=session.mend, args=(fit,))
