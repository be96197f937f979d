"""All that was found, as one value, as JSON and as a table that adds up."""

import csv
import io
import json
import math

import numpy as np
import pytest

import explorer
from explorer.analysis.region import Box, check, findings, investigate, ledger_of
from explorer.analysis.region.findings import SUM, to_csv, to_json
from explorer.metrics import compare
from tests.analysis.region.region_cases import method_of, spots_of, with_noise

SIZE = (130, 91)
BOXES = [Box(0, 0, 60, 91), Box(60, 0, 70, 50), Box(60, 50, 70, 41)]  # a tiling
COLUMNS = (
    *("box", "x", "y", "width", "height", "layer", "distance", "share"),
    *("layer_share", "area_share", "ratio", "restore", "insert"),
)


@pytest.fixture(scope="module")
def pictures(photo):
    reference = photo("coffee", SIZE)
    return reference, with_noise(reference, seed=8)


@pytest.fixture(scope="module")
def found(pictures):
    return investigate(*pictures, BOXES, method_of())


def rows_of(found):
    return list(csv.DictReader(io.StringIO(to_csv(found))))


def test_each_box_has_both_answers_under_its_letter(found, pictures):
    reference, distorted = pictures
    assert [region.name for region in found.regions] == ["A", "B", "C"]
    score = explorer.measure(reference, distorted, device="cpu").score
    assert found.measurement.score == score
    for region, box in zip(found.regions, BOXES, strict=True):
        assert region.box == box
        assert region.held == ledger_of(found.measurement, box, found.frame)
        assert region.check == check(reference, distorted, box, method_of(), score)
        assert region.area_share == pytest.approx(box.width * box.height / (SIZE[0] * SIZE[1]), rel=1e-9)
    assert found.spots == spots_of(found.measurement, found.frame)
    assert (found.reference, found.distorted, found.causal) == (reference, distorted, None)


def test_json_has_exactly_the_keys_that_are_promised(found):
    content = json.loads(to_json(found))
    measured = found.measurement.to_dict()
    assert list(content) == [*measured, "boxes", "causal"]
    assert {key: content[key] for key in measured} == measured
    assert content["causal"] is None
    for box in content["boxes"]:
        assert set(box) == {
            *("name", "box", "distance", "share", "area_share", "restore", "insert", "layers")
        }
        for layer in box["layers"]:
            assert set(layer) == {"name", "distance", "share"}


def test_json_holds_the_numbers_with_all_their_digits(found):
    content = json.loads(to_json(found))
    assert content["score"] == found.measurement.score
    assert (content["size"], content["given"]) == (list(SIZE), list(SIZE))
    assert len(content["boxes"]) == len(BOXES)
    for written, region in zip(content["boxes"], found.regions, strict=True):
        assert written["box"] == list(region.box.numbers)
        assert (written["distance"], written["share"]) == (region.held.distance, region.held.share)
        assert written["area_share"] == region.area_share
        assert (written["restore"], written["insert"]) == (region.check.restore, region.check.insert)
        assert [(layer["name"], layer["distance"], layer["share"]) for layer in written["layers"]] == [
            (layer.name, layer.distance, layer.share) for layer in region.held.layers
        ]
    assert math.fsum(box["distance"] for box in content["boxes"]) == pytest.approx(content["score"], rel=1e-6)


def test_json_names_boxes_in_pixels_of_the_image_as_given_after_a_resize_and_a_crop(pictures):
    found = investigate(*pictures, BOXES[:1], method_of("vit_b_16", size=100))
    content = json.loads(to_json(found))
    assert content["given"] == [130, 91]
    assert content["size"] == [96, 64]  # of 100 x 70
    assert content["boxes"][0]["box"] == [0, 0, 60, 91]
    assert content["weights"] == "random"
    assert any("resized" in note for note in content["notes"])


def test_what_is_undefined_is_null_in_json_and_empty_in_the_table(pictures):
    reference, _ = pictures
    found = investigate(reference, reference, BOXES[:1], method_of())
    content = json.loads(to_json(found), parse_constant=pytest.fail)  # no NaN
    (box,) = content["boxes"]
    assert (content["score"], box["distance"], box["restore"], box["insert"]) == (0, 0, 0, 0)
    assert box["share"] is None
    assert [layer["share"] for layer in box["layers"]] == [None] * 5
    for row in rows_of(found):
        assert row["distance"] == "0.0"
        assert (row["share"], row["layer_share"], row["ratio"]) == ("", "", "")
        assert float(row["area_share"]) > 0


def test_a_metric_without_maps_has_causes_and_no_ledger(pictures):
    found = investigate(*pictures, BOXES[:1], method_of("dists"))
    (box,) = json.loads(to_json(found))["boxes"]
    assert (box["distance"], box["share"], box["layers"]) == (None, None, [])
    assert 0 < box["restore"] < found.measurement.score
    assert box["insert"] > 0
    assert box["area_share"] > 0
    assert found.spots == ()
    (row,) = rows_of(found)
    assert (row["layer"], row["distance"], row["share"], row["ratio"]) == (SUM, "", "", "")
    assert float(row["restore"]) == box["restore"]


def test_the_hot_spots_are_the_boxes_where_none_were_chosen_and_the_pair_is_measured_once(
    pictures, monkeypatch
):
    measured = []

    def counted(*arguments):
        measured.append(arguments)
        return compare(*arguments)

    monkeypatch.setattr(findings, "compare", counted)
    found = investigate(*pictures, None, method_of())
    assert found.spots
    assert [region.box for region in found.regions] == [spot.box for spot in found.spots]
    assert len(measured) == 1


def test_without_a_box_there_is_the_score_and_an_empty_list(pictures):
    found = investigate(*pictures, [], method_of())
    content = json.loads(to_json(found))
    assert content["boxes"] == []
    assert content["score"] > 0
    assert to_csv(found) == ",".join(COLUMNS) + "\n"


def test_the_table_has_a_row_for_each_layer_of_each_box_and_one_for_its_sum(found):
    rows = rows_of(found)
    assert tuple(rows[0]) == COLUMNS
    layers = [layer.name for layer in found.measurement.layers]
    assert [(row["box"], row["layer"]) for row in rows] == [
        (name, layer) for name in "ABC" for layer in (*layers, SUM)
    ]
    for row, region in zip(rows[5::6], found.regions, strict=True):
        assert [int(row[key]) for key in ("x", "y", "width", "height")] == list(region.box.numbers)
        assert (float(row["restore"]), float(row["insert"])) == (region.check.restore, region.check.insert)
    assert all(row["restore"] == row["insert"] == "" for row in rows if row["layer"] != SUM)
    assert all((row["layer_share"] == "") == (row["layer"] == SUM) for row in rows)


def test_rows_of_the_table_add_up_to_each_boxs_sum_and_the_boxes_to_the_score(found):
    rows = rows_of(found)
    for name in "ABC":
        (total,) = [row for row in rows if (row["box"], row["layer"]) == (name, SUM)]
        parts = [row for row in rows if row["box"] == name and row["layer"] != SUM]
        for column in ("distance", "share", "ratio"):
            added = math.fsum(float(row[column]) for row in parts)
            assert added == pytest.approx(float(total[column]), rel=1e-12)
        assert {row["area_share"] for row in parts} == {total["area_share"]}
    sums = [row for row in rows if row["layer"] == SUM]
    assert math.fsum(float(row["distance"]) for row in sums) == pytest.approx(
        found.measurement.score, rel=1e-6
    )
    for layer in found.measurement.layers:
        own = [float(row["layer_share"]) for row in rows if row["layer"] == layer.name]
        assert np.sum(own) == pytest.approx(1, rel=1e-6)
