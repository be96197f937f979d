"""The page Sweep: what it measures, what reaches its viewer, and the link that brings it back."""

import json
import time

import pytest

import explorer
from explorer.distortions import distort
from explorer.images import resize
from explorer.samples import load_sample
from explorer.viewer.sweep.sweep import SweepDisplay
from explorer.views.sweep.state import SweepState
from explorer.views.sweep.view import SweepView
from tests.views.test_going_back import go_to
from tests.views.test_inspect_page import SECONDS, open_app, sentences
from tests.views.test_typed_values import link_of

LINK = {"sample": "cat", "size": "64", "points": "11"}


def open_sweep(**link):
    at = open_app(sample="cat", size="64")
    go_to(at, LINK | link, "sweep")
    return at


def scene(at, points):
    """What the viewer was sent, once so many points have come."""
    until = time.monotonic() + SECONDS
    while True:
        sent = [
            json.loads(element.proto.json)
            for element in at.get("bidi_component")
            if element.proto.component_name.endswith("lpips_sweep")
        ]
        if sent and sum(len(line["places"]) for line in sent[-1]["lines"]) >= 3 * points:
            return sent[-1]
        assert time.monotonic() < until, sent and [line["places"] for line in sent[-1]["lines"]]
        at.run()
        assert not at.exception


def test_the_curves_are_what_a_measurement_says_at_each_point():
    sent = scene(open_sweep(swept="gaussian_noise"), 11)
    small = resize(load_sample("cat"), 64).pixels
    own = explorer.measure(small, distort(small, "gaussian_noise", 0.7))
    psnr, ssim, lpips = sent["lines"]
    assert psnr["texts"][7] == f"{own.psnr:.2f} dB"
    assert ssim["texts"][7] == f"{own.ssim:.4f}"
    assert lpips["texts"][7] == f"{own.score:.4f}"
    (point,) = (each for each in sent["points"] if each["place"] == 7)
    assert point["distances"] == pytest.approx([layer.distance for layer in own.layers], abs=1e-9)
    assert "at 64 × 64" in sent["note"]


def test_the_seed_is_that_of_all_pages_and_stays_where_a_point_is_opened():
    at = open_sweep(swept="gaussian_noise", seed="7")
    sent = scene(at, 11)
    small = resize(load_sample("cat"), 64).pixels
    own = explorer.measure(small, distort(small, "gaussian_noise", 0.7, 7))
    assert sent["lines"][2]["texts"][7] == f"{own.score:.4f}"
    assert at.number_input(key="setting_seed").value == 7
    assert link_of(at)["seed"] == "7"
    band = SweepView("gaussian_noise", beside="seeds:3").axes(7)
    assert [axis.steps[1].seed for axis in band] == [7, 8, 9]
    at.selectbox(key="sweep_distortion").set_value("jpeg").run()
    assert "setting_seed" not in [box.key for box in at.number_input]
    at.session_state["session"].state(SweepState).open({"sweep": 0, "place": 3})
    at.run()
    settings = at.session_state["session"].settings
    assert (settings.distortion, settings.severity, settings.seed) == ("jpeg", 0.3, 7)


def test_two_distortions_have_pictures_and_seeds_have_a_band():
    at = open_sweep(swept="gaussian_noise", beside="jpeg", overlaid="1")
    both = scene(at, 22)
    assert both["labels"] == ["Gaussian noise", "JPEG"]
    assert {point["sweep"] for point in both["points"]} == {0, 1}
    assert any("farther" in text.value for text in at.markdown)
    go_to(at, LINK | {"swept": "gaussian_noise", "beside": "seeds:3"})
    until = time.monotonic() + SECONDS
    band = scene(at, 11)
    while "3 seeds" not in band["band"] or any(len(line["places"]) < 11 for line in band["lines"]):
        assert time.monotonic() < until, band["band"]
        band = scene(at.run(), 11)
    assert {point["sweep"] for point in band["points"]} == {0}
    lpips = band["lines"][2]
    assert all(low <= high for low, high in zip(lpips["lowest"], lpips["highest"], strict=True))


def test_a_metric_without_maps_has_curves_and_pictures():
    sent = scene(open_sweep(backbone="dists", weights="random", points="11"), 11)
    assert (sent["maps"], sent["metric"]) == (False, "")
    assert all(not point["planes"] and point["picture"] for point in sent["points"])


def test_a_picture_that_is_too_small_for_the_network_is_said_in_words():
    at = open_sweep(size="16")
    until = time.monotonic() + SECONDS
    while not any("needs at least" in said for said in sentences(at)):
        assert time.monotonic() < until, sentences(at)
        at.run()
        assert not at.exception


def test_its_link_brings_back_what_was_chosen():
    at = open_sweep()
    at.selectbox(key="sweep_distortion").set_value("jpeg").run()
    at.selectbox(key="sweep_over_jpeg").set_value("quality").run()
    at.number_input(key="sweep_start_jpeg_quality").set_value(80).run()
    link = link_of(at)
    assert {name: link[name] for name in ("swept", "over", "from", "points")} == {
        "swept": "jpeg",
        "over": "quality",
        "from": "80",
        "points": "11",
    }
    again = open_sweep(**{name: link[name] for name in ("swept", "over", "from")})
    assert again.number_input(key="sweep_start_jpeg_quality").value == 80
    assert scene(again, 11)["ends"] == ["quality 80", "quality 3"]


def test_a_hostile_link_is_named_in_a_sentence_and_the_page_stands():
    at = open_sweep(
        swept="<b>fog</b>", over="x" * 400, beside="seeds:99", points="1e9", at="-1", overlaid="x"
    )
    said = " ".join(sentences(at))
    assert "The link asks for swept “<b>fog</b>”" in said.replace("\\", "")
    assert "And 3 more" in said
    assert scene(at, 11)["labels"] == ["Gaussian blur"]


def test_an_end_that_its_parameter_cannot_have_is_told_and_the_page_stands():
    for end in ("5.5", "0.6", "900"):
        at = open_sweep(swept="jpeg", over="quality", **{"from": end})
        assert not at.exception
        assert any(f"asks for from “{end}”" in said.replace("\\", "") for said in sentences(at)), end


@pytest.mark.parametrize(
    ("link", "words"),
    [
        ({"swept": "jpeg", "over": "sigma"}, "choose one of severity, quality"),
        ({"swept": "jpeg", "over": "quality", "from": "nan"}, "finite number"),
        ({"swept": "jpeg", "over": "quality", "from": "900"}, "choose a whole number, 1 to 95"),
        ({"swept": "jpeg", "over": "quality", "from": "5.5"}, "choose a whole number, 1 to 95"),
        ({"swept": "jpeg", "over": "quality", "from": "5", "to": "5"}, "only one quality"),
        ({"from": "5"}, "only a parameter has ends"),
        ({"swept": "jpeg", "beside": "jpeg"}, "another distortion"),
        ({"swept": "jpeg", "beside": "seeds:3"}, "JPEG has no seed"),
        ({"swept": "jpeg", "over": "quality", "beside": "fog"}, "another distortion of the catalogue"),
        ({"swept": "jpeg", "over": "quality", "beside": "gaussian_blur"}, "severity alone"),
        ({"points": "12"}, "11, 21, 41"),
        ({"at": "99999"}, "number of a point"),
    ],
)
def test_what_a_link_asks_for_in_vain_is_told_with_the_mend(link, words):
    view, problems = SweepView.from_link(link)
    assert any(words in problem for problem in problems)
    assert view.axes(0)


def test_a_view_comes_back_from_its_link():
    display = SweepDisplay(at=3, sweep=1, layer="conv2")
    view = SweepView("gaussian_noise", beside="jpeg", points=41, display=display)
    assert SweepView.from_link(view.to_link()) == (view, ())
    seeds = SweepView("gaussian_noise", "sigma", 1.5, 20.0, "seeds:4")
    assert SweepView.from_link(seeds.to_link()) == (seeds, ())
    assert SweepView().to_link() == {}
