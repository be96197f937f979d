"""Turn the verdict: its link, its controls, and what is shown, with the numbers of measure."""

import numpy as np
import pytest

import explorer
from explorer.distortions import distort
from explorer.images import load
from explorer.metrics import Method
from explorer.synthesis.bounds import Decibels, Levels
from explorer.synthesis.found import Found
from explorer.synthesis.journey import Journey, travel
from explorer.synthesis.trial import Trial
from explorer.views.duel.looking import Look
from explorer.views.duel.modes.verdict_scene import BEFORE, change_of, scene_of
from explorer.views.duel.modes.verdict_settings import (
    DECIBELS,
    LEVELS,
    PAIR,
    SAME,
    SMALLEST,
    VerdictSettings,
    Version,
    read,
)
from tests.views.test_duel_page import answer, open_duel, own, session_of, settled, state_of
from tests.views.test_inspect_page import tiles

ALL = [
    VerdictSettings(),
    VerdictSettings(Version("jpeg", 0.25), Version("motion_blur", 1.0), LEVELS, Levels(3)),
    VerdictSettings(Version(PAIR), Version("gaussian_blur", 0.4), DECIBELS, Decibels(42.5)),
    VerdictSettings(b=Version("contrast", 0.5), way=SAME),
]
LINK = {"duel": "verdict", "steps": "3", "made": "1"}


@pytest.mark.parametrize("settings", ALL, ids=lambda settings: settings.bound_text)
def test_a_link_carries_the_settings_and_only_what_is_not_as_at_first(settings):
    assert read(settings.to_link()) == (settings, ())
    assert VerdictSettings().to_link() == {}


@pytest.mark.parametrize(
    ("name", "text", "why"),
    [
        ("duel_a", "fog:0.5", "there is no distortion 'fog'"),
        ("duel_a", "jpeg", "a severity above 0"),
        ("duel_b", "jpeg:nan", "a severity above 0"),
        ("duel_b", "jpeg:0", "a severity above 0"),
        ("duel_bound", "levels:99", "whole number from 1 to 16"),
        ("duel_bound", "much", "is no bound"),
    ],
)
def test_what_a_link_asks_for_in_vain_is_told_and_the_rest_is_taken(name, text, why):
    settings, problems = read(
        {"duel_a": "jpeg:0.5", "duel_b": "jpeg:1", "duel_bound": "levels:3"} | {name: text}
    )
    assert len(problems) == 1
    assert name in problems[0]
    assert why in problems[0]
    assert len(settings.to_link()) == 2


@pytest.mark.parametrize(("moved", "strength"), [(1, 32), (3, 32), (4, 16), (40, 2), (200, 1)])
def test_a_change_is_shown_as_strongly_as_the_scale_has_room_for(photo, moved, strength):
    dark = explorer.images.derive(photo("cat", (16, 16)), np.zeros((16, 16, 3), np.uint8))
    pixels = dark.pixels.copy()
    pixels[3, 5, 1] = moved
    shown, note = change_of(dark, explorer.images.derive(dark, pixels))
    assert (f"× {strength}" in note.replace("\N{NO-BREAK SPACE}", " ")) == (strength > 1)
    assert shown[3, 5, 1] == min(128 + strength * moved, 255)
    assert (shown[0] == 128).all()
    assert change_of(dark, dark) == (None, "")


@pytest.mark.parametrize("keeps_score", [False, True], ids=["turned", "at one score"])
def test_curves_are_exact_at_frames_and_marked_elsewhere(photo, keeps_score):
    reference = photo("cat", (48, 40))
    pictures = [load(distort(reference, name, 0.5)) for name in ("gaussian_noise", "contrast")]
    trial = Trial(reference, *pictures, Method(), Levels(2), keeps_score)
    made = travel(trial.plan(), 2)
    changed, ruler = trial.changed, "psnr" if keeps_score else "alexnet:lpips-0.1"
    digits = "{:.2f} dB" if keeps_score else "{:.4f}"

    def shown(journey):
        return scene_of(Found(journey), VerdictSettings(), Look("magma", 2, is_running=False))

    # What it begins with is said to be scaled where it is, for then it is not the version chosen.
    badge = "B scaled · Gaussian blur" if keeps_score else "A · Gaussian noise"
    assert badge in [tile.label for tile in shown(made).tiles]

    def own(journey):
        curves = shown(journey).curves
        return next(curve for curve in curves if (curve.metric, curve.tile) == (ruler, changed))

    measured = [explorer.measure(reference, frame.picture) for frame in made.frames(changed)]
    exact = [each.psnr if keeps_score else each.score for each in measured]
    assert own(made).values == pytest.approx(exact, rel=1e-5)
    assert own(made).texts == tuple(map(digits.format, exact))

    # Where the frames of later steps did not stay, there is what the process has seen.
    few = Journey(made.plan, curves=made.curves)
    few._kept = {run: list(made.frames(run)[:1]) for run in ("a", "b")}
    seen = made.curves[changed]
    assert own(few).texts == (digits.format(exact[0]), *("≈ " + digits.format(each) for each in seen[1:]))


def test_the_page_turns_a_verdict_and_its_numbers_and_marks_are_those_of_the_pictures():
    at = settled(open_duel(**LINK, duel_bound="levels:4", duel_b="gaussian_blur:0.6"))
    scene, trip = state_of(at).scene.latest, state_of(at).under_way
    reference = trip.journey.plan.reference
    assert [tile.key for tile in scene.tiles] == [BEFORE, "b", "a"]
    row = [metric.key for metric in scene.metrics].index("alexnet:lpips-0.1")
    told = [explorer.measure(reference, tile.frames[-1].picture) for tile in scene.tiles]
    for tile, said in zip(scene.tiles, told, strict=True):
        frame = tile.frames[-1]
        assert frame.values[row] == frame.score == f"{said.score:.4f}"
        assert frame.values[[metric.key for metric in scene.metrics].index("psnr")] == f"{said.psnr:.2f} dB"
    before, other, now = told
    mark = scene.tiles[2].frames[-1].marks[row]
    assert before.score < other.score
    assert mark == ("fooled" if now.score > other.score else "not fooled")
    assert ("not enough" in answer(at)) == (mark == "not fooled")
    assert f"{now.score:.4f}" in answer(at)
    assert scene.tiles[0].frames[-1].marks == ()
    assert own(at) == LINK | {"duel_bound": "levels:4", "duel_b": "gaussian_blur:0.6"}

    # The version as it was is a tile without a run of its own, and opens as the others do.
    state_of(at).open("inspect", BEFORE)
    at.run()
    assert not at.exception
    assert tiles(at)[0] == scene.tiles[0].frames[0].score


def test_the_controls_choose_versions_and_bound_and_the_converse_brings_a_version_with_room():
    at = open_duel(duel="verdict", steps="1")
    at.selectbox(key="duel_a_name").set_value("pink_noise").run()
    at.slider(key="duel_b_severity").set_value(0.6).run()
    at.selectbox(key="duel_way").set_value(LEVELS).run()
    at.number_input(key="duel_levels").set_value(3).run()
    assert not at.exception
    chosen = {"duel_a": "pink_noise:0.3", "duel_b": "gaussian_blur:0.6", "duel_bound": "levels:3"}
    assert {name: own(at)[name] for name in chosen} == chosen
    at.selectbox(key="duel_way").set_value(DECIBELS).run()
    at.number_input(key="duel_psnr").set_value(42.5).run()
    assert not at.exception
    assert own(at)["duel_bound"] == "psnr:42.5"
    at.slider(key="duel_b_severity").set_value(0.4).run()
    at.selectbox(key="duel_way").set_value(SAME).run()
    assert own(at)["duel_b"] == "contrast:0.5"
    assert at.selectbox(key="duel_b_name").value == "contrast"
    assert any("How much can change at the same LPIPS?" in each.value for each in at.caption)
    at.selectbox(key="duel_way").set_value(SMALLEST).run()
    assert "duel_b" not in own(at)
    session_of(at).leave_pages()


def test_one_picture_twice_is_told_with_the_mend_before_any_work_and_the_page_stays():
    at = open_duel(**LINK, duel_a="jpeg:0.5", duel_b="jpeg:0.5")
    assert not at.exception
    assert any("A and B are the same picture; choose two versions" in each.value for each in at.error)
    assert state_of(at).under_way is None
    assert at.selectbox(key="duel_b_name").value == "jpeg"
