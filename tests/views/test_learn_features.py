"""Learn's chapters 2 and 4 in Python: what their viewers are sent is what is measured, for any network."""

import base64
from dataclasses import replace

import numpy as np
import pytest

import explorer
from explorer.analysis.strongest import COUNT, strongest
from explorer.distortions import distort
from explorer.images import as_picture
from explorer.lessons.lesson import MOST_WORDS, words_of
from explorer.lessons.markup import words_in
from explorer.lessons.reading import bundled
from explorer.metrics import Method
from explorer.samples import load_sample
from explorer.views.learn.scenes import features, ledger
from explorer.views.learn.stage import Stage
from explorer.views.learn.view import LearnView
from tests.browser.support import png
from tests.views.components import sent_to
from tests.views.test_going_back import go_to
from tests.views.test_inspect_page import open_app, sentences
from tests.views.test_typed_values import link_of

LAYERS = ["conv1", "conv2", "conv3", "conv4", "conv5"]
FEATURES, LEDGER = "2", "4"  # the chapters


@pytest.fixture(scope="module")
def at():
    return open_app(sample="cat", size="64")


def learn(at, chapter, **link):
    """Go to a chapter by an address that says all itself; what was said of the last one has been read."""
    at.session_state["session"].problems.clear()
    pair = {} if "reference" in link else {"sample": "cat"}
    go_to(at, pair | {"chapter": chapter, "changed": "1"} | link, "learn")


def drawn(session):
    """The scene of the ledger as it was drawn before anything was changed."""

    def keep(own):
        session.keep_view(replace(session.view_of(LearnView), own=dict(own)))

    chapter = bundled().chapters[int(LEDGER) - 1]
    return Stage(session, chapter, chapter.steps[0], False, None, None, {}, keep)


def values(plane):
    cells = np.frombuffer(base64.b64decode(plane["data"]), "<f4")
    return cells.reshape(plane["rows"], plane["columns"])


def blurred(severity=0.5):
    cat = load_sample("cat").pixels
    return cat, distort(cat, "gaussian_blur", severity)


def test_a_layer_that_is_open_shows_its_strongest_channels_as_they_are(at):
    learn(at, FEATURES, seen_layer="conv5")
    data = sent_to(at, "network")
    seen = strongest(load_sample("cat"), Method())
    drawn = [
        (layer["name"], layer["channels"], (layer["rows"], layer["columns"])) for layer in data["layers"]
    ]
    assert drawn == [(layer.name, layer.channels, layer.grid) for layer in seen.layers]
    assert (data["chosen"], data["layers"][-1]["size"]) == ("conv5", [163, 163])
    assert (len(data["across"]), len(data["down"])) == (17, 17)
    assert len(data["strongest"]) == COUNT
    for own, other in zip(data["strongest"], seen.layers[-1].strongest, strict=True):
        assert (own["channel"], own["strength"]) == (other.channel, other.strength)
        np.testing.assert_array_equal(values(own["plane"]), other.values)
    assert sentences(at) == []


@pytest.mark.parametrize(
    ("backbone", "layer", "words"),
    [
        ("alexnet", "conv1", ""),
        ("alexnet", "conv5", "Compared with conv1: fewer cells, more channels, and a cell sees more."),
        ("vit_b_16", "", "as many cells, as many channels, and a cell sees as much."),
        ("squeezenet1_1", "fire9", "Compared with conv1: fewer cells, more channels, and a cell sees more."),
    ],
)
def test_what_is_said_of_a_layer_is_what_its_own_numbers_say(backbone, layer, words):
    noise = as_picture(np.random.default_rng(0).integers(0, 256, (224, 224, 3), np.uint8), "noise")
    seen = strongest(noise, Method(backbone, weights="random"), count=1)
    opened = next((each for each in seen.layers if each.name == layer), seen.layers[-1])
    assert features.compared(seen, opened).endswith(words)
    assert bool(words) == bool(features.compared(seen, opened))


def test_a_layer_of_alexnet_is_as_deep_in_another_network_and_one_of_none_is_named(at):
    other = {"backbone": "squeezenet1_1", "weights": "random"}
    learn(at, FEATURES, seen_layer="conv5", **other)
    assert sent_to(at, "network")["chosen"] == "fire9"
    assert sentences(at) == []
    learn(at, FEATURES, seen_layer="conv9")
    (sentence,) = sentences(at)
    assert "“conv9”" in sentence
    assert "AlexNet has no such layer" in sentence
    assert sent_to(at, "network")["chosen"] == "conv1"
    learn(at, FEATURES)
    assert sent_to(at, "network")["chosen"] == "conv1"
    assert sentences(at) == []


@pytest.mark.parametrize("heads", ["lpips-0.1", "uniform"])
@pytest.mark.parametrize("off", ["none", "conv2,conv5"])
def test_the_ledger_is_that_of_measure(at, heads, off):
    learn(at, LEDGER, distortion="gaussian_blur", severity="0.5", ledger_off=off, ledger_heads=heads)
    data = sent_to(at, "ledger")
    kept = [name for name in LAYERS if name not in off.split(",")]
    measured = explorer.measure(*blurred(), heads=heads, layers=kept)
    assert data["score"] == pytest.approx(measured.score, rel=1e-6)
    assert [layer["name"] for layer in data["layers"] if layer["isOn"]] == kept
    by_name = {layer.name: layer for layer in measured.layers}
    for layer in data["layers"]:
        assert layer["distance"] == pytest.approx(values(layer["plane"]).mean(dtype=np.float64))
        if layer["isOn"]:
            assert layer["share"] == pytest.approx(by_name[layer["name"]].share, rel=1e-6)
    is_usual = (heads, off) == ("lpips-0.1", "none")
    # Of other heads the same layers are compared, so that one change at a time is seen.
    usual = explorer.measure(*blurred(), layers=LAYERS if heads == "lpips-0.1" else kept).score
    assert data["was"] == (None if is_usual else pytest.approx(usual, rel=1e-6))
    assert data["word"] == ("LPIPS" if is_usual else "Distance")


def test_the_methods_own_layers_and_heads_are_where_the_ledger_begins(at):
    learn(at, LEDGER, layers="conv1,conv4", heads="uniform")
    data = sent_to(at, "ledger")
    assert [layer["name"] for layer in data["layers"] if layer["isOn"]] == ["conv1", "conv4"]
    assert (data["chosen"], data["was"]) == ("uniform", None)
    assert [each["name"] for each in data["heads"]] == ["lpips-0.1", "uniform"]
    learn(at, LEDGER, heads="uniform", layers="conv1,features.0")
    data = sent_to(at, "ledger")
    assert [layer["name"] for layer in data["layers"] if layer["isOn"]] == ["features.0", "conv1"]
    assert [each["name"] for each in data["heads"]] == ["uniform"]


def test_layers_off_in_the_sidebar_stay_off_whatever_the_lesson_says(at):
    pair = {"distortion": "gaussian_blur", "severity": "0.5"}
    for step in range(1, 6):  # of which one leaves conv2 out, and one has uniform heads
        steps = bundled().chapters[int(LEDGER) - 1].steps[step - 1].sight.parameters
        own = {name: text for name, text in steps.items() if name.startswith("ledger_")}
        learn(at, LEDGER, layers="conv2", **pair, **own)
        data = sent_to(at, "ledger")
        assert [layer["name"] for layer in data["layers"] if layer["isOn"]] == ["conv2"]
        assert [layer["name"] for layer in data["layers"] if not layer["isLocked"]] == ["conv2"]
        assert sentences(at) == []
    learned, uniform = (
        explorer.measure(*blurred(), layers=["conv2"], heads=heads).score
        for heads in ("lpips-0.1", "uniform")
    )
    assert (data["score"], data["was"]) == (pytest.approx(uniform), pytest.approx(learned))
    assert data["whole"] == pytest.approx(uniform)  # where the axis ends


def test_heads_that_are_uniform_already_change_nothing_and_it_is_said(at):
    learn(at, LEDGER, heads="uniform", ledger_heads="uniform")
    assert sent_to(at, "ledger")["sentence"].startswith(ledger.ALREADY)
    learn(at, LEDGER, ledger_heads="uniform", distortion="gaussian_blur", severity="0.5")
    said = sent_to(at, "ledger")["sentence"]
    assert ledger.ALREADY not in said
    assert "With LPIPS v0.1 it was conv2, " in said


@pytest.mark.parametrize("chapter", [FEATURES, LEDGER])
def test_a_chapter_is_short_with_what_its_scene_says_as_well(chapter):
    fixed = {FEATURES: features, LEDGER: ledger}[chapter].FIXED
    assert words_of(bundled().chapters[int(chapter) - 1]) + sum(map(words_in, fixed)) <= MOST_WORDS


@pytest.mark.parametrize(
    ("link", "words"),
    [
        ({"ledger_shown": "4"}, "ledger_shown “4”"),
        ({"ledger_heads": "lpips-9"}, "ledger_heads “lpips-9”"),
        ({"ledger_off": "conv2,conv9"}, "the layers are conv1, conv2"),
        ({"ledger_off": ",".join(LAYERS)}, "at least one layer"),
    ],
)
def test_what_is_no_good_in_a_link_is_named_and_the_default_taken(at, link, words):
    learn(at, LEDGER, **link)
    (sentence,) = sentences(at)
    assert words in sentence.replace("\\", "")
    data = sent_to(at, "ledger")
    assert (data["shown"], data["chosen"], data["was"]) == (3, "lpips-0.1", None)
    assert all(layer["isOn"] for layer in data["layers"])


def test_a_metric_without_maps_has_no_ledger_of_cells_and_says_why(at):
    learn(at, LEDGER, backbone="dists")
    assert sent_to(at, "ledger") is None
    assert any("there are no cells" in info.value for info in at.info)
    at.button(key="whole_layers_take").click().run()
    assert len(sent_to(at, "ledger")["layers"]) == len(LAYERS)


def test_each_step_of_the_two_chapters_shows_what_its_file_says(at):
    steps = {title: chapter.steps for title, chapter in enumerate(bundled().chapters, start=1)}
    shown = [dict(step.sight.parameters) for step in steps[int(LEDGER)]]
    assert [(own["ledger_shown"], own["ledger_off"], own["ledger_heads"]) for own in shown] == [
        ("1", "none", "chosen"),
        ("2", "none", "chosen"),
        ("3", "none", "chosen"),
        ("3", "conv2", "chosen"),
        ("3", "none", "uniform"),
    ]
    at.session_state["session"].problems.clear()
    for place in range(1, len(steps[int(FEATURES)]) + 1):
        go_to(at, {"chapter": FEATURES, "step": str(place)}, "learn")
        wanted = steps[int(FEATURES)][place - 1].sight.parameters["seen_layer"]
        assert sent_to(at, "network")["chosen"] == wanted
        assert sentences(at) == []


def test_the_same_pixels_under_another_name_do_not_show_the_first_name(at):
    learn(at, FEATURES)
    pixels, name = load_sample("cat").pixels, sent_to(at, "network")["name"]
    other = open_app(sample="coffee", size="64")
    other.segmented_control(key="setting_source").set_value("upload").run()
    other.file_uploader(key="file_reference").set_value(("mine.png", png(pixels), "image/png")).run()
    learn(other, FEATURES, reference=link_of(other)["reference"])
    assert (name, sent_to(other, "network")["name"]) == (load_sample("cat").name, "mine.png")


def test_two_changes_before_the_page_has_run_again_are_both_kept(at):
    learn(at, LEDGER)
    session = at.session_state["session"]
    stages = [drawn(session) for _ in range(2)]  # both as the page has drawn them
    ledger._switch(stages[0], ("conv2",))
    ledger._keep(stages[1], ledger.HEADS_NAME, "lpips-0.1", "uniform")
    assert session.view_of(LearnView).own == {"ledger_off": "conv2", "ledger_heads": "uniform"}
    ledger._keep(stages[0], ledger.HEADS_NAME, "lpips-0.1", "lpips-0.1")
    ledger._switch(stages[1], ())
    assert session.view_of(LearnView).own == {}
