import base64
import io

import numpy as np
import plotly.colors
import pytest
from PIL import Image
from skimage import data

from explorer.errors import SettingError
from explorer.render import (
    DIVERGING,
    NO_DATA,
    OVERLAY_GREY,
    SEQUENTIAL,
    colourise,
    colourise_overlay,
    colours,
    overlaid,
    overlay_bar,
    plane,
    png,
)

random = np.random.default_rng(0)


def decoded(packed):
    """Read a plane back as the browser does, with Pillow in createImageBitmap's place."""
    raw = base64.b64decode(packed["data"])
    if packed["kind"] == "float32":
        return np.frombuffer(raw, "<f4").reshape(packed["rows"], packed["columns"])
    step = (packed["maximum"] - packed["minimum"]) / packed["steps"]
    if packed["kind"] == "uint16":
        steps = np.frombuffer(raw, "<u2").reshape(packed["rows"], packed["columns"])
        return np.where(steps > packed["steps"], np.nan, packed["minimum"] + step * steps)
    red, green, blue = np.moveaxis(np.asarray(Image.open(io.BytesIO(raw)), float), 2, 0)
    return np.where(blue == 255, np.nan, packed["minimum"] + step * (256 * red + green))


@pytest.mark.parametrize("pixels", [data.chelsea(), data.chelsea()[::3, ::-2], np.zeros((1, 1, 3), np.uint8)])
def test_png_keeps_every_pixel(pixels):
    np.testing.assert_array_equal(np.asarray(Image.open(io.BytesIO(png(pixels)))), pixels)


@pytest.mark.parametrize(
    "pixels", [np.zeros((4, 4)), np.zeros((4, 4), np.uint8), np.zeros((4, 4, 4), np.uint8)]
)
def test_png_refuses_what_is_no_rgb_picture(pixels):
    with pytest.raises(ValueError, match="uint8 of shape"):
        png(pixels)


@pytest.mark.parametrize("shape", [(1, 1), (23, 23), (128, 128)])
def test_small_planes_travel_bit_for_bit(shape):
    values = random.normal(size=shape).astype(np.float32)
    values.flat[0] = np.nan
    np.testing.assert_array_equal(decoded(plane(values)), values)


@pytest.mark.parametrize("shape", [(129, 20), (200, 301), (40, 513)])
@pytest.mark.parametrize("scale", [1e-6, 1, 65025])
def test_large_planes_travel_within_half_a_step(shape, scale):
    values = scale * random.random(shape)
    packed = plane(values)
    half_a_step = (values.max() - values.min()) / packed["steps"] / 2
    np.testing.assert_allclose(decoded(packed), values, rtol=0, atol=half_a_step * (1 + 1e-9))


@pytest.mark.parametrize("side", [150, 520])
def test_large_planes_keep_their_extremes_and_their_holes(side):
    values = random.normal(size=(side, side))
    values[:5] = np.nan
    result = decoded(plane(values))
    np.testing.assert_array_equal(np.isnan(result), np.isnan(values))
    assert np.nanmin(result) == np.nanmin(values)
    assert np.nanmax(result) == pytest.approx(np.nanmax(values), rel=1e-12)


@pytest.mark.parametrize("value", [0.0, 3.5, np.nan])
@pytest.mark.parametrize("side", [8, 200, 520])
def test_constant_planes_survive(side, value):
    values = np.full((side, side), value)
    np.testing.assert_array_equal(decoded(plane(values)), values)


@pytest.mark.parametrize(
    "values", [np.array([[np.inf]]), np.full((200, 200), -np.inf), np.zeros(3), np.zeros((0, 4))]
)
def test_planes_refuse_what_cannot_be_drawn(values):
    with pytest.raises(ValueError, match="plane"):
        plane(values)


@pytest.mark.parametrize(
    ("name", "anchors"),
    [
        ("magma", plotly.colors.sequential.Magma),
        ("cividis", plotly.colors.sequential.Cividis),
        ("PuOr", plotly.colors.diverging.PuOr),
    ],
)
def test_scales_are_those_of_plotly(name, anchors):
    sampled = plotly.colors.sample_colorscale(anchors, list(np.linspace(0, 1, 256)))
    expected = [plotly.colors.unlabel_rgb(colour) for colour in sampled]
    np.testing.assert_allclose(colours(name), expected, atol=1)


@pytest.mark.parametrize("name", ["magma", "cividis"])
def test_sequential_scales_grow_lighter_all_the_way(name):
    lightness = colours(name) @ [0.2126, 0.7152, 0.0722]
    assert (np.diff(lightness) > -0.5).all()
    assert lightness[-1] - lightness[0] > 150


def test_a_scale_handed_out_cannot_be_painted_over():
    with pytest.raises(ValueError, match="read-only"):
        colours("magma")[0] = 255


def test_an_unknown_scale_is_refused_with_the_known_ones():
    with pytest.raises(SettingError, match=r"jet.*magma, cividis, PuOr"):
        colours("jet")


def test_colourise_runs_from_zero_to_the_end_and_clips_beyond():
    table = colours("magma")
    pixels = colourise(np.array([[-1.0, 0.0, 1.0, 2.0, 9.0]]), "magma", 2)
    np.testing.assert_array_equal(pixels[0], table[[0, 0, 128, 255, 255]])


def test_colourise_puts_zero_in_the_middle_of_a_diverging_scale():
    minus, zero, plus = colourise(np.array([[-3.0, 0.0, 3.0]]), "PuOr", 3)[0].astype(int)
    np.testing.assert_array_equal(minus, colours("PuOr")[0])
    np.testing.assert_array_equal(plus, colours("PuOr")[255])
    assert np.ptp(zero) <= 3  # neutral


def test_colourise_marks_missing_values_with_a_colour_of_no_scale():
    assert tuple(colourise(np.array([[np.nan]]), "magma", 1)[0, 0]) == NO_DATA
    for name in ("magma", "cividis", "PuOr"):
        assert not (colours(name) == NO_DATA).all(axis=1).any()


@pytest.mark.parametrize("maximum", [0, -1, np.nan, np.inf])
def test_colourise_refuses_a_scale_without_extent(maximum):
    with pytest.raises(SettingError, match="above 0"):
        colourise(np.zeros((2, 2)), "magma", maximum)


@pytest.mark.parametrize("name", ["magma", "cividis", "PuOr"])
def test_plotlys_own_scale_of_that_name_stays_as_it_is(name):
    scale = (SEQUENTIAL | DIVERGING)[name]
    before = list(scale)
    colours.cache_clear()
    colours(name)
    assert scale == before
    assert all(isinstance(colour, str) for colour in scale)


@pytest.mark.parametrize("name", ["magma", "cividis"])
def test_an_overlay_keeps_the_scales_own_colours_and_lets_the_photograph_through_where_there_is_little(name):
    table = overlaid(name, 0.5).astype(int)
    np.testing.assert_array_equal(table[:, :3], colours(name))
    assert table[0, 3] == 128
    assert table[-1, 3] == 255
    assert (np.diff(table[:, 3]) >= 0).all()
    assert (overlaid(name, 1.0)[:, 3] == 255).all()


def test_an_overlay_around_zero_is_opaque_at_both_ends():
    opacity = overlaid("PuOr", 0.5)[:, 3].astype(int)
    np.testing.assert_array_equal(opacity, opacity[::-1])
    assert opacity[0] == 255
    assert abs(opacity[127] - 128) <= 1


@pytest.mark.parametrize("name", ["magma", "cividis"])
@pytest.mark.parametrize("grey", [0, 60, 200, 255])
def test_an_overlays_colours_are_those_of_its_bar_and_the_more_so_the_larger_the_value(name, grey):
    values = np.linspace(0, 1, 256)[None]
    drawn = Image.new("RGBA", (256, 1), (grey, grey, grey, 255))
    drawn.alpha_composite(Image.fromarray(colourise_overlay(values, name, 1, 0.5)))
    off = np.abs(np.asarray(drawn)[0, :, :3].astype(int) - overlay_bar(name, 0.5)).max(axis=1)
    allowed = 0.5 * (1 - values[0]) * abs(grey - OVERLAY_GREY)
    assert (off <= allowed + 2).all()
    assert off[-1] <= 1
    np.testing.assert_array_equal(overlay_bar(name, 1.0), colours(name))


@pytest.mark.parametrize("grey", [0, 60, 128, 200, 255])
def test_no_photograph_turns_magma_green(grey):
    values = np.linspace(0, 1, 256)[None]
    drawn = Image.new("RGBA", (256, 1), (grey, grey, grey, 255))
    drawn.alpha_composite(Image.fromarray(colourise_overlay(values, "magma", 1, 0.5)))
    red, green, blue = np.asarray(drawn)[0, :, :3].astype(int).T
    assert (green <= np.maximum(red, blue) + 2).all()


def test_an_overlay_has_no_colour_where_there_is_no_data():
    assert tuple(colourise_overlay(np.array([[np.nan]]), "magma", 1, 0.5)[0, 0]) == (0, 0, 0, 0)
