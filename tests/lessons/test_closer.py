"""Chapter 1: versions that metrics order differently, and what people say, counted and printed."""

import math
from dataclasses import replace

import numpy as np
import pytest

import explorer
from explorer.distortions import Recipe, Step
from explorer.errors import SettingError
from explorer.judgments.asking.trial import Plan, Trial, Vote
from explorer.judgments.distances import Distances
from explorer.judgments.evaluation import evaluate
from explorer.judgments.published import table_5, votes
from explorer.lessons.amounts import amount_on
from explorer.lessons.closer import VERSIONS, ClassShare, class_share, closer, counted_now, people
from explorer.lessons.needles import needles
from explorer.metrics import Method
from explorer.metrics.classic import psnr


@pytest.mark.parametrize("name", VERSIONS)
def test_pixels_and_features_contradict_each_other_on_every_pair_and_all_numbers_are_those_of_measure(
    photo, name
):
    reference = photo("cat", (300, 300))
    found = closer(reference, Method(), name)
    psnr, ssim, lpips = found.lines
    assert {psnr.prefers, lpips.prefers} == {"A", "B"}
    for side, picture in enumerate(found.pictures):
        measured = explorer.measure(reference, picture)
        assert psnr.values[side] == measured.psnr
        assert ssim.values[side] == measured.ssim
        assert math.isclose(lpips.values[side], measured.score, rel_tol=1e-6)
        for line in found.lines:
            assert math.isclose(float(line.shown[side].split()[0]), line.values[side], abs_tol=0.005)


def test_a_sentence_names_who_sides_with_whom(photo):
    found = closer(photo("cat", (300, 300)), Method())
    assert found.said("A") == "You chose A, and so does LPIPS; PSNR and SSIM choose B."
    assert found.said("B") == "You chose B, and so do PSNR and SSIM; LPIPS chooses A."
    assert found.said() == "LPIPS chooses A; PSNR and SSIM choose B."


def test_where_nothing_differs_no_metric_chooses():
    grey = np.full((64, 64, 3), 128, np.uint8)
    found = closer(explorer.images.load(grey), Method())
    assert [line.prefers for line in found.lines] == ["", "", ""]
    assert found.said() == "No metric finds one of them closer."
    assert found.said("B") == "You chose B, and no metric does."


def test_people_are_the_rows_that_the_paper_printed_and_the_votes_are_counted_as_evaluate_counts_them():
    printed = {row.name: row.mean for row in table_5()}
    assert [line.share for line in people()] == [
        printed[name] for name in ("L2", "SSIM", "alex-lin", "human")
    ]
    now, known = counted_now(), votes()
    place = known.metrics.index("alex_vanilla")
    alone = Distances(
        **vars(known)
        | {
            "metrics": ("alex_vanilla",),
            "first": known.first[[place]],
            "second": known.second[[place]],
        }
    )
    overall = evaluate(alone, count=2).overall
    assert math.isclose(now.score, overall.scores["alex_vanilla"].value, rel_tol=1e-9)
    assert math.isclose(now.people, overall.ceiling.value, rel_tol=1e-9)
    assert now.trials == 36_344


@pytest.mark.parametrize(("side", "pixels"), [(40, 1), (64, 1), (300, 2), (1000, 7)])
def test_a_shift_is_of_whole_pixels_and_no_picture_is_its_own_version(side, pixels):
    versions = VERSIONS["shift-blur"]
    assert versions.notes(side)[0] == f"Shift {pixels} px"
    assert f"by {pixels}\N{NO-BREAK SPACE}px" in versions.why(side)


def test_the_usual_shift_is_that_of_the_chapter_on_why_they_disagree(photo):
    reference = photo("cat", (300, 300))
    moved = needles(reference, 2, 0, 0, Method()).changed[0]
    assert np.array_equal(closer(reference, Method()).pictures[0].pixels, moved.picture.pixels)


def test_small_pictures_are_moved_and_an_error_map_has_the_mean_that_psnr_is_of(photo):
    found = closer(photo("cat", (40, 40)), Method())
    for error, measured in zip(found.errors, found.measured, strict=True):
        assert error.max() > 0
        assert math.isclose(psnr(error), measured.psnr, rel_tol=1e-6)


@pytest.mark.parametrize(
    ("step", "text"),
    [
        (Step.at("gaussian_blur", 0.5), "σ 3.2 px"),
        (Step.at("gaussian_noise", 0.58), "σ 16.1 levels"),
        (Step("shift", {"shift": 10.0}), "shift 30 px"),
    ],
)
def test_amounts_are_in_pixels_of_the_picture(step, text):
    assert amount_on(step, 300) == text


def test_versions_that_do_not_exist_are_refused(photo):
    with pytest.raises(SettingError, match="shift-blur"):
        closer(photo("cat", (64, 64)), Method(), "sharp")


def asked(number, a, b, expected=None):
    return Trial(number, "2afc", "x", "s", a, b, "r", "a", "b", expected)


def vote(trial, choice):
    return Vote(1, trial, choice, False, 900, 0.0)


def test_a_class_is_heard_on_the_same_two_distortions_whatever_side_they_were_on_and_nothing_else():
    shift, blur = (Recipe((step,)).to_link() for step in VERSIONS["shift-blur"].steps)
    stronger = Recipe.at("shift", 0.6, 0).to_link()
    jpeg = Recipe.at("jpeg", 0.6, 0).to_link()
    plan = Plan(
        "",
        "2afc",
        (
            asked(0, shift, blur),
            asked(1, blur, stronger),
            asked(2, shift, jpeg),
            asked(3, shift, blur, expected="A"),
            asked(4, "photo.png", blur),
        ),
        each=5,
    )
    cast = [vote(0, "A"), vote(1, "B"), vote(1, "A"), vote(2, "A"), vote(3, "A"), vote(4, "A"), vote(0, "A")]
    found = class_share(plan, cast, VERSIONS["shift-blur"])
    assert found == ClassShare(votes=4, for_a=3)
    assert found.said(VERSIONS["shift-blur"]) == ("Your class, in 4 answers: 75% choose shift over blur.")
    assert class_share(plan, cast, VERSIONS["noise-blur"]) is None
    assert class_share(plan, [], VERSIONS["shift-blur"]) is None
    assert class_share(replace(plan, kind="jnd"), cast, VERSIONS["shift-blur"]) is None
