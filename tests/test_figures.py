import json
import math
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from plotly.colors import hex_to_rgb, unlabel_rgb
from skimage.color import rgb2lab

from explorer.analysis.agreement import agreement
from explorer.analysis.ladder import RUNGS, Standing
from explorer.analysis.place import place
from explorer.analysis.steps import step_ledger
from explorer.distortions import Recipe
from explorer.figures import (
    agreement_cells,
    channel_curve,
    ladder_chart,
    ladder_text,
    layer_colours,
    share_bar_text,
    share_segments,
    step_chart,
    step_chart_text,
)
from explorer.metrics import LayerMeasurement, Method
from explorer.render import colours

ZERO = np.zeros((2, 2), np.float32)
CONES = {
    "all": np.eye(3).tolist(),
    "no red cones": [[0.1523, 1.0526, -0.2049], [0.1145, 0.7863, 0.0992], [-0.0039, -0.0481, 1.0520]],
    "no green cones": [[0.3673, 0.8606, -0.2280], [0.2801, 0.6725, 0.0474], [-0.0118, 0.0429, 0.9689]],
    "no blue cones": [[1.2555, -0.0767, -0.1788], [-0.0784, 0.9308, 0.1476], [0.0047, 0.6914, 0.3039]],
}


def layers(*shares: float) -> list[LayerMeasurement]:
    return [LayerMeasurement(f"conv{i + 1}", 8, (2, 2), share, share, ZERO) for i, share in enumerate(shares)]


def draw(shown: list[LayerMeasurement]):
    return share_segments(shown, layer_colours([layer.name for layer in shown]))


def test_segments_are_the_shares_in_order_and_add_to_one():
    segments = draw(layers(0.1, 0.2, 0.7))
    assert [segment.share for segment in segments] == [0.1, 0.2, 0.7]
    assert [segment.name for segment in segments] == ["conv1", "conv2", "conv3"]


def test_every_segment_carries_its_value_however_narrow_it_is():
    segments = draw(layers(0.01, 0.05, 0.94))
    assert [segment.percent for segment in segments] == ["1%", "5%", "94%"]
    assert segments[1].words == "conv2: 0.0500 · 5.0%"


def test_undefined_shares_draw_no_segment_and_say_so():
    assert draw(layers(math.nan, math.nan)) == ()
    assert "nan" not in share_bar_text(layers(math.nan)).lower()


NETWORKS = range(6)


def palette(count: int, network: int = 0) -> np.ndarray:
    """The colours of so many layers, (count, 3) in 0..1."""
    colours = layer_colours([f"conv{i}" for i in range(count)], network).values()
    return np.array([unlabel_rgb(colour) for colour in colours]) / 255


def linear(colours: np.ndarray) -> np.ndarray:
    return np.where(colours <= 0.04045, colours / 12.92, ((colours + 0.055) / 1.055) ** 2.4)


def seen_by(kind: str, colours: np.ndarray) -> np.ndarray:
    """Colours as who lacks a cone sees them (Machado et al. 2009, severity 1)."""
    seen = np.clip(linear(colours) @ np.array(CONES[kind]).T, 0, 1)
    return np.where(seen <= 0.0031308, 12.92 * seen, 1.055 * seen ** (1 / 2.4) - 0.055)


@pytest.mark.parametrize("count", [1, 2, 5, 7, 12])
def test_colours_deepen_with_the_layers(count):
    lightness = rgb2lab(palette(count))[:, 0]
    assert len(lightness) == count
    assert (np.diff(lightness) < -4).all()


@pytest.mark.parametrize("kind", ["all", "no red cones", "no green cones", "no blue cones"])
def test_neighbours_are_told_apart_by_everybody(kind):
    for network in NETWORKS:
        seen = rgb2lab(seen_by(kind, palette(12, network)))
        assert np.linalg.norm(np.diff(seen, axis=0), axis=1).min() > 4


def test_no_two_networks_beside_each_other_have_a_layer_of_one_colour():
    every = rgb2lab(np.concatenate([palette(12, network) for network in NETWORKS]))
    distances = np.linalg.norm(every[:, None] - every[None], axis=2)
    assert distances[~np.eye(len(every), dtype=bool)].min() > 3


@pytest.mark.parametrize("scale", ["magma", "cividis", "PuOr"])
def test_no_layer_has_a_colour_of_a_maps_scale(scale):
    maps = rgb2lab(colours(scale) / 255)
    for network in NETWORKS:
        own = rgb2lab(palette(12, network))
        assert np.linalg.norm(own[:, None] - maps[None], axis=2).min() > 10


def contrast(colour: str, ink: str) -> float:
    """WCAG 2.2's ratio of two colours, "rgb(r, g, b)" and "#rrggbb"."""
    pair = np.array([unlabel_rgb(colour), hex_to_rgb(ink)]) / 255
    dark, light = np.sort(linear(pair) @ [0.2126, 0.7152, 0.0722])
    return (light + 0.05) / (dark + 0.05)


def test_text_on_every_segment_is_readable():
    for network in NETWORKS:
        shown = layers(*[1 / 12] * 12)
        colours = layer_colours([layer.name for layer in shown], network)
        assert min(contrast(segment.colour, segment.ink) for segment in share_segments(shown, colours)) >= 4.5


def test_every_cell_of_the_agreement_is_readable_and_its_colour_is_its_value():
    values = np.linspace(-1, 1, 41)
    scores = {str(i): np.roll(np.arange(len(RUNGS), dtype=float), i) for i in range(len(values))}
    found = replace(agreement(scores), correlations=np.tile(values, (len(values), 1)))
    rows = agreement_cells(found)
    assert min(contrast(cell.colour, cell.ink) for row in rows for cell in row) >= 4.5
    assert [cell.text for cell in rows[0]] == [f"{value:.2f}" for value in values]
    assert len({cell.colour for cell in rows[0]}) == 21  # from 0 up each its own


def test_a_cell_of_two_metrics_says_them_and_what_they_differ_about_and_that_of_one_nothing():
    scores = {"A": np.arange(len(RUNGS), dtype=float), "flat": np.ones(len(RUNGS))}
    (own, cell), (other, _) = agreement_cells(agreement(scores))
    assert (own.text, own.words) == ("1.00", "")
    assert cell.words.startswith("A and flat: undefined. They differ most about ")
    assert (cell.text, cell.colour, other.text) == ("–", "", "–")


def test_words_in_a_chart_are_12_pixels_at_least():
    found = SimpleNamespace(cumulative=np.array([0.6, 1.0]), marks=((1, 0.5), (2, 0.9)))
    figure = json.loads(channel_curve(found, "#000000").to_json())
    axes = figure["layout"]["xaxis"], figure["layout"]["yaxis"]
    sizes = [axis["tickfont"]["size"] for axis in axes] + [axes[0]["title"]["font"]["size"]]
    assert min([*sizes, figure["data"][1]["textfont"]["size"]]) >= 12


def test_a_layer_keeps_its_colour_when_others_leave_the_sum():
    colours = layer_colours(["conv1", "conv2", "conv3"])
    part = share_segments(layers(0.4, 0.6), colours)
    assert [segment.colour for segment in part] == [colours["conv1"], colours["conv2"]]
    assert len(set(colours.values())) == 3


def test_the_ladder_s_chart_has_every_score_and_the_pair_s_own_line():
    scores = np.linspace(0, 0.9, len(RUNGS))
    found = place(Standing(scores, 0.42), (100, 100))
    figure = ladder_chart(found, "#000000")
    (points,) = figure.data
    assert sorted(points.x) == pytest.approx(scores)
    by_kind = {kind.label: kind.scores for kind in found.kinds}
    assert all(x in by_kind[label] for x, label in zip(points.x, points.y, strict=True))
    assert figure.layout.shapes[0].x0 == 0.42
    assert "This pair: 0.4200" in ladder_text(found)


def test_the_bar_in_words_names_every_layer():
    assert (
        share_bar_text(layers(0.01, 0.05, 0.94)) == "Shares of the distance: conv1 1%, conv2 5%, conv3 94%."
    )


def test_the_bars_of_steps_begin_where_the_one_before_ends_and_carry_the_parts_as_they_are_shown(photo):
    steps = [("gaussian_noise", {"sigma": 30}, 3), ("gaussian_blur", {"sigma": 0.8})]
    ledger = step_ledger(photo("cat", (64, 64)), Recipe(steps), Method(device="cpu"))
    (bars,) = step_chart(ledger, "#1a1f2b").data
    assert list(bars.measure) == ["relative", "relative", "total"]
    assert list(bars.x[:2]) == list(ledger.parts)
    assert list(bars.text) == [*ledger.shown_parts, ledger.shown_scores[-1]]
    assert list(bars.y) == ["1 · Gaussian noise", "2 · Gaussian blur", "Score"]
    assert all(part in step_chart_text(ledger) for part in ledger.shown_parts)
