"""The question What a layer keeps: its link, what it makes, says and shows."""

import pytest

from explorer.analysis.wording import decibels
from explorer.errors import SettingError
from explorer.metrics import Method
from explorer.synthesis.journey import Journey, travel
from explorer.synthesis.keeping import distance_in
from explorer.views.duel.asked import Asked
from explorer.views.duel.looking import Look
from explorer.views.duel.modes.keeps import Keeps, share_text
from explorer.views.duel.modes.keeps_scene import OWN
from explorer.views.duel.modes.keeps_settings import KeepsSettings
from tests.views.test_duel_page import alone as alone
from tests.views.test_duel_page import answer, open_duel, own, press, session_of, settled, state_of
from tests.views.test_inspect_page import sentences

KEEPS = Keeps()
LOOK = Look("magma", steps=10, is_running=False)
GROUPS = (("conv1",), ("conv2", "conv3"))


@pytest.fixture(scope="module")
def asked(photo):
    return Asked(photo("cat", (48, 40)), photo("brick", (48, 40)), Method(), seed=2)


@pytest.fixture(scope="module")
def made(asked):
    return travel(KEEPS.plan(asked, KeepsSettings(GROUPS)), 10)


@pytest.mark.parametrize(
    "settings",
    [
        KeepsSettings(),
        KeepsSettings(GROUPS, "grey", "fourier"),
        KeepsSettings((("conv5",),), "pair", "smooth"),
        KeepsSettings((), "coffee"),
    ],
)
def test_a_link_opens_what_it_was_written_of(settings):
    assert KEEPS.read(settings.to_link()) == (settings, ())
    assert settings.to_link().keys() <= set(KEEPS.PARAMETERS)


def test_a_layer_that_a_link_names_again_and_again_is_taken_once():
    settings, problems = KEEPS.read({"duel_layers": "conv1;conv2" + ",conv1,conv2" * 3000 + ";conv1,conv1"})
    assert not problems
    assert settings.to_link() == {"duel_layers": "conv1;conv2,conv1"}


def test_the_first_settings_need_no_link():
    assert KeepsSettings().to_link() == {}


@pytest.mark.parametrize(
    ("name", "text", "why"),
    [
        ("duel_layers", "conv9", "no network has a layer “conv9”"),
        ("duel_layers", ";,", "name 1 to 5 layers"),
        ("duel_layers", "conv1;conv2;conv3;conv4;conv5;conv1,conv2", "name 1 to 5 layers"),
        ("duel_from", "fog", "choose one of noise, grey, cat"),
        ("duel_by", "crayon", "choose one of pixels, fourier, smooth"),
    ],
)
def test_what_a_link_asks_for_in_vain_is_said_and_the_rest_is_taken(name, text, why):
    usual = {"duel_layers": "conv4", "duel_from": "grey", "duel_by": "smooth"}
    settings, (problem,) = KEEPS.read(usual | {name: text})
    assert f"The link asks for {name}" in problem
    assert why in problem
    left_out = {other: each for other, each in usual.items() if other != name}
    assert settings.to_link() == left_out


def test_layers_are_those_of_the_network_that_is_asked_now():
    settings = KeepsSettings((("conv1",), ("conv3",)))
    assert settings.groups_of(Method()) == settings.groups
    vgg = settings.groups_of(Method("vgg16"))
    assert len(vgg) == 3
    assert {name for (name,) in vgg} <= set(Method("vgg16").layers)
    assert KeepsSettings().groups_of(Method(layers=("conv2", "conv4"))) == (("conv2",), ("conv4",))
    assert KeepsSettings(()).groups_of(Method()) == ()


def test_what_cannot_be_made_is_said(asked):
    for settings, why in (
        (KeepsSettings(()), "No layer is chosen"),
        (KeepsSettings(start="pair"), "still being made"),
    ):
        with pytest.raises(SettingError, match=why):
            KEEPS.plan(Asked(asked.reference, None, Method(), 0), settings)
    same = Asked(asked.reference, asked.reference, Method(), 0)
    with pytest.raises(SettingError, match="The start is the reference itself"):
        KEEPS.plan(same, KeepsSettings(start="pair"))


def test_the_sentence_says_how_far_the_layers_came_and_what_all_of_them_say(asked, made):
    frames = [made.frames(name) for name in made.runs]
    shares = [
        distance_in(last, made.plan.method.layers, group) / distance_in(first, made.plan.method.layers, group)
        for group, (first, *_, last) in zip(GROUPS, frames, strict=True)
    ]
    scores = [each[-1].standing.values[made.plan.method] for each in frames]
    assert KEEPS.sentence(made, KeepsSettings()) == (
        f"Each picture’s own distance is down to {share_text(max(shares))} or less; "
        f"all layers together say {scores[0]:.2f} and {scores[1]:.2f}."
    )
    assert KEEPS.sentence(Journey(made.plan), KeepsSettings()) == ""
    one = travel(KEEPS.plan(asked, KeepsSettings((("conv2",),))), 4)
    said = KEEPS.sentence(one, KeepsSettings())
    assert said.startswith("The distance in conv2 is down to ")
    assert said.endswith(f"say {one.frames('conv2')[-1].standing.values[Method()]:.4f}.")
    whole = travel(KEEPS.plan(asked, KeepsSettings((Method().layers,))), 1)
    assert KEEPS.sentence(whole, KeepsSettings()).startswith("The distance is down to ")
    assert [share_text(share) for share in (0.0007, 0.028, 0.34)] == ["0.07%", "2.8%", "34%"]


def test_the_scene_shows_what_was_measured_of_each_picture_at_each_step(made):
    scene = KEEPS.scene(made, KeepsSettings(), LOOK)
    assert scene.bracket == "Grown from weak noise, each by its own layers alone"
    assert [metric.label for metric in scene.metrics] == [
        "Own layers",
        "LPIPS · AlexNet · v0.1",
        "PSNR",
        "SSIM",
    ]
    assert [tile.label for tile in scene.tiles] == ["conv1", "conv2 + conv3"]
    assert len({tile.tone for tile in scene.tiles}) == 2
    curves = {(curve.metric, curve.tile): curve for curve in scene.curves}
    for tile, group in zip(scene.tiles, GROUPS, strict=True):
        frames = made.frames(tile.key)
        assert [frame.step for frame in tile.frames] == [frame.step for frame in frames]
        shown, frame = tile.frames[-1], frames[-1]
        distances = dict(zip(scene.layers, frame.standing.distances, strict=True))
        told = f"{sum(distances[name] for name in group):.4f}"
        assert shown.values[0] == curves[OWN, tile.key].texts[-1] == told
        assert shown.values[1] == shown.score == f"{sum(distances.values()):.4f}"
        assert shown.values[2] == decibels(frame.standing.values["PSNR"])
        assert curves["ssim", tile.key].steps == tuple(each.step for each in frames)
        for name, values in zip(scene.layers, shown.maps, strict=True):
            assert values.mean(dtype="float64") == pytest.approx(distances[name])
    assert scene.shows.startswith("Shows ")
    assert scene.does_not_show.startswith("Does not show ")


def test_while_it_is_made_the_last_frames_alone_are_sent(made):
    scene = KEEPS.scene(made, KeepsSettings(), Look("magma", 20, is_running=True))
    assert [len(tile.frames) for tile in scene.tiles] == [1, 1]
    assert scene.tiles[0].frames[0].step == 10


def test_the_checkerboard_is_spoken_of_where_the_raw_gradient_draws(asked):
    for by, speaks in (("pixels", True), ("fourier", False), ("smooth", False)):
        journey = travel(KEEPS.plan(asked, KeepsSettings((("conv1",),), "grey", by)), 1)
        scene = KEEPS.scene(journey, KeepsSettings(), LOOK)
        assert ("checkerboard" in scene.shows) is speaks
        assert scene.bracket == "Grown from grey, by conv1 alone"


def test_the_page_grows_what_its_link_says_and_layers_are_chosen_and_typed():
    at = settled(open_duel(duel="keeps", duel_layers="conv2;conv1,conv3", steps="3", made="1"))
    journey = state_of(at).under_way.journey
    assert journey.runs == ("conv2", "conv1,conv3")
    assert "own distance is down to" in answer(at)
    at.selectbox(key="duel_by").set_value("smooth").run()
    at.selectbox(key="duel_from").set_value("grey").run()
    at.multiselect(key="duel_layers_alexnet").set_value(["conv5", "conv4,conv1"]).run()
    assert not at.exception
    settled(press(at, "duel_first"))
    link = {"duel": "keeps", "duel_layers": "conv5;conv1,conv4", "duel_from": "grey", "duel_by": "smooth"}
    assert own(at) == link | {"steps": "3", "made": "1"}
    assert state_of(at).under_way.journey.runs == ("conv5", "conv1,conv4")
    # What is no layer is named, and those that there were are back.
    at.multiselect(key="duel_layers_alexnet").set_value(["conv5", "fog"]).run()
    assert any("no layer 'fog'" in said for said in sentences(at))
    assert at.multiselect(key="duel_layers_alexnet").value == ["conv5", "conv1,conv4"]
    # None at all is said as well, and the pictures stay.
    at.multiselect(key="duel_layers_alexnet").set_value([]).run()
    assert any("No layer is chosen" in said for said in sentences(at))
    assert state_of(at).scene.latest.tiles[0].key == "conv5"
    session_of(at).leave_pages()


def test_a_layer_that_has_not_come_nearer_is_not_said_to_be_down(asked):
    start = travel(KEEPS.plan(asked, KeepsSettings(GROUPS, "grey")), 1)
    begun = Journey(start.plan)
    for name in start.runs:
        begun.curves[name] = start.curves[name][:1]
        begun._kept[name] = list(start.frames(name)[:1])
    first = start.frames("conv1")[0].standing.values[Method()]
    assert KEEPS.sentence(begun, KeepsSettings()) == f"Growing from grey, at LPIPS {first:.2f}."
    # The first step from grey, where no unit tells one place from another, goes beyond what it is after.
    rising = travel(KEEPS.plan(asked, KeepsSettings((("conv2",),), "grey")), 1)
    before, after = (distance_in(frame, Method().layers, ("conv2",)) for frame in rising.frames("conv2"))
    assert after > 1.1 * before
    assert KEEPS.sentence(rising, KeepsSettings()).startswith(
        f"The distance in conv2 is at {share_text(after / before)} of the start’s; all layers"
    )
