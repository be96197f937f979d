import math

import numpy as np
import pytest

from explorer import distort, measure
from explorer.analysis.rows import row_of
from explorer.analysis.summary import MOST_WORST, PairNumbers, of_measurement, of_row, summarize
from explorer.analysis.tables import summary_table


def pair(name: str, score: float, psnr: float = 30.0) -> PairNumbers:
    return PairNumbers(
        name, {"score": score, "psnr": psnr, "ssim": 0.5}, {"a": score / 4, "b": score * 3 / 4}
    )


def test_the_layers_means_add_up_to_the_scores_mean(photo):
    pixels = photo("cat").pixels[:64, :80]
    found = [
        of_measurement(str(step), measure(pixels, distort(pixels, "gaussian_noise", severity=step / 4)))
        for step in range(4)
    ]
    together = summarize(found)
    assert together.pairs == 4
    assert sum(together.layers.values()) == pytest.approx(together.means["score"], rel=1e-9)
    assert together.means["score"] == pytest.approx(np.mean([each.numbers["score"] for each in found]))
    assert together.means["psnr"] == math.inf  # of the pair that is identical
    assert math.isfinite(together.medians["psnr"])
    assert "infinite" in summary_table(together)


def test_a_row_of_a_table_gives_the_numbers_of_its_measurement(photo):
    pixels = photo("cat").pixels[:64, :80]
    for distorted in (pixels, pixels[::-1].copy()):
        measurement = measure(pixels, distorted).called(reference="a.png", distorted="b.png")
        assert of_row(row_of(measurement.to_dict())) == of_measurement("b.png", measurement)


def test_the_worst_are_the_five_with_the_highest_scores_the_highest_first():
    found = [pair(str(number), number / 10) for number in (3, 1, 7, 5, 2, 6, 4)]
    assert [each.name for each in summarize(found).worst] == ["7", "6", "5", "4", "3"]
    assert MOST_WORST == 5
    assert [each.name for each in summarize(found[:2]).worst] == ["3", "1"]


def test_a_number_that_some_pairs_lack_is_that_of_the_others_and_one_that_all_lack_is_left_out():
    small = PairNumbers("small", {"score": 0.1, "psnr": 20.0}, {"a": 0.1})
    other = PairNumbers("other", {"score": 0.3, "psnr": 30.0, "ssim": 0.5}, {"a": 0.3})
    assert summarize([small, other]).means["ssim"] == 0.5
    assert "ssim" not in summarize([small]).means
    assert "SSIM" not in summary_table(summarize([small, small]))


def test_identical_pairs_have_no_shares():
    text = summary_table(summarize([pair("one", 0.0, math.inf), pair("other", 0.0, math.inf)]))
    assert "undefined" in text
    assert "infinite" in text


def test_nothing_cannot_be_put_together():
    with pytest.raises(ValueError, match="a pair at least"):
        summarize([])
