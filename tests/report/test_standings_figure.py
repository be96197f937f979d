"""The figure of metrics held against people: all numbers are in it, and marks stand where scores are."""

import io
import math
import re

import pytest
from PIL import Image

from explorer.errors import SettingError
from explorer.judgments.evaluation import evaluate
from explorer.judgments.intervals import Interval
from explorer.judgments.published import table_5, votes
from explorer.judgments.standing import Standing, Standings, percent, sentence, standings
from explorer.report.standings import figure_of_standings


@pytest.fixture(scope="module")
def found():
    return standings(evaluate(votes(), count=50), table_5())


def texts(svg: bytes) -> list[str]:
    return re.findall(r"<text[^>]*>([^<]*)</text>", svg.decode())


def test_the_figure_says_what_the_page_says_with_the_number_of_every_mark(found):
    said = texts(figure_of_standings(found, "Votes", "svg"))
    assert " ".join(said).startswith(sentence(found))
    for place, column in enumerate(found.columns):
        assert column in said
        assert f"people {percent(found.ceiling[place])}" in said
        assert all(percent(metric.marks[place]) in said for metric in found.metrics)
    assert all(metric.label in said for metric in found.metrics)


def test_it_is_a_file_of_each_format_and_of_no_other(found):
    assert figure_of_standings(found, "Votes", "pdf").startswith(b"%PDF")
    assert Image.open(io.BytesIO(figure_of_standings(found, "Votes", "png"))).width == 2400
    with pytest.raises(SettingError, match="cannot be “gif”"):
        figure_of_standings(found, "Votes", "gif")


def test_marks_lie_along_the_axis_in_the_order_of_their_scores(found):
    svg = figure_of_standings(found, "Votes", "svg").decode()
    squares = [
        float(left)
        for left, width, height in re.findall(
            r'<rect x="([\d.]+)" y="[\d.]+" width="([\d.]+)" height="([\d.]+)"', svg
        )
        if float(width) == float(height) == 22
    ]
    scores = [metric.marks[place].value for place in range(7) for metric in found.metrics]
    assert len(squares) == len(scores)
    step = (squares[1] - squares[0]) / (scores[1] - scores[0])
    assert squares == pytest.approx([squares[0] + step * (score - scores[0]) for score in scores], abs=2)


def test_a_metric_without_a_score_leaves_its_place_empty():
    alone = Standings("mos", ("all",), (3,), (None,), (Standing("x", "X", "unknown", False, (None,)),))
    with_one = Standings(
        "mos",
        ("all",),
        (3,),
        (None,),
        (Standing("x", "X", "unknown", False, (Interval(-0.4, math.nan, math.nan, 0),)),),
    )
    assert "X" in texts(figure_of_standings(alone, "Votes", "svg"))
    assert "−40.0" in texts(figure_of_standings(with_one, "Votes", "svg"))
