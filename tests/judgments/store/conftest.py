"""Stores on both databases, and a session to ask of them."""

import os
from collections.abc import Iterator
from itertools import count

import psycopg
import pytest
from sqlalchemy import URL

from benchmarks import postgres
from explorer.judgments.store import Store
from tests.judgments.store.store_cases import images_of, plan_of

_names = count(1)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[URL]:
    """A running PostgreSQL; without one the test is skipped, but not where CI must have it."""
    try:
        with postgres.running("fsync=off") as url:
            yield url
    except LookupError as error:
        if "CI" in os.environ:
            raise
        pytest.skip(str(error))


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request, tmp_path) -> URL:
    """An empty database."""
    if request.param == "sqlite":
        return URL.create("sqlite", database=str(tmp_path / "votes.sqlite3"))
    server = request.getfixturevalue("postgres_server")
    name = f"votes{next(_names)}"
    with psycopg.connect(
        server.set(drivername="postgresql").render_as_string(), autocommit=True
    ) as connection:
        connection.execute(f"CREATE SCHEMA {name}")  # quicker than a database
    return server.update_query_dict({"options": f"-csearch_path={name}"})


@pytest.fixture
def store(address) -> Iterator[Store]:
    """A store on an empty database."""
    opened = Store(address)
    yield opened
    opened.release()


@pytest.fixture
def make(store):
    """Keep a session of a plan; returns its keys."""

    def made(trials: int = 4, **settings):
        plan = plan_of(trials, **settings)
        return store.create(plan, images_of(plan))

    return made
