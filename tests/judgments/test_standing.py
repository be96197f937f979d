"""How metrics stand beside people: among the rows of the paper, in charts and in sentences."""

import math
import re
from dataclasses import replace

import numpy as np
import pytest

from explorer.figures.evaluation import (
    by_subset,
    by_subset_text,
    by_training,
    by_training_text,
    differences,
    differences_text,
)
from explorer.judgments.evaluation import Distances, evaluate
from explorer.judgments.intervals import Interval
from explorer.judgments.published import table_5, votes
from explorer.judgments.standing import contest_sentence, percent, sentence, signed, standings
from explorer.judgments.training import TRAININGS, label_of_metric, training_of

INK = "#1a1f2b"


@pytest.fixture(scope="module")
def papers():
    return standings(evaluate(votes(), count=200), table_5())


def made(kind="2afc", subsets=("a", "b"), metrics=("psnr", "mine"), count=60):
    rng = np.random.default_rng(0)
    names = np.array([str(i) for i in range(count)], object)
    return Distances(
        "made",
        kind,
        metrics,
        np.array([subsets[i % len(subsets)] for i in range(count)], object),
        names,
        names,
        rng.integers(0, 6, count) / 5,
        rng.random((len(metrics), count)),
        rng.random((len(metrics), count)) if kind == "2afc" else None,
    )


def test_the_average_is_that_of_the_subsets_for_metrics_people_and_the_paper_s_rows_alike(papers):
    rows = [papers.ceiling, papers.published_people]
    rows += [each.marks for each in (*papers.metrics, *papers.published)]
    assert len(rows) == 2 + 4 + 10
    for *parts, whole in rows:
        assert whole.value == pytest.approx(math.fsum(mark.value for mark in parts) / 6)


def test_the_paper_s_rows_are_its_printed_numbers_with_its_average(papers):
    by_name = {each.name: each for each in papers.published}
    lin = [percent(mark) for mark in by_name["alex-lin"].marks]
    assert lin == ["73.9", "83.4", "71.5", "61.2", "65.3", "63.2", "69.8"]
    people = [percent(mark) for mark in papers.published_people]
    assert people == ["80.8", "84.4", "73.4", "67.1", "68.8", "68.6", "73.9"]


def test_the_paper_s_rows_stand_by_its_own_subsets_alone():
    found = standings(evaluate(made(), count=50), table_5())
    assert (found.published, found.published_people) == ((), ())
    part = votes().part("cnn")
    found = standings(evaluate(part, count=50), table_5())
    assert found.columns == ("cnn",)
    assert {percent(mark) for each in found.published for mark in each.marks} >= {"83.4", "77.8"}


def test_every_metric_is_in_one_group_and_groups_go_from_no_network_to_people_alone(papers):
    groups = papers.by_training()
    assert sorted(each.name for _, group in groups for each in group) == sorted(
        each.name for each in (*papers.published, *papers.metrics)
    )
    headings = [heading for heading, _ in groups]
    assert headings == [heading for heading in TRAININGS.values() if heading in headings]
    assert dict(groups)["All learned from people"] == papers.metrics


@pytest.mark.parametrize(
    ("name", "training"),
    [
        ("psnr", "none"),
        ("ssim", "none"),
        ("alexnet:uniform:random", "random"),
        ("resnet50:uniform", "supervised"),
        ("alexnet:lpips-0.1", "tuned"),
        ("alexnet_shift:st-lpips", "scratch"),
        ("alex_vanilla", "scratch"),
        ("my own", "unknown"),
        ("nonsense:uniform", "unknown"),
    ],
)
def test_what_a_metric_has_learned_from_is_told_by_its_name(name, training):
    assert training_of(name) == training
    assert label_of_metric(name)


def test_the_sentence_says_ceiling_and_best_metric_in_the_numbers_of_the_chart(papers):
    best = max(papers.metrics, key=lambda each: each.marks[-1].value)
    said = sentence(papers)
    assert said.startswith(
        "Over 6 subsets with 36,344 trials, people agree with each other 73.7% of the time"
    )
    assert f"{best.label}, the best of 4 metrics, agrees with them {percent(best.marks[-1])}%." in said


@pytest.mark.parametrize("kind", ["jnd", "mos"])
def test_judgments_without_a_ceiling_are_told_and_drawn_without_one(kind):
    found = standings(evaluate(made(kind, ("a",), ("psnr",), 12), count=5))
    assert "people agree" not in sentence(found)
    assert "people" not in by_subset_text(found).replace("with people", "")
    names = [trace.name for trace in by_subset(found, INK).data]
    assert "People" not in names
    assert not by_training(found, 0, INK).layout.shapes
    assert by_training_text(found, 0)


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("2afc", "% of the time; PSNR and mine, which tie, agree with them "),
        ("jnd", "PSNR and mine, which tie, each have a JND precision of "),
        ("mos", "Spearman’s correlation of PSNR and mine, which tie, with people is "),
    ],
)
def test_metrics_whose_scores_show_alike_tie(kind, words):
    one = made(kind, ("a",))
    first, second = one.first.copy(), one.second
    first[1] = first[0]
    if second is not None:
        second = np.stack([second[0], second[0]])
    found = sentence(standings(evaluate(replace(one, first=first, second=second), count=50)))
    assert words in found
    assert "best of" not in found


def test_the_chart_by_subset_has_each_score_with_its_interval_and_each_of_the_paper_s_numbers(papers):
    figure = by_subset(papers, INK)
    traces = {trace.name: trace for trace in figure.data}
    for metric in papers.metrics:
        trace = traces[metric.label]
        assert list(trace.x) == pytest.approx([100 * mark.value for mark in metric.marks])
        ends = np.array(trace.x) + np.array(trace.error_x.array)
        assert ends == pytest.approx([100 * mark.high for mark in metric.marks])
    assert len(traces["Paper’s Table 5"].x) == 10 * 7
    low, high = figure.layout.xaxis.range
    every = [x for trace in figure.data for x in trace.x if x is not None]
    assert low < min(every) < max(every) < high
    assert (
        len({(trace.marker.color, trace.marker.symbol) for trace in figure.data if trace.error_x.array}) == 4
    )


def test_a_name_of_thousands_of_letters_leaves_room_for_the_charts():
    """Whoever makes a table names its subsets and metrics, and a path is no shorter for its slashes."""
    long = "s" * 5000, "x/" * 2500
    found = standings(evaluate(made(subsets=(long[0], long[1]), metrics=("m" * 5000, "psnr"))))
    marks = [mark for mark in found.metrics[0].marks if mark]
    names = tuple(metric.label for metric in found.metrics)
    drawn = by_subset(found, INK), by_training(found, 0, INK), differences(found.columns, marks, names, INK)
    texts = by_subset_text(found), differences_text(found.columns, marks, names)
    for text in (*(figure.to_json() for figure in drawn), *texts):
        assert "psnr" in text.lower()
        assert not re.search(r"s{40}|m{40}|(x/){20}", text)


def test_the_chart_by_training_has_a_bar_a_metric_each_with_its_number(papers):
    figure = by_training(papers, papers.last, INK)
    assert len(figure.data) == 14
    shown = [note.text for note in figure.layout.annotations]
    for each in (*papers.published, *papers.metrics):
        assert percent(each.marks[-1]) in shown
    ends = [bar.base[0] + bar.x[0] for bar in figure.data]
    assert sorted(ends) == pytest.approx(
        sorted(100 * each.marks[-1].value for each in (*papers.published, *papers.metrics))
    )
    assert figure.layout.shapes[0].x0 == pytest.approx(100 * papers.ceiling[-1].value)


def test_words_in_the_charts_are_12_pixels_at_least(papers):
    for figure in (by_subset(papers, INK), by_training(papers, 0, INK)):
        layout = figure.layout
        sizes = [layout.xaxis.tickfont.size, layout.yaxis.tickfont.size, layout.legend.font.size]
        sizes += [note.font.size for note in layout.annotations]
        assert min(sizes) >= 12


def bounded(value, low, high):
    return Interval(value, low, high, 10)


def test_a_comparison_is_told_from_the_side_of_the_one_that_leads():
    marks = [bounded(-0.02, -0.03, -0.01), bounded(0.01, 0.0, 0.02), bounded(-0.006, -0.011, -0.001)]
    said = contest_sentence(("a", "b", "average"), marks, ("One", "Two"))
    assert said == "Two beats One on 1 of 2 subsets, on average by 0.60 [0.10, 1.10] points."
    unsure = [bounded(0.006, -0.001, 0.011)]
    assert contest_sentence(("a",), unsure, ("One", "Two")) == (
        "One beats Two by 0.60 [−0.10, 1.10] points, which other references could turn round."
    )
    assert "the same score" in contest_sentence(("a",), [bounded(0.0, 0.0, 0.0)], ("One", "Two"))


def test_the_chart_of_a_comparison_is_symmetric_around_0_and_holds_all_intervals():
    marks = [bounded(-0.02, -0.03, -0.01), bounded(0.01, math.nan, math.nan)]
    figure = differences(("a", "b"), marks, ("<One>", "Two"), INK)
    low, high = figure.layout.xaxis.range
    assert low == -high
    assert high > 3
    assert list(figure.data[0].x) == [-2.0, 1.0]
    assert "<One>" not in figure.to_json()
    assert differences_text(("a", "b"), marks, ("One", "Two")).endswith("a −2.00 [−3.00, −1.00], b +1.00.")
    assert signed(marks[1]) == "+1.00"
