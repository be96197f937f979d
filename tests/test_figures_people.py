"""Charts of a class: each number stands beside its point, and no two rows fall on one place."""

import numpy as np
import pytest

from explorer.figures.people import agreement_chart, agreement_text, interval_text, scale_chart, signed
from explorer.judgments.class_results import class_results
from explorer.judgments.intervals import Interval
from explorer.judgments.scaling import ScaledCondition, ScaledGroup
from tests.judgments.test_class_results import TABLE, metric, plan_of, votes_of


@pytest.fixture(scope="module")
def found():
    plan, rng = plan_of(), np.random.default_rng(1)
    metrics = [metric(rng.normal(size=(8, 2)), name, False) for name in ("<b>x</b>", "y")]
    return class_results(plan, votes_of(TABLE, plan), metrics)


def test_people_stand_on_top_and_metrics_below_from_the_best(found):
    (points,) = agreement_chart(found).data
    by_score = sorted(found.metrics, key=lambda each: -each.score.value)
    assert list(points.x) == pytest.approx(
        [100 * found.peers.value, *(100 * each.score.value for each in by_score)]
    )
    assert list(points.text) == [f"{value:.0f}%" for value in points.x]
    lows = np.array(points.x) - points.error_x.arrayminus
    assert lows == pytest.approx([100 * found.peers.low, *(100 * each.score.low for each in by_score)])


def test_the_ceiling_and_chance_are_lines_with_words(found):
    layout = agreement_chart(found).layout
    assert [shape.x0 for shape in layout.shapes] == pytest.approx([50, 100 * found.ceiling.value])
    assert layout.annotations[0].text == "chance"
    assert layout.annotations[1].text.startswith("ceiling ")


def test_names_are_never_markup(found):
    assert "<b>" not in "".join(agreement_chart(found).data[0].y).lower()
    assert "<B>X</B>" in agreement_text(found)


def test_conditions_whose_names_are_cut_alike_have_a_row_each():
    conditions = tuple(ScaledCondition("long " * 20 + str(i), 1.0 - i, None, None, 1, 2) for i in range(3))
    chart = scale_chart(ScaledGroup(conditions, 1), str)
    assert len(set(chart.data[0].y)) == 3
    assert list(chart.data[0].text) == ["+1.00", "+0.00", "−1.00"]


def test_numbers_without_an_interval_say_so():
    nan = float("nan")
    assert interval_text(Interval(nan, nan, nan, 0)) == "–"
    assert interval_text(Interval(0.5, nan, nan, 1)) == "50%"
    assert interval_text(Interval(0.5, 0.25, 0.75, 9)) == "50% (25 to 75)"
    assert signed(-0.5) == "−0.50"
