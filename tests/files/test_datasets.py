"""A data set from a server that misbehaves: whole, resumed or refused; and archives that lead elsewhere."""

import hashlib
import io
import json
import tarfile
from dataclasses import replace

import pytest
from click.testing import CliRunner

from explorer.cli import shell
from explorer.errors import FetchCancelledError, FetchError, SettingError
from explorer.files import datasets, transfer
from explorer.files.datasets import DATASETS, DataSet, Packed, fetch, find_dataset, folder_of
from explorer.files.unpacking import UnfitArchive, unpack
from tests.files.file_server import FileServer, Served
from tests.files.test_fetching_from_the_registry import small_disk  # noqa: F401 - a fixture


def packed(files, links=(), mode="w:gz"):
    """A tar archive of files by name, and links by what they point to."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode=mode) as archive:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
        for name, target in links:
            member = tarfile.TarInfo(name)
            member.type, member.linkname = tarfile.SYMTYPE, target
            archive.addfile(member)
    return stream.getvalue()


NOISE = hashlib.shake_256(b"patches").digest(60_000)
FIRST = packed({"val/cnn/ref/000000.png": NOISE, "val/cnn/judge/000000.npy": b"judge"})
SECOND = packed({"jnd/val/cnn/p0/000000.png": b"patch"})


@pytest.fixture
def server():
    with FileServer() as server:
        server.files |= {"/first.tar.gz": Served(FIRST), "/second.tar.gz": Served(SECOND)}
        yield server


@pytest.fixture
def row(server, monkeypatch, tmp_path):
    """A data set of two archives; the first address of the first has nothing."""
    monkeypatch.setenv("EXPLORER_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setattr(transfer, "PAUSES", (0.01, 0.01))
    monkeypatch.setattr(transfer.download, "__defaults__", (transfer.PATIENCE, (0.01, 0.01)))
    row = DataSet(
        "tiny",
        "Tiny",
        "Two patches.",
        "Its terms: cite it.",
        "https://example.org/tiny",
        (
            Packed("first.tar.gz", (server.url("/gone"), server.url("/first.tar.gz")), "2afc", 60_000, 10**6),
            Packed("second.tar.gz", (server.url("/second.tar.gz"),), "", 1000, 10**6),
        ),
        "2afc/val",
    )
    monkeypatch.setitem(DATASETS, "tiny", row)
    return row


def run(row, cancelled=lambda: False):
    said = []
    folder = fetch(row, lambda _done, _total: None, cancelled, said.append)
    return folder, said


def test_a_data_set_comes_whole_with_its_source_and_checksums(row, tmp_path):
    folder, said = run(row)
    assert folder == tmp_path / "data" / "tiny" == folder_of(row)
    assert (folder / "2afc/val/cnn/ref/000000.png").read_bytes() == NOISE
    assert (folder / "jnd/val/cnn/p0/000000.png").read_bytes() == b"patch"
    record = json.loads((folder / datasets.RECORD).read_text())["files"]
    assert record["first.tar.gz"] == {
        "url": row.archives[0].urls[1],
        "sha256": hashlib.sha256(FIRST).hexdigest(),
    }
    assert any("publisher names none" in text for text in said)
    assert sorted(path.name for path in folder.parent.iterdir()) == ["tiny", "tiny.lock"]


def test_a_fetch_that_is_there_asks_nobody(row, server):
    run(row)
    before = len(server.requests)
    run(row)
    assert len(server.requests) == before


def test_a_cut_off_fetch_goes_on_where_it_stopped(row, server, tmp_path):
    served = server.files["/first.tar.gz"]
    served.cut_after, served.cuts = 20_000, 1
    folder, _ = run(row)
    assert (folder / "2afc/val/cnn/ref/000000.png").read_bytes() == NOISE
    assert any("Range" in headers for path, headers in server.requests if path == "/first.tar.gz")


def test_a_cancelled_fetch_keeps_what_came_for_the_next(row, server, tmp_path):
    seen = []
    with pytest.raises(FetchCancelledError):
        fetch(row, lambda done, _total: seen.append(done), lambda: sum(seen) > 20_000)
    assert (tmp_path / "data" / "first.tar.gz.1.part").stat().st_size > 0
    assert folder_of(row) is None
    run(row)
    assert any("Range" in headers for path, headers in server.requests if path == "/first.tar.gz")


def test_less_than_the_server_promised_is_no_data_set(row, server, tmp_path):
    served = server.files["/first.tar.gz"]
    served.cut_after, served.cuts = 100, 10**6
    served.ranges = False
    with pytest.raises(FetchError, match=r"could not be fetched .*cut off.*goes on from here, or download"):
        run(row)
    assert folder_of(row) is None


def test_a_known_checksum_is_held_to(row, tmp_path):
    archives = replace(row.archives[0], sha256=hashlib.sha256(b"another").hexdigest()), row.archives[1]
    with pytest.raises(FetchError, match=r"first.tar.gz has a wrong checksum and was deleted"):
        run(replace(row, archives=archives))
    assert not (tmp_path / "data" / "first.tar.gz").exists()
    right = replace(row.archives[0], sha256=hashlib.sha256(FIRST).hexdigest())
    assert "as its publisher says" in "".join(run(replace(row, archives=(right, row.archives[1])))[1])


def test_a_damaged_archive_is_told_and_fetched_anew(row, server, tmp_path):
    server.files["/first.tar.gz"].content = FIRST[:-5000]
    with pytest.raises(FetchError, match=r"not unpacked, for it is damaged or cut short; it was deleted"):
        run(row)
    assert sorted(path.name for path in (tmp_path / "data").iterdir() if path.is_dir()) == []
    server.files["/first.tar.gz"].content = FIRST
    assert folder_of(row) is None
    run(row)
    assert folder_of(row)


def test_an_archive_brought_by_hand_is_found(row, server, tmp_path):
    server.files.clear()
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "first.tar.gz").write_bytes(FIRST)
    (tmp_path / "data" / "second.tar.gz").write_bytes(SECOND)
    folder, _ = run(row)
    assert "by hand" in (folder / datasets.RECORD).read_text()


def test_a_full_disk_is_said_and_the_fetch_goes_on_later(row, small_disk, monkeypatch):  # noqa: F811
    monkeypatch.setenv("EXPLORER_DATA", str(small_disk))
    (small_disk / "ballast").write_bytes(bytes(150_000))
    with pytest.raises(FetchError, match=r"disk of .* is full, so Tiny .*EXPLORER_DATA.*goes on from here"):
        run(row)
    assert folder_of(row) is None
    (small_disk / "ballast").unlink()
    run(row)
    assert folder_of(row)


def test_a_folder_that_is_a_file_is_said(row, tmp_path):
    (tmp_path / "data").write_text("")
    with pytest.raises(FetchError, match=r"cannot be written .*EXPLORER_DATA"):
        run(row)


@pytest.mark.parametrize(
    ("archive", "why"),
    [
        (packed({"../out.txt": b"x"}), "leads out"),
        (packed({"/out.txt": b"x"}), "leads out"),
        (packed({"C:\\out.txt": b"x"}), "leads out"),
        (packed({"a/..\\..\\out.txt": b"x"}), "leads out"),
        (packed({}, links=[("a", "/etc/passwd")]), "links or devices"),
        (packed({"a": bytes(2000)}), "far more"),
        (packed({}), "no file"),
        (b"no archive", "damaged"),
        (packed({"a": NOISE[:900]})[:500], "damaged"),
        (packed({"a": b"x"}, mode="w")[:600], "damaged"),
    ],
    # By number: bytes that hold the time would give each of two processes other names.
    ids=map(str, range(10)),
)
def test_an_archive_that_does_not_fit_is_refused_in_words(archive, why, tmp_path):
    (tmp_path / "archive").write_bytes(archive)
    with pytest.raises(UnfitArchive, match=why):
        unpack(tmp_path / "archive", tmp_path / "deep" / "folder", 1000, lambda *_: None, lambda: False)
    assert not list(tmp_path.rglob("out.txt"))


def test_the_shell_shows_terms_before_it_fetches_and_where_the_set_lies(row, tmp_path):
    result = CliRunner().invoke(shell, ["data", "fetch", "tiny"])
    assert result.exit_code == 0, result.stderr
    assert result.stderr.index("Its terms: cite it.") < result.stderr.index("Fetching http")
    assert result.stdout == f"tiny: {tmp_path / 'data' / 'tiny' / '2afc' / 'val'}\n"
    assert "nothing to fetch" in CliRunner().invoke(shell, ["data", "fetch", "tiny"]).stdout
    listed = CliRunner().invoke(shell, ["data", "list"]).stdout
    assert "bapps-val" in listed
    assert str(tmp_path / "data" / "tiny") in listed


def test_the_shell_says_why_nothing_came(row, server):
    server.files.clear()
    result = CliRunner().invoke(shell, ["data", "fetch", "tiny"])
    assert result.exit_code == 1
    assert "not there any more (404)" in result.stderr
    assert "tiny: 0 MB" not in result.stderr
    unknown = CliRunner().invoke(shell, ["data", "fetch", "imagenet"])
    assert unknown.exit_code == 2
    assert "bapps-val" in unknown.stderr


def test_an_unknown_name_names_those_that_exist():
    with pytest.raises(SettingError, match="choose one of: bapps-val"):
        find_dataset("imagenet")
