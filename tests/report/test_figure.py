"""The figure is a picture that is sharp at any shape of image, on light ground, with maps in native cells."""

import io

import numpy as np
import pytest
from PIL import Image

from explorer.analysis.inspection import combined_of, inspect
from explorer.analysis.region import Box
from explorer.limits import MOST_BOXES
from explorer.render import colourise, overlay_bar
from explorer.report import figure
from explorer.report.canvas import colour_bar
from explorer.report.layout import INNER, MARGIN, WIDTH, columns_for
from explorer.report.panels import layer_panels, layers_scale, main_panels
from explorer.report.sheets import Type, wrap
from explorer.report.sheets.png import PngSheet
from tests.grid import few

NOT_DEFINED = "\U0010fff0"  # a character that no font has


def opened(data):
    image = Image.open(io.BytesIO(data))
    image.load()
    assert image.format == "PNG"
    assert image.mode == "RGB"
    return image


@pytest.mark.parametrize(
    ("size", "boxes"),
    few(
        [
            ((31, 31), ()),
            ((1200, 40), (Box(5, 5, 20, 25),)),
            ((150, 120), tuple(Box(i, i, 20, 20) for i in range(MOST_BOXES))),
            ((40, 1200), (Box(0, 1100, 40, 100),)),
            ((1300, 900), (Box(0, 0, 1300, 900),)),
        ],
        3,
        tuples=True,
    ),
)
def test_figure_is_wide_and_light_and_keeps_its_margins_for_images_of_any_shape(investigate, size, boxes):
    found = investigate(size, boxes=boxes)
    pixels = np.asarray(opened(figure(found)))
    height, width = pixels.shape[:2]
    assert width == WIDTH
    assert 1200 < height < 6000
    for edge in (pixels[:40], pixels[-40:], pixels[:, : MARGIN - 6], pixels[:, MARGIN + INNER + 6 :]):
        assert (edge == 255).all()


def test_equal_findings_give_equal_bytes(found):
    assert figure(found) == figure(found)


@pytest.mark.parametrize(
    "options",
    few(
        [
            {"identical": True, "boxes": ()},
            {"backbone": "dists", "weights": "random", "restored": [0.5] * 4},
            {"name": "x" * 500 + "漢字é.png", "restored": [1.2] * 4},
            {"boxes": ()},
            {"identical": True},
            {"backbone": "vit_b_16", "weights": "random"},
        ],
        3,
    ),
    ids=str,
)
def test_what_a_metric_or_a_pair_lacks_is_left_out(investigate, options):
    assert opened(figure(investigate(**options))).width == WIDTH


def test_maps_are_coloured_on_the_scales_of_the_app_in_native_cells(found):
    names = [layer.name for layer in found.measurement.layers]
    shown = inspect(found.comparison, found.measurement.heads, names)
    end = layers_scale(found).end
    assert end == shown.shared_maximum
    for panel, layer in zip(layer_panels(found), found.measurement.layers, strict=False):
        rows, columns = layer.grid
        drawn = np.asarray(panel.draw((8 * columns, 8 * rows)))
        expected = colourise(layer.map, "magma", end).repeat(8, axis=0).repeat(8, axis=1)
        np.testing.assert_array_equal(drawn, expected)
    (scale,) = (panel.scale for panel in main_panels(found) if panel.title == "LPIPS, all layers")
    together = layer_panels(found)[-1]
    assert scale.end == together.scale.end == shown.combined_maximum
    pure = np.asarray(together.draw((150, 120)))
    expected = colourise(combined_of(found.measurement), "magma", scale.end)
    np.testing.assert_array_equal(pure, expected)


def test_an_overlay_in_a_file_is_drawn_as_its_colour_bar_is(found):
    panel = main_panels(found)[2]
    drawn = np.asarray(panel.draw((150, 120))).astype(int)
    values = np.clip(combined_of(found.measurement) / panel.scale.end, 0, 1)
    bar = overlay_bar("magma", panel.scale.overlay)[np.floor(values * 255 + 0.5).astype(int)].astype(int)
    through = 128 * (1 - panel.scale.overlay) * (1 - values)  # what of the photograph shows at most
    assert (np.abs(drawn - bar).max(axis=2) <= through + 3).all()
    assert panel.scale.overlay < 1
    sheet = PngSheet(800, 200)
    colour_bar(panel.scale, 0, 256, 20).paint(sheet, 0)
    np.testing.assert_array_equal(np.asarray(sheet.image)[5, :256], overlay_bar("magma", panel.scale.overlay))


def test_causal_map_has_its_own_scale_and_says_how_many_tiles_are_below_zero(found):
    panel = main_panels(found)[-1]
    assert panel.title == "Causal map"
    assert panel.scale.end == found.causal.end  # of the app's gallery, too
    assert "1 of 16 below 0" in panel.detail
    assert "scale of its own" in panel.scale.name


def test_tiles_that_were_not_measured_leave_the_photograph_bare(investigate):
    found = investigate(restored=[0.5] * 4)
    found.causal.removed[1, 1] = np.nan
    panel = main_panels(found)[-1]
    assert "3 of 4 measured" in panel.detail
    bare = np.asarray(panel.draw((150, 120)))[61:, 76:]
    assert (bare == bare[..., :1]).all()  # grey


def test_boxes_lie_on_the_distorted_image_and_spots_on_the_map(found):
    reference, distorted, combined, _ = main_panels(found)
    assert not reference.marks
    assert [mark.text for mark in distorted.marks] == ["A", "B"]
    first = distorted.marks[0]
    assert (first.left * 150, first.top * 120, first.width * 150, first.height * 120) == pytest.approx(
        (20, 10, 60, 80)
    )
    assert [mark.text for mark in combined.marks] == [str(i + 1) for i in range(len(found.spots))]


def test_what_a_backbone_left_out_is_left_out_of_its_maps(investigate):
    found = investigate((40, 40), boxes=(), backbone="vit_b_16", weights="random")  # measures 32 × 32
    panel = layer_panels(found)[0]
    drawn = np.asarray(panel.draw((400, 400)))
    assert (drawn[321:] == 128).all()
    assert (drawn[:, 321:] == 128).all()
    assert not (drawn[:320, :320] == 128).all(axis=2).any()
    assert (np.asarray(panel.draw((80, 80), Box(32, 0, 8, 8))) == 128).all()
    half = np.asarray(panel.draw((80, 80), Box(24, 0, 16, 16)))
    assert (half[:, 40:] == 128).all()
    assert not (half[:, :40] == 128).all(axis=2).any()


def test_type_has_every_sign_that_is_written():
    for bold in (False, True):
        type_ = Type(40, bold).font
        missing = bytes(type_.getmask(NOT_DEFINED))
        for sign in "×·−²∞–…“”’éüßЯλ0123456789%":
            assert bytes(type_.getmask(sign)) != missing, sign


def test_lines_are_never_wider_than_asked_and_lose_nothing():
    type_ = Type(30)
    text = "A short one, then " + "unbroken" * 40 + " and the end."
    lines = wrap(text, type_, 300)
    assert all(type_.width(line) <= 300 for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")


@pytest.mark.parametrize(
    ("count", "aspect", "expected"), [(4, 1, 4), (4, 4, 2), (3, 20, 1), (8, 1, 8), (12, 1, 6), (1, 1, 1)]
)
def test_pictures_stand_beside_each_other_as_long_as_they_stay_large(count, aspect, expected):
    assert columns_for(count, aspect, 8, 200) == expected
