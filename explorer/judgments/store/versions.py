"""Tables of the version that this explorer knows: made where there are none, brought up where older."""

from collections.abc import Callable

from sqlalchemy import Connection, inspect, select, text, update

from explorer.errors import StoreError
from explorer.judgments.store.database import Database
from explorer.judgments.store.schema import VERSION, metadata, schema

_ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(7105115001)")  # any number that all explorers share


def _from_1(connection: Connection) -> None:
    connection.execute(text("CREATE INDEX explorer_shown_trials ON explorer_shown (session, trial)"))


def _from_2(connection: Connection) -> None:
    connection.execute(text("ALTER TABLE explorer_votes ADD COLUMN frames TEXT"))


def _from_3(connection: Connection) -> None:
    connection.execute(text("ALTER TABLE explorer_votes ADD COLUMN scale FLOAT"))


# Version -> what brings its tables to the next one; plain SQL, which stays as it is when the tables change.
UPGRADES: dict[int, Callable[[Connection], None]] = {1: _from_1, 2: _from_2, 3: _from_3}


def prepare(database: Database) -> None:
    """Make or upgrade the tables, in one transaction: a process that is killed in it has changed nothing.

    Raises:
        StoreError: the tables are of a newer version or of another program, or the database fails.
    """
    with database.reading() as connection:
        if _version(connection) == VERSION:
            return
    with database.writing() as connection:
        if not database.is_sqlite:
            connection.execute(_ONE_AT_A_TIME)
        version = _version(connection)
        if version is None:
            metadata.create_all(connection)
            connection.execute(schema.insert().values(version=VERSION))
            return
        if version > VERSION:
            raise StoreError(
                f"The database of votes is of version {version}, and this explorer knows those up to "
                f"{VERSION}. Use a newer explorer, or another folder or database for votes."
            )
        for step in range(version, VERSION):
            UPGRADES[step](connection)
        connection.execute(update(schema).values(version=VERSION))


def _version(connection: Connection) -> int | None:
    """The version of the tables; None where there are none yet."""
    inspector = inspect(connection)
    if inspector.has_table(schema.name):
        return connection.execute(select(schema.c.version)).scalar_one()
    if connection.dialect.name == "sqlite" and inspector.get_table_names():
        raise StoreError(
            "The file for votes is another program's database. Name another folder in EXPLORER_VOTES."
        )
    return None
