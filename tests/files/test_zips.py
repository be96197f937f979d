"""A ZIP file of a data set: what is unpacked of it, and what is refused."""

import gc
import io
import os
import stat
import zipfile

import pytest

from explorer.errors import SettingError
from explorer.files import zips
from explorer.files.zips import HeldFolder, unpack_zip


def packed(entries, compression=zipfile.ZIP_DEFLATED):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", compression) as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    return stream.getvalue()


def files_in(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def test_pictures_arrays_and_tables_are_unpacked_and_what_lies_beside_them_is_not(tmp_path):
    good = {"a/ref/1.png": b"one", "a/judge/1.npy": b"two", "votes.csv": b"three"}
    aside = {
        "__MACOSX/a/ref/1.png": b"x",
        "a/.DS_Store": b"x",
        ".hidden/1.png": b"x",
        "run.sh": b"x",
        "a/b/": b"",
    }
    unpack_zip(packed(good | aside), tmp_path, "set.zip")
    assert files_in(tmp_path) == good


@pytest.mark.parametrize(
    "name", ["../out.png", "a/../../out.png", "/out.png", "C:/out.png", "a\\..\\out.png"]
)
def test_a_path_that_leads_out_is_refused_and_nothing_is_written_there(tmp_path, name):
    inside = tmp_path / "inside"
    inside.mkdir()
    with pytest.raises(SettingError, match="leads out of the folder"):
        unpack_zip(packed({name: b"bad"}), inside, "set.zip")
    assert files_in(tmp_path) == {}


def test_a_link_is_refused(tmp_path):
    entry = zipfile.ZipInfo("link.png")
    entry.create_system = 3
    entry.external_attr = (stat.S_IFLNK | 0o777) << 16
    with pytest.raises(SettingError, match="is a link"):
        unpack_zip(packed({entry: b"/etc/passwd"}), tmp_path, "set.zip")


def test_more_bytes_than_may_come_are_refused_as_they_come(tmp_path, monkeypatch):
    monkeypatch.setattr(zips, "MOST_BYTES", 1 << 20)
    with pytest.raises(SettingError, match="unpacks to more than 1 MB"):
        unpack_zip(packed({"a.png": bytes(3 << 20)}), tmp_path, "set.zip")
    assert sum(map(len, files_in(tmp_path).values())) <= 1 << 20


def test_too_many_files_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(zips, "MOST_FILES", 3)
    with pytest.raises(SettingError, match="holds 4 files"):
        unpack_zip(packed({f"{i}.png": b"" for i in range(4)}), tmp_path, "set.zip")


@pytest.mark.parametrize("cut", [0, 5, 100])
def test_what_is_no_whole_zip_file_is_refused_in_one_sentence(tmp_path, cut):
    data = packed({"a.png": bytes(range(256)) * 4}, zipfile.ZIP_STORED)
    with pytest.raises(SettingError, match=r"set\.zip is no ZIP file, or is damaged; pack it again\."):
        unpack_zip(data[:cut], tmp_path, "set.zip")


def test_a_damaged_entry_is_refused(tmp_path):
    data = bytearray(packed({"a.png": bytes(range(256)) * 4}, zipfile.ZIP_STORED))
    data[200] ^= 255
    with pytest.raises(SettingError, match="damaged"):
        unpack_zip(bytes(data), tmp_path, "set.zip")


def test_an_encrypted_entry_is_refused(tmp_path):
    data = bytearray(packed({"a.png": b"secret"}))
    for start in (data.find(b"PK\1\2") + 8, 6):  # the flags of the entry, in the list and before its bytes
        data[start] |= 1
    with pytest.raises(SettingError, match="is encrypted"):
        unpack_zip(bytes(data), tmp_path, "set.zip")


def test_a_folder_goes_with_who_holds_it():
    folder = HeldFolder()
    path = folder.path
    (path / "a.png").write_bytes(b"one")
    assert path.is_dir()
    del folder
    gc.collect()
    assert not path.exists()


@pytest.mark.parametrize("names", [("a.png", "a.png/b.png"), ("a.png/b.png", "a.png"), ("a.png", "./a.png")])
def test_two_files_of_one_path_are_refused_and_no_space_is_asked_for(tmp_path, names):
    with pytest.raises(SettingError, match=r"^set\.zip holds two files of the same path; pack it again\.$"):
        unpack_zip(packed(dict.fromkeys(names, b"x")), tmp_path, "set.zip")


def test_a_name_that_no_disk_takes_is_to_be_shortened(tmp_path):
    with pytest.raises(SettingError, match=r"cannot be unpacked \(.+\); give its files shorter names\."):
        unpack_zip(packed({"\u00e9" * 190 + ".png": b"x"}), tmp_path, "set.zip")


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="only Linux has a device that is always full")
def test_a_full_disk_asks_for_space():
    with pytest.raises(OSError, match="No space") as full, open("/dev/full", "wb", buffering=0) as file:
        file.write(b"x")
    said = str(zips._not_written(full.value, "set.zip"))
    assert said == "set.zip cannot be unpacked (No space left on device); free some space."
