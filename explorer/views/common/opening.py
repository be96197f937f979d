"""The way to another page, with what is chosen here."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

import streamlit as st

from explorer.errors import ExplorerError, SettingError
from explorer.images import MAX_BYTES
from explorer.metrics import Method
from explorer.names import cut, harmless
from explorer.places import page as file_of
from explorer.views.common.session import Session, Upload
from explorer.views.common.settings import AS_GIVEN, Settings
from explorer.views.common.sources import Sources

ROLES = ("reference", "distorted")


def open_version(session: Session, settings: Settings) -> NoReturn:
    """Open Inspect on the reference and a distortion of it; an uploaded distorted image is not of that pair.

    Args:
        settings: What is done to the reference, and how it is measured.
    """
    sources = session.reference_sources()
    session.gone_to = replace(settings, swapped=False).to_link(not sources, sources)
    st.switch_page(file_of("inspect"))


def open_page(session: Session, name: str, own: Mapping[str, str]) -> NoReturn:
    """Open a page on the same pair.

    Args:
        name: Of its folder.
        own: Parameters of the link that this page alone has.
    """
    sources = session.sources(needs_distorted=False) or Sources()
    session.gone_to = session.settings.to_link(not sources, sources) | dict(own)
    st.switch_page(file_of(name))


def take_files(session: Session, paths: Sequence[Path]) -> tuple[Upload, ...]:
    """Take a pair's files, reference first, as if they had been uploaded, or neither of them.

    Raises:
        ExplorerError: one cannot be read, or is no image.
    """
    waiting = {role: f"waiting_{role}" for role in ROLES}
    try:
        for role, path in zip(ROLES, paths, strict=True):
            _receive(session, waiting[role], path)
        uploads = {role: session.uploads[waiting[role]] for role in ROLES}
        session.uploads.update(uploads)
    finally:
        for name in waiting.values():
            session.drop(name)
    return tuple(uploads.values())


def open_uploads(
    session: Session, uploads: Sequence[Upload], method: Method, fit: str = "", background: str = "white"
) -> NoReturn:
    """Open Inspect on two files that were taken, measured as they were before.

    Args:
        uploads: From `take_files`.
        method: With its size; None measures as given.
        fit, background: As links have them.
    """
    # The layer, the map and the place that are seen belong to the pair before.
    display = replace(session.settings.display, layer="", map=type(session.settings.display)().map).whole
    settings = replace(
        session.settings, method=method, size=method.size or AS_GIVEN, swapped=False, display=display
    )
    files = {role: upload.named for role, upload in zip(ROLES, uploads, strict=True)}
    session.gone_to = settings.to_link(False, Sources(files, fit, background))
    st.switch_page(file_of("inspect"))


def _receive(session: Session, role: str, path: Path) -> None:
    """Take a file as if it had been uploaded.

    Raises:
        ExplorerError: it cannot be read, or is no image.
    """
    shown = cut(harmless(path.name))
    try:
        if path.stat().st_size > MAX_BYTES:
            raise SettingError(f"{shown} has more than {MAX_BYTES >> 20} MB; choose a smaller image.")
        session.receive(role, path.name, path.read_bytes())
    except OSError as error:
        raise SettingError(f"{shown} cannot be read ({error.strerror}); check its permissions.") from error
    if role in session.refused:
        raise ExplorerError(session.refused.pop(role))
