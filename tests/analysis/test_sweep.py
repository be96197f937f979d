"""Curves over strength: each point is a measurement of its own, and what is marked is there."""

import math

import numpy as np
import pytest

import explorer
from explorer.analysis import sweep as sweep_module
from explorer.analysis.sweep import (
    Mark,
    Sweep,
    marks,
    measured,
    parameter_axis,
    severity_axis,
)
from explorer.distortions import Step
from explorer.errors import ImageError, SettingError
from explorer.metrics import Method

METHODS = (Method(device="cpu"), Method(heads="uniform", device="cpu"))


@pytest.fixture(scope="module")
def reference(photo):
    return photo("cat", (96, 64))


@pytest.fixture(scope="module")
def sweep(reference):
    axis = severity_axis("gaussian_noise", 5, seed=3)
    return Sweep(reference, axis, METHODS, tuple(measured(reference, axis, METHODS)))


def test_each_point_is_what_a_measurement_of_its_picture_says(sweep, reference):
    for place, severity in enumerate((0, 0.25, 0.5, 0.75, 1)):
        pixels = explorer.distort(reference, "gaussian_noise", severity, seed=3)
        np.testing.assert_array_equal(sweep.picture(place).pixels, pixels)
        for number, method in enumerate(METHODS):
            own = explorer.measure(reference.pixels, pixels, heads=method.heads, device="cpu")
            assert sweep.scores(number)[place] == pytest.approx(own.score, abs=1e-9)
            assert sweep.distances(number)[place] == pytest.approx(
                [one.distance for one in own.layers], abs=1e-9
            )
            assert sweep.psnr[place] == own.psnr
            assert sweep.ssim[place] == pytest.approx(own.ssim, abs=1e-12)


def test_layers_sum_to_the_scores_and_severity_0_is_the_reference(sweep):
    np.testing.assert_allclose(sweep.distances().sum(axis=1), sweep.scores(), rtol=0, atol=1e-12)
    assert sweep.scores()[0] == 0
    assert math.isinf(sweep.psnr[0])
    assert sweep.ssim[0] == 1


def test_curves_are_named_as_users_read_them(sweep):
    assert list(sweep.curves()) == ["PSNR", "SSIM", "AlexNet · LPIPS v0.1", "AlexNet · uniform heads"]


def test_a_parameters_axis_goes_from_end_to_end_in_its_unit():
    axis = parameter_axis("gaussian_blur", "sigma", 0.5, 2, 4)
    assert axis.values == (0.5, 1.0, 1.5, 2.0)
    assert (axis.label, axis.text(1)) == ("sigma (% of side)", "σ 1% of side")
    assert severity_axis("gaussian_blur", 3).text(1) == "severity 0.5"
    assert axis.steps[1] == Step("gaussian_blur", {"sigma": 1.0})


def test_whole_numbers_stand_on_the_axis_once():
    axis = parameter_axis("jpeg", "quality", 5, 8, 21)
    assert axis.values == (5, 6, 7, 8)


def test_the_other_parameters_stay_where_they_were_put():
    axis = parameter_axis("jpeg_local_blur", "sigma", 1, 2, 2, seed=4, others={"quality": 30})
    assert [dict(step.values)["quality"] for step in axis.steps] == [30, 30]
    assert {step.seed for step in axis.steps} == {4}
    usual = parameter_axis("jpeg_local_blur", "sigma", 1, 2, 2)
    assert dict(usual.steps[0].values)["quality"] == dict(Step.at("jpeg_local_blur", 0.5).values)["quality"]


def test_a_parameters_axis_goes_from_weak_to_strong_and_otherwise_as_it_is_asked_for():
    usual = parameter_axis("jpeg", "quality", count=3)
    assert (usual.values, usual.weakens) == ((95, 49, 3), False)
    turned = parameter_axis("jpeg", "quality", 3, 95, 3)
    assert (turned.values, turned.weakens) == ((3, 49, 95), True)
    assert parameter_axis("gaussian_blur", "sigma", 2, 1, 3).weakens


def test_a_curve_is_marked_as_the_distortion_grows_whichever_way_it_is_drawn(reference):
    there = parameter_axis("gaussian_noise", "sigma", 0, 250, 11)
    back = parameter_axis("gaussian_noise", "sigma", 250, 0, 11)
    found = [Sweep(reference, axis, (), tuple(measured(reference, axis, ()))) for axis in (there, back)]
    marked = [
        {
            (name, mark.kind, sweep.axis.values[mark.place])
            for name, own in sweep.marks().items()
            for mark in own
        }
        for sweep in found
    ]
    assert marked[0] == marked[1]
    assert marked[0]


def test_a_table_says_how_each_picture_was_made(sweep):
    head, *rows = sweep.table()
    assert head[:7] == ["distortion", "severity", "sigma", "seed", "size.width", "size.height", "psnr"]
    assert rows[0][:7] == ["gaussian_noise", "0.0", "", "3", "96", "64", "inf"]
    step = Step("gaussian_noise", {"sigma": float(rows[2][2])}, int(rows[2][3]))
    np.testing.assert_array_equal(step.apply(sweep.reference.pixels), sweep.picture(2).pixels)


@pytest.mark.parametrize(
    ("curve", "found"),
    [
        ([0, 1, 2, 3, 4, 5, 6, 7, 8], ()),
        ([0, 4, 7, 8.9, 9, 9, 9, 9, 9], (Mark("saturates", 3),)),
        ([math.inf, 40, 30, 25, 24.9, 24.8, 24.8, 24.8, 24.8], (Mark("saturates", 3),)),
        ([0, 1, 2, 3, 4, 3, 2, 1, 1], (Mark("turns", 4),)),
        ([5, 5, 5, 5], ()),
        ([math.nan, math.nan, 1], ()),
    ],
)
def test_a_curve_is_marked_where_it_turns_or_saturates(curve, found):
    assert marks(np.array(curve, float)) == found


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: severity_axis("fog"), "no distortion 'fog'"),
        (lambda: severity_axis("jpeg", 1), "whole number from 2 to 201"),
        (lambda: severity_axis("jpeg", 10_000), "whole number from 2 to 201"),
        (lambda: severity_axis("jpeg", 2.5), "whole number from 2 to 201"),
        (lambda: parameter_axis("jpeg", "sigma"), "no parameter 'sigma'; it takes quality"),
        (lambda: parameter_axis("jpeg", "quality", 5, 5), "only one quality"),
        (lambda: parameter_axis("gaussian_blur", "sigma", math.nan, 2), "choose a number"),
        (lambda: parameter_axis("gaussian_blur", "sigma", 1, 2000), "0 to 20% of side"),
        (lambda: parameter_axis("jpeg", "quality", others={"sigma": 1}), "no parameter 'sigma'"),
    ],
)
def test_an_axis_that_cannot_be_is_refused_in_words(make, words):
    with pytest.raises(SettingError, match=words):
        make()


def test_psnr_does_not_saturate_for_having_begun_where_nothing_is_seen(photo):
    axis = severity_axis("gaussian_blur", 21)
    reference = photo("cat", (160, 120))
    found = Sweep(reference, axis, (), tuple(measured(reference, axis, ())))
    assert found.psnr[np.isfinite(found.psnr)].max() > 50
    assert found.marks()["PSNR"] == ()


def test_a_sweep_is_one_line_at_a_prompt(sweep):
    assert repr(sweep).startswith("<Sweep of gaussian_noise by severity, 5 points: PSNR, SSIM, AlexNet ·")


@pytest.mark.parametrize("where", ["distorted", "psnr_and_ssim_of"])
def test_pictures_that_do_not_fit_in_memory_are_said_in_words(monkeypatch, reference, where):
    def failing(*_arguments, **_options):
        raise MemoryError

    monkeypatch.setattr(sweep_module, where, failing)
    with pytest.raises(ImageError, match="too large for this machine's memory"):
        list(measured(reference, severity_axis("jpeg", 3), ()))
