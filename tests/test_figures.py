import math

import numpy as np
import pytest

from explorer.figures import layer_colours, share_bar, share_bar_text
from explorer.metrics import LayerMeasurement

ZERO = np.zeros((2, 2), np.float32)


def layers(*shares: float) -> list[LayerMeasurement]:
    return [LayerMeasurement(f"conv{i + 1}", 8, (2, 2), share, share, ZERO) for i, share in enumerate(shares)]


def draw(shown: list[LayerMeasurement], selected=None):
    return share_bar(shown, layer_colours(len(shown)), selected, outline="#000000")


def test_segments_are_the_shares_in_order_and_add_to_one():
    figure = draw(layers(0.1, 0.2, 0.7))
    assert [bar.x[0] for bar in figure.data] == [0.1, 0.2, 0.7]
    assert [bar.customdata[0][0] for bar in figure.data] == ["conv1", "conv2", "conv3"]


def test_only_the_selected_segment_is_outlined():
    widths = [bar.marker.line.width for bar in draw(layers(0.5, 0.5), selected="conv2").data]
    assert widths[0] == 0
    assert widths[1] > 0


def test_every_readable_segment_carries_its_value():
    texts = [bar.text[0] for bar in draw(layers(0.01, 0.05, 0.94)).data]
    assert texts[0] == ""
    assert "5%" in texts[1]
    assert "conv3" in texts[2]
    assert "94%" in texts[2]


def test_undefined_shares_draw_no_segment_and_say_so():
    figure = draw(layers(math.nan, math.nan))
    assert len(figure.data) == 0
    assert "no distance" in figure.layout.annotations[0].text
    assert "nan" not in share_bar_text(layers(math.nan)).lower()


@pytest.mark.parametrize("count", [1, 2, 5, 7])
def test_colours_deepen_with_the_layers(count):
    def brightness(colour: str) -> float:
        return sum(float(part) for part in colour.removeprefix("rgb(").removesuffix(")").split(","))

    values = [brightness(colour) for colour in layer_colours(count)]
    assert len(values) == count
    assert values == sorted(values, reverse=True)
