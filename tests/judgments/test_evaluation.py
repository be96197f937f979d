"""An evaluation tells by subset what scores are, in JSON and as a table, and what was left out."""

import csv
import io
import json

import numpy as np
import pytest

from explorer.errors import SettingError
from explorer.judgments import evaluation, weighted
from explorer.judgments.distances import Distances
from explorer.judgments.evaluation import compare, evaluate
from explorer.judgments.running import distances_of, read_way
from explorer.judgments.scores import ceiling, correlations, jnd_precision, two_afc
from explorer.judgments.sets import Couple, Opinion, Skipped, TrialSet, Triplet
from explorer.judgments.standing import standings


def some_distances(kind, count=90, seed=0):
    rng = np.random.default_rng(seed)
    people = rng.integers(0, 6, count) / 5
    first = rng.random((2, count)) + people * [[1.0], [0.2]]
    return Distances(
        "set",
        kind,
        ("psnr", "alexnet:lpips-0.1"),
        np.array(["x", "y", "x"] * (count // 3), object),
        np.array([str(place) for place in range(count)], object),
        np.array([f"reference {place // 6}" for place in range(count)], object),
        people if kind != "mos" else 5 - 4 * people,
        first,
        1 + people - first if kind == "2afc" else None,
        skipped=(Skipped("y/9", "it has no p1"),),
        notes=("A note.",),
    )


def test_files_hold_percentages_without_the_digits_that_only_the_machine_adds():
    judge = np.array([0.55, 0.55])
    names = np.array(["1", "2"], object)
    subsets = np.array(["x", "x"], object)
    one = Distances(
        "set", "2afc", ("m",), subsets, names, names, judge, np.full((1, 2), 2.0), np.ones((1, 2))
    )
    assert 100 * 0.55 != 55
    told = evaluate(one).to_dict()["subsets"]["x"]
    assert told["scores"]["m"] == 55
    assert told["intervals"]["m"] == [55, 55]


def test_2afc_is_told_by_subset_and_overall_as_the_mean_of_subsets():
    distances = some_distances("2afc")
    found = evaluate(distances, 200)
    told = found.to_dict()
    assert list(told["subsets"]) == ["x", "y"]
    for name in "xy":
        part, subset = distances.part(name), told["subsets"][name]
        assert subset["trials"] == (60 if name == "x" else 30)
        assert subset["references"] == 15
        assert subset["ceiling"] == pytest.approx(100 * ceiling(part.people))
        for row, metric in enumerate(distances.metrics):
            score = two_afc(part.first[row], part.second[row], part.people)
            assert subset["scores"][metric] == pytest.approx(100 * score)
    for metric in distances.metrics:
        mean = np.mean([told["subsets"][name]["scores"][metric] for name in "xy"])
        assert told["all"]["scores"][metric] == pytest.approx(mean)
    assert told["skipped"] == [{"what": "y/9", "why": "it has no p1", "count": 1}]
    json.loads(json.dumps(told, allow_nan=False))


def test_jnd_precision_is_told_without_a_ceiling():
    distances = some_distances("jnd")
    found = evaluate(distances, 100)
    part = distances.part("y")
    subset = found.to_dict()["subsets"]["y"]
    assert subset["ceiling"] is None
    assert subset["scores"]["psnr"] == pytest.approx(100 * jnd_precision(part.first[0], part.people).score)
    low, high = subset["intervals"]["psnr"]
    assert low < subset["scores"]["psnr"] < high


def test_opinion_scores_have_all_correlations_and_overall_those_of_all_trials():
    distances = some_distances("mos")
    found = evaluate(distances, 100)
    exact = correlations(distances.first[0], distances.people)
    told = found.to_dict()["all"]
    for name in ("spearman", "kendall", "pearson", "fitted"):
        each = told["correlations"]["psnr"][name]
        assert each["value"] == pytest.approx(getattr(exact, name), abs=1e-12)
        assert each["low"] < each["value"] < each["high"]
    assert told["scores"]["psnr"] == pytest.approx(100 * exact.spearman)
    assert told["unfitted"] == {}


def test_where_no_curve_fits_it_is_said_why_and_the_rest_stays():
    distances = some_distances("mos").taken(np.arange(5))
    told = evaluate(distances, 50).to_dict()["all"]
    assert told["unfitted"]["psnr"] == "only 5 distances differ, and a fit takes 6"
    assert told["correlations"]["psnr"]["fitted"]["value"] is None
    assert told["correlations"]["psnr"]["spearman"]["value"] is not None


def test_where_kendalls_interval_would_take_too_long_it_is_said(monkeypatch):
    for module in (evaluation, weighted):
        monkeypatch.setattr(module, "MOST_FOR_KENDALL", 40)
    found = evaluate(some_distances("mos"), 50)
    assert found.notes == ("A note.", "Of more than 40 trials Kendall’s correlation has no interval.")
    kendall = found.overall.correlations["psnr"]["kendall"]
    assert np.isfinite(kendall.value)
    assert np.isnan([kendall.low, kendall.high]).all()


def test_the_table_has_a_row_for_each_number_that_json_has():
    found = evaluate(some_distances("2afc"), 100)
    rows = list(csv.DictReader(io.StringIO(found.to_csv())))
    assert len(rows) == 3 * 3  # two subsets and all; people and two metrics
    told = found.to_dict()
    for row in rows:
        subset = told["subsets"].get(row["subset"], told["all"])
        people = row["metric"] == "people"
        value = subset["ceiling"] if people else subset["scores"][row["metric"]]
        assert float(row["percent"]) == pytest.approx(value, abs=1e-4)
        assert float(row["low"]) <= float(row["percent"]) <= float(row["high"])
        assert row["score"] == "2AFC"
    opinions = list(csv.DictReader(io.StringIO(evaluate(some_distances("mos"), 50).to_csv())))
    assert {row["score"] for row in opinions} == {"spearman", "kendall", "pearson", "fitted"}


def test_no_name_in_the_table_is_a_formula():
    distances = some_distances("2afc")
    distances.subsets[distances.subsets == "x"] = "=1+1"
    assert "\n'=1+1," in evaluate(distances, 50).to_csv()


def test_two_metrics_differ_by_the_difference_of_their_scores():
    distances = some_distances("2afc")
    found = evaluate(distances, 200)
    for subset, scores in (("x", found.subsets[0].scores), (None, found.overall.scores)):
        difference = compare(distances, "psnr", "alexnet:lpips-0.1", subset, 200).difference
        expected = scores["psnr"].value - scores["alexnet:lpips-0.1"].value
        assert difference.value == pytest.approx(expected)
        assert difference.low < expected < difference.high
    for kind in ("jnd", "mos"):
        assert np.isfinite(compare(some_distances(kind), "psnr", "alexnet:lpips-0.1", count=50).share)


def test_a_subset_called_as_all_of_them_are_keeps_its_own_numbers():
    plain, named = some_distances("2afc"), some_distances("2afc")
    named.subsets[:] = np.where(plain.subsets == "x", "all", "average")
    two = plain.metrics
    expected, found = evaluate(plain, 100), evaluate(named, 100)
    assert [each.scores for each in found.every] == [each.scores for each in expected.every]
    assert [each.name for each in found.every] == ["all", "average", "(all)"]
    assert [compare(named, *two, name, 50) for name in ("all", None)] == [
        compare(plain, *two, name, 50) for name in ("x", None)
    ]
    told, columns = found.to_dict(), standings(found).columns
    assert told["all"] == expected.to_dict()["all"]
    assert told["subsets"]["all"] == expected.to_dict()["subsets"]["x"]
    assert columns == ("all", "average", "(average)")


def test_unknown_metrics_and_subsets_are_named_with_those_that_there_are():
    distances = some_distances("2afc")
    with pytest.raises(
        SettingError, match=r"ssim has no distances here; choose one of psnr, alexnet:lpips-0\.1"
    ):
        compare(distances, "psnr", "ssim")
    with pytest.raises(SettingError, match="There is no subset z; choose one of x, y"):
        compare(distances, "psnr", "alexnet:lpips-0.1", "z")


def test_without_trials_there_is_nothing_to_evaluate():
    with pytest.raises(SettingError, match="set holds no trial that can be used"):
        evaluate(some_distances("2afc").taken(np.zeros(90, bool)))


def test_progress_is_told_by_subset():
    told = []
    evaluate(some_distances("2afc"), 20, progress=lambda done, whole: told.append((done, whole)))
    assert told == [(0, 2), (1, 2), (2, 2)]


WAY = read_way(("psnr", "ssim"))


def test_a_trial_that_could_not_be_measured_is_left_out_with_its_reason(tmp_path):
    trials = [Triplet("s", str(place), tmp_path, tmp_path, tmp_path, place / 3, "r") for place in range(3)]
    before = Skipped("s/9", "it has no p1")
    values = {2: ((5.0, 6.0), (7.0, 8.0)), 0: ((1.0, 2.0), (3.0, 4.0))}  # in the order in which they ended
    found = distances_of(TrialSet("t", "2afc", trials, [before]), WAY, values, {1: "It is damaged."})
    assert found.metrics == ("psnr", "ssim")
    assert found.names.tolist() == ["0", "2"]
    assert found.people.tolist() == [0, 2 / 3]
    assert found.groups.tolist() == ["s/r", "s/r"]
    assert found.first.tolist() == [[1, 5], [3, 7]]
    assert found.second.tolist() == [[2, 6], [4, 8]]
    assert found.skipped == (before, Skipped("s/1", "It is damaged"))
    with pytest.raises(SettingError, match=r"No trial of t could be measured: It is damaged\."):
        distances_of(TrialSet("t", "2afc", trials), WAY, {}, {1: "It is damaged."})


def test_what_people_said_comes_from_trials_of_each_kind(tmp_path):
    values = {0: ((1.0,), (2.0,))}
    couples = TrialSet("t", "jnd", [Couple("s", "0", tmp_path, tmp_path, 0.4)])
    found = distances_of(couples, WAY, values, {})
    assert found.people.tolist() == [0.4]
    assert found.second is None
    for is_closer, far in ((False, 3.5), (True, -3.5)):
        opinions = TrialSet("t", "mos", [Opinion("s", "0", tmp_path, tmp_path, 3.5, is_closer)])
        assert distances_of(opinions, WAY, values, {}).farness.tolist() == [far]
