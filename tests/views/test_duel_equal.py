"""The question Equal by one: its link, what it makes, says and shows."""

import math
from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from explorer.analysis.rulers import SSIM, text_of
from explorer.analysis.wording import times_text
from explorer.errors import SettingError
from explorer.metrics import Method
from explorer.synthesis.competition import LOWERED, RAISED, RUNS
from explorer.synthesis.journey import Journey, travel
from explorer.views.duel.asked import Asked
from explorer.views.duel.looking import Look
from explorer.views.duel.modes.equal import Equal, competition_of
from explorer.views.duel.modes.equal_scene import others_say
from explorer.views.duel.modes.equal_settings import EqualSettings

EQUAL, LPIPS, VGG, DISTS = Equal(), Method(), Method("vgg16"), Method("dists")
SIZE = (72, 64)
LOOK = Look("magma", steps=4, is_running=False)


@pytest.fixture(scope="module")
def asked(photo):
    return Asked(photo("cat", SIZE), None, LPIPS, seed=2)


@pytest.fixture(scope="module")
def made(asked):
    """A journey of four steps, with another network that is asked at its ends."""
    settings = EqualSettings(moved="squeezenet1_1:lpips-0.1")
    return travel(competition_of(asked, settings).plan((LPIPS,)), 4)


@pytest.fixture(scope="module")
def wide_apart(asked):
    """A journey of six steps, of which nobody else was asked, though others stand among its witnesses."""
    made = travel(competition_of(asked, EqualSettings()).plan(), 6)
    return replace(made, plan=replace(made.plan, witnesses=(VGG, DISTS)))


@pytest.mark.parametrize(
    "settings",
    [
        EqualSettings(),
        EqualSettings("psnr", 30.0, "ssim", "pink_noise"),
        EqualSettings("lpips", None, "psnr", "pair"),
        EqualSettings("ssim", 0.5, "vgg16:uniform"),
        EqualSettings("lpips", 0.5, "vgg16:uniform:random"),
    ],
)
def test_a_link_opens_what_it_was_written_of(settings):
    assert EQUAL.read(settings.to_link()) == (settings, ())
    assert settings.to_link().keys() <= set(EQUAL.PARAMETERS)


def test_the_first_settings_need_no_link():
    assert EqualSettings().to_link() == {}


@pytest.mark.parametrize(
    ("name", "text", "why"),
    [
        ("duel_hold", "fog", "choose one of psnr, ssim, lpips"),
        ("duel_at", "nan", "choose a number from 14 to 40"),
        ("duel_at", "90", "choose a number from 14 to 40"),
        ("duel_moved", "psnr", "it is what stays"),
        ("duel_moved", "fog", "There is no metric 'fog'"),
        ("duel_moved", "dists:dists", "has no gradient here"),
        ("duel_start", "jpeg", "There is no noise 'jpeg'"),
    ],
)
def test_what_a_link_asks_for_in_vain_is_said_and_the_rest_is_taken(name, text, why):
    settings, (problem,) = EQUAL.read({name: text, "duel_start": "pink_noise"} | {name: text})
    assert settings.start == ("gaussian_noise" if name == "duel_start" else "pink_noise")
    assert f"The link asks for {name}" in problem
    assert why in problem


def test_what_moves_gives_way_to_what_is_held():
    assert EqualSettings().holding("lpips") == EqualSettings("lpips", None, "psnr")
    assert EqualSettings(moved="ssim").holding("ssim").moved == "lpips"
    assert EqualSettings(at=30.0, moved="ssim").holding("lpips") == EqualSettings("lpips", None, "ssim")


def test_the_question_names_what_is_held():
    assert EQUAL.question(EqualSettings(), LPIPS) == "How different are pictures that PSNR calls equal?"
    assert "that LPIPS calls equal" in EQUAL.question(EqualSettings("lpips", moved="psnr"), LPIPS)


def test_a_start_that_is_still_made_or_is_the_reference_is_told(asked, photo):
    with pytest.raises(SettingError, match="is still being made"):
        EQUAL.plan(asked, EqualSettings(start="pair"))
    same = Asked(asked.reference, asked.reference, LPIPS, 0)
    with pytest.raises(SettingError, match="The start is the reference itself"):
        EQUAL.plan(same, EqualSettings(start="pair"))


def test_nothing_is_said_before_anything_is_made(asked):
    assert EQUAL.sentence(Journey(EQUAL.plan(asked, EqualSettings())), EqualSettings()) == ""


def test_the_scene_shows_exact_numbers_of_every_metric_under_the_pictures(made):
    scene = EQUAL.scene(made, EqualSettings(), LOOK)
    method = made.plan.method
    assert method.backbone == "squeezenet1_1"
    assert [metric.key for metric in scene.metrics] == [text_of(method), "psnr", "ssim", text_of(LPIPS)]
    assert [metric.is_held for metric in scene.metrics] == [False, True, False, False]
    assert [tile.label for tile in scene.tiles] == ["Lowered", "Start · Gaussian noise", "Raised"]
    low, start, high = (tile.frames[-1] for tile in scene.tiles)
    assert (low.step, start.step, high.step) == (4, 0, 4)
    for frame, run, step in ((low, "lowered", 4), (start, "lowered", 0), (high, "raised", 4)):
        own = next(each for each in made.frames(run) if each.step == step)
        values = own.standing.values
        assert frame.values[:3] == (f"{values[method]:.4f}", "24.00 dB", f"{values[SSIM]:.4f}")
        assert frame.values[3] == f"{made.said[run, step][LPIPS]:.4f}"
        assert math.fsum(frame.distances) == pytest.approx(values[method])
        assert [each.mean() for each in frame.maps] == pytest.approx(frame.distances, rel=1e-4)
    assert scene.bracket == "Equal: each 24.00 dB from the reference"


def test_curves_are_exact_at_frames_and_marked_elsewhere(made):
    scene = EQUAL.scene(made, EqualSettings(), LOOK)
    curves = {(curve.metric, curve.tile): curve for curve in scene.curves}
    method = made.plan.method
    for run in RUNS:
        own = curves[text_of(method), run]
        assert own.steps == (0, 1, 2, 3, 4)
        exact = [frame.standing.values[method] for frame in made.frames(run)]
        assert own.values == pytest.approx(exact)
        assert own.texts == tuple(f"{value:.4f}" for value in exact)
        assert curves[text_of(LPIPS), run].steps == (0, 4)  # who was asked at the ends alone
    journey = Journey(made.plan)
    journey.curves = {run: [1.0, 2.0, 3.0] for run in RUNS}
    journey._kept = {run: list(made.frames(run)[:1]) for run in RUNS}
    between = EQUAL.scene(journey, EqualSettings(), LOOK).curves[0]
    assert between.texts[1:] == ("≈ 2.0000", "≈ 3.0000")


def test_while_it_is_made_the_last_frames_alone_are_sent(made):
    scene = EQUAL.scene(made, EqualSettings(), Look("magma", steps=9, is_running=True))
    assert [[frame.step for frame in tile.frames] for tile in scene.tiles] == [[4], [0], [4]]


def test_the_sentence_says_what_the_numbers_say(made, asked):
    low, high = (made.frames(run)[-1].standing.values[made.plan.method] for run in RUNS)
    sentence = EQUAL.sentence(made, EqualSettings())
    assert sentence.startswith("All three have 24.0 dB. LPIPS ")
    assert f"{times_text(high / low)} times as" in sentence
    ssim = travel(competition_of(asked, EqualSettings("lpips", 0.3, "ssim")).plan(), 2)
    values = [ssim.frames(run)[-1].standing.values[SSIM] for run in RUNS]
    said = "All three have LPIPS 0.30. SSIM says {:.4f} of the first, and {:.4f} of the third."
    assert EQUAL.sentence(ssim, EqualSettings()) == said.format(*values)


def test_two_networks_are_told_apart_by_their_names(asked):
    settings = EqualSettings("lpips", 0.2, "squeezenet1_1:lpips-0.1")
    made = travel(competition_of(asked, settings).plan(), 1)
    sentence, scene = EQUAL.sentence(made, settings), EQUAL.scene(made, settings, LOOK)
    assert sentence.startswith("All three have 0.20 by AlexNet. SqueezeNet 1.1 says ")
    assert scene.bracket == "Equal: each 0.20 by AlexNet from the reference"
    assert scene.shows == "Shows that SqueezeNet 1.1 can be led astray by a picture made for it."
    assert EQUAL.question(settings, LPIPS) == "How different are pictures that AlexNet calls equal?"


def told(journey: Journey, nearer: dict, farther: dict) -> Journey:
    """The same pictures, of which others say this at their ends: of the lowered and of the raised one."""
    other = Journey(journey.plan, curves=journey.curves, _kept=journey._kept, _last=journey._last)
    for run, values in ((LOWERED, nearer), (RAISED, farther)):
        other.said[run, other.frames(run)[-1].step] = values
    return other


@pytest.mark.parametrize(
    ("nearer", "farther", "said"),
    [
        ((0.28, 0.22), (0.56, 0.44), " To VGG16 and DISTS, the third is only 2 times as far."),
        ((0.2, 0.2), (0.3, 0.5), " To VGG16 and DISTS, the third is only 1.5 to 2.5 times as far."),
        ((0.2, 0.01), (0.3, 200), " To VGG16 and DISTS, the third is 1.5 to 20,000 times as far."),
        (
            (0.2, 0.2),
            (0.3, 0.1),
            " To VGG16, the third is only 1.5 times as far. To DISTS, the third is even closer.",
        ),
        ((0.2, 0.2), (0.1, 0.1), " To VGG16 and DISTS, the third is even closer."),
    ],
)
def test_what_others_say_is_said_beside_what_it_shows(wide_apart, nearer, farther, said):
    journey = told(
        wide_apart,
        dict(zip((VGG, DISTS), nearer, strict=True)),
        dict(zip((VGG, DISTS), farther, strict=True)),
    )
    assert others_say(journey) == f"Only AlexNet was asked.{said}"
    shows = EQUAL.scene(journey, EqualSettings(), LOOK).shows
    assert shows.startswith("Shows that LPIPS can be led astray")
    assert shows.endswith(f" Only AlexNet was asked.{said}")


def test_nothing_is_said_of_others_before_they_were_asked(made, wide_apart):
    assert others_say(told(wide_apart, {}, {})) == ""
    assert others_say(told(wide_apart, {VGG: 0.2}, {})) == ""
    assert "was asked" not in EQUAL.scene(wide_apart, EqualSettings(), LOOK).shows
    low, high = (made.values(made.frames(run)[-1])[LPIPS] for run in RUNS)
    assert high > low
    times = times_text(high / low).removesuffix(".0")
    assert others_say(made).startswith("Only SqueezeNet 1.1 was asked. To AlexNet, the third is ")
    assert f" {times} times as far." in others_say(made)


@pytest.mark.parametrize(("ratio", "text"), [(2.44, "2.4"), (38.4, "38"), (449, "450"), (2412.0, "2,400")])
def test_a_ratio_has_two_digits(ratio, text):
    assert times_text(ratio) == text


def controls():
    """A page that has the question's controls alone."""
    import streamlit as st

    from explorer.views.common.session import current
    from explorer.views.duel.modes.equal import Equal
    from explorer.views.duel.modes.equal_settings import EqualSettings

    session, equal = current(), Equal()
    settings = st.session_state.get("asked", EqualSettings())
    with st.sidebar:
        settings = equal.choose_in_sidebar(session, settings, None)
    st.session_state.asked = equal.choose(session, settings, session.settings.method)


def test_the_controls_choose_what_is_asked():
    app = AppTest.from_function(controls, default_timeout=180).run()
    assert not app.exception
    assert app.session_state.asked == EqualSettings()
    app.slider(key="duel_at_psnr").set_value(30.0).run()
    app.selectbox(key="duel_moved_of_psnr").set_value("ssim").run()
    app.selectbox(key="duel_start").set_value("pink_noise").run()
    assert app.session_state.asked == EqualSettings("psnr", 30.0, "ssim", "pink_noise")
    app.selectbox(key="duel_hold").set_value("ssim").run()
    assert app.session_state.asked == EqualSettings("ssim", None, "lpips", "pink_noise")
    assert "ssim" not in app.selectbox(key="duel_moved_of_ssim").options
    assert app.number_input(key="setting_seed").value == 0
    app.selectbox(key="duel_start").set_value("pair").run()
    assert not app.number_input
    assert app.session_state.asked.start == "pair"
    assert not app.exception
