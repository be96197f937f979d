"""What a figure shows is what was chosen: its parts, and the part of the pictures."""

from xml.etree import ElementTree

import numpy as np
import pytest

from explorer.analysis.region import Box
from explorer.errors import SettingError
from explorer.report import FIRST, PARTS, Choice, figure, parts_of
from explorer.report.canvas import draw_marks
from explorer.report.panels import Mark, layer_panels, main_panels, pixel_panels
from explorer.report.sheets.png import PngSheet

SVG = "{http://www.w3.org/2000/svg}"
# A line that a part has and no other.
OWN_LINES = {
    "numbers": "PSNR",
    "reference": "Reference",
    "distorted": "Distorted",
    "overlay": "LPIPS, all layers",
    "causal": "Causal map",
    "squared_error": "Squared error",
    "one_minus_ssim": "1 − SSIM",
    "shares": "conv1  ",
    "layers": "conv1",
    "words": "Hot spots: ",
    "citation": "LPIPS (Zhang et al., CVPR 2018)",
}


def lines(found, *parts, crop=None):
    root = ElementTree.fromstring(figure(found, "svg", Choice(parts or None, crop)))
    return [element.text for element in root.findall(f"{SVG}text")]


@pytest.mark.parametrize("chosen", [tuple(OWN_LINES)[::2], tuple(OWN_LINES)[1::2]], ids=", ".join)
def test_a_part_is_there_where_it_was_chosen_and_no_other(found, chosen):
    said = lines(found, *chosen)
    for part, own in OWN_LINES.items():
        is_there = any(line == own or (own[-1] in " )" and line.startswith(own)) for line in said)
        assert is_there == (part in chosen), part


def test_the_map_of_all_layers_stands_behind_theirs_or_alone(found):
    assert lines(found, "layers", "combined").count("all layers") == 1
    alone = lines(found, "combined")
    assert "LPIPS, all layers" in alone
    assert "all layers" not in alone


def test_first_there_is_all_but_the_maps_of_other_measures(found):
    assert set(parts_of(found)) == set(PARTS) == set(OWN_LINES) | {"combined", "marks"}
    assert Choice().of(found) == Choice(FIRST)
    assert Choice(crop=Box(0, 0, 150, 120)).of(found) == Choice(FIRST)  # all of the pictures is no crop


def test_the_method_and_its_size_stand_below_numbers_without_a_heading(investigate):
    found = investigate(longest=64, boxes=())
    assert lines(found, "overlay")[-1] == "AlexNet · LPIPS v0.1 · at 64 × 51"


@pytest.mark.parametrize(
    ("options", "lacking"),
    [
        ({"boxes": ()}, {"causal"}),
        ({"identical": True, "boxes": ()}, {"causal", "marks", "words", "shares"}),
        (
            {"backbone": "dists", "weights": "random", "boxes": ()},
            {"causal", "marks", "words", "overlay", "layers", "combined"},
        ),
    ],
)
def test_parts_that_a_metric_or_a_pair_lacks_are_not_offered_and_refused(investigate, options, lacking):
    found = investigate((64, 64), **options)
    there = parts_of(found)
    assert set(PARTS) - set(there) == lacking
    assert figure(found, choice=Choice(there))
    for name in lacking:
        with pytest.raises(SettingError, match=f"“{name}”.*choose among numbers, reference"):
            figure(found, choice=Choice((name, "numbers")))


@pytest.mark.parametrize(
    ("choice", "setting", "words"),
    [
        (Choice(()), "parts", "of nothing"),
        (Choice(("marks",)), "parts", "beside marks"),
        (Choice(("reference", "tail")), "parts", "no part “tail”"),
        (Choice(crop=Box(0, 0, 0, 9)), "crop", "150 × 120"),
        (Choice(crop=Box(-1, 0, 9, 9)), "crop", "-1,0,9,9"),
        (Choice(crop=Box(100, 0, 51, 9)), "crop", "within its 150"),
        (Choice(crop=Box(500, 500, 9, 9)), "crop", "150 × 120"),
    ],
)
def test_what_cannot_be_drawn_is_refused_in_words(found, choice, setting, words):
    with pytest.raises(SettingError, match=words) as error:
        figure(found, choice=choice)
    assert error.value.setting == setting


def test_a_crop_is_named_and_leaves_the_numbers_as_they_were(found):
    parts = ("numbers", "overlay", "marks", "shares", "words", "citation")
    whole, part = lines(found, *parts), lines(found, *parts, crop=Box(20, 10, 60, 40))
    named = (
        "The pictures show x 20, y 10, 60 × 40, of 150 × 120 pixels; numbers, scales and sentences are of "
    )
    assert any(line.startswith(named) for line in part)
    on_pictures = {str(i) for i, _ in enumerate(found.spots, start=1)}
    assert set(whole) - on_pictures <= set(part)


@pytest.mark.parametrize("crop", [Box(30, 20, 60, 40), Box(0, 0, 150, 120), Box(149, 119, 1, 1)], ids=str)
def test_a_crop_shows_what_the_whole_shows_there(found, crop):
    across, down = 8, 8  # of the drawn picture for one of the image
    panels = [*main_panels(found)[:2], *layer_panels(found), *pixel_panels(found).values()]
    for panel in panels:
        whole = np.asarray(panel.draw((150 * across, 120 * down)))
        part = np.asarray(panel.draw((crop.width * across, crop.height * down), crop))
        there = whole[crop.y * down : crop.bottom * down, crop.x * across : crop.right * across]
        assert (part != there).any(axis=2).mean() < 0.02, panel.title  # a cell's edge may round the other way


def test_marks_lie_on_a_crop_where_they_lie_on_the_whole():
    mark = Mark("A", 0.2, 0.25, 0.4, 0.5).within(Box(20, 0, 60, 40), (100, 80))
    assert (mark.left, mark.top, mark.width, mark.height) == pytest.approx((0, 0.5, 2 / 3, 1))
    assert Mark("1", 0.9, 0.9).is_seen
    assert not Mark("1", 0.9, 0.9).within(Box(0, 0, 50, 50), (100, 100)).is_seen


@pytest.mark.parametrize(
    ("mark", "edges"),
    [
        (Mark("A", 0.25, 0.25, 0.5, 0.5), {"left", "top", "right", "bottom"}),
        (Mark("A", -0.5, 0.25, 1.25, 2.0), {"top", "right"}),
        (Mark("A", -0.5, -0.5, 2.0, 2.0), set()),
        (Mark("A", 1.5, 0.5, 0.5, 0.5), set()),
    ],
)
def test_of_a_box_only_the_edges_on_the_picture_are_drawn(mark, edges):
    sheet = PngSheet(600, 600)
    draw_marks(sheet, (100, 100, 400, 400), (mark,))
    pixels = np.asarray(sheet.image).astype(int)
    dark = (pixels == 0).all(axis=2)
    rows, columns = np.flatnonzero(dark.sum(axis=1) > 120), np.flatnonzero(dark.sum(axis=0) > 120)
    middle = 300
    found = {"top" for row in rows if row < middle} | {"bottom" for row in rows if row > middle}
    found |= {"left" for column in columns if column < middle}
    found |= {"right" for column in columns if column > middle}
    assert found == edges
    assert (pixels[:90] == 255).all()
    assert (pixels[510:] == 255).all()
