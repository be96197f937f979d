"""Where votes are kept: EXPLORER_DATABASE where it is set, else a file in the folder EXPLORER_VOTES."""

import logging
import os
import threading
from pathlib import Path

import platformdirs
from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from explorer.errors import StoreError
from explorer.judgments.store.store import Store

DATABASE = "EXPLORER_DATABASE"
FOLDER = "EXPLORER_VOTES"
FILE = "votes.sqlite3"

_log = logging.getLogger(__name__)
_stores: dict[URL, Store] = {}
_lock = threading.Lock()


def opened_store() -> Store:
    """The store that the environment names; one for all threads of the process.

    Raises:
        StoreError: it cannot be opened; it is tried anew at the next call.
    """
    url = named_url()
    with _lock:
        if url not in _stores:
            # Not the rest of the address: its query may hold a password as well.
            _log.info("votes are kept in %s %s %s", url.get_backend_name(), url.host or "", url.database)
            if url.get_backend_name() == "sqlite":
                _make(Path(url.database))
            _stores[url] = Store(url)
        return _stores[url]


def named_url() -> URL:
    """Where the environment says that votes are kept.

    Raises:
        StoreError: EXPLORER_DATABASE is no address of a PostgreSQL database, or psycopg is missing.
    """
    named = os.environ.get(DATABASE, "")
    if not named:
        return URL.create("sqlite", database=str(folder() / FILE))
    try:
        url = make_url(named)
    except (ArgumentError, ValueError):
        url = None
    if url is None or url.get_backend_name() != "postgresql":
        raise StoreError(
            f"{DATABASE} is no address such as postgresql+psycopg://user:password@host/database. Mend it, or "
            "leave it away: votes are then kept in a file."
        )
    try:
        import psycopg  # noqa: F401 (optional)
    except ImportError as error:
        raise StoreError(
            f"{DATABASE} names a PostgreSQL database, for which psycopg is missing; install it with "
            "pip install 'psycopg[binary]'."
        ) from error
    return url.set(drivername="postgresql+psycopg")


def folder() -> Path:
    """The folder for the file of votes, whether it is there or not."""
    named = os.environ.get(FOLDER)
    return (
        Path(named).expanduser().absolute()
        if named
        else platformdirs.user_data_path("lpips-explorer", appauthor=False)
    )


def _make(file: Path) -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(
            f"The folder for votes cannot be made ({error.strerror}). Name another one in {FOLDER}."
        ) from error
