"""The page Match: its link, its controls, what reaches the viewer, and the way to Inspect and back."""

import json
import time

import pytest
from streamlit.testing.v1 import AppTest

from explorer.analysis import versions_job
from explorer.analysis.match import FINE, USUAL
from explorer.distortions import CATALOGUE
from explorer.views.common import parts
from explorer.views.match import making
from explorer.views.match.state import MatchState
from explorer.views.match.view import MatchView
from tests.views.test_going_back import go_to, visit
from tests.views.test_inspect_page import SECONDS, open_app, sentences, tiles
from tests.views.test_typed_values import link_of

PAIR = {"sample": "cat", "distortion": "jpeg", "severity": "0.5", "seed": "0", "size": "64"}
THREE = {"versions": "contrast,gaussian_noise,gaussian_blur"}


def open_match(**link: str) -> AppTest:
    at = open_app(**PAIR)
    go_to(at, PAIR | THREE | link, "match")
    return settled(at)


def settled(at: AppTest) -> AppTest:
    """The page with all of its versions: here no browser asks for them."""
    job = state_of(at).making.latest
    if job is not None:
        assert job.wait(SECONDS)
        at.run()
    assert not at.exception
    return at


def state_of(at: AppTest) -> MatchState:
    return at.session_state["session"].state(MatchState)


def scene(at: AppTest) -> dict:
    (found,) = (
        json.loads(element.proto.json)
        for element in at.get("bidi_component")
        if element.proto.component_name.endswith("versions")
    )
    return found


def answer(at: AppTest) -> str:
    (found,) = (each.value for each in at.markdown if each.value.startswith("## "))
    return found.removeprefix("## ").replace("\\", "")


def own(at: AppTest) -> dict[str, str]:
    return {name: text for name, text in link_of(at).items() if name in MatchView.__dataclass_fields__}


def test_the_page_says_what_the_versions_have_and_shows_each_with_its_numbers():
    at = open_match()
    assert answer(at).startswith("All of these have 26.0 dB. LPIPS ranges from ")
    shown = scene(at)
    assert [metric["key"] for metric in shown["metrics"]] == ["psnr", "ssim", "lpips"]
    assert shown["metrics"][0]["held"] == "26.0 dB, all 3"
    ranks = [tile["values"][2]["rank"] for tile in shown["tiles"]]
    assert sorted(ranks) == [1, 2, 3]
    assert all(tile["values"][0]["text"].startswith(("25.99", "26.0")) for tile in shown["tiles"])
    assert shown["coming"] == 0
    assert "at 64 × 64" in shown["reference"]["note"]
    assert any("Inspect distorts the picture as given" in note for note in shown["notes"])


def test_the_link_follows_the_controls_and_reopens_the_same_view():
    at = open_match()
    assert own(at) == THREE
    at.segmented_control(key="match_equal").set_value("ssim").run()
    at.slider(key="match_target_ssim").set_value(0.8).run()
    at.pills(key="match_names").set_value(["contrast", "gaussian_blur"]).run()
    settled(at)
    link = link_of(at)
    assert own(at) == {"equal": "ssim", "target": "0.8", "versions": "contrast,gaussian_blur"}
    again = open_app(**PAIR)
    go_to(again, link, "match")
    assert answer(settled(again)) == answer(at)
    assert own(again) == own(at)
    go_to(at, PAIR | THREE)
    assert at.slider(key="match_target_psnr").value == 26.0
    assert own(at) == THREE


def test_a_distortion_is_added_by_the_menu_and_more_than_twelve_are_refused():
    at = open_match(versions=",".join(USUAL[:11]), equal="severity")
    (menu,) = (box for box in at.selectbox if box.label == "Add a distortion")
    menu.set_value("banding").run()
    assert own(at)["versions"] == ",".join((*USUAL[:11], "banding"))
    (menu,) = (box for box in at.selectbox if box.label == "Add a distortion")
    menu.set_value("dithering").run()
    assert any("At most 12" in sentence for sentence in sentences(at))
    assert own(at)["versions"] == ",".join((*USUAL[:11], "banding"))
    at.session_state["session"].leave_pages()


def test_all_of_the_catalogue_is_a_gallery(monkeypatch):
    asked = []

    def task(_reference, _method, _equality, names, *_rest):
        asked.append(tuple(names))

    monkeypatch.setattr(making, "versions_job", task)  # nothing is made
    at = open_match(versions="all", equal="severity", target="0.37")
    assert asked == [tuple(CATALOGUE)]
    assert scene(at)["coming"] == len(CATALOGUE)
    assert own(at) == {"versions": "all", "equal": "severity", "target": "0.37"}


@pytest.mark.parametrize(
    ("link", "words"),
    [
        ({"equal": "vmaf"}, "choose one of severity, psnr, ssim, lpips"),
        ({"target": "much"}, "choose a number from 10 to 50"),
        ({"target": "nan"}, "choose a number from 10 to 50"),
        ({"target": "1e9"}, "choose a number from 10 to 50"),
        ({"versions": "contrast,<b>"}, "there is no distortion"),
        ({"versions": ",".join(list(CATALOGUE)[:13])}, "at most 12"),
        ({"ordered": "size"}, "choose one of psnr, ssim, lpips"),
        ({"picked": "shift"}, "none of the distortions"),
    ],
)
def test_what_a_link_asks_for_in_vain_is_one_sentence_and_the_rest_is_taken(link, words):
    view, problems = MatchView.from_link(THREE | {"ordered": "ssim"} | link)
    (problem,) = problems
    assert words in problem
    assert view.ordered == ("" if "ordered" in link else "ssim")
    assert view.equality.by == "psnr"


def test_a_view_survives_its_link():
    view = MatchView("lpips", 0.35, FINE, "psnr", "jpeg")
    assert MatchView.from_link(view.to_link()) == (view, ())
    assert MatchView.from_link(MatchView(versions=()).to_link()) == (MatchView(versions=()), ())
    assert MatchView.from_link({}) == (MatchView(), ())
    assert MatchView().to_link() == {}
    assert (MatchView("lpips").order, MatchView("psnr").order) == ("ssim", "lpips")


def test_a_version_opens_in_inspect_with_its_values_and_back_brings_the_versions_again():
    at = open_match(size="given")
    before, shown = link_of(at), scene(at)
    (wanted,) = (tile for tile in shown["tiles"] if tile["key"] == "gaussian_noise")
    state_of(at).open("gaussian_noise")
    at.context["url"] = "http://localhost/"  # where `st.switch_page` leads a browser
    at.run()
    assert not at.exception
    numbers = tiles(at)
    assert numbers == [wanted["values"][2]["text"], wanted["values"][0]["text"], wanted["values"][1]["text"]]
    go_to(at, before, "match")
    assert [tile["values"] for tile in scene(settled(at))["tiles"]] == [t["values"] for t in shown["tiles"]]
    assert link_of(at) == before


def test_as_this_pair_takes_the_value_that_inspect_shows_for_each_metric():
    at = open_app(**PAIR | {"distortion": "gaussian_blur", "severity": "0.8"})
    lpips, psnr, ssim = (float(text.split()[0]) for text in tiles(at))
    visit(at, "match")
    for key, value in (("psnr", psnr), ("ssim", ssim), ("lpips", lpips)):
        at.segmented_control(key="match_equal").set_value(key).run()
        at.button(key="match_as_pair").click().run()
        assert float(own(at)["target"]) == pytest.approx(value, abs=0.006 if key == "psnr" else 6e-5)
        assert at.slider(key=f"match_target_{key}").value == pytest.approx(value, abs=0.006)
    at.session_state["session"].leave_pages()


def test_a_click_that_asks_for_the_pairs_value_is_for_its_run_or_for_none():
    at = open_match()
    at.pills(key="match_names").set_value([])
    at.button(key="match_as_pair").click().run()
    at.pills(key="match_names").set_value(["contrast"]).run()
    assert "target" not in own(at)
    at.session_state["session"].leave_pages()


def test_a_pair_without_a_severity_or_too_near_to_be_asked_for_is_a_sentence():
    at = open_match()
    at.session_state["session"].change(values=(("quality", 40),))
    at.segmented_control(key="match_equal").set_value("severity").run()
    at.button(key="match_as_pair").click().run()
    assert "has no severity" in sentences(at)[0]
    at.session_state["session"].change(values=None, severity=0.0)
    at.segmented_control(key="match_equal").set_value("psnr").run()
    at.button(key="match_as_pair").click().run()
    assert any("This pair is identical" in sentence for sentence in sentences(at))
    at.session_state["session"].leave_pages()


def test_versions_come_one_by_one_and_what_is_made_stays_where_the_rest_is_cancelled(monkeypatch):
    make = versions_job.version_of

    def endless(*arguments):
        if arguments[3] != "contrast":
            while True:  # as inside a search
                arguments[-1]()
                time.sleep(0.01)
        return make(*arguments)

    monkeypatch.setattr(versions_job, "version_of", endless)
    at = open_app(**PAIR)
    go_to(at, PAIR | THREE | {"target": "21.5"}, "match")
    until = time.monotonic() + SECONDS
    while not scene(at)["tiles"] and time.monotonic() < until:
        at.run()
    assert (len(scene(at)["tiles"]), scene(at)["coming"]) == (1, 2)
    assert answer(at).startswith("1 so far has 21.5 dB")
    at.button(key="cancel_match").click().run()
    job = state_of(at).making.latest
    assert job.wait(SECONDS)
    assert job.state == "cancelled"
    at.run()
    assert len(scene(at)["tiles"]) == 1
    assert any(button.label == "Make the rest" for button in at.button)
    monkeypatch.setattr(versions_job, "version_of", make)
    at.button(key="rest_match").click().run()
    assert len(scene(settled(at))["tiles"]) == 3


def test_an_upload_that_is_missing_is_asked_for_and_no_distortion_is_a_sentence():
    at = open_match()
    at.pills(key="match_names").set_value([]).run()
    assert any("at least one distortion" in info.value for info in at.info)
    at.segmented_control(key="setting_source").set_value("upload").run()
    assert not at.exception
    assert any("dimmed" in text.value for text in at.markdown)


def test_the_table_and_the_figure_are_of_what_is_shown(monkeypatch):
    files = {}
    monkeypatch.setattr(
        parts, "draw_download", lambda _label, make, file, *_, **__: files.update({file: make})
    )
    open_match()
    files = {name: make for name, make in files.items() if "match" in name}
    assert list(files) == [f"cat_alexnet-v0.1_64x64_match.{ending}" for ending in ("csv", "pdf")]
    table, figure = (make() for make in files.values())
    assert table.count("\n") == 4
    assert figure.startswith(b"%PDF")


def test_the_first_screen_offers_what_all_have_26_db():
    at = open_app(**PAIR)
    at.context["url"] = "http://localhost/match"
    at.button(key="offer_match").click().run()
    assert not at.exception
    assert own(at) == {"versions": ",".join(FINE)}
    assert answer(at)
    at.session_state["session"].leave_pages()
