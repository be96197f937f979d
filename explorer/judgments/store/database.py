"""One database, SQLite or PostgreSQL: its transactions, and what its errors mean in words."""

import logging
import re
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, create_engine, event
from sqlalchemy.exc import DBAPIError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from explorer.errors import StoreError

_log = logging.getLogger(__name__)

PATIENCE = 10.0  # seconds
CONNECTIONS = 16  # of one process, at most

# Run on each new connection.
WAL = "PRAGMA journal_mode=WAL"  # who reads does not wait for who writes
SQLITE = (
    "PRAGMA synchronous=FULL",  # in WAL mode only this has a commit on the disk before it returns
    "PRAGMA foreign_keys=ON",
    "PRAGMA secure_delete=ON",  # what is removed is overwritten
)
POSTGRESQL = (
    "SET synchronous_commit TO on",  # whatever the server's default is
    "SET client_encoding TO 'UTF8'",
)

UNHARMED = "Votes that were taken are still there."
# How an error of SQLite or a state of PostgreSQL (its first letters) begins, and what it means.
MEANINGS = (
    (("SQLITE_BUSY", "SQLITE_LOCKED", "55P03"), "is locked by another program; end that program, or wait"),
    (("SQLITE_READONLY", "25006"), "may only be read; give the explorer the right to write it"),
    (("SQLITE_FULL", "53100"), "has no room left; free some on its disk"),
    (
        ("SQLITE_NOTADB", "SQLITE_CORRUPT"),
        "is damaged, or no database at all; put a copy of it back, or move it away",
    ),
    (
        ("SQLITE_CANTOPEN", "SQLITE_PERM", "SQLITE_AUTH"),
        "cannot be opened; check the folder and the rights to it",
    ),
    (("SQLITE_IOERR",), "cannot be read or written; check its disk, and the room that is left there"),
    (("28",), "does not accept the user or the password of EXPLORER_DATABASE"),
    (("3D",), "does not exist; make it with createdb, or mend its name in EXPLORER_DATABASE"),
    (("42501",), "does not let this user make or change tables; grant the right to it"),
    (("53300",), "has no connection left; allow it more, or start fewer servers"),
    (("08", "57P"), "cannot be reached; check that its server runs, and the address in EXPLORER_DATABASE"),
    (("40",), "was too busy with others; try again"),
)
# Where none was reached that could still have votes.
NOT_FOUND = ("SQLITE_NOTADB", "SQLITE_CORRUPT", "SQLITE_CANTOPEN", "28", "3D", "42501")


class Database:
    """Connections to one database, for all threads of a process.

    Args:
        url: `sqlite:///FILE` or `postgresql+psycopg://…`.
        patience: Seconds to wait for what another program has locked.
    """

    def __init__(self, url: URL, patience: float = PATIENCE):
        self.is_sqlite = url.get_backend_name() == "sqlite"
        self._settings = (
            SQLITE if self.is_sqlite else (*POSTGRESQL, f"SET lock_timeout TO {patience * 1000:.0f}")
        )
        options: dict[str, Any] = {"pool_size": CONNECTIONS, "max_overflow": 0, "pool_timeout": patience}
        if self.is_sqlite:
            options["connect_args"] = {"timeout": patience}
        else:
            options |= {"pool_pre_ping": True, "connect_args": {"connect_timeout": max(2, int(patience))}}
        self._engine = create_engine(url, **options)
        # SQLite has one writer, and others that wait for it sleep by the clock: here they wait in a queue.
        self._turn = threading.Lock()
        self._patience = patience
        self._file = Path(url.database) if self.is_sqlite else None
        self._identity: tuple[int, int] | None = None  # of the file
        event.listen(self._engine, "do_connect", self._before)
        event.listen(self._engine, "connect", self._prepare)
        event.listen(self._engine, "begin", self._begin)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that changes nothing.

        Raises:
            StoreError: the database fails.
        """
        with self._in_words(), self._engine.begin() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that is on the disk when this block has been left, or not at all.

        Raises:
            StoreError: the database fails.
        """
        engine = self._engine.execution_options(writing=True)
        with self._in_words(), self._in_turn(), engine.begin() as connection:
            yield connection

    def overwrite_removed(self) -> None:
        """Let nothing of what was removed stay in the files of SQLite; to be called after the transaction.

        `secure_delete` overwrites it in the file itself, but its pages stay in the one beside it that WAL
        mode writes first. PostgreSQL looks after that by itself, in its own time.

        Raises:
            StoreError: the database fails.
        """
        if not self.is_sqlite:
            return
        with self._in_words(), self._in_turn():
            connection = self._engine.raw_connection()
            try:
                is_busy, *_ = connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            finally:
                connection.close()
        if is_busy:  # somebody has read for as long as this waits
            _log.warning("what was removed leaves the file beside the database of votes at a later removal")

    def release(self) -> None:
        """Close the connections that nobody uses; the next question opens others."""
        self._engine.dispose()

    @contextmanager
    def _in_turn(self) -> Iterator[None]:
        if self._file is None:
            yield
            return
        if not self._turn.acquire(timeout=self._patience):
            raise StoreError(f"The database of votes {MEANINGS[0][1]}. {UNHARMED}")
        try:
            self._check_file()
            yield
        finally:
            self._turn.release()

    def _check_file(self) -> None:
        """A file that was deleted or replaced takes votes as before, and nobody finds them again."""
        if self._file is not None and self._identity is not None and self._found() != self._identity:
            raise StoreError(
                "The file for votes was moved, replaced or deleted while the explorer ran. Put it back, or "
                "start the explorer again to begin a new one."
            )

    def _found(self) -> tuple[int, int] | None:
        """Which file lies there now."""
        try:
            found = self._file.stat()
        except OSError:
            return None
        return found.st_dev, found.st_ino

    def _before(self, *_: object) -> None:
        """Before a connection is opened, which would make a file where the one that was used is gone."""
        self._check_file()

    def _prepare(self, raw: Any, _record: object) -> None:
        if self.is_sqlite:
            self._identity = self._identity or self._found()  # of the first one, whoever writes first
            raw.isolation_level = None  # `_begin` begins, not Python's module, which would do it late
        cursor = raw.cursor()
        if self.is_sqlite:
            self._turn_to_wal(cursor)
        for command in self._settings:
            cursor.execute(command)
        cursor.close()
        if not self.is_sqlite:
            raw.commit()

    def _turn_to_wal(self, cursor: Any) -> None:
        """A new file is turned by who has it alone; SQLite fails who comes second without waiting."""
        until = time.monotonic() + self._patience
        while True:
            try:
                cursor.execute(WAL)
                return
            except sqlite3.OperationalError as error:
                if error.sqlite_errorname != "SQLITE_BUSY" or time.monotonic() >= until:
                    raise
                time.sleep(0.01)

    def _begin(self, connection: Connection) -> None:
        if self.is_sqlite:
            # A writer takes its place at once: who reads first and writes then may find it taken.
            writes = connection.get_execution_options().get("writing", False)
            connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    @contextmanager
    def _in_words(self) -> Iterator[None]:
        try:
            yield
        except (SQLAlchemyError, self._engine.dialect.loaded_dbapi.Error) as error:
            raise StoreError(in_words(error)) from error


def in_words(error: Exception) -> str:
    """What an error of a database means, in a sentence that names the mend and no path, user or password."""
    if isinstance(error, PoolTimeout):
        return f"The database of votes is busy; try again. {UNHARMED}"
    cause = error.orig if isinstance(error, DBAPIError) else error
    code = getattr(cause, "sqlite_errorname", None) or getattr(cause, "sqlstate", None) or ""
    if not code and isinstance(error, OperationalError) and not isinstance(cause, sqlite3.Error):
        code = _state_in(str(cause))
    meaning = next((words for starts, words in MEANINGS if code.startswith(starts)), None)
    if meaning is None:
        _log.error("the database of votes has failed: %s", cause)
        meaning = f"has failed ({code or type(cause).__name__}); the log of this server says more"
    rest = "" if code.startswith(NOT_FOUND) else f" {UNHARMED}"
    return f"The database of votes {meaning}.{rest}"


def _state_in(text: str) -> str:
    """The state of a connection that failed: PostgreSQL's client gives it in words only."""
    if re.search(r'database ".*" does not exist', text):
        return "3D000"
    if "authentication failed" in text or "no password supplied" in text or "role" in text:
        return "28P01"
    return "53300" if "too many" in text else "08001"
