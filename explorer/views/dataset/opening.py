"""A pair of the data set, opened on Inspect as it was measured."""

from dataclasses import replace
from pathlib import Path

from explorer.analysis.dataset import Dataset, How
from explorer.analysis.folders import bytes_digest
from explorer.errors import ExplorerError, SettingError
from explorer.files.below import Finder
from explorer.names import cut, harmless
from explorer.views.common.opening import open_uploads, take_files
from explorer.views.common.session import Session


def open_in_inspect(session: Session, dataset: Dataset, finder: Finder | None, pair: int, how: How) -> None:
    """Show a pair in Inspect, by the settings of its row; where it cannot be had that is said."""
    try:
        method = replace(how.method, device=session.settings.method.device)
        background = how.colour
        uploads = take_files(session, [_found(finder, name) for name in dataset.pairs[pair]])
    except ExplorerError as error:
        session.report(error)
        return
    for upload, digest in zip(uploads, dataset.digests[pair], strict=True):
        if digest and digest != bytes_digest(upload.data):
            session.report(f"{cut(upload.name)} has changed since it was measured, and so may all numbers.")
    open_uploads(session, uploads, method, how.fit, background)


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
