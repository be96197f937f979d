"""A figure of a pair measured in several ways: maps over their own scores on one scale, and every number."""

from xml.etree import ElementTree

import numpy as np
import pytest

from explorer.analysis.comparison import column, scaled, sentence_of
from explorer.analysis.inspection import scale_end
from explorer.analysis.region import Box
from explorer.errors import SettingError
from explorer.metrics import Method
from explorer.render import colourise
from explorer.report import FORMATS, Choice, citation, figure_of_columns, parts_of_columns
from explorer.report.panels import share_panels

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def several(investigate):
    """Two heads of one network, and a metric without maps."""
    ways = ({}, {"heads": "uniform"}, {"backbone": "dists", "weights": "random"})
    return [investigate(boxes=(), **way) for way in ways]


def lines(found, choice=None):
    root = ElementTree.fromstring(figure_of_columns(found, "svg", choice))
    return [element.text for element in root.findall(f"{SVG}text")]


def test_every_score_stands_with_its_method_its_shares_and_its_line_to_cite(several):
    said = lines(several)
    whole = " ".join(said)
    for each in several:
        measurement = each.measurement
        assert f"{measurement.score:.4f}" in said
        assert measurement.name.label in whole
        assert citation(each) in whole
    assert sentence_of([(each.measurement.name.label, each.measurement) for each in several]) in whole
    assert f"PSNR {several[0].measurement.psnr:.2f} dB" in whole
    assert "not comparable" in whole


def test_maps_are_those_of_the_page_each_over_its_own_score_on_one_scale(several):
    panels = share_panels(several, is_over=False)
    assert [panel.title for panel in panels] == [each.measurement.name.label for each in several[:2]]
    shares = []
    for each, heads in zip(several, ("lpips-0.1", "uniform"), strict=False):
        shown = column(Method("alexnet", heads), each.comparison, (150, 120))
        shares.append(scaled(shown, "share"))
    end = scale_end(*shares)
    assert panels[0].scale.end == pytest.approx(end, rel=1e-6)
    assert panels[1].scale is None  # the first one's bar is of both
    for panel, values in zip(panels, shares, strict=True):
        drawn = np.asarray(panel.draw((150, 120))).astype(int)
        assert np.abs(drawn - colourise(values, "magma", end)).max() <= 6  # a step of the colour scale


def test_choice_crop_and_format_are_those_of_the_other_figure(several):
    assert parts_of_columns(several) == (
        "numbers",
        "reference",
        "distorted",
        "overlay",
        "squared_error",
        "one_minus_ssim",
        "shares",
        "combined",
        "citation",
    )
    said = lines(several, Choice(("reference", "one_minus_ssim"), Box(0, 0, 50, 40)))
    assert {"Reference", "1 − SSIM"} <= set(said)
    assert "Distorted" not in said
    assert any("x 0, y 0, 50 × 40" in line for line in said)
    for ending in FORMATS:
        data = figure_of_columns(several, ending, Choice(("numbers",)))
        assert data == figure_of_columns(several, ending, Choice(("numbers",)))


def test_what_only_one_measurement_has_is_refused(several):
    with pytest.raises(SettingError, match=r"“layers”.*choose among numbers"):
        figure_of_columns(several, choice=Choice(("layers",)))
    with pytest.raises(SettingError, match="png, svg, pdf"):
        figure_of_columns(several, "gif")


def test_identical_pictures_have_no_map_and_a_sentence(investigate):
    same = [investigate(identical=True, boxes=(), heads=heads) for heads in ("lpips-0.1", "uniform")]
    assert share_panels(same, is_over=True) == ()
    assert any("see no difference" in line for line in lines(same))
