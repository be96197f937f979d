"""What is written for other programs says what was measured, and can be read back by them."""

import csv
import io
import json
import math

import numpy as np
import pytest

from explorer.analysis.export import named, named_by_methods, to_csv, to_json, to_npz
from explorer.analysis.inspection import combined_of
from explorer.analysis.rows import columns
from explorer.distortions import distort
from explorer.images import derive, resize
from explorer.metrics import Method, compare
from explorer.metrics.results import parts_of
from explorer.notes import Note
from explorer.samples import load_sample

LAYERS = ("conv2", "conv4")


@pytest.fixture(scope="module")
def comparison():
    reference = resize(load_sample("coffee"), 90)
    distorted = derive(
        reference,
        distort(reference.pixels, "gaussian_noise", 0.5),
        note=Note("distorted", "noise, “σ” added"),
    )
    return compare(reference, distorted, Method(device="cpu"), siblings=True)


@pytest.fixture(scope="module")
def identical():
    picture = resize(load_sample("coffee"), 90)
    return compare(picture, picture, Method(device="cpu"))


def strict(text):
    """Parse JSON as the standard has it, without Python's NaN and Infinity."""

    def refuse(constant):
        raise ValueError(f"{constant} is not JSON")

    return json.loads(text, parse_constant=refuse)


def archive(data):
    return dict(np.load(io.BytesIO(data), allow_pickle=False))


def test_json_holds_the_measurement_to_the_last_digit(comparison):
    measurement = comparison.measurement("uniform", LAYERS)
    assert strict(to_json(measurement)) == measurement.to_dict()


def test_json_of_identical_images_is_valid_and_has_nulls(identical):
    parsed = strict(to_json(identical.measurement("lpips-0.1")))
    assert parsed["score"] == 0
    assert parsed["psnr"] is None
    assert [layer["share"] for layer in parsed["layers"]] == [None] * 5


def test_csv_is_one_row_with_the_pair_the_numbers_and_every_layer_to_the_last_digit(comparison):
    measurement = comparison.measurement("lpips-0.1", LAYERS)
    header, fields = csv.reader(io.StringIO(to_csv(measurement)))
    assert tuple(header) == columns(LAYERS)
    row = dict(zip(header, fields, strict=True))
    assert row["reference.digest"] == comparison.reference.digest
    assert (row["size.width"], row["size.height"]) == tuple(map(str, measurement.size))
    for name in ("score", "psnr", "ssim"):
        assert float(row[name]) == getattr(measurement, name)
    for layer in measurement.layers:
        assert int(row[f"{layer.name}.channels"]) == layer.channels
        grid = row[f"{layer.name}.grid.height"], row[f"{layer.name}.grid.width"]
        assert tuple(map(int, grid)) == layer.grid == layer.map.shape
        assert float(row[f"{layer.name}.distance"]) == layer.distance
        assert float(row[f"{layer.name}.share"]) == layer.share
    assert row["notes"].endswith("; distorted: noise, “σ” added")


def test_csv_of_identical_images_has_an_infinite_psnr_empty_shares_and_no_carriage_returns(identical):
    text = to_csv(identical.measurement("lpips-0.1"))
    assert "\r" not in text
    (row,) = csv.DictReader(io.StringIO(text))
    assert row["psnr"] == "inf"
    assert {row[f"conv{i}.share"] for i in range(1, 6)} == {""}


def test_dists_has_columns_for_structure_and_texture():
    reference = resize(load_sample("coffee"), 90)
    blurred = derive(reference, distort(reference.pixels, "gaussian_blur", 0.5))
    method = Method("dists", "dists", weights="random", device="cpu")
    measurement = compare(reference, blurred, method).measurement(method.heads)
    (row,) = csv.DictReader(io.StringIO(to_csv(measurement)))
    assert tuple(row) == columns(method.layers, parts_of(method.heads))
    for layer in measurement.layers:
        parts = float(row[f"{layer.name}.structure"]), float(row[f"{layer.name}.texture"])
        assert parts == (layer.parts["structure"], layer.parts["texture"])


def test_files_of_a_pair_are_named_after_its_pictures_method_and_size(comparison):
    published = comparison.measurement("lpips-0.1")
    width, height = published.size
    assert named(published, "", "json") == f"coffee_coffee_alexnet-v0.1_{width}x{height}.json"
    other = comparison.measurement("uniform", ("conv2",))
    assert named(other, "maps", "npz") == f"coffee_coffee_alexnet-uniform-conv2_{width}x{height}_maps.npz"


def test_a_file_of_many_methods_counts_them():
    methods = [Method(), Method(heads="uniform"), Method(weights="random")]
    two = named_by_methods(("Cat", "JPEG"), methods[:2], (30, 20), "comparison", "png")
    assert two == "cat_jpeg_alexnet-v0.1_alexnet-uniform_30x20_comparison.png"
    three = named_by_methods(("Cat",), methods, (30, 20), "candidates", "csv")
    assert three == "cat_3-metrics_30x20_candidates.csv"


def npz(comparison, measurement):
    return to_npz(comparison, measurement, combined_of(measurement))


def test_npz_holds_exactly_the_maps_of_the_chosen_layers(comparison):
    measurement = comparison.measurement("uniform", LAYERS)
    arrays = archive(npz(comparison, measurement))
    for layer in measurement.layers:
        assert arrays[layer.name].dtype == np.float32
        np.testing.assert_array_equal(arrays[layer.name], layer.map)
    assert tuple(arrays["layers"]) == LAYERS
    assert not {"conv1", "conv3", "conv5"} & set(arrays)


def test_npz_maps_average_to_the_numbers_beside_them(comparison):
    measurement = comparison.measurement("lpips-0.1")
    arrays = archive(npz(comparison, measurement))
    height, width = comparison.reference.pixels.shape[:2]
    for name in ("combined", "squared_error", "one_minus_ssim"):
        assert arrays[name].dtype == np.float32
        assert arrays[name].shape == (height, width)
    means = [arrays[name].mean(dtype=np.float64) for name in arrays["layers"]]
    np.testing.assert_allclose(means, arrays["distances"], rtol=1e-6)
    assert arrays["score"] == measurement.score == pytest.approx(arrays["distances"].sum(), rel=1e-12)
    assert arrays["combined"].mean(dtype=np.float64) == pytest.approx(measurement.score, rel=1e-6)
    psnr = 10 * math.log10(255**2 / arrays["squared_error"].mean(dtype=np.float64))
    assert arrays["psnr"] == pytest.approx(psnr, rel=1e-9)
    assert arrays["ssim"] == pytest.approx(
        1 - np.nanmean(arrays["one_minus_ssim"], dtype=np.float64), abs=1e-6
    )
    assert np.isnan(arrays["one_minus_ssim"][:5]).all()
    assert np.isfinite(arrays["one_minus_ssim"][5:-5, 5:-5]).all()


def test_npz_says_how_it_was_measured(comparison):
    measurement = comparison.measurement("uniform", LAYERS)
    assert str(archive(npz(comparison, measurement))["measurement"]) == to_json(measurement)


def test_npz_of_identical_images_has_zero_maps_and_infinite_psnr(identical):
    measurement = identical.measurement("lpips-0.1")
    arrays = archive(npz(identical, measurement))
    assert arrays["psnr"] == math.inf
    assert not arrays["combined"].any()
    assert not arrays["squared_error"].any()


def test_equal_measurements_give_equal_bytes(comparison):
    measurement = comparison.measurement("lpips-0.1")
    assert npz(comparison, measurement) == npz(comparison, measurement)
