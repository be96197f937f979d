"""A trial tells which version is closer, turns the verdict, and says what each metric holds of it."""

import math
from dataclasses import replace

import numpy as np
import pytest
import torch

import explorer
from benchmarks.others import lpips_model
from explorer import synthesis
from explorer.analysis.wording import counted
from explorer.distortions import distort
from explorer.errors import ExplorerError, ImageError, SettingError, SizeMismatchError
from explorer.images import derive, load, resize
from explorer.metrics import Method
from explorer.samples import SAMPLES, load_sample
from explorer.synthesis import trial as trials
from explorer.synthesis.bounds import Decibels, Levels
from explorer.synthesis.found import Found
from explorer.synthesis.journey import Journey, travel
from explorer.synthesis.objective import Objective
from explorer.synthesis.process import MOST_STEPS, Point
from explorer.synthesis.transfer import Opinion, Outcome, usual_witnesses
from explorer.synthesis.trial import Trial
from explorer.synthesis.verdict import Still, Turning

SQUEEZE, DISTS = Method("squeezenet1_1"), Method("dists")


def versions_of(reference, noise=0.3, blur=0.5):
    """Noise that is hardly seen, and a blur that is."""
    return [
        load(distort(reference, name, severity))
        for name, severity in (("gaussian_noise", noise), ("gaussian_blur", blur))
    ]


@pytest.fixture(scope="module")
def asked(photo):
    """A reference, a faint noise, a blur."""
    reference = photo("coffee", (80, 64))
    return (reference, *versions_of(reference))


@pytest.fixture(scope="module")
def found(asked):
    """The fewest grey levels that turn it, with another network and DISTS asked."""
    return synthesis.turn_verdict(*asked, witnesses=[SQUEEZE.text, DISTS.text])


def oracle(reference, picture):
    """What the original implementation says."""
    pair = (torch.tensor(each.pixels).permute(2, 0, 1)[None] / 127.5 - 1 for each in (reference, picture))
    with torch.no_grad():
        return float(lpips_model()(*pair))


def test_the_original_implementation_finds_the_turned_picture_farther_than_the_other(asked, found):
    reference, noise, blur = asked
    before, after, other = (oracle(reference, each) for each in (noise, found.now.picture, blur))
    assert before < other < after
    said = found.opinions()[0]
    assert (said.before, said.after, said.other) == pytest.approx((before, after, other), rel=1e-4, abs=1e-5)
    assert found.has_turned
    assert said.outcome is Outcome.FOOLED
    assert f"{after:.4f}" in found.sentence
    assert f"{counted(found.levels, 'grey level is', 'grey levels are')} enough: A, now" in found.sentence


def test_each_metric_is_asked_of_all_three_and_its_outcome_follows_from_what_it_says(asked, found):
    reference, noise, blur = asked
    assert [each.ruler for each in found.opinions()] == [Method(), "PSNR", "SSIM", SQUEEZE, DISTS]
    _, psnr, ssim, squeeze, dists = found.opinions()
    for place, picture in enumerate((noise, found.now.picture, blur)):
        measured = explorer.measure(reference, picture, backbone="squeezenet1_1")
        of_dists = explorer.measure(reference, picture, backbone="dists").score
        told = [(each.before, each.after, each.other)[place] for each in (psnr, ssim, squeeze, dists)]
        assert told == pytest.approx([measured.psnr, measured.ssim, measured.score, of_dists], rel=1e-5)
    for said, name in ((squeeze, "SqueezeNet"), (dists, "DISTS")):
        is_fooled = said.before < said.other < said.after
        assert (said.outcome is Outcome.FOOLED) == is_fooled
        assert (name in found.transfer) == is_fooled
    assert found.transfer


def test_the_order_in_which_the_versions_are_named_changes_nothing(asked):
    reference, noise, blur = asked
    first, second = (
        synthesis.turn_verdict(reference, *order, levels=3, steps=3, witnesses=())
        for order in ((noise, blur), (blur, noise))
    )
    assert (first.changed, second.changed) == ("a", "b")
    assert first.now.picture.digest == second.now.picture.digest
    assert first.beside.picture.digest == second.beside.picture.digest == blur.digest


def test_which_version_is_changed_is_decided_once_by_the_exact_path(asked, monkeypatch):
    _, noise, blur = asked
    exact = {
        noise.digest: 0.0501,
        blur.digest: 0.05,
    }  # so near a tie, the other path may differ
    monkeypatch.setattr(trials, "scores", lambda _method, _reference, pictures: [exact[pictures[0].digest]])
    trial = Trial(*asked, Method(), Levels(4))
    still, turning = trial.plan().make().values()
    assert (type(still), type(turning)) == (Still, Turning)
    assert turning.other == 0.0501
    assert Found(Journey(trial.plan())).changed == "b"
    assert Found(Journey(Trial(*asked, Method(), keeps_score=True).plan())).changed == "b"


@pytest.mark.parametrize(
    ("other", "value", "is_over"),
    [(0.1, 0.10005, False), (0.1, 0.1002, True), (0.001, 0.001008, False), (0.001, 0.001012, True)],
)
def test_a_verdict_is_held_for_turned_only_beyond_what_the_two_paths_may_differ_by(
    asked, other, value, is_over
):
    reference, noise, _ = asked
    turning = Turning(Objective("PSNR", reference), noise, Levels(2), other)
    assert turning.is_over(Point(1, turning.begin().levels, value)) == is_over


def test_a_change_inside_a_psnr_has_it_and_is_told_by_it(asked):
    _, noise, _ = asked
    found = synthesis.turn_verdict(*asked, psnr=44, steps=4, witnesses=())
    psnr = explorer.measure(noise, found.now.picture).psnr
    assert 44.005 <= psnr < 45  # so that what was asked for is told from what was made
    turned, not_yet = (
        f"Turned by a change of {psnr:.2f} dB: A",
        f"A change of {psnr:.2f} dB is not enough after",
    )
    assert found.sentence.startswith(turned if found.has_turned else not_yet)


def test_inside_a_bound_it_is_not_said_that_so_many_levels_are_needed(asked, found):
    wide = synthesis.turn_verdict(*asked, levels=16, witnesses=())
    assert wide.has_turned
    assert wide.levels > found.levels  # fewer are enough
    assert wide.sentence.startswith(f"Turned within {wide.levels} grey levels: A, now ")
    assert "enough" not in wide.sentence


def test_where_the_steps_ran_out_it_is_said_after_how_many_and_that_more_may_do(asked):
    journey = travel(Trial(*asked, Method()).plan(), 4)
    short = Found(journey)
    assert not short.has_turned
    assert short.sentence.startswith("1 grey level is not enough after 4 steps: A is at ")
    assert short.sentence.endswith("; more steps may do.")
    journey._last["a"] = replace(short.now, step=MOST_STEPS)  # as if no more could be asked for
    assert short.sentence.startswith("1 grey level is not enough after 2,000 steps: ")
    assert "more" not in short.sentence


def test_the_search_for_the_fewest_levels_gives_each_bound_its_time_before_a_wider_one(asked):
    reference, noise, blur = asked
    journey = travel(Trial(reference, noise, blur, Method()).plan(), 20)
    for frame in journey.frames("a"):
        moved = np.abs(frame.picture.pixels.astype(int) - noise.pixels).max()
        assert moved <= 1 + max(0, frame.step - 1) // 8
    assert Found(journey).levels >= 1


def test_at_one_score_the_picture_is_as_far_for_the_metric_and_farther_and_farther_for_psnr(asked):
    reference, noise, _ = asked
    pale = load(distort(reference, "contrast", 0.5))
    found = synthesis.turn_verdict(reference, noise, pale, same_score=True, steps=6, witnesses=())
    score = oracle(reference, noise)
    for frame in found.journey.frames("b"):
        assert oracle(reference, frame.picture) == pytest.approx(score, rel=0.01)
    psnr = found.opinion("PSNR", found.now)
    assert psnr.after < psnr.before < psnr.other
    assert f"{psnr.after:.2f} dB" in found.sentence


def test_as_long_as_nothing_has_moved_it_is_said_which_version_is_closer(asked):
    found = synthesis.turn_verdict(*asked, steps=1, witnesses=())
    assert found.levels == 0  # a quarter of one level is rounded away
    assert found.sentence.startswith("A is closer: ")
    assert found.transfer == ""


def test_paused_and_gone_on_with_it_is_what_it_is_without_a_pause(asked):
    trial = Trial(*asked, Method(), Levels(1))
    whole = travel(trial.plan(), 4)
    parts = travel(trial.plan(), 2)
    job = explorer.jobs.pool.start(parts.task(4))
    assert job.wait(60)
    assert parts.curves == whole.curves
    assert parts.frames("a")[-1].picture.digest == whole.frames("a")[-1].picture.digest


@pytest.mark.parametrize(
    ("ruler", "numbers", "outcome"),
    [
        (Method(), (0.1, 0.3, 0.2), Outcome.FOOLED),
        (Method(), (0.1, 0.2, 0.2), Outcome.HOLDS),
        (Method(), (0.3, 0.4, 0.2), Outcome.OTHERWISE),
        ("PSNR", (30, 25, 28), Outcome.FOOLED),
        ("PSNR", (30, 29, 28), Outcome.HOLDS),
        ("SSIM", (0.6, 0.5, 0.7), Outcome.OTHERWISE),
        ("PSNR", (math.inf, 40, 28), Outcome.HOLDS),
    ],
)
def test_a_metric_is_fooled_where_its_order_was_right_and_turns(ruler, numbers, outcome):
    assert Opinion(ruler, *numbers).outcome is outcome


def test_others_are_asked_only_where_their_weights_are_here_and_the_picture_is_large_enough():
    names = [each.backbone for each in usual_witnesses(Method(), (64, 64))]
    assert "alexnet" not in names
    assert "squeezenet1_1" in names
    assert "alexnet" in [each.backbone for each in usual_witnesses(Method(heads="uniform"), (64, 64))]
    assert usual_witnesses(Method(), (12, 12)) == ()


def test_what_cannot_be_asked_is_refused_with_the_mend(asked, photo):
    reference, noise, blur = asked
    with pytest.raises(SettingError, match="only one"):
        synthesis.turn_verdict(*asked, levels=2, psnr=40)
    with pytest.raises(SettingError, match="whole number from 1 to 16"):
        synthesis.turn_verdict(*asked, levels=0)
    with pytest.raises(SettingError, match="has no gradient here"):
        Trial(*asked, Method("dists"))
    with pytest.raises(SizeMismatchError):
        Trial(reference, noise, photo("cat", (64, 64)), Method())
    with pytest.raises(SettingError, match="A and B are the same picture; choose two versions that differ"):
        Trial(reference, noise, derive(noise, noise.pixels.copy()), Method())
    with pytest.raises(ImageError, match="The reference measures 12 × 10 pixels, but AlexNet needs"):
        Trial(*(resize(each, 12) for each in asked), Method())
    with pytest.raises(ExplorerError, match="no difference between the closer version and the reference"):
        synthesis.turn_verdict(reference, reference, blur, witnesses=())
    for a in (reference, noise):
        with pytest.raises(ExplorerError, match="choose a version A that is farther from the reference"):
            synthesis.turn_verdict(reference, a, reference if a is noise else blur, same_score=True)
    with pytest.raises(SettingError, match="10000"):
        synthesis.turn_verdict(*asked, steps=10000)


def test_two_pictures_that_are_equally_far_are_not_to_be_swapped(asked, monkeypatch):
    monkeypatch.setattr(trials, "scores", lambda _method, _reference, _pictures: [0.05])
    with pytest.raises(SettingError, match="finds A and B equally far") as refused:
        Trial(*asked, Method()).plan().make()
    assert "swap" not in str(refused.value)


def test_at_one_score_a_and_b_may_be_one_picture(asked):
    reference, noise, _ = asked
    found = synthesis.turn_verdict(reference, noise, noise, same_score=True, steps=1, witnesses=())
    assert found.opinion("PSNR", found.now).after < found.opinion("PSNR", found.now).other


@pytest.mark.skipif(not torch.cuda.is_available(), reason="there is no GPU")
@pytest.mark.parametrize("bound", [Levels(4), Decibels(40)], ids=lambda bound: bound.text)
def test_on_a_gpu_the_same_verdict_turns_inside_the_same_bound(asked, bound):
    journey = travel(Trial(*asked, Method(device="cuda"), bound).plan(), 20)
    assert all(point.levels.device.type == "cuda" for point in journey.points.values())
    found = Found(journey)
    assert found.has_turned
    after, other = (oracle(asked[0], each) for each in (found.now.picture, asked[2]))
    assert after > other
    psnr = explorer.measure(asked[1], found.now.picture).psnr
    assert found.levels <= 4 if isinstance(bound, Levels) else psnr >= 40


# Noise and blur of all samples, and three more that begin with a stronger noise.
PAIRS = [
    *((sample, 0.3, 0.4) for sample in SAMPLES),
    ("cat", 0.4, 0.5),
    ("coffee", 0.4, 0.6),
    ("astronaut", 0.4, 0.5),
]


@pytest.mark.grid
def test_of_ten_pairs_nine_turn_within_four_levels():
    turned = []
    for sample, noise, blur in PAIRS:
        reference = resize(load_sample(sample), 256)
        versions = versions_of(reference, noise, blur)
        found = synthesis.turn_verdict(reference, *versions, levels=4, witnesses=())
        moved = np.abs(found.now.picture.pixels.astype(int) - versions[0].pixels).max()
        assert moved <= 4, sample
        after, other = (oracle(reference, each) for each in (found.now.picture, versions[1]))
        turned.append(after > other)
    assert len(turned) == 10
    assert sum(turned) >= 9
