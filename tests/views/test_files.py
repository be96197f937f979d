"""What pages, shell and Python write of one pair is one thing: the same keys, kinds, order and numbers."""

import csv
import io
import json

import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

import explorer
from explorer.analysis.export import to_csv, to_json
from explorer.analysis.rows import columns
from explorer.distortions import Recipe, distorted
from explorer.places import app
from explorer.samples import load_sample
from explorer.views.common import parts
from tests.cli.commands import run

PAIR = {"sample": "cat", "distortion": "jpeg", "severity": "0.5", "seed": "0", "size": "128"}


@pytest.fixture(scope="module")
def pair(tmp_path_factory):
    """The link's pair, as pictures and as files in two folders."""
    reference = load_sample("cat")
    folder = tmp_path_factory.mktemp("pair")
    pictures = reference, distorted(reference, Recipe.at("jpeg", 0.5))
    paths = folder / "ref/photo.png", folder / "out/photo.png"
    for picture, path in zip(pictures, paths, strict=True):
        path.parent.mkdir()
        Image.fromarray(picture.pixels).save(path)
    return pictures, paths


@pytest.fixture
def downloads(monkeypatch):
    """Open the app on a page, and collect what makes the files of its buttons, by the files' names."""

    def collect(page="inspect"):
        found = {}
        monkeypatch.setattr(
            parts, "draw_download", lambda _label, make, file, *_, **__: found.update({file: make})
        )
        at = AppTest.from_file(str(app()), default_timeout=180)
        for name, value in PAIR.items():
            at.query_params[name] = value
        at.run()
        if page != "inspect":
            found.clear()
            at.context["url"] = f"http://localhost/{page}"
            at.query_params.clear()
            at.switch_page(f"explorer/views/{page}/page.py").run()
        assert not at.exception
        return found

    return collect


@pytest.mark.parametrize(
    ("page", "names"),
    [
        (
            "region",
            [
                f"cat_jpeg_alexnet-v0.1_128x128_{rest}"
                for rest in ("regions.csv", "regions.json", "maps.npz", "project.zip")
            ],
        ),
        ("candidates", ["cat_alexnet-v0.1_alexnet-uniform_128x128_candidates.csv"]),
    ],
)
def test_a_pages_files_are_named_after_pictures_method_and_size(downloads, page, names):
    assert list(downloads(page)) == names


def shape(value):
    """Keys in their order, and the kind of each value; lists as long as they are."""
    if isinstance(value, dict):
        return [(key, shape(inner)) for key, inner in value.items()]
    return [shape(inner) for inner in value] if isinstance(value, list) else type(value)


def numbers(document):
    layers = [(layer["name"], layer["distance"], layer["share"]) for layer in document["layers"]]
    return [document[key] for key in ("score", "psnr", "ssim")] + [n for layer in layers for n in layer]


def approx(values):
    return [pytest.approx(value, rel=1e-5) if isinstance(value, float) else value for value in values]


def test_json_has_one_shape_and_one_set_of_numbers_wherever_it_comes_from(downloads, pair):
    pictures, (reference, copy) = pair
    of_page = json.loads(downloads()["cat_jpeg_alexnet-v0.1_128x128.json"]())
    measurement = explorer.measure(*pictures, size=128)
    of_python = measurement.to_dict()
    assert json.loads(to_json(measurement)) == of_python
    ways = [
        json.loads(run("measure", reference, copy, "--size", 128, "--json").stdout),
        *json.loads(run("measure", reference, copy, copy, "--size", 128, "--json").stdout),
        *json.loads(run("measure", reference.parent, copy.parent, "--size", 128, "--json").stdout),
        json.loads(run("region", reference, copy, "--size", 128, "--box", "0,0,9,9", "--json").stdout),
    ]
    assert [ways[-1].pop(key) is None for key in ("boxes", "causal")] == [False, True]
    notes = of_page.pop("notes")  # the page's picture was distorted, the file was only opened
    assert any("quality" in note for note in notes)
    for way in (of_python, *ways):
        assert way.pop("notes")
        assert shape(way) == shape(of_page)
        assert numbers(way) == approx(numbers(of_page))
        for same in ("size", "given", "longest_side", "metric", "weights_files", "versions", "citation"):
            assert way[same] == of_page[same]
        for role in ("reference", "distorted"):
            assert way[role]["digest"] == of_page[role]["digest"]
    names = [(way["reference"]["name"], way["distorted"]["name"]) for way in ways]
    assert set(names) == {(str(reference), str(copy))}
    assert (of_page["reference"]["name"], of_page["distorted"]["name"]) == ("Cat", "JPEG")


def test_csv_has_one_set_of_columns_and_numbers_wherever_it_comes_from(downloads, pair, tmp_path):
    pictures, (reference, copy) = pair
    (of_page,) = csv.DictReader(io.StringIO(downloads()["cat_jpeg_alexnet-v0.1_128x128.csv"]()))
    (of_python,) = csv.DictReader(io.StringIO(to_csv(explorer.measure(*pictures, size=128))))
    table = tmp_path / "scores.csv"
    run("measure", reference.parent, copy.parent, "--size", 128, "--csv", table)
    (of_shell,) = csv.DictReader(io.StringIO(table.read_text(encoding="utf-8")))
    own = ["background", "fit", "error", "reference.file_digest", "distorted.file_digest"]
    header = list(columns([f"conv{i}" for i in range(1, 6)]))
    assert [list(of_page), list(of_python), list(of_shell)] == [header, header, [*header, *own]]
    calculated = {"score", "psnr", "ssim", *(name for name in header if name.endswith(("distance", "share")))}
    for name in header:
        if name in calculated:
            expected = pytest.approx(float(of_page[name]), rel=1e-5)
            assert float(of_python[name]) == expected
            assert float(of_shell[name]) == expected
        elif name not in ("notes", "reference.name", "distorted.name"):
            assert of_page[name] == of_python[name] == of_shell[name]
