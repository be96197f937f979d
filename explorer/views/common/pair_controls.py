"""The common sidebar's upper half: which pair is measured. Every page draws it."""

from collections.abc import Callable, Sequence
from functools import cache

import streamlit as st
from PIL import Image
from streamlit.delta_generator import DeltaGenerator

from explorer import render
from explorer.distortions import CATALOGUE, Distortion, Step
from explorer.errors import ExplorerError
from explorer.images import Picture
from explorer.names import as_meant
from explorer.samples import SAMPLES, load_sample
from explorer.views.common.compute import matched
from explorer.views.common.distorting import distorted_picture, stop_distorting
from explorer.views.common.distortion_controls import draw_seed, draw_severity, draw_values, with_family
from explorer.views.common.parts import draw_name, heading, plain
from explorer.views.common.project_controls import draw_open
from explorer.views.common.recipe_controls import draw_recipe
from explorer.views.common.session import TYPED, VALUE, Session, widget_key
from explorer.views.common.shown import Given, MisfitError, Pair
from explorer.views.common.sources import ROLES

CAMERA_WIDTH = 640  # pixels of the widget, and so of its pictures
THUMBNAIL = 96  # pixels; shown at about 27, sharp also on dense screens

SOURCES = {"sample": "Sample", "upload": "Upload", "camera": "Camera"}
ASK = {
    "reference": "upload {} as the reference",
    "camera": "take {} anew as the reference",
    "distorted": "upload {} as the distorted image",
}
PAIRINGS = {"distort": "Distort it", "upload": "Upload"}


def choose_pair(
    session: Session,
    camera: DeltaGenerator,
    below_samples: Callable[[], None] | None = None,
    small: Callable[[Picture], Picture] | None = None,
) -> tuple[Pair | None, ExplorerError | None]:
    """Draw the images' controls; returns the pair, or the error that says why the choice makes none.

    Args:
        below_samples: Draws something below the samples, where these are offered.
        small: Makes pictures small before anything is done to them, for a page that is about small ones.
    """
    try:
        return draw_images(session, camera, below_samples, small), None
    except ExplorerError as error:
        return None, error


def draw_images(
    session: Session,
    camera: DeltaGenerator,
    below_samples: Callable[[], None] | None = None,
    small: Callable[[Picture], Picture] | None = None,
) -> Pair | None:
    """Draw the controls that choose the pair; returns it, or None where a picture is still missing.

    Args:
        camera: Where the camera is drawn when it is chosen: its pictures are as wide as its place.
        below_samples, small: As in `choose_pair`.

    Raises:
        ExplorerError: what was chosen makes no pair.
    """
    reference, is_sample = choose_reference(session, camera)
    if is_sample and below_samples is not None:
        below_samples()
    heading("Distorted")
    pairing = _choose(session, "Distorted image", PAIRINGS, "pairing")
    if pairing == "distort":
        session.refused.pop("distorted", None)  # its widget, and so its file, is gone
        (draw_recipe if session.settings.steps else draw_distortion)(session)
    else:
        distorted = _draw_upload(session, "distorted", "Distorted image")
    linkable = is_sample and pairing == "distort"
    if not linkable:
        _choose_background(session)
        st.caption("Uploads stay with you: a link only names them, and asks others for the files.")
    _draw_swap(session)

    if small is not None and pairing == "distort" and reference is not None:
        reference = small(reference)
    if pairing == "distort" and reference is not None:
        distorted = distorted_picture(session, reference)
    else:
        stop_distorting(session)
    if reference is None or distorted is None:
        return None
    if session.settings.swapped:
        reference, distorted = distorted, reference
    session.take_fit(reference, distorted)
    given = _given(session, reference), _given(session, distorted)
    two = matched(session, reference, distorted)
    pair = Pair(*(two if small is None else map(small, two)), linkable, given)
    if reference.size != distorted.size:
        _draw_fit(session, reference, distorted)
    return pair


def _given(session: Session, picture: Picture) -> Given:
    """A picture with its file, if it is an upload."""
    files = (upload.data for upload in session.uploads.values() if upload.picture is picture)
    return Given(picture, next(files, None))


def choose_reference(session: Session, camera: DeltaGenerator) -> tuple[Picture | None, bool]:
    """Draw the controls that choose the reference.

    Returns:
        The reference, None where it is missing; and whether it is a sample, which a link can bring back.
    """
    draw_open(session)
    source = _choose(session, "Reference", SOURCES, "source")
    for role in {*ROLES.values()} - {ROLES.get(source)}:
        session.refused.pop(role, None)  # its widget, and so its file, is gone
    return _draw_reference(session, source, camera), source == "sample"


def reference_or_problem(
    session: Session, camera: DeltaGenerator
) -> tuple[Picture | None, bool, ExplorerError | None]:
    """As `choose_reference`; and the error where the reference cannot be had, which the page says later."""
    try:
        return *choose_reference(session, camera), None
    except ExplorerError as error:
        return None, False, error


def _draw_fit(session: Session, reference: Picture, distorted: Picture) -> None:
    """Two sizes were made one: say how, and offer the other way."""
    fit = session.fit_of(reference, distorted)
    way, other, label = {
        "resize": ("The distorted image was resized to the reference.", "crop", "Crop both instead"),
        "crop": ("Both were cropped to their common centre.", "resize", "Resize the distorted image instead"),
    }[fit]
    st.caption(way)
    st.button(
        label, key="fit_other", on_click=session.mend, args=(reference, distorted, other), width="stretch"
    )


def _choose(session: Session, label: str, options: dict[str, str], name: str) -> str:
    """One of a few origins, in a row of the sidebar's width."""
    session.origins[name] = st.segmented_control(
        label,
        options,
        format_func=options.get,
        key=widget_key(name, session.origins[name]),
        required=True,
        label_visibility="collapsed",
        width="stretch",
        persist_state="session",
    )
    return session.origins[name]


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
        session.run_anew()  # to fold the camera away
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
    return f"![{SAMPLES[name].label}]({render.thumbnail_address(image)})"


def draw_distortion(session: Session) -> None:
    """Draw the catalogue, the severity or the values in its place, and the seed where there is one."""
    settings = session.settings
    name = st.selectbox(
        "Distortion",
        CATALOGUE,
        format_func=with_family,
        key=widget_key("distortion", settings.distortion),
        label_visibility="collapsed",
        persist_state="session",
    )
    entry = CATALOGUE[name]
    is_typed = st.session_state[widget_key("typed", settings.values is not None)]
    if is_typed:
        _type_values(session, entry)
    else:
        _choose_severity(session, entry)
    st.toggle(
        "Type the values",
        key=TYPED,
        help="Give the distortion’s physical values themselves, in the place of a severity.",
        persist_state="session",
    )
    if entry.random:
        seed = draw_seed(widget_key("seed", settings.seed))
        session.change(seed=seed)


def _choose_severity(session: Session, entry: Distortion) -> None:
    severity = draw_severity(entry, widget_key("severity", session.settings.severity))
    session.change(distortion=entry.name, severity=severity, values=None)
    for parameter in entry.parameters:  # what is typed next starts from the severity
        st.session_state.pop(f"{VALUE}{entry.name}_{parameter.name}", None)


def _type_values(session: Session, entry: Distortion) -> None:
    """A box for each parameter, which starts from what the severity stands for."""
    settings = session.settings
    known = dict(settings.values or ()) if settings.distortion == entry.name else {}
    start = {each.name: known.get(each.name, each.at(settings.severity)) for each in entry.parameters}
    values = draw_values(entry, f"{VALUE}{entry.name}", start)
    session.settings = settings.with_step(Step(entry.name, values, settings.seed))


def _draw_upload(session: Session, role: str, label: str) -> Picture | None:
    rounds = session.rounds.get(role, 0)
    file = st.file_uploader(
        label,
        key=f"file_{role}_{rounds}" if rounds else f"file_{role}",
        help="PNG, JPEG, WebP, TIFF, BMP, GIF or AVIF, told by content; up to 50 megapixels.",
    )
    picture = _latest(session, role, file, as_meant(file.name) if file else "")
    if picture:
        words = "In use" if file else "Still in use, until you upload another"
        draw_name(words, picture)
    elif role in session.wanted:
        st.caption(f":material/upload_file: Waiting for **{plain(session.wanted[role].name)}**")
    return picture


def _latest(session: Session, role: str, file: object, name: str) -> Picture | None:
    """Check the widget's file where it is a new one.

    Returns:
        The last good picture of this role; None where there is none, and as long as the widget holds a file
        that could not be read: what is chosen then is no picture.
    """
    if file is None:
        session.refused.pop(role, None)
    elif session.seen.get(role) != file.file_id:
        session.receive(role, name, file.getvalue())
        session.seen[role] = file.file_id
    upload = None if role in session.refused else session.uploads.get(role)
    return upload and upload.picture


def _choose_background(session: Session) -> None:
    """Offer the colour under transparency where an upload has any."""
    if not any(
        note.kind == "transparency" for upload in session.uploads.values() for note in upload.picture.notes
    ):
        return
    st.color_picker(
        "Colour under transparent places",
        key=widget_key("background", session.background),
        persist_state="session",
    )
    if st.session_state.setting_background != session.background:
        session.lay_on(st.session_state.setting_background)
        session.run_anew()  # the pictures above were drawn on the colour before


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


def say_missing(session: Session, otherwise: str = "Choose both pictures in the sidebar.") -> None:
    """What to do where a picture is still missing, and no file was refused, which is said by itself.

    Args:
        otherwise: The sentence where no link has named what is missing.
    """
    if session.refused:
        return
    asked = session.asked_for
    if not asked:
        st.info(otherwise)
        return
    files = " and ".join(ASK[role].format(f"**{plain(named.name)}**") for role, named in asked.items())
    them = "it" if len(asked) == 1 else "them"
    st.info(
        f"This view was made with uploads that are not here, or no longer: {files}, in the "
        f"sidebar. All else that the link says waits for {them}.",
        icon=":material/upload_file:",
    )


def offer_mends(session: Session, error: MisfitError) -> None:
    """Two buttons below the sentence of a size mismatch."""
    width, height = error.reference_size
    draw_mends(
        session,
        error.reference,
        [error.distorted],
        f"Resize the distorted image to {width} × {height}",
        "Crop both to their common centre",
    )


def draw_mends(
    session: Session, reference: Picture, others: Sequence[Picture], resize: str, crop: str
) -> None:
    """Two buttons that make the sizes of some pictures and the reference one.

    Args:
        resize, crop: The words on them.
    """
    with st.container(horizontal=True):
        for fit, label in (("resize", resize), ("crop", crop)):
            st.button(label, key=f"fit_{fit}", on_click=_mend, args=(session, reference, others, fit))


def _mend(session: Session, reference: Picture, others: Sequence[Picture], fit: str) -> None:
    for other in others:
        session.mend(reference, other, fit)
