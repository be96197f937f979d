"""The chapter of needles in Python: its links, what the component is sent, and what it may ask for."""

import math
from dataclasses import replace
from types import SimpleNamespace

import pytest

import explorer
from explorer.distortions import distort
from explorer.lessons.changes import CHANGES
from explorer.lessons.lesson import MOST_WORDS, words_of
from explorer.lessons.markup import words_in
from explorer.lessons.needles import METRICS, needles
from explorer.lessons.reading import bundled
from explorer.metrics import Method
from explorer.samples import load_sample
from explorer.viewer.needles.needles import Moved
from explorer.views.learn.scenes import needles as scene_module
from explorer.views.learn.scenes.needles import Asked, NeedlesState, read, scene
from explorer.views.learn.view import LearnView
from tests.views.components import sent_to
from tests.views.test_going_back import go_to
from tests.views.test_inspect_page import SECONDS, open_app, sentences
from tests.views.test_typed_values import link_of

CHAPTER = next(
    place for place, chapter in enumerate(bundled().chapters, 1) if chapter.steps[0].sight.scene == "needles"
)
LINK = {"sample": "cat", "chapter": str(CHAPTER), "changed": "1"}


def sent(at):
    """What the chapter's component was sent last."""
    return sent_to(at, "needles")


def open_needles(**link):
    at = open_app(sample="cat", size="64")
    go_to(at, LINK | link, "learn")
    return finished(at)


def finished(at):
    """The page once its work in the background, if any, is done: on a busy machine that takes long."""
    job = state_of(at).making.latest
    if job is not None:
        assert job.wait(SECONDS)
        at.run()
    assert not at.exception
    return at


def state_of(at):
    return at.session_state["session"].state(NeedlesState)


def amounts(data):
    return [slider["amount"] for slider in data["sliders"]]


def numbers(data):
    return [[needle["value"] for needle in gauge["needles"]] for gauge in data["gauges"]]


def tell(at, **said):
    """What a browser asks for, which has been sent what is on the page."""
    data, state = sent(at), state_of(at)
    message = {
        "serial": state.answers + 1,
        "held": [data["reference"], *data["pictures"]],
        "mode": data["mode"],
        "map": data["map"],
        "moved": "",
        "amounts": {slider["key"]: slider["amount"] for slider in data["sliders"]},
        "rests": True,
    } | said
    stage = SimpleNamespace(keep=lambda own: keep(at, own))
    state.hear(stage, Moved.read(message))
    at.run()
    finished(at)


def keep(at, own):
    session = at.session_state["session"]
    session.keep_view(replace(session.view_of(LearnView), own=dict(own)))


def test_what_is_sent_is_what_explorer_measure_says_of_the_same_pictures():
    at = open_needles(needle_shift="3", needle_blur="2", needle_noise="8")
    data, cat = sent(at), load_sample("cat")
    assert amounts(data) == [3, 2, 8]
    psnr, ssim, score = numbers(data)
    for place, (own, amount) in enumerate(zip(CHANGES.values(), amounts(data), strict=True)):
        value = 100 * amount / 300 if own.is_length else amount
        made = distort(cat.pixels, own.distortion, **{own.parameter: value})
        measured = explorer.measure(cat, made)
        assert (psnr[place], ssim[place], score[place]) == pytest.approx(
            (measured.psnr, measured.ssim, measured.score), rel=1e-6
        )


def test_the_link_reopens_what_is_shown():
    at = open_needles(needle_shift="3", needle_blur="2", needle_noise="8", needle_map="ssim")
    again = open_needles(**{name: text for name, text in link_of(at).items() if name.startswith("needle_")})
    assert (amounts(sent(again)), sent(again)["map"]) == ([3, 2, 8], "ssim")


def test_equal_ones_follow_the_shift_and_the_link_holds_that_alone():
    at = open_needles(needle_mode="equal", needle_shift="2")
    data = sent(at)
    psnr, *_ = numbers(data)
    assert max(psnr) - min(psnr) < 0.003
    assert data["sentence"] == f"All three have {psnr[0]:.2f} dB. The coloured needle is closest."
    coloured = [[needle["isClosest"] for needle in gauge["needles"]] for gauge in data["gauges"]]
    assert coloured[0] == [False, False, False]  # all are equal
    assert coloured[2] == [True, False, False]
    own = {name: text for name, text in link_of(at).items() if name.startswith("needle_")}
    assert own == {"needle_mode": "equal", "needle_shift": "2"}


@pytest.mark.parametrize(
    ("name", "text", "why"),
    [
        ("needle_shift", "1.5", "choose a whole number from 0 to 150 px."),
        ("needle_blur", "much", "choose a number from 0 to 60 px."),
        ("needle_noise", "-1", "choose a number from 0 to 255 levels."),
        ("needle_mode", "both", "choose one of free, equal."),
        ("needle_map", "jet", "choose one of psnr, ssim, lpips."),
    ],
)
def test_a_bad_value_of_a_link_is_named_and_the_default_taken(name, text, why):
    asked, problems = read({name: text}, 300)
    assert asked == Asked()
    assert problems == (f"The link asks for {name} “{text}”, which was left out: {why}",)


def test_a_bad_value_is_said_on_the_page_once(monkeypatch):
    monkeypatch.setattr(scene_module, "LONG", math.inf)  # work in the background ends in a run of its own
    at = open_needles(needle_blur="much", needle_noise="8")
    assert len(sentences(at)) == 1
    assert "needle\\_blur" in sentences(at)[0]
    assert amounts(sent(at)) == [2, 3, 8]


def test_every_step_of_the_chapter_names_what_the_scene_can_read():
    for step in bundled().chapters[CHAPTER - 1].steps:
        own = {name: text for name, text in step.sight.parameters.items() if name.startswith("needle_")}
        assert read(own, 300)[1] == ()


def test_what_a_browser_has_is_not_sent_again():
    at = open_needles()
    first = sent(at)
    assert set(first["files"]) == {first["reference"], *first["pictures"]}
    tell(at, amounts={"shift": 2, "blur": 3, "noise": 12.5}, moved="noise")
    then = sent(at)
    assert amounts(then) == [2, 3, 12.5]
    assert set(then["files"]) == {then["pictures"][2]}
    assert then["answers"] == state_of(at).answers
    tell(at, held=[])
    assert set(sent(at)["files"]) == {then["reference"], *then["pictures"]}
    assert link_of(at)["needle_noise"] == "12.5"


def test_whichever_slider_leads_all_stay_equal():
    at = open_needles(needle_mode="equal", needle_shift="2")
    tell(at, amounts={"shift": 2, "blur": 3.0, "noise": 16.1}, moved="blur")
    psnr, *_ = numbers(sent(at))
    assert amounts(sent(at))[0] == 1
    assert max(psnr) - min(psnr) < 0.003


def test_from_equal_to_free_nothing_moves():
    at = open_needles(needle_mode="equal", needle_shift="2")
    before = sent(at)
    tell(at, mode="free")
    assert sent(at)["pictures"] == before["pictures"]
    assert sent(at)["mode"] == "free"
    assert amounts(sent(at)) == amounts(before)


@pytest.mark.parametrize(
    "said",
    [
        {"amounts": {"shift": 2}},
        {"amounts": {"shift": 1e6, "blur": 1, "noise": 1}},
        {"amounts": {"shift": 1.5, "blur": 1, "noise": 1}},
        {"map": "jet"},
    ],
    ids=str,
)
def test_what_nobody_may_ask_for_changes_nothing(said):
    at = open_needles()
    before = sent(at)
    tell(at, **said)
    assert (
        amounts(sent(at)),
        sent(at)["map"],
        sent(at)["mode"],
    ) == (
        amounts(before),
        before["map"],
        before["mode"],
    )


def test_what_another_picture_cannot_have_is_said_and_nothing_is_stuck():
    at = open_needles(needle_blur="59")
    go_to(at, LINK | {"sample": "china", "needle_blur": "59"}, "learn")
    data = sent(finished(at))
    side = min(data["width"], data["height"])
    assert amounts(data)[1] == pytest.approx(side / 100)
    assert sentences(at) != []
    tell(at, amounts={"shift": 2, "blur": 4.0, "noise": 10}, moved="blur")
    assert amounts(sent(at))[1] == 4


def test_work_that_takes_long_goes_on_in_the_background_and_brings_the_same(monkeypatch):
    monkeypatch.setattr(scene_module, "LONG", -1.0)
    at = open_needles(needle_noise="17.5")
    assert len(state_of(at).making.latest.results) == 1
    assert amounts(sent(at)) == [2, 3, 17.5]


def test_nothing_changed_is_infinitely_close_and_is_sent_as_no_number():
    data = sent(open_needles(needle_shift="0"))
    psnr = data["gauges"][0]["needles"][0]
    assert (psnr["value"], psnr["text"], psnr["place"]) == (None, "∞ dB", 1)
    assert math.isclose(data["gauges"][2]["needles"][0]["value"], 0)


def test_maps_that_a_metric_lacks_are_told_in_a_sentence(photo, vgg16_weights):
    shown = scene(needles(photo("cat", (64, 64)), 1, 1, 10, Method("dists")), Asked(), 0, is_stale=False)
    own = next(each for each in shown.maps if each.key == "lpips")
    assert (own.label, own.end) == ("DISTS", None)
    assert own.note == "DISTS has no map: it compares whole layers."
    assert all(each.layers == () for each in shown.pictures)


def test_weights_that_are_missing_are_said_and_leave_no_traceback():
    at = open_needles(backbone="resnet50")
    assert not at.exception
    assert sent(at) is None
    assert any("weights of resnet50 are not on this machine" in sentence for sentence in sentences(at))


def test_the_metrics_stand_in_one_order():
    data = sent(open_needles())
    assert [each["key"] for each in data["maps"]] == list(METRICS)
    assert [gauge["label"] for gauge in data["gauges"]] == ["PSNR", "SSIM", "LPIPS"]


def test_what_each_metric_says_of_the_shift_is_a_word_beside_its_number():
    data = sent(open_needles(needle_shift="2", needle_blur="3", needle_noise="10"))
    verdicts = [[needle["verdict"] for needle in gauge["needles"]] for gauge in data["gauges"]]
    assert verdicts == [["farthest", "", ""], ["farthest", "", ""], ["closest", "", ""]]
    alone = sent(open_needles(needle_shift="2", needle_blur="0", needle_noise="0"))
    assert [slider["isIdle"] for slider in alone["sliders"]] == [False, True, True]
    assert {needle["verdict"] for gauge in alone["gauges"] for needle in gauge["needles"]} == {""}
    assert alone["sentence"] == ""


def test_the_chapter_and_what_the_scene_says_itself_are_short():
    chapter = bundled().chapters[CHAPTER - 1]
    assert words_of(chapter) + sum(map(words_in, scene_module.FIXED)) <= MOST_WORDS


def test_the_chapter_says_reference_never_original():
    chapter = bundled().chapters[CHAPTER - 1]
    said = " ".join([*chapter.texts, chapter.answer, *scene_module.FIXED])
    assert "original" not in said.lower()
    assert "reference" in chapter.question
