"""Directions on the page Duel: the link, what is chosen, and what is said and shown of what was found."""

import math

import numpy as np
import pytest

import explorer
from explorer.analysis.wording import times_text
from explorer.metrics import Method
from explorer.synthesis.eigendistortions import distance_text, foretold, found_in, plan_of
from explorer.synthesis.journey import travel
from explorer.views.duel.looking import Look
from explorer.views.duel.modes.directions import Directions
from explorer.views.duel.modes.directions_settings import DirectionsSettings
from tests.views.test_duel_page import answer, open_duel, own, session_of, settled, state_of
from tests.views.test_inspect_page import sentences

MODE = Directions()
STEPS = 4


@pytest.fixture(scope="module")
def made(photo):
    """Of all layers, and of two for themselves: what was found and how it is shown."""

    def make(*by):
        journey = travel(plan_of(photo("cat", (64, 64)), Method(device="cpu"), by), STEPS)
        return journey, MODE.scene(journey, DirectionsSettings(by), Look("magma", STEPS, False))

    return make("sum"), make("conv1", "conv2")


@pytest.mark.parametrize(
    "settings",
    [
        DirectionsSettings(),
        DirectionsSettings(("conv1", "sum", "conv5"), 30.5),
        DirectionsSettings(("features.1.0.stochastic_depth.stochastic_depth_1",)),  # a node, the longest one
    ],
    ids=lambda settings: "+".join(settings.by),
)
def test_a_link_carries_what_is_asked(settings):
    assert MODE.read(settings.to_link()) == (settings, ())
    assert set(settings.to_link()) <= set(MODE.PARAMETERS)


@pytest.mark.parametrize(
    ("link", "said"),
    [
        ({"duel_of": "a;b;c;d"}, "name 1 to 3 layers"),
        ({"duel_of": ";"}, "name 1 to 3 layers"),
        ({"duel_of": "conv1;" + "a" * 100_000}, f"no layer is called “{'a' * 40}…”."),
        ({"duel_of": "conv1;**loud**"}, "no layer is called “**loud**”."),
        ({"duel_shown_at": "loud"}, "choose a number from 24 to 56"),
        ({"duel_shown_at": "nan"}, "choose a number from 24 to 56"),
        ({"duel_shown_at": "80"}, "shown at 24 to 56 dB, not at 80"),
    ],
)
def test_what_a_link_asks_for_in_vain_is_named_and_the_rest_stands(link, said):
    settings, (sentence,) = MODE.read(link)
    assert settings == DirectionsSettings()
    assert said in sentence
    assert len(sentence) < 250


def test_the_numbers_under_the_pictures_are_those_of_measure_and_all_have_one_psnr(made):
    (journey, scene), _ = made
    assert [tile.label for tile in scene.tiles] == ["Seen least", "Noise", "Seen most"]
    rows = [metric.key for metric in scene.metrics]
    for tile in scene.tiles:
        for frame in (tile.frames[0], tile.frames[-1]):
            measured = explorer.measure(journey.plan.reference, frame.picture, device="cpu")
            told = dict(zip(rows, frame.values, strict=True))
            assert told["alexnet:lpips-0.1"] == frame.score == f"{measured.score:.4f}"
            assert told["psnr"] == f"{measured.psnr:.2f} dB" == "40.00 dB"
            assert told["ssim"] == f"{measured.ssim:.4f}"
            assert math.isclose(math.fsum(frame.distances), measured.score, rel_tol=1e-5)
    assert [metric.key for metric in scene.metrics if metric.is_held] == ["psnr"]


def test_the_eigenvalue_is_no_distance_and_its_course_which_is_driven_is_seen_first(made):
    for _, scene in made:
        (row,) = [metric for metric in scene.metrics if metric.key == "eigenvalue"]
        assert row.direction == "how strongly it answers"
        assert scene.curves[0].metric == "eigenvalue"
        assert scene.curves[0].steps == tuple(range(STEPS + 1))
        assert scene.metrics[0].key != "eigenvalue"  # the large number stays the distance


def test_the_change_is_what_was_done_to_the_picture_as_strong_as_is_said(made):
    (journey, scene), _ = made
    for tile in scene.tiles:
        strength = int(tile.change_note.rpartition("×")[2])
        difference = tile.frames[-1].picture.astype(int) - journey.plan.reference.pixels
        assert np.array_equal(tile.change, np.clip(128 + strength * difference, 0, 255))
    assert len({tile.change_note.rpartition("×")[2] for tile in scene.tiles}) == 1  # to be compared
    # It is of the last step, whichever is looked at; the noise has no other, nor has a tile that grows.
    said = [tile.change_note.partition(",")[0] for tile in scene.tiles]
    assert said == [f"change at step {STEPS}", "changed by", f"change at step {STEPS}"]
    running = MODE.scene(journey, DirectionsSettings(), Look("magma", STEPS, True))
    assert {tile.change_note.partition(",")[0] for tile in running.tiles} == {"changed by"}


def test_each_of_several_has_its_two_pictures_and_is_told_by_its_own_layers(made):
    _, (journey, scene) = made
    found = found_in(journey)
    assert [tile.label for tile in scene.tiles] == [
        f"{name} · {word}" for name in ("conv1", "conv2") for word in ("least", "most")
    ]
    own_row = [metric.key for metric in scene.metrics].index("own")
    shown = [tile.frames[-1].values[own_row] for tile in scene.tiles]
    expected = [each.distance for name in found.by for each in reversed(found.pair(name))]
    assert shown == [distance_text(distance) for distance in expected]
    assert MODE.sentence(journey, DirectionsSettings()).startswith(
        "Of two changes of 40 dB each, conv1 sees one "
    )


def test_the_honest_sentence_says_what_the_eigenvalue_would_have_at_this_strength(made):
    (journey, scene), _ = made
    most, _ = found_in(journey).pair("sum")
    expected = foretold(most.eigenvalue, 40.0)
    assert expected > 2 * most.distance
    assert f"the most would be {expected:.2f}, not {most.distance:.4f}" in scene.does_not_show
    assert f"differ at least {times_text(found_in(journey).ratio('sum'))} times" in scene.shows


def test_while_it_is_made_the_last_frames_alone_are_sent(made):
    (journey, _), _ = made
    running = MODE.scene(journey, DirectionsSettings(), Look("magma", STEPS, True))
    assert {tile.label: [frame.step for frame in tile.frames] for tile in running.tiles} == {
        "Seen least": [STEPS],
        "Noise": [0],
        "Seen most": [STEPS],
    }


def test_the_page_finds_them_and_a_layer_that_the_method_has_not_is_named():
    at = open_duel(duel="directions", steps="3", made="1", duel_of="conv9;conv2", duel_shown_at="36")
    try:
        assert any("AlexNet, as chosen in the sidebar, has no conv9" in each for each in sentences(at))
        settled(at)
        assert answer(at).startswith("## Of two changes of 36 dB each, conv2 sees one ")
        scene = state_of(at).scene.latest
        assert [tile.label for tile in scene.tiles] == ["Seen least", "Noise", "Seen most"]
        assert own(at)["duel_of"] == "conv2"
        at.slider(key="duel_shown_at").set_value(50.0).run()
        assert own(at)["duel_shown_at"] == "50"
        assert state_of(at).scene.latest.key == scene.key  # what was found stays, until it is asked anew
    finally:
        session_of(at).leave_pages()
