"""Versions that are equal by one measure: what is said of them, and that nothing is measured twice."""

import csv
import io

import numpy as np
import pytest

from explorer.analysis import match, versions_job
from explorer.analysis.match import FINE
from explorer.analysis.versions import (
    Equality,
    Refusal,
    Version,
    Versions,
    ordinal,
    short_ordinal,
    to_csv,
)
from explorer.analysis.versions_job import VIEW_SIDE, check, version_of
from explorer.analysis.versions_job import versions_job as task_of
from explorer.cache import ByteBudgetCache
from explorer.distortions import Step
from explorer.errors import ImageError, SettingError
from explorer.figures.versions import rank_axes, versions_text
from explorer.images import derive
from explorer.jobs import LANES, NotWantedError, Pool
from explorer.metrics import Method, measure
from explorer.samples import load_sample

METHOD = Method(device="cpu")
PSNR_26 = Equality("psnr", 26.0)
NAMES = ("contrast", "gaussian_noise", "jpeg")


def made(name, psnr, ssim, score, outcome="reached"):
    reference = load_sample("cat")
    return Version(Step.at(name, 0.5), reference, psnr, ssim, score, outcome)


def versions(*found, equality=PSNR_26, names=None, refused=()):
    names = names or tuple(each.name for each in (*found, *refused))
    return Versions(load_sample("cat"), METHOD, equality, names, found, refused)


FOUR = (
    made("contrast", 26.0, 0.95, 0.03),
    made("shift", 26.0, 0.66, 0.032),
    made("salt_and_pepper", 26.0, 0.81, 0.43),
    made("gaussian_blur", 26.004, 0.6, 0.63),
)


@pytest.fixture(scope="module")
def reference(photo):
    return photo("cat", (96, 96))


@pytest.fixture
def known():
    return ByteBudgetCache(10_000_000)


def finished(reference, equality, names, known):
    """Versions as the page's job makes them."""
    job = Pool(LANES, 10**9).start(task_of(reference, METHOD, equality, names, 3, known))
    assert job.wait(120)
    assert (job.state, job.error) == ("done", "")
    return job.results


def test_all_numbers_of_a_version_are_those_of_a_measurement_of_its_picture(reference, known):
    for found in finished(reference, PSNR_26, NAMES, known):
        measurement = measure(reference, derive(reference, found.step.apply(reference.pixels)), device="cpu")
        assert found.score == pytest.approx(measurement.score, rel=1e-6)
        assert (found.psnr, found.ssim) == (measurement.psnr, measurement.ssim)
        assert found.psnr == pytest.approx(26.0, abs=0.3)
        assert np.array_equal(found.seen.pixels, found.step.apply(reference.pixels))
        assert found.step.seed == (3 if found.entry.random else 0)


@pytest.mark.parametrize(("by", "target"), [("psnr", 26.0), ("ssim", 0.8), ("lpips", 0.2), ("severity", 0.4)])
def test_what_the_search_has_measured_of_its_answer_is_not_measured_again(
    reference, known, monkeypatch, by, target
):
    counts = {"psnr": 0, "ssim": 0, "lpips": 0}

    def counted(name, call):
        def run(*arguments):
            counts[name] += 1
            return call(*arguments)

        return run

    for name, own in (("psnr", "psnr"), ("ssim", "ssim"), ("lpips", "scores_on")):
        monkeypatch.setattr(versions_job, own, counted(name, getattr(versions_job, own)))
    equality = Equality(by, target)
    version_of(reference, METHOD, equality, "contrast", 0, known, match.unchecked)
    assert counts == {name: int(name != by) for name in counts}


def test_another_method_takes_the_steps_that_were_tuned(reference, known, monkeypatch):
    first = version_of(reference, METHOD, PSNR_26, "contrast", 0, known, match.unchecked)
    monkeypatch.setattr(versions_job, "tuned_picture", None)  # a search would fail
    other = METHOD.with_heads("uniform")
    again = version_of(reference, other, PSNR_26, "contrast", 0, known, match.unchecked)
    assert again.step == first.step
    assert again.score != first.score


def test_a_search_can_be_left_between_two_of_its_pictures(reference):
    looks = []

    def leave():
        looks.append(None)
        if len(looks) == 3:
            raise NotWantedError

    with pytest.raises(NotWantedError):
        list(match.matches(reference, "PSNR", 26.0, ["gaussian_noise"], check=leave))
    assert len(looks) == 3


def test_a_distortion_that_cannot_be_made_is_refused_in_words_and_the_others_go_on(
    reference, known, monkeypatch
):
    make = versions_job.version_of

    def broken(reference, method, equality, name, *rest):
        if name == "contrast":
            raise SettingError("Contrast needs the package x; install it.")
        return make(reference, method, equality, name, *rest)

    monkeypatch.setattr(versions_job, "version_of", broken)
    first, second = finished(reference, Equality("severity", 0.5), ("contrast", "jpeg"), known)
    assert first == Refusal("contrast", "Contrast needs the package x; install it.")
    assert second.name == "jpeg"
    assert versions(second, names=("contrast", "jpeg"), refused=(first,)).is_complete


def test_the_task_states_its_memory_and_a_large_version_is_kept_no_larger_than_it_is_seen(photo, known):
    large = photo("cat", (640, 400))
    one, two = (task_of(large, METHOD, PSNR_26, NAMES[:count], 0, known).size for count in (1, 2))
    assert one > large.pixels.nbytes
    assert two - one == 3 * VIEW_SIDE**2
    (found,) = finished(large, Equality("severity", 0.5), ("contrast",), known)
    assert found.seen.size == (320, 200)


def test_the_sentences_say_what_is_equal_how_far_the_others_are_and_where_two_metrics_disagree():
    found = versions(*FOUR)
    assert found.sentence == "All of these have 26.0 dB. LPIPS ranges from 0.030 to 0.630, 21 times as far."
    assert [each.name for each in found.disagreement] == ["salt_and_pepper", "shift"]
    assert found.second_sentence == (
        "SSIM disagrees: it puts “Salt and pepper” second and “Shift” third; LPIPS puts “Shift” second and "
        "“Salt and pepper” third."
    )


def test_how_clearly_a_metric_orders_two_versions_is_told_in_ranks_as_on_the_page_disagree():
    # In parts of the ranges "contrast" and "shift" would be the clearest, which SSIM has side by side.
    found = versions(
        made("contrast", 26.0, 0.70, 0.90),
        made("shift", 26.0, 0.20, 0.00),
        made("jpeg", 26.0, 0.93, 0.04),
        made("scaling", 26.0, 0.92, 0.03),
        made("gaussian_blur", 26.0, 0.91, 0.02),
        made("motion_blur", 26.0, 0.90, 0.01),
    )
    assert [each.name for each in found.disagreement] == ["jpeg", "shift"]


def test_what_does_not_reach_the_target_is_shown_last_without_a_rank_and_said_with_its_nearest_value():
    off = made("shift", 27.69, 0.9, 0.01, "nearest step")
    beyond = made("saturation", 33.1, 0.99, 0.001, "out of reach")
    near = made("jpeg", 26.03, 0.7, 0.4, "nearest step")
    found = versions(off, beyond, near, FOUR[0])
    assert found.sentence.startswith("2 of these 4 have 26.0 dB. LPIPS ranges from 0.030 to 0.400")
    assert [each.name for each in found.order("lpips")] == ["contrast", "jpeg", "shift", "saturation"]
    assert [found.rank(each, "lpips") for each in found.order("lpips")] == [1, 2, None, None]
    assert found.remark(off) == "nearest step 27.69 dB"
    assert found.remark(beyond) == "out of reach; nearest 33.10 dB"
    assert found.remark(near) == "nearest step 26.03 dB"
    assert versions(off).sentence == "None of these has 26.0 dB."
    assert versions(off, names=("shift", "jpeg")).sentence == ""


def test_the_sentences_are_about_metrics_that_are_not_held():
    by_score = versions(*FOUR, equality=Equality("lpips", 0.2))
    assert by_score.sentence.startswith("All of these have LPIPS 0.200. SSIM ranges from 0.600 to 0.950.")
    by_severity = versions(*FOUR, equality=Equality("severity", 0.5))
    assert by_severity.sentence.startswith("At severity 0.50, LPIPS ranges from 0.030 to 0.630")
    assert by_severity.equal == FOUR


def test_while_versions_are_to_come_nothing_is_said_of_all():
    found = versions(*FOUR[:1], names=tuple(each.name for each in FOUR))
    assert found.sentence == "1 so far has 26.0 dB. LPIPS is 0.030."
    assert (found.second_sentence, found.disagreement) == ("", None)
    assert versions(names=("jpeg",)).sentence == ""


def test_identical_versions_and_pictures_without_ssim_have_sentences_and_places_too():
    same = [made(name, np.inf, None, 0.0) for name in ("contrast", "jpeg")]
    found = versions(*same, equality=Equality("severity", 0.0))
    assert found.sentence == "At severity 0.00, LPIPS is 0.0000."
    assert found.second_sentence == ""
    assert [axis.metric.name for axis in rank_axes(found)] == ["lpips"]


def test_axes_run_from_the_closest_to_the_farthest_with_the_held_metric_first():
    psnr, ssim, lpips = rank_axes(versions(*FOUR))
    assert (psnr.ends, psnr.place(26.0)) == (("50 dB", "10 dB"), pytest.approx(0.6))
    assert (ssim.ends, ssim.place(1.0), ssim.place(ssim.farthest)) == (("1", "0.55"), 0.0, 1.0)
    assert (lpips.ends, lpips.place(0.35)) == (("0", "0.7"), pytest.approx(0.5))
    assert (psnr.place(np.inf), psnr.place(3.0), psnr.place(None)) == (0.0, 1.0, None)
    assert "By LPIPS: 1 Contrast 0.0300, 2 Shift 0.0320" in versions_text(versions(*FOUR), "lpips")


def test_the_table_has_recipes_and_all_digits_and_no_rank_where_the_target_is_not_reached():
    off = made("jpeg", 27.123456789, 0.9, 0.01, "nearest step")
    rows = list(csv.DictReader(io.StringIO(to_csv(versions(*FOUR, off)))))
    assert rows[0]["recipe"] == FOUR[0].step.to_link()
    assert [row["score rank"] for row in rows] == ["1", "2", "3", "4", ""]
    assert rows[4]["psnr"] == "27.123456789"
    assert rows[4]["outcome"] == "nearest step"


@pytest.mark.parametrize(
    ("by", "target"),
    [("vmaf", 3.0), ("severity", 1.5), ("psnr", float("nan")), ("ssim", 2.0), ("lpips", -1.0)],
)
def test_what_versions_cannot_be_equal_by_is_refused(by, target):
    with pytest.raises(SettingError):
        Equality(by, target)


def test_a_picture_that_is_too_small_is_refused_before_the_work(photo):
    with pytest.raises(ImageError, match="at least 31"):
        check(photo("cat", (20, 20)), METHOD)


def test_ranks_are_said_as_people_say_them():
    assert [ordinal(place) for place in (1, 12, 13, 21)] == ["first", "twelfth", "13th", "21st"]
    assert [short_ordinal(place) for place in (2, 3, 11, 12, 23, 40)] == [
        *("2nd", "3rd", "11th", "12th", "23rd", "40th")
    ]


def test_the_dozen_of_fine_steps_all_have_26_db_on_the_first_sample():
    cat = load_sample("cat")
    values = [each.value for each in match.matches(cat, "PSNR", 26.0, FINE)]
    assert len(values) == 12
    assert all(PSNR_26.looks_like(value) for value in values)
