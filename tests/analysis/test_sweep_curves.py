"""Curves for looking at: each on a scale of its own, and a sentence that is true of them."""

import io
import json
import math

import numpy as np
import pytest

from explorer.analysis.sweep import Mark, Point, Sweep, parameter_axis, severity_axis
from explorer.analysis.sweep_curves import lines, sentence
from explorer.analysis.sweep_files import to_csv, to_npz
from explorer.metrics import Method

METHOD = Method(device="cpu")
LABEL = METHOD.label
LAYERS = len(METHOD.layers)


@pytest.fixture(scope="module")
def reference(photo):
    return photo("cat", (64, 64))


def made(reference, axis, psnr, ssim, scores):
    """A sweep of numbers that are given, places in order; None is not measured."""
    points = tuple(
        Point(place, one, two, ((score, *[0.0] * (LAYERS - 1)),))
        for place, (one, two, score) in enumerate(zip(psnr, ssim, scores, strict=True))
        if one is not None
    )
    return Sweep(reference, axis, (METHOD,), points)


@pytest.fixture(scope="module")
def sweep(reference):
    axis = severity_axis("gaussian_blur", 5)
    return made(
        reference, axis, [math.inf, 40, 30, 22, 20], [1, 0.9, 0.8, 0.7, 0.6], [0, 0.05, 0.1, 0.4, 0.5]
    )


def test_each_metric_runs_from_closest_below_to_farthest_on_top(sweep):
    psnr, ssim, lpips = lines([sweep])
    assert [line.metric for line in (psnr, ssim, lpips)] == ["PSNR", "SSIM", LABEL]
    np.testing.assert_allclose(psnr.heights, [0, 1 / 3, 2 / 3, 28 / 30, 1])
    np.testing.assert_allclose(ssim.heights, [0, 0.25, 0.5, 0.75, 1])
    np.testing.assert_allclose(lpips.heights, [0, 0.1, 0.2, 0.8, 1])
    assert (psnr.is_turned, ssim.is_turned, lpips.is_turned) == (True, True, False)


def test_raw_values_are_told_and_where_psnrs_scale_begins(sweep):
    psnr, ssim, lpips = lines([sweep])
    assert [psnr.text(value) for value in psnr.values[:2]] == ["∞ dB", "40.00 dB"]
    assert (psnr.closest_text, psnr.text(psnr.farthest)) == ("50 dB and more", "20.00 dB")
    assert (ssim.closest_text, lpips.text(lpips.farthest)) == ("1.0000", "0.5000")


def test_two_distortions_share_each_metrics_scale(sweep, reference):
    other = made(
        reference, severity_axis("jpeg", 5), [math.inf, 45, 40, 35, 10], [1] * 5, [0, 0.1, 0.1, 0.1, 1]
    )
    found = {(line.metric, line.sweep): line for line in lines([sweep, other])}
    assert found["PSNR", 0].heights[-1] == pytest.approx(30 / 40)
    assert found["PSNR", 1].heights[-1] == 1
    assert found[LABEL, 0].heights[-1] == 0.5
    assert found["SSIM", 1].heights.tolist() == [0] * 5


def test_seeds_are_a_mean_within_a_band(reference):
    sweeps = [
        made(
            reference, severity_axis("gaussian_noise", 3, seed), [math.inf, 40, 30], [1, 0.9, 0.8], [0, *own]
        )
        for seed, own in enumerate(([0.1, 0.4], [0.2, 0.8], [0.3, 0.6]))
    ]
    _, _, lpips = lines(sweeps, are_seeds=True)
    np.testing.assert_allclose(lpips.values, [0, 0.2, 0.6])
    np.testing.assert_allclose(lpips.lowest, [0, 0.125, 0.5])
    np.testing.assert_allclose(lpips.highest, [0, 0.375, 1])


def test_the_mean_psnr_of_seeds_is_that_of_the_curve_also_where_only_some_change_nothing(reference):
    axis, nothing = severity_axis("salt_and_pepper", 3), math.inf
    sweeps = [
        made(reference, axis, psnr, [1, 0.9, 0.8], [0, 0.1, 0.2])
        for psnr in ([nothing, nothing, 30], [nothing, 40, 20])
    ]
    psnr, *_ = lines(sweeps, are_seeds=True)
    assert [psnr.text(value) for value in psnr.values] == ["50 dB and more", "45.00 dB", "25.00 dB"]
    np.testing.assert_allclose(psnr.heights, [0, 5 / 30, 25 / 30])


def test_nothing_is_said_of_curves_that_lack_points(reference):
    axis = severity_axis("gaussian_blur", 10)
    first = made(reference, axis, [40, 30, 22, 20], [1, 0.8, 0.7, 0.6], [0, 0.9, 0.99, 1])
    whole = made(reference, axis, [30.0] * 10, [0.5] * 10, np.linspace(0, 1, 10).tolist())
    assert lines([first])
    assert sentence(lines([first]), [first]) == ""
    assert sentence(lines([whole, first]), [whole, first]) == ""
    assert sentence(lines([whole]), [whole])


def test_what_is_still_to_come_leaves_a_gap_and_marks_keep_their_places(reference):
    axis = severity_axis("gaussian_blur", 10)
    scores = [0, None, 0.5, 0.9, 0.98, 0.99, 1, 1, 1, 1]
    known = [None if score is None else 30.0 for score in scores]
    swept = made(reference, axis, known, [0.5] * 10, [score or 0 for score in scores])
    psnr, ssim, lpips = lines([swept])
    assert lpips.places == (0, 2, 3, 4, 5, 6, 7, 8, 9)
    assert lpips.marks == (Mark("saturates", 4),)
    assert psnr.heights.tolist() == ssim.heights.tolist() == [0] * 9


def test_nothing_measured_has_no_lines_and_no_sentence(reference):
    empty = Sweep(reference, severity_axis("jpeg", 3), (METHOD,), ())
    assert lines([empty]) == ()
    assert sentence((), [empty]) == ""


def test_the_sentence_says_how_soon_each_metric_answers(sweep):
    assert (
        sentence(lines([sweep]), [sweep])
        == "PSNR and SSIM are half-way at severity 0.5, LPIPS at severity 0.75."
    )


def test_the_sentence_follows_the_distortion_as_it_grows_also_where_the_axis_weakens(reference):
    axis = parameter_axis("jpeg", "quality", 5, 85, 5)
    swept = made(reference, axis, [20, 25, 30, 35, 40], [0.5, 0.9, 0.91, 0.92, 0.95], [1, 0.9, 0.2, 0.1, 0])
    said = sentence(lines([swept]), [swept])
    assert said.startswith("PSNR is half-way at quality 45, LPIPS at quality 25, SSIM at quality 5.")


def test_the_sentence_says_from_where_on_another_distortion_is_farther(sweep, reference):
    other = made(
        reference,
        severity_axis("jpeg", 5),
        [math.inf, 38, 28, 20, 18],
        [1, 0.95, 0.9, 0.6, 0.3],
        [0, 0.05, 0.1, 0.4, 0.5],
    )
    both = [sweep, other]
    assert sentence(lines(both), both) == (
        "PSNR finds JPEG farther throughout; SSIM finds Gaussian blur farther up to severity 0.5, then JPEG; "
        "LPIPS finds both equally far."
    )


def test_files_hold_every_number_of_every_sweep(sweep, reference):
    half = made(
        reference, severity_axis("jpeg", 5), [math.inf, 30, None, None, None], [1] * 5, [0, 0.1, 0, 0, 0]
    )
    rows = to_csv([sweep, half]).splitlines()
    assert rows[0].startswith("distortion,severity,sigma,seed,")
    assert "quality" in rows[0]
    assert len(rows) == 1 + 5 + 2
    with np.load(io.BytesIO(to_npz([sweep, half]))) as held:
        np.testing.assert_array_equal(held["score"][0], sweep.scores())
        np.testing.assert_array_equal(held["distances"].sum(axis=2), held["score"])
        assert np.isnan(held["psnr"][1, 2:]).all()
        assert held["x"].shape == (2, 5)
        assert [each["distortion"] for each in json.loads(str(held["sweeps"]))] == ["gaussian_blur", "jpeg"]
    assert to_npz([sweep, half]) == to_npz([sweep, half])
