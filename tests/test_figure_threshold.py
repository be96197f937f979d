"""The chart of a threshold shows what was answered and what follows from it."""

import math

import numpy as np
import pytest

from explorer.figures import threshold_chart, threshold_chart_text
from explorer.judgments.asking.noticed import Noticed
from explorer.judgments.asking.threshold import GUESS, Detection, estimate, next_severity


def noticed(photo, is_found):
    answers = []
    for _ in range(20):
        severity = next_severity(answers)
        answers.append(Detection(severity, "B", "B" if is_found(severity) else "A"))
    return Noticed(photo("cat", (16, 16)), "jpeg", 0, tuple(answers), estimate(answers))


@pytest.fixture
def found(photo):
    rng = np.random.default_rng(0)
    return noticed(photo, lambda severity: severity > 0.1 or rng.random() < GUESS)


def test_points_are_the_share_of_right_answers_by_severity(found):
    points = threshold_chart(found, "#000000").data[-1]
    assert sum(count for _, count in points.customdata) == 20
    for severity, share, (right, count) in zip(points.x, points.y, points.customdata, strict=True):
        here = [answer.is_right for answer in found.answers if answer.severity == severity]
        assert (sum(here), len(here)) == (right, count)
        assert share == right / count


def test_the_curve_lies_in_its_band_and_the_threshold_is_marked_with_its_number(found):
    figure = threshold_chart(found, "#000000")
    high, low, curve, _ = figure.data
    assert np.all((np.array(low.y) <= curve.y) & (curve.y <= np.array(high.y)))
    assert low.fill == "tonexty"
    lines = [shape for shape in figure.layout.shapes if shape.type == "line"]
    assert {line.x0 for line in lines if line.x0 == line.x1} == {found.estimate.severity}
    (words,) = [each for each in figure.layout.annotations if each.text.startswith("threshold")]
    assert words.text == f"threshold {found.estimate.severity:.2g}"
    assert words.x == pytest.approx(math.log10(found.estimate.severity))


def test_where_nothing_is_noticed_no_threshold_is_marked(photo):
    figure = threshold_chart(noticed(photo, lambda _severity: False), "#000000")
    assert [each.text for each in figure.layout.annotations] == ["guessing"]


def test_the_chart_in_words_tells_the_same(found):
    words = threshold_chart_text(found)
    assert found.sentence in words
    assert f"{found.answers[0].severity:.2g}" in words
