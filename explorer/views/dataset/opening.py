"""A pair of the data set, opened on Inspect as it was measured."""

from dataclasses import replace
from pathlib import Path

import streamlit as st

from explorer.analysis.dataset import Dataset, How
from explorer.analysis.folders import bytes_digest
from explorer.errors import ExplorerError, SettingError
from explorer.files.below import Finder
from explorer.images import MAX_BYTES
from explorer.names import cut, harmless
from explorer.places import page as file_of
from explorer.views.common.session import Session
from explorer.views.common.settings import AS_GIVEN
from explorer.views.common.sources import Sources

ROLES = ("reference", "distorted")


def open_in_inspect(session: Session, dataset: Dataset, finder: Finder | None, pair: int, how: How) -> None:
    """Show a pair in Inspect, by the settings of its row; where it cannot be had that is said."""
    try:
        method = replace(how.method, device=session.settings.method.device)
        background = how.colour
        paths = [_found(finder, name) for name in dataset.pairs[pair]]
        for role, path in zip(ROLES, paths, strict=True):
            _receive(session, role, path)
        uploads = {role: session.uploads[_waiting(role)] for role in ROLES}
        session.uploads.update(uploads)
    except ExplorerError as error:
        session.report(error)
        return
    finally:
        for role in ROLES:
            session.drop(_waiting(role))
    for upload, digest in zip(uploads.values(), dataset.digests[pair], strict=True):
        if digest and digest != bytes_digest(upload.data):
            session.report(f"{cut(upload.name)} has changed since it was measured, and so may all numbers.")
    # The layer, the map and the place that are seen belong to the pair before.
    display = replace(session.settings.display, layer="", map=type(session.settings.display)().map).whole
    settings = replace(
        session.settings, method=method, size=method.size or AS_GIVEN, swapped=False, display=display
    )
    files = {role: upload.named for role, upload in uploads.items()}
    session.gone_to = settings.to_link(False, Sources(files, how.fit, background))
    st.switch_page(file_of("inspect"))


def _found(finder: Finder | None, name: str) -> Path:
    """A pair's file.

    Raises:
        SettingError: it is not below the root, or there is no root.
    """
    shown = cut(harmless(name))
    if finder is None:
        raise SettingError(
            f"{shown} cannot be opened, for this server opens no folder; start it with lpips-explorer --root "
            "FOLDER, where FOLDER holds the files of the table."
        )
    path = finder.find(name)
    if path is None:
        raise SettingError(
            f"{shown} is not below the folder that this server opens; move it there, or upload the pair on "
            "Inspect."
        )
    return path


def _waiting(role: str) -> str:
    """Where a file waits until its twin is known to be good, too."""
    return f"dataset_{role}"


def _receive(session: Session, role: str, path: Path) -> None:
    """Take a file as if it had been uploaded.

    Raises:
        SettingError: it cannot be read.
    """
    shown, waiting = cut(harmless(path.name)), _waiting(role)
    try:
        if path.stat().st_size > MAX_BYTES:
            raise SettingError(f"{shown} has more than {MAX_BYTES >> 20} MB; choose a smaller image.")
        session.receive(waiting, path.name, path.read_bytes())
    except OSError as error:
        raise SettingError(f"{shown} cannot be read ({error.strerror}); check its permissions.") from error
    if waiting in session.refused:
        raise SettingError(session.refused.pop(waiting))
