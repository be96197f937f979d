"""Zips that are no project, or worse: each is refused in one sentence, and before it takes any memory."""

import io
import json
import stat
import struct
import tracemalloc
import zipfile

import pytest

from explorer.errors import ImageError, ProjectError
from explorer.projects import Project, archive, open_project
from tests.projects.made import entries, project, with_document, with_picture, zipped

BOMB = 40_000_000


def refusal(data: bytes) -> str:
    with pytest.raises(ProjectError) as caught:
        Project.from_bytes(data, "pair.zip")
    sentence = str(caught.value)
    assert sentence.startswith("pair.zip")
    assert sentence.endswith(".")
    assert "\n" not in sentence
    return sentence


def small() -> bytes:
    return project().to_bytes()


def with_entry(change) -> bytes:
    """The project's file with its picture's entry changed by a function of its ZipInfo."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as file:
        for name, data in entries().items():
            entry = zipfile.ZipInfo(name)
            if name == "distorted.png":
                change(entry)
            file.writestr(entry, data)
    return stream.getvalue()


def patched(data: bytes, signature: bytes, offset: int, value: bytes) -> bytes:
    """Bytes overwritten behind the last place where a header begins."""
    place = data.rindex(signature) + offset
    return data[:place] + value + data[place + len(value) :]


def renamed(old: str, new: str) -> bytes:
    return zipped({new if name == old else name: data for name, data in entries().items()})


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: b"", "no project"),
        (lambda: b"\x89PNG\r\n\x1a\n" + b"0" * 200, "no project"),
        (lambda: b"PK\3\4", "cut short"),
        (lambda: small()[:-1], "cut short"),
        (lambda: small()[: len(small()) // 2], "cut short"),
        (lambda: small() + b"more", "something behind its end"),
        (lambda: zipped({"a.txt": b"text"}), "holds 1 file, and a project has 4; choose one"),
        (lambda: zipped(entries() | {f"{n}.png": b"" for n in range(3000)}), "far more than"),
        (lambda: zipped(entries() | {"more.png": b""}), "holds 5 files"),
        (
            lambda: patched(zipped(entries() | {f"{n}": b"" for n in range(500)}), b"PK\5\6", 10, b"\4\0"),
            "holds 504",
        ),
        (lambda: renamed("distorted.png", "../distorted.png"), "no part of a project"),
        (lambda: renamed("distorted.png", "/distorted.png"), "no part of a project"),
        (lambda: renamed("distorted.png", "pictures/distorted.png"), "no part of a project"),
        (lambda: renamed("distorted.png", "C:\\distorted.png"), "no part of a project"),
        (lambda: renamed("distorted.png", "distorted.png/"), "no part of a project"),
        (lambda: renamed("distorted.png", "\u202egnp.detrotsid"), "no part of a project"),
        (lambda: renamed("distorted.png", "reference.png"), "“reference” twice"),
        (lambda: renamed("results.json", "distorted.gif"), "“distorted” twice"),
        (lambda: zipped(entries(), compression=zipfile.ZIP_BZIP2), "compressed in a way"),
        (lambda: zipped(entries(), compression=zipfile.ZIP_LZMA), "compressed in a way"),
        (lambda: with_entry(lambda e: setattr(e, "external_attr", (stat.S_IFLNK | 0o777) << 16)), "a link"),
        (lambda: with_entry(lambda e: setattr(e, "external_attr", stat.S_IFDIR << 16)), "no plain file"),
        (lambda: patched(small(), b"PK\1\2", 8, b"\1\0"), "encrypted"),
        (lambda: patched(small(), b"PK\5\6", 10, b"\x28\0"), "holds 40 files"),
        (lambda: patched(small(), b"PK\5\6", 12, b"\xff\xff\xff\x7f"), "far more than"),
        (lambda: patched(small(), b"PK\1\2", 42, b"\xff\xff\xff\x7f"), "damaged"),
        (lambda: patched(small(), b"PK\1\2", 16, b"\0\0\0\0"), "damaged"),  # another CRC
        (lambda: zipped(entries() | {"project.json": b"["}), "read as JSON"),
        (lambda: zipped(entries() | {"project.json": b"[]"}), "a JSON object"),
        (lambda: zipped(entries() | {"project.json": b"{}"}), "no project of the explorer"),
        (lambda: zipped(entries() | {"project.json": b"\xff\xfe{}"}), "read as JSON"),
        (lambda: zipped(entries() | {"project.json": b'{"a":' * 100_000}), "read as JSON"),
        (lambda: zipped(entries() | {"project.json": b"[" * 100_000 + b"]" * 100_000}), "read as JSON"),
        (lambda: zipped(entries() | {"project.json": b" " * 2_000_000}), "1,048,576 are the most"),
        (lambda: zipped(entries() | {"results.json": b'{"score": NaN}'}), "read as JSON"),
        (lambda: zipped(entries() | {"results.json": b'{"score": 1e999}'}), "read as JSON"),
        (lambda: zipped(entries() | {"results.json": b'{"score": 1, "score": 2}'}), "read as JSON"),
        (lambda: zipped(entries() | {"results.json": b'{"score": 0.5}'}), "no measurement"),
    ],
)
def test_what_is_no_project_is_refused_in_a_sentence(make, words):
    assert words in refusal(make())


def set_value(*path_and_value):
    *path, last, value = path_and_value

    def change(document):
        for key in path:
            document = document[key]
        document[last] = value

    return change


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (set_value("version", 2), "newer version of the explorer"),
        (set_value("version", "1"), "“version”"),
        (set_value("version", True), "“version”"),
        (set_value("format", ["lpips-explorer project"]), "no project of the explorer"),
        (set_value("page", "backbones"), "“page”"),
        (set_value("page", {}), "“page”"),
        (set_value("background", "red"), "“background”"),
        (set_value("fit", "stretch"), "“fit”"),
        (set_value("fit", [1]), "“fit”"),
        (set_value("settings", []), "“settings”"),
        (set_value("settings", {"size": 128}), "“settings”"),
        (set_value("settings", {str(n): "" for n in range(200)}), "“settings”"),
        (set_value("reference", "reference.png"), "“reference”"),
        (set_value("reference", "name", None), "“reference.name”"),
        (set_value("reference", "file", "../reference.png"), "“reference.file”"),
        (set_value("reference", "file", "distorted.png"), "“reference.file”"),
        (set_value("reference", "file", "reference.gif"), "not the one that was saved"),
        (set_value("reference", "sha256", "0" * 64), "not the one that was saved"),
        (set_value("reference", "sha256", 0), "“reference.sha256”"),
        (set_value("reference", "origin", "moon"), "“reference.origin”"),
        (set_value("settings", "backbone", "lenet"), "lenet"),
        (set_value("settings", "layers", "conv9"), "conv9"),
        (set_value("settings", "precision", "fp8"), "fp8"),
        (set_value("settings", "boxes", "1,2,3"), "no box"),
        (set_value("settings", "boxes", "1,1,1,1;" * 9), "9 boxes"),
        (set_value("settings", "box", "C"), "no box 'C'"),
    ],
)
def test_a_document_with_a_wrong_value_is_refused_by_its_name(change, words):
    assert words in refusal(with_document(change))


def test_two_pictures_that_are_made_of_each_other_are_refused():
    def change(document):
        document["reference"]["origin"] = document["distorted"]["origin"] = "distortion"

    assert "only one" in refusal(with_document(change))


def test_what_a_refused_file_quotes_is_tame_and_short():
    sentence = refusal(with_document(set_value("settings", "layers", "\u202e\n" + "x" * 5000)))
    assert len(sentence) < 600
    assert sentence.isprintable()


def test_a_key_that_is_not_known_is_left_alone():
    opened = Project.from_bytes(with_document(set_value("colour_of_the_moon", "grey")))
    assert opened.results == project().results


def test_a_name_from_elsewhere_is_tame_and_holds_no_folders():
    opened = Project.from_bytes(with_document(set_value("reference", "name", "../../\u202egnp.tac")))
    assert opened.reference.name == "�gnp.tac"


@pytest.mark.parametrize("data", [b"", b"PK\3\4", b"\xff\xd8\xff\xe0 no JPEG"], ids=len)
def test_a_picture_that_is_none_is_refused_as_an_upload_is(data):
    opened = Project.from_bytes(with_picture("reference", data))
    with pytest.raises(ImageError, match=r"^cat\.png .*[.]$"):
        _ = opened.pictures


def peak(data: bytes) -> int:
    """Bytes that refusing a file takes beside it."""
    tracemalloc.start()
    try:
        refusal(data)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.fixture(scope="module")
def bomb() -> bytes:
    """A project whose picture is 40 MB of zeros, deflated to a thousandth."""
    return zipped(entries() | {"distorted.png": bytes(BOMB)}, compression=zipfile.ZIP_DEFLATED)


def test_an_entry_that_inflates_a_hundredfold_is_refused_before_it_does(bomb):
    assert "more than 100 times its size" in refusal(bomb)
    assert peak(bomb) < 1_000_000


def test_an_entry_that_says_it_is_smaller_than_it_inflates_to_is_cut_there(bomb):
    said = struct.pack("<I", 50_000)
    lying = patched(patched(bomb, b"PK\1\2", 24, said), b"PK\3\4", 22, said)
    assert "damaged" in refusal(lying)
    assert peak(lying) < 3_000_000


def test_all_entries_together_are_counted_before_and_while_they_are_unpacked(monkeypatch):
    monkeypatch.setattr(archive, "MOST_BYTES", len(small()) // 2)
    assert "are the most" in refusal(zipped(entries(), compression=zipfile.ZIP_DEFLATED))
    monkeypatch.setattr(archive, "_check", lambda *_: None)
    assert "unpacks to more than" in refusal(zipped(entries(), compression=zipfile.ZIP_DEFLATED))


def test_a_project_that_would_be_too_large_to_open_is_not_made(monkeypatch):
    monkeypatch.setattr(archive, "MOST_BYTES", 100)
    with pytest.raises(ProjectError, match="are the most"):
        project().to_bytes()


@pytest.mark.parametrize("name", ["nothing.zip", "", "a\0b.zip"])
def test_a_path_that_cannot_be_read_is_named(tmp_path, name):
    with pytest.raises(ProjectError, match=r"cannot be read \(.*\); check the path\.$"):
        open_project(tmp_path / name)


def test_a_project_that_was_packed_again_by_another_program_opens():
    names = sorted(entries(), reverse=True)
    again = zipped({name: entries()[name] for name in names}, compression=zipfile.ZIP_DEFLATED)
    assert Project.from_bytes(again).to_bytes() == small()
    assert json.loads(entries()["project.json"])["version"] == 1
