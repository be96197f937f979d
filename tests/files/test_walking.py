"""A folder's state tells whether any of its files has changed since."""

import os

import pytest

from explorer.files.walking import state_of


@pytest.fixture
def folder(tmp_path):
    for name in ("a/one.png", "a/two.png", "b/one.npy", ".hidden/x"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"1234")
    return tmp_path


def test_whatever_changes_in_a_folder_changes_its_state(folder):
    seen = [state_of(folder)]
    assert state_of(folder) == seen[0]
    (folder / ".hidden/x").write_bytes(b"no part of it")
    assert state_of(folder) == seen[0]

    def other(change):
        change()
        seen.append(state_of(folder))
        assert len(set(seen)) == len(seen)

    other(lambda: (folder / "a/one.png").write_bytes(b"12345"))  # in place: no folder's time changes
    other(lambda: os.utime(folder / "b/one.npy", ns=(1, 1)))
    other(lambda: (folder / "a/two.png").rename(folder / "b/two.png"))
    other((folder / "b/two.png").unlink)
    other(lambda: (folder / "c.csv").write_bytes(b""))


def test_a_file_has_a_state_and_what_is_not_there_has_none(folder):
    before = state_of(folder / "a/one.png")
    (folder / "a/one.png").write_bytes(b"other")
    assert state_of(folder / "a/one.png") != before
    with pytest.raises(FileNotFoundError):
        state_of(folder / "none")


def test_of_a_folder_that_holds_more_than_is_looked_at_a_part_tells(folder):
    assert state_of(folder, most=3) == state_of(folder, most=3)
