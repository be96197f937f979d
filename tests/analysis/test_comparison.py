from dataclasses import replace

import numpy as np
import pytest

from explorer.analysis.comparison import (
    MOST,
    SCALES,
    UNITS,
    Classic,
    Column,
    all_columns,
    column,
    columns_task,
    difference_map,
    laid_on,
    read_columns,
    scaled,
    sentence,
    trained_or_random,
)
from explorer.backbones import BACKBONES
from explorer.errors import MissingWeightsError, SettingError
from explorer.jobs import Pool
from explorer.metrics import Method, compare, measure, read_method

LEARNED = Method("alexnet", "lpips-0.1")
UNIFORM = Method("alexnet", "uniform")
CROPPING = Method("vit_b_16", "uniform", weights="random")
WITHOUT_MAPS = Method("dists", "dists", weights="random")


@pytest.fixture(scope="module")
def pair(small_pair):
    return small_pair


@pytest.fixture(scope="module")
def columns(pair):
    """What four methods measure of one pair of an odd size, and of a picture with itself."""

    def make(method, distorted):
        comparison = compare(pair.reference, distorted, method)
        return column(method, comparison, pair.reference.size)

    methods = (LEARNED, UNIFORM, CROPPING, WITHOUT_MAPS)
    return {method: make(method, pair.distorted) for method in methods} | {
        "same": make(LEARNED, pair.reference)
    }


@pytest.mark.parametrize("method", [LEARNED, UNIFORM])
def test_each_scale_has_the_mean_that_it_says(columns, method):
    shown = columns[method]
    assert scaled(shown, "share").mean(dtype=np.float64) == pytest.approx(1, rel=1e-6)
    # A percentile is a score's: a place has none, and no map goes beyond 100 of them.
    np.testing.assert_array_equal(scaled(shown, "percentile"), scaled(shown, "share"))
    assert UNITS["percentile"] == UNITS["share"]
    assert scaled(shown, "raw").mean(dtype=np.float64) == pytest.approx(shown.measurement.score, rel=1e-6)


def test_an_unknown_scale_is_refused(columns):
    with pytest.raises(SettingError, match="share, percentile, raw"):
        scaled(columns[LEARNED], "loudness")
    assert set(SCALES) == {"share", "percentile", "raw"}


def test_a_difference_has_the_mean_0_and_turns_its_sign_with_its_order(columns):
    difference = difference_map(columns[LEARNED], columns[UNIFORM])
    assert difference.mean(dtype=np.float64) == pytest.approx(0, abs=1e-6)
    assert np.abs(difference).max() > 0.01
    assert np.array_equal(difference, -difference_map(columns[UNIFORM], columns[LEARNED]))


def test_a_border_that_a_network_leaves_out_is_no_data(columns, pair):
    shown = columns[CROPPING]
    width, height = pair.reference.size
    inner_width, inner_height = width // 16 * 16, height // 16 * 16
    assert shown.cropped == (inner_width, inner_height)
    assert shown.values.shape == (height, width)
    assert np.isfinite(shown.values[:inner_height, :inner_width]).all()
    assert np.isnan(shown.values[inner_height:]).all()
    assert np.isnan(shown.values[:, inner_width:]).all()
    assert np.isnan(difference_map(columns[LEARNED], shown)[inner_height:]).all()


def test_a_map_larger_than_its_picture_is_refused():
    with pytest.raises(ValueError, match="5 × 4 does not fit"):
        laid_on(np.zeros((4, 5), np.float32), (5, 3))


def test_a_metric_without_maps_has_a_score_and_says_why_there_is_none(columns):
    shown = columns[WITHOUT_MAPS]
    assert shown.measurement.score > 0
    assert "no map" in shown.without_map
    assert scaled(shown, "share") is None
    assert difference_map(columns[LEARNED], shown) is None


def test_identical_images_have_no_shares_and_divide_by_nothing(columns):
    same = columns["same"]
    assert same.measurement.score == 0
    assert scaled(same, "share") is None
    assert not scaled(same, "raw").any()
    assert "no shares" in same.without_map
    assert "Every distance is 0" in sentence([same])


def test_the_sentence_names_each_columns_strongest_layer(columns):
    text = sentence([columns[LEARNED]])
    strongest = max(columns[LEARNED].measurement.layers, key=lambda layer: layer.distance)
    assert strongest.name in text
    assert LEARNED.label in text


@pytest.mark.parametrize("method", all_columns(), ids=lambda method: method.text)
def test_a_link_brings_every_column_back(method):
    assert read_method(method.text) == method


@pytest.mark.parametrize(
    "text", ["", "alexnet", "lenet:uniform", "resnet18:lpips-0.1", "alexnet:uniform:wild", "a:b:c:d"]
)
def test_what_is_no_method_is_refused(text):
    with pytest.raises(SettingError, match=r"choose one of|is no method; write backbone:heads"):
        read_method(text)


def test_more_columns_than_fit_are_refused_as_a_whole():
    names = [method.text for method in all_columns()[: MOST + 1]]
    assert read_columns(",".join(names[:MOST]))[1] == ()
    chosen, problems = read_columns(",".join(names))
    assert chosen == ()
    assert f"{MOST + 1} columns, but at most {MOST}" in problems[0]


def test_a_bad_column_is_named_and_the_good_ones_stay():
    chosen, problems = read_columns("alexnet:lpips-0.1,lenet:uniform,alexnet:lpips-0.1")
    assert chosen == (LEARNED,)
    assert len(problems) == 1
    assert "lenet" in problems[0]


@pytest.mark.parametrize("name", BACKBONES)
def test_trained_or_random_ends_with_random_weights_of_the_same_heads(name):
    versions = trained_or_random(name)
    assert len(versions) == (3 if BACKBONES[name].uniform and BACKBONES[name].heads else 2)
    *_, trained, control = versions
    assert (trained.weights, control.weights) == ("trained", "random")
    assert trained.heads == control.heads


def columns_by_job(pair, methods, compare, size=None, is_classic_known=False, is_wanted=lambda: True):
    asked = {method: replace(method, size=size, device="cpu") for method in methods}
    pictures = pair.reference, pair.distorted
    task = columns_task(pictures, size, asked, is_classic_known, compare)
    job = Pool({"compute": 1}, budget=task.size).start(task, is_wanted)
    assert job.wait(60)
    return job


@pytest.fixture
def compared(pair):
    """Compares the pair by a method, as a page does; tells the methods that it was asked for."""
    asked = []

    def run(method, progress):
        asked.append(method)
        return compare(pair.reference, pair.distorted, method, siblings=True, progress=progress)

    run.asked = asked
    return run


def test_columns_in_the_background_are_those_of_a_measurement_and_heads_share_a_pass(pair, compared):
    methods = (LEARNED, CROPPING, UNIFORM)
    job = columns_by_job(pair, methods, compared, size=100)
    assert (job.state, job.done) == ("done", job.total)
    found = dict(job.results)
    assert set(found) == {*methods, None}
    assert len(compared.asked) == 2
    for method in methods:
        expected = measure(
            pair.reference, pair.distorted, method.backbone, method.heads, size=100, weights=method.weights
        )
        assert found[method].method == method
        assert found[method].measurement.score == pytest.approx(expected.score, rel=1e-6)
        assert found[method].values.shape == (68, 100)
        assert 0 < found[method].pass_seconds < 60
    expected = measure(pair.reference, pair.distorted, size=100)
    assert found[None] == Classic(expected.psnr, expected.ssim)


@pytest.mark.parametrize("methods", [(), (CROPPING,)])
def test_psnr_and_ssim_are_those_of_the_whole_picture_also_where_no_column_measures_it(
    pair, compared, methods
):
    expected = measure(pair.reference, pair.distorted)
    found = dict(columns_by_job(pair, methods, compared).results)
    assert found[None] == Classic(expected.psnr, expected.ssim)
    assert None not in dict(columns_by_job(pair, (CROPPING,), compared, is_classic_known=True).results)


def test_a_column_that_fails_is_told_and_the_others_go_on(pair, compared):
    def run(method, progress):
        if method.backbone == "vit_b_16":
            raise MissingWeightsError("gone", "vit_b_16")
        return compared(method, progress)

    job = columns_by_job(pair, (CROPPING, LEARNED), run)
    assert (job.state, job.done) == ("done", job.total)
    found = dict(job.results)
    assert isinstance(found[CROPPING], MissingWeightsError)
    assert isinstance(found[LEARNED], Column)


def test_cancelled_columns_keep_those_that_are_finished(pair, compared):
    def is_wanted():
        return all(method.backbone == "alexnet" for method in compared.asked)

    job = columns_by_job(pair, (LEARNED, CROPPING), compared, is_wanted=is_wanted)
    assert job.state == "cancelled"
    assert [method for method, _ in job.results] == [LEARNED, None]
    assert 0 < job.done < job.total
