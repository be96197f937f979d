"""What a run says: the threshold in words and values, and what metrics say of pictures there."""

import csv
import io
import json

import numpy as np
import pytest
from PIL import Image

from explorer.analysis.rulers import PSNR, SSIM, value
from explorer.distortions import CATALOGUE, Recipe, distorted
from explorer.errors import SettingError
from explorer.images import load
from explorer.jobs import Pool
from explorer.judgments.asking.noticed import (
    MetricThere,
    Noticed,
    answers_csv,
    metrics_task,
    step_at,
    weakest_of,
)
from explorer.judgments.asking.threshold import (
    MOST,
    SEVERITIES,
    WEAKEST,
    Detection,
    estimate,
    next_severity,
)
from explorer.judgments.judgment import scene_of
from explorer.metrics import Method


def noticed(photo, answer, distortion="gaussian_noise"):
    """A run in which what is at least as strong as said is found."""
    answers = []
    for _ in range(MOST):
        severity = next_severity(answers)
        answers.append(Detection(severity, "A", "A" if answer(severity) else "B"))
    return Noticed(photo("cat", (64, 48)), distortion, 7, tuple(answers), estimate(answers))


@pytest.fixture(scope="module")
def found(photo):
    rng = np.random.default_rng(1)
    return noticed(photo, lambda severity: severity > 0.2 or rng.random() < 0.5)


def test_the_sentences_name_the_threshold_its_value_and_how_sure_it_is(found):
    severity = found.estimate.severity
    assert 0.05 < severity < 0.4
    label = found.entry.describe(severity)
    assert found.sentence == f"You notice Gaussian noise on Cat from severity {severity:.2g} on: {label}."
    right = sum(answer.is_right for answer in found.answers)
    assert found.entry.describe(found.estimate.low) in found.second_sentence
    assert found.second_sentence.endswith(f"{right} of 30 answers were right.")


@pytest.mark.parametrize(
    ("always", "place", "words"),
    [(True, "below", "even at severity 0.01, the weakest"), (False, "above", "Even at its strongest")],
)
def test_a_threshold_beyond_what_can_be_shown_is_none(photo, always, place, words):
    found = noticed(photo, lambda _severity: always)
    assert found.place == place
    assert found.heading == ("At its weakest" if always else "At its strongest")
    assert ("notice all the same" if always else "mostly do not") in found.about_metrics
    assert words in found.sentence
    assert "lies" not in found.second_sentence
    told = found.to_dict()
    assert (told["place"], told["threshold"], told["interval"]) == (place, None, None)
    job = Pool({"compute": 1}, 10**10).start(metrics_task(found, [PSNR]))
    assert job.wait(60)
    (psnr,) = job.results
    assert (psnr.ends, psnr.texts[1], psnr.to_dict()["ends"]) == (None, "", None)
    assert psnr.value == value(PSNR, found.reference, distorted(found.reference, Recipe((found.step,))))
    assert found.step.values == found.entry.values(WEAKEST if always else 1.0)


def test_an_interval_that_reaches_beyond_the_strongest_names_its_other_end_alone(photo):
    rng = np.random.default_rng(1)
    found = noticed(photo, lambda severity: severity > 0.8 or rng.random() < 0.5)
    assert (found.place, found.is_open) == ("within", True)
    assert f"lies above {found.estimate.low:.2g} (" in found.second_sentence
    assert "beyond the strongest" in found.second_sentence
    assert "strongest" in found.about_metrics


def test_metrics_are_those_of_the_pictures_at_the_threshold_and_at_its_ends(found):
    rulers, reference = [PSNR, SSIM, Method(device="cpu")], found.reference
    job = Pool({"compute": 1}, 10**10).start(metrics_task(found, rulers))
    assert job.wait(60)
    assert job.error == ""
    for ruler, told in zip(rulers, job.results, strict=True):
        at = [
            value(ruler, reference, distorted(reference, Recipe.at("gaussian_noise", severity, 7)))
            for severity in (found.estimate.severity, found.estimate.low, min(found.estimate.high, 1))
        ]
        assert (told.value, *told.ends) == pytest.approx(at)
    psnr, ssim, lpips = job.results
    assert (psnr.direction, lpips.direction) == ("higher is closer", "lower is closer")
    assert psnr.texts == (
        f"{psnr.value:.2f} dB",
        f"{min(psnr.ends):.2f} to {max(psnr.ends):.2f} dB",
    )
    assert ssim.to_dict()["metric"] == "ssim"
    assert lpips.to_dict()["metric"] == "alexnet:lpips-0.1"


def test_the_answers_as_a_table_make_the_pictures_again(found):
    rows = list(csv.DictReader(io.StringIO(answers_csv(found))))
    assert [int(row["answer"]) for row in rows] == list(range(1, 31))
    for row, answer in zip(rows, found.answers, strict=True):
        assert row["scene"] == scene_of(found.reference)
        assert Recipe.from_link(row["condition"]) == Recipe.at("gaussian_noise", answer.severity, 7)
        assert float(row["severity"]) == answer.severity
        assert (row["distorted"], row["chosen"]) == (answer.distorted, answer.chosen)
        assert row["is_right"] == str(int(answer.is_right))


@pytest.mark.parametrize("name", ["gaussian_noise", "motion_blur", "block_loss", "jpeg"])
def test_nobody_is_asked_about_a_distortion_that_changes_no_pixel(photo, name):
    picture = photo("cat", (64, 48))
    weakest = weakest_of(picture, CATALOGUE[name], 7)
    changes = [
        not np.array_equal(distorted(picture, Recipe.at(name, severity, 7)).pixels, picture.pixels)
        for severity in SEVERITIES
    ]
    assert changes == [severity >= weakest for severity in SEVERITIES]
    answers = []
    for _ in range(MOST):  # of somebody who finds all, and so is shown the weakest there is
        answers.append(Detection(next_severity(answers, weakest), "A", "A"))
    assert min(answer.severity for answer in answers) == weakest
    found = Noticed(picture, name, 7, tuple(answers), estimate(answers), weakest)
    assert (found.place, found.step) == ("below", step_at(found.entry, weakest, 7))
    assert ("changes a pixel" in found.sentence) == (weakest > WEAKEST)


def test_a_distortion_that_changes_nothing_at_all_is_said(photo):
    grey = load(Image.new("RGB", (32, 32), (90, 90, 90)), name="Grey")
    with pytest.raises(SettingError, match="Saturation changes no pixel of Grey, even at its strongest"):
        weakest_of(grey, CATALOGUE["saturation"], 0)


def test_an_infinite_psnr_is_null_in_the_file():
    told = MetricThere(PSNR, float("inf"), (float("inf"), 40.0)).to_dict()
    assert json.loads(json.dumps(told, allow_nan=False)) == {
        "metric": "psnr",
        "value": None,
        "ends": [None, 40.0],
    }


def test_the_result_is_plain_values(found):
    told = json.loads(json.dumps(found.to_dict(), allow_nan=False))
    assert told["interval"][0] < told["threshold"] < told["interval"][1]
    assert told["step"]["seed"] == 7
    assert told["answers"] == 30
