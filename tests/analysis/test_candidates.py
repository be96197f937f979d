import csv
import io
import math

import numpy as np
import pytest

from explorer.analysis.candidates import (
    MOST,
    PSNR,
    SAMPLE_CANDIDATES,
    SSIM,
    Metric,
    distinct_names,
    rank,
    texts,
    to_csv,
)
from explorer.distortions import CATALOGUE, distort
from explorer.images import derive
from explorer.metrics import measure
from explorer.metrics.classic import psnr_and_ssim

LPIPS = Metric("alexnet:lpips-0.1", "AlexNet · LPIPS v0.1")


def ranks(ranking):
    return [[cell.rank for cell in row.cells] for row in ranking.rows]


def test_the_closest_has_rank_1_whichever_way_the_metric_runs():
    ranking = rank([LPIPS, PSNR], "abc", [(0.3, 10.0), (0.1, 30.0), (0.2, 20.0)])
    assert ranks(ranking) == [[3, 3], [1, 1], [2, 2]]


def test_equal_values_share_a_rank_and_the_next_one_is_left_out():
    ranking = rank([LPIPS], "abcd", [(0.1,), (0.2,), (0.1,), (0.05,)])
    assert ranks(ranking) == [[2], [4], [2], [1]]


def test_an_identical_candidate_is_first_also_where_psnr_is_infinite():
    ranking = rank([LPIPS, PSNR], "ab", [(0.1, 40.0), (0.0, math.inf)])
    assert ranks(ranking) == [[2, 2], [1, 1]]


def test_a_value_that_is_missing_has_no_rank_and_moves_no_other():
    ranking = rank([LPIPS, PSNR], "abc", [(0.3, 10.0), (None, 30.0), (0.2, None)])
    assert ranks(ranking) == [[2, 2], [None, 1], [1, None]]
    assert ranking.rows[1].ranks == (1,)


def test_rows_whose_ranks_differ_between_metrics_are_marked():
    ranking = rank([LPIPS, PSNR, SSIM], "abc", [(0.1, 20.0, 0.9), (0.2, 30.0, 0.8), (0.3, 10.0, 0.7)])
    assert [row.disagrees for row in ranking.rows] == [True, True, False]
    assert [row.agreement for row in ranking.rows] == ["1 to 2", "1 to 2", "3"]


def test_rows_are_ordered_by_the_first_metric_that_ranks_any():
    values = [(None, 10.0), (None, 30.0), (None, None), (None, 20.0)]
    assert rank([LPIPS, PSNR], "abcd", values).order == (1, 3, 0, 2)
    assert rank([LPIPS], "ab", [(None,), (None,)]).order == (0, 1)
    assert rank([], "ab", [(), ()]).order == (0, 1)


def test_a_metric_ranks_nothing_and_says_nothing_until_all_its_values_are_known():
    values = [(None, 10.0), (0.2, 30.0)]
    ranking = rank([LPIPS, PSNR], "ab", values, to_come={(0, 0)})
    assert ranks(ranking) == [[None, 2], [None, 1]]
    assert [[cell.is_to_come for cell in row.cells] for row in ranking.rows] == [
        [True, False],
        [False, False],
    ]
    assert ranking.sentence == ""
    assert rank([LPIPS, PSNR], "ab", values).sentence != ""


def test_rows_stay_as_given_until_the_first_metric_is_known():
    values = [(0.3, 10.0), (None, 30.0)]
    assert rank([LPIPS, PSNR], "ab", values, to_come={(1, 0)}).order == (0, 1)
    assert rank([LPIPS, PSNR], "ab", [(0.3, 10.0), (0.1, None)], to_come={(1, 1)}).order == (1, 0)


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ([(0.1, 30.0), (0.2, 20.0)], "All metrics rank the candidates alike: a is closest."),
        ([(0.1, 30.0), (0.1, 30.0)], "All metrics rank the candidates alike: a and b are closest."),
        (
            [(0.1, 20.0), (0.2, 30.0)],
            "LPIPS finds a closer than b; PSNR and SSIM find it farther.",
        ),
        # LPIPS hardly tells a from b, which is no story.
        ([(0.1, 29.0), (0.101, 30.0), (0.4, 10.0)], "LPIPS puts a first, PSNR and SSIM put b first."),
        ([(0.1, 20.0)], "a is the only candidate so far; a ranking needs at least two."),
        ([(None, None), (None, None)], ""),
        ([], ""),
        (
            [(0.1, 30.0), (0.3, 20.0), (0.2, 10.0)],
            "All metrics put a first, but they disagree about the rank of 2 candidates.",
        ),
    ],
)
def test_the_sentence_says_what_the_ranks_say(values, sentence):
    lpips = Metric("lpips", "LPIPS")
    rows = [(score, psnr, psnr) for score, psnr in values]
    assert rank([lpips, PSNR, SSIM], "abc"[: len(rows)], rows).sentence == sentence


def test_the_reversal_is_the_largest_in_rank_that_is_no_near_tie():
    # b and c are the other way round by both, but LPIPS hardly tells them apart; a and d it does.
    values = [(0.2, 10.0), (0.05, 20.0), (0.06, 40.0), (0.4, 25.0)]
    reversal = rank([LPIPS, PSNR], "abcd", values).reversal
    assert (reversal.first, reversal.second) == (0, 3)
    assert (reversal.closer, reversal.farther) == ((0,), (1,))
    # As well where the metrics, and the candidates, stand the other way round.
    reversal = rank([PSNR, LPIPS], "dcba", [value[::-1] for value in values[::-1]]).reversal
    assert (reversal.first, reversal.second) == (0, 3)
    assert (reversal.closer, reversal.farther) == ((0,), (1,))


def test_an_identical_candidate_and_one_that_could_not_be_measured_are_in_no_reversal():
    ranking = rank([LPIPS, PSNR], "abcd", [(0.0, math.inf), (0.1, 20.0), (0.3, 30.0), (None, 40.0)])
    assert (ranking.reversal.first, ranking.reversal.second) == (1, 2)
    assert rank([LPIPS, PSNR], "ab", [(0.0, math.inf), (0.0, math.inf)]).reversal is None
    assert rank([LPIPS], "ab", [(0.1,), (0.3,)]).reversal is None


@pytest.mark.parametrize("values", [[(0.1,)], [(0.1, 2.0), (0.2,)], [(0.1, math.nan), (0.2, 1.0)]])
def test_values_that_do_not_fit_are_refused(values):
    with pytest.raises(ValueError, match="value"):
        rank([LPIPS, PSNR], "ab", values)


def test_different_values_look_different_and_equal_ones_alike():
    assert texts(LPIPS, [0.1, 0.25]) == ["0.1000", "0.2500"]
    assert texts(LPIPS, [0.10001, 0.10002, None]) == ["0.10001", "0.10002", "–"]
    assert texts(PSNR, [math.inf, 31.234]) == ["∞ dB", "31.23 dB"]
    assert texts(LPIPS, [0.5, 0.5]) == ["0.5000", "0.5000"]


def test_names_tell_candidates_apart():
    assert distinct_names(["a", "a", "b", "a (2)", "a"]) == ["a", "a (2)", "b", "a (2) (2)", "a (3)"]


def test_the_csv_has_all_digits_and_every_rank():
    ranking = rank([LPIPS, PSNR], ["a,b", "c"], [(1 / 3, math.inf), (None, 20.0)])
    rows = list(csv.reader(io.StringIO(to_csv(ranking))))
    assert rows == [
        ["candidate", "alexnet:lpips-0.1", "alexnet:lpips-0.1 rank", "psnr", "psnr rank"],
        ["a,b", repr(1 / 3), "1", "inf", "1"],
        ["c", "", "", "20.0", "2"],
    ]
    assert "\r" not in to_csv(ranking)


def test_psnr_and_ssim_are_those_of_the_measurement(pair):
    measurement = measure(pair.reference, pair.distorted)
    assert psnr_and_ssim(pair.reference.pixels, pair.distorted.pixels) == (measurement.psnr, measurement.ssim)


def test_a_picture_below_the_window_of_ssim_still_has_a_psnr():
    first, second = (np.full((10, 40, 3), value, np.uint8) for value in (0, 255))
    assert psnr_and_ssim(first, second) == (0.0, None)


def test_the_sample_candidates_are_different_and_make_the_metrics_disagree(photo):
    assert len(set(SAMPLE_CANDIDATES)) == len(SAMPLE_CANDIDATES) <= MOST
    reference = photo("cat")
    values = []
    for name, severity in SAMPLE_CANDIDATES:
        distorted = derive(reference, distort(reference.pixels, name, severity))
        measurement = measure(reference, distorted)
        values.append((measurement.score, measurement.psnr, measurement.ssim))
    labels = [CATALOGUE[name].label for name, _ in SAMPLE_CANDIDATES]
    ranking = rank([LPIPS, PSNR, SSIM], labels, values)
    assert any(row.disagrees for row in ranking.rows)
    assert [labels[index] for index in (ranking.reversal.first, ranking.reversal.second)] == [
        "Shift",
        "Gaussian blur",
    ]


def test_the_two_closest_are_those_of_the_metric_that_is_named_or_of_the_first():
    metrics = [Metric("net", "Net"), PSNR]
    found = rank(metrics, ["A", "B", "C"], [[0.3, 30.0], [0.1, 20.0], [0.2, 40.0]])
    assert found.closest() == found.closest("net") == (0, 1, 2)
    assert found.closest("psnr") == (1, 2, 0)
    assert rank(metrics, ["A"], [[0.3, 30.0]]).closest() is None
    assert rank(metrics, ["A", "B"], [[0.3, 30.0], [None, 20.0]], {(1, 0)}).closest() is None
