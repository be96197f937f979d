"""Databases that cannot be used: one sentence that names the mend, and what was acknowledged stays."""

import os
import pwd
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import URL, create_engine, text

from benchmarks import postgres
from explorer.errors import StoreError
from explorer.judgments.store import Store, opened_store
from explorer.judgments.store.place import DATABASE, FILE, FOLDER
from tests.judgments.store.store_cases import images_of, plan_of

OTHERS = "datname = 'postgres' AND pid <> pg_backend_pid()"
CUT_ALL = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {OTHERS}"
IS_ROOT = hasattr(os, "geteuid") and os.geteuid() == 0


def on(folder, patience=10.0):
    return Store(URL.create("sqlite", database=str(folder / FILE)), patience)


def voting(store, trials=400):
    """A participant of a new session with one vote; returns its code and token."""
    plan = plan_of(trials)
    keys = store.create(plan, images_of(plan))
    token = store.join(keys.code).token
    store.shown(token, 0, False)
    store.vote(token, 0, "A", 1)
    return keys.code, token


def said_by(call, *arguments):
    """What is said when the store fails: one sentence or two, without a path."""
    with pytest.raises(StoreError) as caught:
        call(*arguments)
    said = str(caught.value)
    assert "\n" not in said
    assert "/tmp" not in said
    return said


def test_a_locked_file_is_told_and_voting_goes_on_afterwards(tmp_path):
    store = on(tmp_path, patience=0.2)
    code, token = voting(store)
    other = sqlite3.connect(tmp_path / FILE, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    assert "locked by another program" in said_by(store.shown, token, 1, False)
    assert len(store.votes(code)) == 1  # who reads does not wait
    other.execute("ROLLBACK")
    other.close()
    store.shown(token, 1, False)
    store.vote(token, 1, "B", 1)
    assert len(store.votes(code)) == 2
    store.release()


def test_a_new_file_that_another_program_is_at_is_waited_for_and_no_longer_than_asked(tmp_path):
    other = sqlite3.connect(tmp_path / FILE, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")  # at which SQLite fails a change to WAL mode without waiting
    assert "locked by another program" in said_by(on, tmp_path, 0.2)
    end = threading.Timer(0.3, other.execute, ["ROLLBACK"])
    end.start()
    on(tmp_path).release()
    end.join()
    other.close()


def test_threads_that_wait_for_a_locked_file_do_not_wait_for_each_other_as_well(tmp_path):
    store = on(tmp_path, patience=0.5)
    _code, token = voting(store)
    other = sqlite3.connect(tmp_path / FILE, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    said = []

    def show():
        said.append(said_by(store.shown, token, 1, False))

    threads = [threading.Thread(target=show) for _ in range(12)]
    began = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert time.monotonic() - began < 12 * 0.5  # one after the other
    other.close()
    assert len(said) == 12
    assert all("locked" in each for each in said)
    store.release()


def test_a_file_that_was_deleted_or_replaced_takes_no_vote(tmp_path):
    store = on(tmp_path)
    _code, token = voting(store)
    (tmp_path / FILE).rename(tmp_path / "moved")
    assert "moved, replaced or deleted" in said_by(store.shown, token, 1, False)
    (tmp_path / FILE).write_bytes(b"")
    assert "moved, replaced or deleted" in said_by(store.shown, token, 1, False)
    (tmp_path / "moved").rename(tmp_path / FILE)
    assert store.shown(token, 1, False).trial == 1
    store.release()


def test_a_file_that_went_before_the_first_vote_of_a_process_takes_none_and_is_not_made_anew(tmp_path):
    before = on(tmp_path)
    code, token = voting(before)
    before.release()
    store = on(tmp_path)
    assert len(store.votes(code)) == 1  # it is open
    (tmp_path / FILE).rename(tmp_path / "moved")
    for _ in range(2):
        assert "moved, replaced or deleted" in said_by(store.shown, token, 1, False)
    store.release()
    assert "moved, replaced or deleted" in said_by(store.votes, code)
    assert not (tmp_path / FILE).exists()


def test_nothing_of_a_removed_session_stays_in_the_files(tmp_path):
    store, plan = on(tmp_path), plan_of(2, title="a title to forget")
    images = {name: png + b"a picture to forget" * 900 for name, png in images_of(plan).items()}
    keys = store.create(plan, images)
    secrets = (b"title to forget", b"picture to forget", keys.code.encode())

    def found():
        whole = b"".join(path.read_bytes() for path in sorted(tmp_path.iterdir()))
        return [text for text in secrets if text in whole]

    assert len(found()) == 3
    store.remove(keys.teacher)
    assert found() == []  # while the store is open
    store.release()


@contextmanager
def small_disk(room):
    """A file system of so many bytes."""
    with tempfile.TemporaryDirectory() as folder:
        mount = ["mount", "-t", "tmpfs", "-o", f"size={room}", "votes", folder]
        if not IS_ROOT or subprocess.run(mount, stderr=subprocess.DEVNULL).returncode != 0:
            pytest.skip("only root may mount a small disk")
        try:
            yield Path(folder)
        finally:
            subprocess.run(["umount", folder], check=True)


def until_full(store, token):
    """Vote until the store fails; returns how many votes it has acknowledged, and what it said."""
    for trial in range(1, 400):
        try:
            store.shown(token, trial, False)
            store.vote(token, trial, "B", 1)
        except StoreError as error:
            return trial, str(error)
    raise AssertionError("the disk never was full")


def test_a_full_disk_is_told_and_no_vote_is_lost():
    with small_disk("600k") as folder:
        store = on(folder)
        code, token = voting(store)
        (folder / "ballast").write_bytes(bytes(60_000))
        with pytest.raises(OSError, match="No space"):
            (folder / "rest").write_bytes(bytes(600_000))
        taken, said = until_full(store, token)
        assert "no room left" in said or "the room that is left there" in said
        store.release()
        again = on(folder)
        assert len(again.votes(code)) == taken
        (folder / "rest").unlink()
        again.shown(token, taken, False)
        again.vote(token, taken, "A", 1)
        assert len(again.votes(code)) == taken + 1
        again.release()


def test_a_file_that_may_not_grow_is_told_and_no_vote_is_lost(tmp_path):
    store = on(tmp_path)
    code, token = voting(store)
    store.release()

    limited = on(tmp_path)  # SQLite's own limit stands in for the disk where nobody may mount a small one
    with limited._database.reading() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
    limited._database._settings += (f"PRAGMA max_page_count={pages}",)
    limited.release()
    taken, said = until_full(limited, token)
    assert "no room left" in said
    assert len(limited.votes(code)) == taken
    limited.release()


@contextmanager
def as_nobody():
    """Without root's right to write everything."""
    user = pwd.getpwnam("nobody")
    if IS_ROOT:
        os.setegid(user.pw_gid)
        os.seteuid(user.pw_uid)
    try:
        yield
    finally:
        if IS_ROOT:
            os.seteuid(0)
            os.setegid(0)


@pytest.fixture
def own_folder():
    """A folder that everybody may look into, as pytest's own may not be."""
    with tempfile.TemporaryDirectory() as name:
        os.chmod(name, 0o755)
        yield Path(name)


def test_a_file_or_folder_that_may_only_be_read_is_told(own_folder):
    store = on(own_folder)
    code, token = voting(store)
    os.chmod(own_folder / FILE, 0o444)
    os.chmod(own_folder, 0o555)
    try:
        with as_nobody():
            reader = on(own_folder)
            assert "may only be read" in said_by(reader.shown, token, 1, False)
            assert len(reader.votes(code)) == 1
            reader.release()
        store.release()
        with as_nobody():
            assert "may only be read" in said_by(on, own_folder)
            assert "cannot be made" in said_by(environment_store, own_folder / "below")
    finally:
        os.chmod(own_folder, 0o755)
        os.chmod(own_folder / FILE, 0o644)
    assert len(store.votes(code)) == 1
    store.release()


def environment_store(folder):
    """As the app opens it."""
    with pytest.MonkeyPatch.context() as environment:
        environment.delenv(DATABASE, raising=False)
        environment.setenv(FOLDER, str(folder))
        return opened_store()


def test_a_file_that_is_no_database_or_another_programs_is_told_and_stays(tmp_path):
    (tmp_path / FILE).write_text("not a database, but a text that somebody has put here" * 50)
    before = (tmp_path / FILE).read_bytes()
    said = said_by(environment_store, tmp_path)
    assert "no database at all" in said
    assert "still there" not in said
    assert (tmp_path / FILE).read_bytes() == before
    (tmp_path / FILE).unlink()
    with sqlite3.connect(tmp_path / FILE) as other:
        other.execute("CREATE TABLE recipes (cake TEXT)")
    other.close()
    assert "another program's database" in said_by(environment_store, tmp_path)


def test_a_folder_that_cannot_be_one_is_told_and_the_next_call_tries_anew(tmp_path):
    (tmp_path / "taken").write_text("a file")
    assert FOLDER in said_by(environment_store, tmp_path / "taken" / "votes")
    (tmp_path / FILE).mkdir()
    assert "cannot be opened" in said_by(environment_store, tmp_path)
    (tmp_path / FILE).rmdir()
    store = environment_store(tmp_path)
    assert environment_store(tmp_path) is store  # one a process
    assert store.sessions() == ()
    store.release()


@pytest.mark.parametrize(
    "named",
    ["postgres", "mysql://a/b", "://", "sqlite:///x", "postgresql://h:port/x", "\0"],
)
def test_an_address_that_is_none_is_told(named, monkeypatch):
    monkeypatch.setattr(os, "environ", {**os.environ, DATABASE: named})
    assert "postgresql+psycopg://user" in said_by(opened_store)


def test_what_is_missing_for_postgresql_is_named(monkeypatch):
    monkeypatch.setenv(DATABASE, "postgresql://somebody:secret@localhost/votes")
    monkeypatch.setitem(sys.modules, "psycopg", None)
    said = said_by(opened_store)
    assert "pip install 'psycopg[binary]'" in said
    assert "secret" not in said


def test_no_password_of_an_address_is_logged(monkeypatch, caplog):
    address = "postgresql://somebody:secret@localhost:1/votes?password=hidden&passfile=hidden"
    monkeypatch.setenv(DATABASE, address)
    caplog.set_level("INFO", logger="explorer")
    assert "cannot be reached" in said_by(opened_store)
    assert "localhost" in caplog.text
    assert "votes" in caplog.text
    assert "secret" not in caplog.text
    assert "hidden" not in caplog.text


def test_a_postgresql_that_refuses_is_told(postgres_server, monkeypatch):
    def named(**parts):
        address = postgres_server.set(drivername="postgresql", **parts)
        monkeypatch.setenv(DATABASE, address.render_as_string(hide_password=False))
        return opened_store

    assert "createdb" in said_by(named(database="nowhere"))
    assert "user or the password" in said_by(named(username="stranger", password="secret"))
    assert "cannot be reached" in said_by(named(query={"host": "/tmp/no-server-is-here"}))


def test_a_postgresql_that_may_only_be_read_is_told_and_restarts_lose_nothing(postgres_server):
    with postgres.running("fsync=off") as address:
        store = Store(address)
        code, token = voting(store, 3)
        engine = create_engine(address, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text("ALTER DATABASE postgres SET default_transaction_read_only = on"))
            connection.execute(text(CUT_ALL))
        assert "may only be read" in said_by(store.shown, token, 1, False)
        with engine.connect() as connection:
            connection.execute(text("SET default_transaction_read_only = off"))
            connection.execute(text("ALTER DATABASE postgres RESET default_transaction_read_only"))
            connection.execute(text(CUT_ALL))
        store.shown(token, 1, False)  # by a new connection, without a word
        assert len(store.votes(code)) == 1
        engine.dispose()
    assert "cannot be reached" in said_by(store.votes, code)
    store.release()
