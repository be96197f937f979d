"""A measurement at a prompt and in a notebook."""

import re
from dataclasses import replace

import pytest

import explorer
from explorer.analysis.wording import COMPARABLE
from explorer.metrics import Measurement
from explorer.notes import Note


@pytest.fixture(scope="module")
def measurement(photo):
    reference = photo("cat", (96, 64))
    distorted = explorer.distort(reference.pixels, "jpeg", 0.6)
    return explorer.measure(reference, distorted, device="cpu")


def test_a_measurement_is_one_line_at_a_prompt(measurement):
    numbers = f"{measurement.score:.4f}; PSNR {measurement.psnr:.2f} dB, SSIM {measurement.ssim:.4f}"
    assert repr(measurement) == f"<Measurement AlexNet · LPIPS v0.1: {numbers}, 96 × 64 pixels>"
    assert "\n" not in repr(measurement.layers[0])
    assert "array" not in repr(measurement.layers[0])


def test_a_notebook_shows_the_ledger_with_a_map_a_layer_and_their_sum(measurement):
    shown = measurement._repr_html_()
    for layer in measurement.layers:
        assert f">{layer.name}</th>" in shown
        assert f"{layer.distance:.6f}" in shown
    assert f"{measurement.score:.6f}" in shown
    assert "AlexNet · LPIPS v0.1" in shown
    assert COMPARABLE in shown
    assert shown.count("data:image/png;base64,") == len(measurement.layers) + 1
    assert set(re.findall(r'width="(\d+)" height="(\d+)"', shown)) == {("64", "43")}


def test_identical_pictures_and_a_metric_without_maps_are_shown_as_well(photo):
    picture = photo("cat", (64, 64))
    same = explorer.measure(picture, picture, device="cpu")._repr_html_()
    assert same.count("<img") == 6
    without = explorer.measure(picture, picture, "dists", weights="random", device="cpu")._repr_html_()
    assert "<img" not in without
    assert "texture" in without


def test_notes_are_text_and_no_markup(measurement):

    noted = replace(measurement, notes=(Note("resized", "<script>alert(1)</script>", "reference"),))
    assert "<script>" not in noted._repr_html_()


def test_where_nobody_draws_a_notebook_shows_the_one_line(measurement, monkeypatch):
    monkeypatch.setattr(Measurement, "as_html", None)
    assert measurement._repr_html_() is None
