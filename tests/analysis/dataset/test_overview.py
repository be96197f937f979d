"""What many pairs say together, on numbers that are known."""

import math

import numpy as np
import pytest

from explorer.analysis.dataset import answer, as_text, drawn, layer_means, order, read_table, spread
from explorer.analysis.summary import of_row, summarize
from explorer.figures.dataset import histogram, histogram_text, scatter
from tests.analysis.dataset.test_reading import row, table

SCORES = (0.3, 0.1, 0.7, 0.5)
PSNRS = ("20", "inf", "10", "")
ROWS = [row(f"{n}.png", score, psnr=psnr) for n, (score, psnr) in enumerate(zip(SCORES, PSNRS, strict=True))]


@pytest.fixture
def found():
    return read_table(table(ROWS), "t.csv")


def test_mean_median_and_layers_are_those_of_the_shells_summary(found):
    together = summarize([of_row(each) for each in ROWS])
    for key, name in (("alexnet:lpips-0.1", "score"), ("psnr", "psnr"), ("ssim", "ssim")):
        mine = spread(found.values[key])
        assert (mine.mean, mine.median) == pytest.approx((together.means[name], together.medians[name]))
    means = {layer.name: layer.distance for layer in layer_means(found, 0)}
    assert means == pytest.approx(together.layers)
    assert sum(layer.share for layer in layer_means(found, 0)) == pytest.approx(1)


def test_the_farthest_come_first_whichever_way_is_closer_and_those_without_a_number_last(found):
    score, psnr = found.metric("alexnet:lpips-0.1"), found.metric("psnr")
    assert order(found, score).tolist() == [2, 3, 0, 1]
    assert order(found, score, farthest_first=False).tolist() == [1, 0, 3, 2]
    assert order(found, psnr).tolist() == [2, 0, 1, 3]
    assert order(found, psnr, farthest_first=False).tolist() == [1, 0, 2, 3]


def test_no_pair_is_dropped_from_a_spread_in_silence(found):
    mine = spread(found.values["psnr"])
    assert (mine.counts.sum(), mine.infinite, mine.missing) == (2, 1, 1)
    assert (mine.mean, mine.median) == (math.inf, 20)
    said = histogram_text(mine, found.metric("psnr"))
    assert said.startswith(
        "2 pairs, and beside the bars 1 pair of identical images with ∞ dB; 1 pair without this number."
    )
    chart = histogram(mine, found.metric("psnr"), "#000000")
    assert [sum(bars.y) for bars in chart.data] == [2, 1]
    assert chart.data[1].x[0] > mine.edges[-1]


def test_pairs_that_are_all_identical_are_shown(found):
    same = read_table(table([row(f"{n}.png", 0.0, psnr="inf") for n in range(3)]), "t.csv")
    psnr, score = same.metric("psnr"), same.metrics[0]
    assert len(histogram(spread(same.values["psnr"]), psnr, "#000000").data) == 1
    assert len(scatter(same, score, psnr, drawn(same, score, psnr), "#000000").data[0].x) == 3
    assert math.isnan(layer_means(same, 0)[0].share)
    assert answer(same, psnr).startswith("3 pairs: PSNR has the mean ∞ dB and the median ∞ dB")


def test_a_scatter_draws_all_pairs_with_both_numbers_and_infinity_at_the_end_of_its_axis(found):
    score, psnr = found.metric("alexnet:lpips-0.1"), found.metric("psnr")
    points = drawn(found, score, psnr)
    assert sorted(points.tolist()) == [0, 1, 2]
    chart = scatter(found, score, psnr, points, "#000000")
    assert [place for (place,) in chart.data[0].customdata] == points.tolist()
    assert np.isfinite(np.asarray(chart.data[0].y, float)).all()
    assert chart.layout.yaxis.ticktext[-1] == "∞"
    assert chart.layout.yaxis.tickvals[-1] == max(chart.data[0].y)


def test_of_very_many_pairs_a_scatter_draws_even_steps_with_both_ends():
    many = read_table(table([row(f"{n}.png", n / 100) for n in range(100)]), "t.csv")
    points = drawn(many, many.metrics[0], many.metric("psnr"), most=11)
    assert len(points) == 11
    assert {0, 99} <= set(points.tolist())


def test_a_name_is_no_markup_in_a_chart():
    odd = read_table(table([row("<b>a</b>.png", 0.5)]), "t.csv")
    chart = scatter(odd, odd.metrics[0], odd.metric("psnr"), np.array([0]), "#000000")
    assert "&lt;b&gt;a" in chart.data[0].hovertext[0]


def test_the_answer_says_spread_farthest_pair_and_layer(found):
    assert answer(found, found.metrics[0]) == (
        "4 pairs: AlexNet · LPIPS v0.1 has the mean 0.4000 and the median 0.4000; the farthest is out/2.png "
        "with 0.7000, and conv1 makes 50% of the mean."
    )
    assert as_text(found.metric("psnr"), math.inf) == "∞ dB"
    assert as_text(found.metric("ssim"), math.nan) == "–"
