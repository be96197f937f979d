"""Two folders become pairs, and a table of them ends complete, whatever happens on the way."""

import csv
import os
import sys
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from explorer.analysis.folders import (
    OF_A_RUN,
    SETTINGS,
    Way,
    file_digest,
    fill_table,
    measure_pairs,
    measured_rows,
    open_table,
)
from explorer.analysis.pairing import FilePair, pair_folders, pair_with_all
from explorer.analysis.rows import columns
from explorer.analysis.summary import of_row
from explorer.errors import ImageError, SettingError
from explorer.images import load

HOW = dict(zip(SETTINGS, ("alexnet", "lpips-0.1", "trained", "float32", "", "white", ""), strict=True))
LAYERS = ("conv1", "conv2")


@dataclass(frozen=True)
class Layer:
    name: str
    distance: float
    map: np.ndarray | None = None


@dataclass(frozen=True)
class Numbers:
    """As much of a measurement as a row holds; the network itself is no part of these tests."""

    score: float
    psnr: float
    ssim: float
    size: tuple[int, int]
    layers: tuple[Layer, ...]
    device: str = "cpu"
    notes: tuple[str, ...] = ()

    def to_dict(self):
        """As `Measurement.to_dict`, in its order, with the keys that a table looks at."""
        return {
            **{role: {"name": "", "digest": "0"} for role in ("reference", "distorted")},
            **{"score": self.score, "psnr": self.psnr, "ssim": self.ssim, "size": self.size},
            **{"given": self.size, "longest_side": None, "metric": "", "published": True},
            **dict.fromkeys(("backbone", "heads", "weights", "precision"), ""),
            "device": self.device,
            "layers": [
                {"name": layer.name, "channels": 1, "grid": (2, 2), "distance": layer.distance, "share": 0.5}
                for layer in self.layers
            ],
            "notes": list(map(str, self.notes)),
            "weights_files": [],
            "versions": dict.fromkeys(("explorer", "torch", "torchvision", "numpy", "pillow"), "1"),
            "citation": "",
        }


def distance(reference, distorted):
    """A true distance of two files, without a network."""
    first, second = load(reference), load(distorted)
    error = float(np.abs(first.pixels.astype(float) - second.pixels).mean())
    psnr = float("inf") if error == 0 else 48 - error
    layers = tuple(Layer(name, error / 2, np.full((2, 2), error / 2)) for name in LAYERS)
    return Numbers(error, psnr, 1 - error / 255, first.size, layers, notes=second.notes)


class Counting:
    """`distance`, with the names of what it was asked for; stops like Ctrl-C after so many pairs."""

    def __init__(self, stop_after=None):
        self.asked, self.stop_after = [], stop_after

    def __call__(self, reference, distorted):
        if len(self.asked) == self.stop_after:
            raise KeyboardInterrupt
        self.asked.append(distorted.name)
        return distance(reference, distorted)


def write(path, value=0, size=(8, 6)):
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", size, (value, value, value)).save(path)
    return path


@pytest.fixture
def folders(tmp_path):
    """Four pairs: a.png to d.png, each with a twin that is brighter by 1, 2, 3, 4."""
    for number, stem in enumerate("abcd", start=1):
        write(tmp_path / f"ref/{stem}.png")
        write(tmp_path / f"out/{stem}.png", number)
    return tmp_path / "ref", tmp_path / "out"


def reading(measure):
    """What reads a pair, for a function that measures two files by one backbone."""

    def read(reference, distorted):
        return lambda _backbone: measure(reference, distorted)

    return read


def table_of(path, pairs, settings=HOW, layers=LAYERS):
    return open_table(path, [Way(settings, layers)], pairs)


def fill(path, pairs, measure=distance, settings=HOW, layers=LAYERS):
    return list(fill_table(table_of(path, pairs, settings, layers), reading(measure)))


def measure_all(pairs, measure=distance):
    return list(measure_pairs([(pair, ("alexnet",)) for pair in pairs], reading(measure)))


def rows(path):
    with path.open(encoding="utf-8", errors="surrogateescape", newline="") as file:
        return list(csv.DictReader(file, strict=True))


def test_images_are_paired_by_their_path_without_the_ending(tmp_path):
    for name in ("b.JPG", "a.png", "night/a.webp", "night/deep/c.v2.tiff"):
        write(tmp_path / "ref" / name)
    for name in ("a.bmp", "night/a.png", "b.png", "night/deep/c.v2.gif"):
        write(tmp_path / "out" / name)
    pairing = pair_folders(tmp_path / "ref", tmp_path / "out")
    assert [
        (str(pair.reference.relative_to(tmp_path)), str(pair.distorted.relative_to(tmp_path)))
        for pair in pairing.pairs
    ] == [
        ("ref/a.png", "out/a.bmp"),
        ("ref/b.JPG", "out/b.png"),
        ("ref/night/a.webp", "out/night/a.png"),
        ("ref/night/deep/c.v2.tiff", "out/night/deep/c.v2.gif"),
    ]
    assert (pairing.alone, pairing.ambiguous) == ((), ())


def test_images_without_a_partner_are_named_from_either_side(folders):
    ref, out = folders
    (ref / "b.png").unlink()
    (out / "c.png").unlink()
    write(out / "night/a.png")
    pairing = pair_folders(ref, out)
    assert [pair.reference.name for pair in pairing.pairs] == ["a.png", "d.png"]
    assert pairing.alone == (out / "b.png", ref / "c.png", out / "night/a.png")


def test_files_that_differ_only_in_their_endings_are_never_paired_by_chance(folders):
    ref, out = folders
    write(out / "b.jpg")
    pairing = pair_folders(ref, out)
    assert [pair.reference.name for pair in pairing.pairs] == ["a.png", "c.png", "d.png"]
    assert pairing.ambiguous == ((out / "b.jpg", out / "b.png"),)
    assert pairing.alone == ()


def test_what_is_no_image_or_hidden_is_passed_over(folders):
    ref, out = folders
    for name in ("notes.txt", "._a.png", "a.npz", ".thumbnails/a.png", "README"):
        (ref / name).parent.mkdir(exist_ok=True)
        (ref / name).write_bytes(b"x")
    assert pair_folders(ref, out).alone == ()
    assert len(pair_folders(ref, out).pairs) == 4


def test_folder_of_outputs_inside_the_folder_of_references_is_not_one_of_them(tmp_path):
    write(tmp_path / "a.png")
    write(tmp_path / "out/a.png")
    pairing = pair_folders(tmp_path, tmp_path / "out")
    assert pairing.pairs == (FilePair(tmp_path / "a.png", tmp_path / "out/a.png"),)
    assert pairing.alone == ()


@pytest.mark.parametrize("name", [None, "z.png"])
def test_two_folders_without_a_pair_are_refused(tmp_path, name):
    write(tmp_path / "ref/a.png")
    (tmp_path / "out").mkdir()
    if name:
        write(tmp_path / "out" / name)
    with pytest.raises(ImageError, match=r"No image in .*ref has a partner in .*out; partners have the same"):
        pair_folders(tmp_path / "ref", tmp_path / "out")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everywhere")
def test_folder_that_may_not_be_read_is_named(folders):
    closed = folders[0] / "closed"
    closed.mkdir(mode=0)
    with pytest.raises(ImageError, match="closed cannot be read"):
        pair_folders(*folders)


def test_folder_that_is_gone_is_named(folders):
    with pytest.raises(ImageError, match="nowhere cannot be read"):
        pair_folders(folders[0], folders[1] / "nowhere")


def test_pairs_are_measured_in_order_past_one_that_fails(folders):
    ref, out = folders
    (out / "b.png").write_bytes(b"no image")
    outcomes = measure_all(pair_folders(ref, out).pairs)
    assert [outcome.pair.distorted.name for outcome in outcomes] == ["a.png", "b.png", "c.png", "d.png"]
    assert [outcome.measurement.score if outcome.measurement else None for outcome in outcomes] == [
        1,
        None,
        3,
        4,
    ]
    assert [bool(outcome.error) for outcome in outcomes] == [False, True, False, False]
    assert "b.png" in outcomes[1].error


def test_measurements_of_many_pairs_hold_no_maps(folders):
    for outcome in measure_all(pair_folders(*folders).pairs):
        assert [layer.map for layer in outcome.measurement.layers] == [None, None]


def test_error_that_concerns_every_pair_ends_the_run(folders):
    def refuse(reference, distorted):
        raise SettingError("'mud' is no colour.")

    with pytest.raises(SettingError, match="mud"):
        measure_all(pair_folders(*folders).pairs, refuse)


def test_table_holds_every_number_with_all_its_digits(tmp_path):
    ref, out = write(tmp_path / "ref/a.png"), tmp_path / "out/a.png"
    out.parent.mkdir()
    pixels = np.zeros((6, 8, 3), np.uint8)
    pixels[0, 0] = 1
    Image.fromarray(pixels).convert("RGBA").save(out)
    (outcome,) = fill(tmp_path / "t.csv", [FilePair(ref, out)])
    (row,) = rows(tmp_path / "t.csv")
    assert tuple(row) == (*columns(LAYERS), *OF_A_RUN)
    assert float(row["score"]) == outcome.measurement.score == 1 / 48
    assert float(row["conv1.distance"]) == float(row["conv2.distance"]) == 1 / 96
    assert (row["size.width"], row["size.height"], row["device"]) == ("8", "6", "cpu")
    assert {name: row[name] for name in SETTINGS} == HOW
    assert (Path(row["reference.name"]), Path(row["distorted.name"])) == (ref, out)
    assert row["distorted.file_digest"] == file_digest(out)
    assert row["reference.file_digest"] == file_digest(ref) != file_digest(out)
    assert row["error"] == ""


def test_identical_images_have_an_infinite_psnr_in_the_table(tmp_path):
    path = write(tmp_path / "a.png")
    fill(tmp_path / "t.csv", [FilePair(path, path)])
    assert float(rows(tmp_path / "t.csv")[0]["psnr"]) == float("inf")


def test_second_run_measures_nothing_and_changes_no_byte(folders, tmp_path):
    pairs = pair_folders(*folders).pairs
    fill(tmp_path / "t.csv", pairs)
    before = (tmp_path / "t.csv").read_bytes()
    again = Counting()
    assert fill(tmp_path / "t.csv", pairs, again) == []
    assert again.asked == []
    assert (tmp_path / "t.csv").read_bytes() == before


@pytest.mark.parametrize("stop_after", [0, 1, 3])
def test_interrupted_run_goes_on_where_it_ended(folders, tmp_path, stop_after):
    pairs = pair_folders(*folders).pairs
    fill(tmp_path / "whole.csv", pairs)
    with pytest.raises(KeyboardInterrupt):
        fill(tmp_path / "t.csv", pairs, Counting(stop_after))
    assert len(rows(tmp_path / "t.csv")) == stop_after
    rest = Counting()
    fill(tmp_path / "t.csv", pairs, rest)
    assert rest.asked == ["a.png", "b.png", "c.png", "d.png"][stop_after:]
    assert (tmp_path / "t.csv").read_bytes() == (tmp_path / "whole.csv").read_bytes()
    assert {path.name for path in tmp_path.iterdir()} == {"ref", "out", "t.csv", "whole.csv"}


def test_each_row_is_in_the_file_before_the_next_pair_is_measured(folders, tmp_path):
    table = table_of(tmp_path / "t.csv", pair_folders(*folders).pairs)
    for number, outcome in enumerate(fill_table(table, reading(distance)), start=1):
        assert len(rows(table.path)) == number
        assert rows(table.path)[-1]["distorted.name"] == str(outcome.pair.distorted)


def test_table_cut_off_anywhere_is_mended(folders, tmp_path):
    odd = 'two\nlines, "quoted"\r.png'
    write(folders[0] / odd)
    write(folders[1] / odd, 9)
    pairs = pair_folders(*folders).pairs
    path = tmp_path / "t.csv"
    fill(path, pairs)
    whole = path.read_bytes()
    header = whole.index(b"\n") + 1
    assert len(rows(path)) == 5
    for end in range(header, len(whole)):
        path.write_bytes(whole[:end])
        table = table_of(path, pairs)
        found = whole[:end].count(b"\n") - 1
        assert len(table.found) <= found
        assert [pair for pair, _ in table.left] == list(pairs[len(table.found) :])
        if end % 97 == 0:
            list(fill_table(table, reading(distance)))
            assert path.read_bytes() == whole


@pytest.mark.parametrize("side", ["ref", "out"])
def test_changed_image_is_measured_again_and_its_old_row_goes(folders, tmp_path, side):
    pairs = pair_folders(*folders).pairs
    fill(tmp_path / "t.csv", pairs)
    stamp = (tmp_path / side / "b.png").stat()
    write(tmp_path / side / "b.png", 50)
    os.utime(tmp_path / side / "b.png", (stamp.st_atime, stamp.st_mtime))  # its date tells nothing
    again = Counting()
    fill(tmp_path / "t.csv", pairs, again)
    assert again.asked == ["b.png"]
    found = rows(tmp_path / "t.csv")
    assert [Path(row["distorted.name"]).name for row in found] == ["a.png", "b.png", "c.png", "d.png"]
    assert float(found[1]["score"]) == {"ref": 48, "out": 50}[side]


def test_failed_pair_is_in_the_table_and_is_tried_again(folders, tmp_path):
    ref, out = folders
    pairs = pair_folders(ref, out).pairs
    good = (out / "b.png").read_bytes()
    (out / "b.png").write_bytes(b"no image")
    fill(tmp_path / "t.csv", pairs)
    failed = rows(tmp_path / "t.csv")[1]
    assert "b.png" in failed["error"]
    assert failed["score"] == failed["conv1.distance"] == ""
    assert failed["heads"] == "lpips-0.1"
    (out / "b.png").write_bytes(good)
    again = Counting()
    fill(tmp_path / "t.csv", pairs, again)
    assert again.asked == ["b.png"]
    assert [row["score"] for row in rows(tmp_path / "t.csv")] == ["1.0", "2.0", "3.0", "4.0"]


def test_rows_of_other_folders_stay(folders, tmp_path):
    path = tmp_path / "t.csv"
    fill(path, pair_folders(*folders).pairs)
    before = path.read_bytes()
    write(tmp_path / "other/c.png", 7)
    fill(path, pair_folders(folders[0], tmp_path / "other").pairs)
    assert path.read_bytes().startswith(before)
    assert [row["score"] for row in rows(path)] == ["1.0", "2.0", "3.0", "4.0", "7.0"]
    assert fill(path, pair_folders(*folders).pairs) == []
    assert len(rows(path)) == 5


@pytest.mark.parametrize(
    ("setting", "value", "words"),
    [
        ("heads", "uniform", "heads lpips-0.1, and this run asks for uniform"),
        ("weights", "random", "weights trained, and this run asks for random"),
        ("longest_side", "64", "longest side none, and this run asks for 64"),
        ("fit", "crop", "fit none, and this run asks for crop"),
    ],
)
def test_table_of_other_settings_is_refused_and_untouched(folders, tmp_path, setting, value, words):
    pairs = pair_folders(*folders).pairs
    fill(tmp_path / "t.csv", pairs)
    before = (tmp_path / "t.csv").read_bytes()
    with pytest.raises(SettingError, match=words) as refused:
        fill(tmp_path / "t.csv", pairs, settings=HOW | {setting: value})
    assert "name another file for --csv" in str(refused.value)
    assert (tmp_path / "t.csv").read_bytes() == before


def test_table_of_other_layers_is_refused(folders, tmp_path):
    pairs = pair_folders(*folders).pairs
    fill(tmp_path / "t.csv", pairs)
    with pytest.raises(SettingError, match="holds the layers conv1, conv2, and this run asks for conv1;"):
        table_of(tmp_path / "t.csv", pairs, layers=("conv1",))


@pytest.mark.parametrize(
    "content",
    [
        b"name,score\nx,1\n",
        b"one line without an end",
        b"reference,distorted\n",
        b"\n",
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
        b'"' + b"x" * 200_000 + b"\n",
    ],
)
def test_file_that_is_something_else_is_refused_and_untouched(folders, tmp_path, content):
    path = tmp_path / "t.csv"
    path.write_bytes(content)
    with pytest.raises(SettingError, match=r"t.csv is no table of an earlier run"):
        fill(path, pair_folders(*folders).pairs)
    assert path.read_bytes() == content


def test_table_that_an_earlier_version_began_is_refused_and_untouched(folders, tmp_path):
    path = tmp_path / "t.csv"
    before = (
        "reference,distorted,score,psnr,ssim,width,height,backbone,heads,weights,precision,longest_side,"
        "background,fit,device,conv1,conv2,notes,error,reference_digest,distorted_digest\n"
        "a.png,b.png,1.0,47.0,0.9,8,6,alexnet,lpips-0.1,trained,float32,,white,,cpu,0.5,0.5,,,0,1\n"
    )
    path.write_text(before)
    with pytest.raises(SettingError, match=r"t.csv was begun by an earlier version .* name another file"):
        fill(path, pair_folders(*folders).pairs)
    assert path.read_text() == before


def test_empty_file_is_a_table_that_has_just_begun(folders, tmp_path):
    (tmp_path / "t.csv").touch()
    assert len(fill(tmp_path / "t.csv", pair_folders(*folders).pairs)) == 4


def test_row_that_was_broken_by_hand_is_named(folders, tmp_path):
    path, pairs = tmp_path / "t.csv", pair_folders(*folders).pairs
    fill(path, pairs)
    lines = path.read_text().splitlines(keepends=True)
    lines[2] = "only,three,fields\n"
    path.write_text("".join(lines))
    with pytest.raises(SettingError, match=r"Row 2 of .*t.csv has a wrong number of fields"):
        fill(path, pairs)


def test_table_that_cannot_be_written_is_the_systems_error(folders, tmp_path):
    (tmp_path / "t.csv").mkdir()
    pairs = pair_folders(*folders).pairs
    with pytest.raises(IsADirectoryError):
        table_of(tmp_path / "t.csv", pairs)
    with pytest.raises(FileNotFoundError):
        fill(tmp_path / "missing/t.csv", pairs)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs a named pipe")
def test_pipe_in_the_place_of_a_table_is_refused_at_once(folders, tmp_path):
    os.mkfifo(tmp_path / "t.csv")
    with pytest.raises(OSError, match="Not a regular file"):
        fill(tmp_path / "t.csv", pair_folders(*folders).pairs)


def test_table_behind_a_link_stays_behind_it(folders, tmp_path):
    link = tmp_path / "link.csv"
    link.symlink_to(tmp_path / "t.csv")
    pairs = pair_folders(*folders).pairs
    fill(link, pairs)
    assert link.is_symlink()
    assert fill(tmp_path / "t.csv", pairs) == []


@pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse such file names")
def test_name_that_is_no_text_is_known_again(folders, tmp_path):
    for folder in folders:
        os.rename(folder / "a.png", os.fsdecode(os.fsencode(folder) + b"/caf\xe9.png"))
    pairs = pair_folders(*folders).pairs
    fill(tmp_path / "t.csv", pairs)
    assert b"caf\xe9.png" in (tmp_path / "t.csv").read_bytes()
    assert fill(tmp_path / "t.csv", pairs) == []


def test_digest_is_of_the_bytes_and_empty_for_what_cannot_be_read(tmp_path):
    first, second = write(tmp_path / "a.png"), write(tmp_path / "b.png")
    assert file_digest(first) == file_digest(second) != file_digest(write(tmp_path / "c.png", 1))
    assert len(file_digest(first)) == 32
    assert file_digest(tmp_path / "nowhere.png") == ""


TWO = (Way(HOW, LAYERS), Way(HOW | {"backbone": "vgg16"}, ("conv1", "deep")))


class Network:
    """Reads pairs for two backbones, noting what it was asked for; one of them refuses dark pictures."""

    def __init__(self):
        self.read, self.asked = [], []

    def __call__(self, reference, distorted):
        self.read.append(distorted.name)
        found = distance(reference, distorted)

        def measure(backbone):
            self.asked.append((distorted.name, backbone))
            if backbone == "vgg16" and found.score == 2:
                raise ImageError(f"{distorted.name} is too small for VGG16.")
            layers = next(way.layers for way in TWO if way.backbone == backbone)
            parts = tuple(Layer(name, found.score / len(layers)) for name in layers)
            return replace(found, layers=parts)

        return measure


def test_with_several_backbones_a_pair_is_read_once_and_has_a_row_for_each(folders, tmp_path):
    pairs, network = pair_folders(*folders).pairs, Network()
    outcomes = list(fill_table(open_table(tmp_path / "t.csv", TWO, pairs), network))
    assert network.read == ["a.png", "b.png", "c.png", "d.png"]
    found = rows(tmp_path / "t.csv")
    assert [(Path(row["distorted.name"]).stem, row["backbone"]) for row in found] == [
        (stem, way.backbone) for stem in "abcd" for way in TWO
    ]
    # What fails with one of them is a failure of that row alone.
    assert [bool(outcome.error) for outcome in outcomes] == [False, False, False, True] + [False] * 4
    assert [bool(row["error"]) for row in found] == [bool(outcome.error) for outcome in outcomes]
    # A row has the layers of its own backbone, and leaves the others empty.
    assert (found[0]["conv2.distance"], found[0]["deep.distance"]) == ("0.5", "")
    assert (found[1]["conv2.distance"], found[1]["deep.distance"]) == ("", "0.5")
    assert [set(of_row(row).layers) for row in found[:2]] == [{"conv1", "conv2"}, {"conv1", "deep"}]


def test_a_run_with_several_backbones_goes_on_with_the_rows_that_are_missing(folders, tmp_path):
    pairs, path = pair_folders(*folders).pairs, tmp_path / "t.csv"
    list(fill_table(open_table(path, TWO, pairs), Network()))
    whole = path.read_bytes()
    lines = whole.splitlines(keepends=True)
    path.write_bytes(b"".join(lines[:2]) + lines[2][:50])  # ended in the first pair, with half of a line
    again = Network()
    list(fill_table(open_table(path, TWO, pairs), again))
    assert again.read == ["a.png", "b.png", "c.png", "d.png"]
    assert again.asked[:2] == [("a.png", "vgg16"), ("b.png", "alexnet")]
    assert path.read_bytes() == whole
    assert len(measured_rows(open_table(path, TWO, pairs))) == 7


def test_a_table_of_one_backbone_is_not_gone_on_with_by_several(folders, tmp_path):
    pairs, path = pair_folders(*folders).pairs, tmp_path / "t.csv"
    fill(path, pairs)
    before = path.read_bytes()
    with pytest.raises(SettingError, match="holds the layers conv1, conv2, and this run asks"):
        open_table(path, TWO, pairs)
    other = (Way(HOW | {"backbone": "alexnet_shift"}, LAYERS),)
    with pytest.raises(SettingError, match="measured with backbone alexnet, and this run asks for alexnet_"):
        open_table(path, other, pairs)
    assert path.read_bytes() == before


def test_a_reference_is_paired_with_every_image_of_a_folder_but_itself(tmp_path):
    for name in ("b.png", "a.png", "night/a.webp", "b.jpg", ".hidden.png", "ref.png"):
        write(tmp_path / "all" / name)
    (tmp_path / "all/notes.txt").touch()
    pairing = pair_with_all(tmp_path / "all/ref.png", tmp_path / "all")
    assert {pair.reference for pair in pairing.pairs} == {tmp_path / "all/ref.png"}
    names = [pair.distorted.relative_to(tmp_path / "all").as_posix() for pair in pairing.pairs]
    assert names == ["a.png", "b.jpg", "b.png", "night/a.webp"]
    assert pairing.itself == (tmp_path / "all/ref.png",)
    assert pairing.ambiguous == pairing.alone == ()


@pytest.mark.parametrize("names", [(), ("ref.png",)])
def test_a_folder_without_candidates_is_refused(tmp_path, names):
    (tmp_path / "all").mkdir()
    for name in names:
        write(tmp_path / "all" / name)
    with pytest.raises(ImageError, match=r"No (other )?image in .*all to measure"):
        pair_with_all(
            write(tmp_path / "all/ref.png") if names else write(tmp_path / "r.png"), tmp_path / "all"
        )
