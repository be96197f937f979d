"""Chapter 6 of the page Learn: what reaches its component is the ladder's own, and a link brings it back."""

import threading
import time

import numpy as np
import pytest

import explorer
from explorer.analysis import ladder
from explorer.lessons import emergence, kmeans
from explorer.lessons.emergence import gathered, ways_of
from explorer.lessons.lesson import MOST_WORDS, words_of
from explorer.lessons.markup import words_in
from explorer.lessons.reading import bundled
from explorer.metrics import Method
from explorer.samples import load_sample
from explorer.views.learn.scenes.training.measuring import TrainingState
from explorer.views.learn.scenes.training.scene import FIXED
from explorer.views.learn.scenes.training.telling import about, sentence
from tests.lessons.learned import few
from tests.views.components import sent_to
from tests.views.test_going_back import go_to
from tests.views.test_inspect_page import open_app, sentences
from tests.views.test_learn_page import go

SECONDS = 120


@pytest.fixture(autouse=True)
def small(monkeypatch):
    """A small ladder, and k-means of few patches."""
    monkeypatch.setattr(ladder, "LONGEST_SIDE", 64)
    monkeypatch.setattr(kmeans, "_state", few()[0])


def sent(at):
    """What the chapter's component was sent last."""
    return sent_to(at, "training")


def open_chapter(waits=True, **link):
    """The chapter, by default once all is measured: what is said of a link stays for one run only."""
    at = open_app(sample="cat", size="64")
    go_to(at, {"chapter": "6", "sample": "cat"} | link, "learn")
    deadline = time.monotonic() + SECONDS
    while waits and sent(at) is not None and is_working(at) and time.monotonic() < deadline:
        time.sleep(0.3)
        at.run()
    return at


def is_working(at):
    """Whether the line of the work is drawn."""
    return any(button.label == "Cancel" for button in at.button)


def cancel(at):
    """Let nothing go on behind the test."""
    job = at.session_state["session"].state(TrainingState).ranking.latest
    if job is not None:
        job.cancel()
        assert job.wait(SECONDS)


def test_the_numbers_are_those_of_the_ladder_and_the_link_chooses_the_network():
    at = open_chapter(training="learned", training_layers="first")
    shown = sent(at)
    assert sentences(at) == []
    assert (shown["chosen"], shown["part"]) == ("learned", "first")
    found = gathered(Method(), at.session_state["session"].state(TrainingState).ranking.latest.results)
    # What was measured is what anybody measures, here of some of the rungs.
    base = ladder.base_of(load_sample("cat"))
    for place in (3, 22, 41):
        picture = ladder.rung_picture(base, ladder.RUNGS[place])
        measured = explorer.measure(base, picture)
        assert found.scores("learned")[place] == pytest.approx(measured.score, rel=1e-6)
        assert -found.scores("PSNR")[place] == pytest.approx(measured.psnr)
    kinds = [network["kind"] for network in shown["networks"]]
    assert kinds == ["random", "k-means", "trained", "learned"]
    for part in ("all", "first"):
        told = found.agreement(part)
        (like_psnr, _), others = (table["rows"] for table in shown["tables"])
        for row, name in zip((like_psnr, *others), ("PSNR", "SSIM", *kinds), strict=True):
            expected = told.correlations[told.names.index(name), 2:]
            values = [cell["value"] for cell in row["cells"][part]]
            assert [value for value in values if value is not None] == pytest.approx(
                [value for kind, value in zip(kinds, expected, strict=True) if kind != name]
            )
        for network in shown["networks"]:
            np.testing.assert_array_equal(network["ranks"][part], found.ranks(network["kind"], part))
    np.testing.assert_array_equal(shown["ranks"], found.ranks("PSNR"))


def test_its_work_ends_where_the_chapter_is_left_and_the_sidebar_has_what_it_uses(monkeypatch):
    goes_on = threading.Event()

    def held(base, rung):
        assert goes_on.wait(SECONDS)
        return ladder.rung_picture(base, rung)

    monkeypatch.setattr(emergence, "rung_picture", held)
    at = open_chapter(waits=False, sample="coffee")
    job = at.session_state["session"].state(TrainingState).ranking.latest
    assert not job.is_over
    keys = {each.key for each in (*at.selectbox, *at.button_group)}
    assert "setting_backbone" in keys
    assert keys.isdisjoint({"setting_weights", "setting_heads"})
    go(at, 6, 2)  # a step of the same chapter
    assert at.session_state["session"].state(TrainingState).ranking.latest is job
    go(at, 9)
    goes_on.set()
    assert job.wait(SECONDS)
    assert job.state == "cancelled"
    assert "setting_backbone" not in {each.key for each in at.selectbox}  # nothing is measured there


def test_what_a_link_asks_for_in_vain_is_said_in_a_sentence_and_the_first_network_is_shown():
    at = open_chapter(waits=False, training="nobody", training_layers="last")
    said = " ".join(sentences(at)).replace("\\", "")
    assert "another training than there is; choose random, k-means, trained, learned." in said
    assert "other training_layers than there are; choose all or first." in said
    shown = sent(at)
    assert (shown["chosen"], shown["part"]) == ("random", "all")
    cancel(at)


def test_a_backbone_without_kmeans_says_so_and_one_without_a_ladder_offers_another():
    at = open_chapter(waits=False, backbone="squeezenet1_1", training="k-means")
    assert sentences(at) == ["No k-means filters were learned for SqueezeNet 1.1; Random is shown."]
    shown = sent(at)
    assert [network["kind"] for network in shown["networks"]] == ["random", "trained", "learned"]
    cancel(at)
    at = open_chapter(backbone="dists")
    assert sentences(at) == []
    assert "compares whole layers" in at.info[0].value
    assert sent(at) is None


def test_where_trained_weights_are_missing_random_is_shown_and_the_other_column_is_empty():
    at = open_chapter(waits=False, backbone="vit_b_16", weights="random", training="learned")
    assert sentences(at) == ["No heads were learned for ViT-B/16; Random is shown."]
    random, trained = sent(at)["networks"]
    assert (random["isThere"], trained["isThere"]) == (True, False)
    assert trained["filters"] is None
    cancel(at)


@pytest.mark.parametrize(
    ("method", "expected"),
    [
        (Method(), ["untrained", "from patches", "from labels", "from votes"]),
        (Method("alexnet_shift"), ["untrained", "from votes", "from votes"]),
        (Method("resnet50"), ["untrained", "from labels"]),
    ],
)
def test_what_a_network_has_learned_from_is_what_the_catalogue_says(method, expected):
    ways = ways_of(method)
    assert [about(way) for way in ways] == expected
    trained = sentence(next(way for way in ways if way.kind == "trained"), False)
    assert method.row.trained_on in trained
    assert ("no vote" in trained) == ("from labels" in expected)


def test_the_chapter_has_few_words_with_those_that_the_scene_adds():
    chapter = next(each for each in bundled().chapters if each.steps[0].sight.scene == "training")
    assert words_of(chapter) + sum(map(words_in, FIXED)) <= MOST_WORDS
