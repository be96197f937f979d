"""Chapters 1 and 7 of the page Learn: what reaches their components, what links bring back, and bad ones."""

import math
from types import SimpleNamespace

import pytest

import explorer
from explorer.judgments.asking.drafts import Setup
from explorer.judgments.store import opened_store
from explorer.lessons.lesson import MOST_WORDS, words_of
from explorer.lessons.markup import words_in
from explorer.lessons.reading import bundled
from explorer.lessons.trials import class_plan
from explorer.samples import load_sample
from explorer.views.common.teacher import teacher_keys
from explorer.views.learn.scenes import closer, failing
from explorer.views.learn.scenes.failing import own
from tests.views.components import sent_to
from tests.views.test_going_back import go_to
from tests.views.test_inspect_page import open_app, sentences
from tests.views.test_typed_values import link_of

CAT = "cat"


@pytest.fixture(scope="module")
def at():
    """One visit, which the tests here share: each goes to an address of its own."""
    return open_app(sample=CAT, size="64")


def to(at, chapter, **own):
    at.session_state["session"].problems.clear()  # of the visit before, which nobody could read so fast
    link = {"chapter": str(chapter), "sample": CAT, "distortion": "jpeg", "severity": "0.5"} | own
    go_to(at, link, "learn")
    assert not at.exception
    return at


def test_before_a_choice_nothing_of_the_answer_is_sent(at):
    to(at, 1)
    sent = sent_to(at, "closer")
    assert [line["shown"] for line in sent["lines"]] == [["?", "?"]] * 3
    assert [line["values"] for line in sent["lines"]] == [[None, None]] * 3
    assert not any(sent[name] for name in ("bars", "said", "why", "votes", "ask", "errors", "chosen"))
    assert sent["labels"] == {"A": "", "B": ""}


def test_a_choice_is_answered_by_the_numbers_of_measure_and_by_people(at):
    to(at, 1, closer_choice="A", closer_pair="contrast-jpeg")
    sent = sent_to(at, "closer")
    reference = load_sample(CAT)
    versions = [
        explorer.distort(reference.pixels, name, severity)
        for name, severity in (("contrast", 0.35), ("jpeg", 0.5))
    ]
    measured = [explorer.measure(reference, version) for version in versions]
    for line, name in zip(sent["lines"], ("psnr", "ssim", "score"), strict=True):
        for side in (0, 1):
            assert math.isclose(line["values"][side], getattr(measured[side], name), rel_tol=1e-5)
    assert sent["said"] == "You chose A, and so do SSIM and LPIPS; PSNR chooses B."
    assert sent["errors"]["end"] > 0
    assert sent["bars"] == []  # people come with their own step
    assert link_of(at)["closer_choice"] == "A"


def test_people_come_with_their_step_and_another_pair_keeps_what_the_step_shows(at):
    to(at, 1, step="3", closer_choice="A")
    sent = sent_to(at, "closer")
    assert [bar["value"] for bar in sent["bars"]] == [line.share for line in closer.closer.people()]
    assert (sent["votes"], sent["ask"]) == (closer.OPEN, closer.ASK)
    assert "36,344 other pairs" in sent["barsTitle"]


def test_a_class_of_this_browser_that_was_asked_the_like_is_heard(at):
    to(at, 1, closer_choice="A", closer_shown="people")
    assert sent_to(at, "closer")["votes"] == closer.OPEN
    plan, pictures = class_plan(load_sample(CAT), Setup("Class"))
    store = opened_store()
    keys = store.create(plan, pictures)
    for _ in range(3):
        person = store.join(keys.code)
        for trial in plan.trials:
            store.shown(person.token, trial.number, False)
            side = "A" if trial.condition_a.startswith("shift") else "B"
            store.vote(person.token, trial.number, side, 900)
    browser = at.session_state["session"].key
    teacher_keys.keep(browser, keys.code, keys.teacher)
    try:
        to(at, 1, closer_choice="A", closer_shown="people")
        said = sent_to(at, "closer")["votes"]
        assert said == "Your class, in 3 answers: 100% choose shift over blur."
        to(at, 1)  # before the choice nothing of it is told
        assert sent_to(at, "closer")["votes"] == ""
        store.remove(keys.teacher)
        to(at, 1, closer_choice="A", closer_shown="people")
        assert sent_to(at, "closer")["votes"] == closer.OPEN
    finally:
        teacher_keys.forget(browser, keys.code)


def test_a_step_shows_what_metrics_say_without_a_choice(at):
    to(at, 1, closer_shown="metrics")
    sent = sent_to(at, "closer")
    assert sent["lines"]
    assert (sent["chosen"], sent["bars"]) == ("", [])


def test_each_size_has_the_score_of_measure_at_that_size(at):
    to(at, 7, failing_of="size", failing_size="64", failing_seen="256,128")
    sent = sent_to(at, "failing")
    reference = load_sample(CAT)
    jpeg = explorer.distort(reference.pixels, "jpeg", 0.5)
    for bar, size in zip(sent["bars"], (None, 256, 128, 64), strict=True):
        assert math.isclose(bar["value"], explorer.measure(reference, jpeg, size=size).score, rel_tol=1e-5)
    assert [bar["is_chosen"] for bar in sent["bars"]] == [False, False, False, True]
    assert sent["exhibits"][0]["note"] == "64 × 64 pixels"


def test_the_score_of_a_size_is_guessed_until_it_is_asked_for(at):
    to(at, 7, failing_of="size")
    sent = sent_to(at, "failing")
    assert [bar["shown"] for bar in sent["bars"][1:]] == ["?"] * 3
    assert [bar["value"] is None for bar in sent["bars"]] == [False, True, True, True]
    assert sent["said"] == ""
    to(at, 7, failing_of="size", failing_size="128", failing_seen="64")
    sent = sent_to(at, "failing")
    assert [bar["shown"] == "?" for bar in sent["bars"]] == [False, True, False, False]
    ends = sent["bars"][0]["shown"], sent["bars"][3]["shown"]
    assert sent["said"].startswith("One pair: {} at 300 pixels, {} at 64.".format(*ends))


def test_a_size_that_was_seen_stays_so():
    kept = {}
    stage = SimpleNamespace(keep=kept.update)
    own.Own(own.DEFAULTS | {own.SIZE: "64"}).choose(stage, "256")
    assert kept == {own.SIZE: "256", own.SEEN: "256,64"}
    own.Own(own.DEFAULTS | kept).choose(stage, own.GIVEN)
    assert kept[own.SEEN] == "256,64"


def test_a_formula_stands_at_the_experiment_that_it_is_of():
    chapter = next(each for each in bundled().chapters if each.steps[0].sight.scene == "failing")
    having = [step.sight.parameters[own.OF] for step in chapter.steps if step.formula]
    assert (chapter.formula, having) == ("", ["noise"])
    assert len(chapter.formulas) == 1


def test_a_verdict_is_turned_once_it_is_asked_for_and_its_bars_are_of_8_bit_pictures(at):
    to(at, 7, failing_of="noise", failing_levels="4", sample="text")
    assert sent_to(at, "failing")["start"]
    to(at, 7, failing_of="noise", failing_levels="4", failing_made="1", sample="text")
    for _ in range(200):
        sent = sent_to(at, "failing")
        if sent["said"]:
            break
        at.run()
    before, after, blur = (bar["value"] for bar in sent["bars"])
    assert before < blur
    assert after > 3 * before
    assert math.isclose(sent["course"][0], before, rel_tol=1e-3, abs_tol=1e-5)
    assert math.isclose(sent["course"][-1], after, rel_tol=1e-3)
    assert sent["start"] == "Start again"
    assert sent["way"]
    assert sent["mark"]["value"] == blur
    assert len(sent["exhibits"]) == 3
    assert sent["exhibits"][1]["inset"]


def test_what_a_metric_cannot_do_is_one_sentence_and_the_other_experiments_stay(at):
    for topic in ("range", "noise"):
        to(at, 7, failing_of=topic, backbone="dists")
        sent = sent_to(at, "failing")
        assert len(sent["topics"]) == 4
        assert sent["said"].startswith("DISTS compares statistics of whole layers")
        assert (sent["bars"], sent["start"], sent["way"]) == ([], "", "Take AlexNet")


def test_another_network_on_random_weights_is_measured_by_its_own_name(at):
    to(at, 7, failing_of="range", backbone="squeezenet1_1", weights="random", heads="uniform")
    sent = sent_to(at, "failing")
    reference = load_sample(CAT)
    jpeg = explorer.distort(reference.pixels, "jpeg", 0.5)
    measured = explorer.measure(reference, jpeg, "squeezenet1_1", "uniform", weights="random")
    assert math.isclose(sent["bars"][0]["value"], measured.score, rel_tol=1e-5)
    assert sent["metric"] == measured.name.metric


@pytest.mark.parametrize(
    ("chapter", "name"), [(1, "closer_pair"), (1, "closer_choice"), (7, "failing_of"), (7, "failing_seen")]
)
def test_a_parameter_that_is_no_good_is_named_and_the_default_taken(at, chapter, name):
    to(at, chapter, **{name: "<b>"})
    said = " ".join(sentences(at)).replace("\\", "")
    assert f"{name} “<b>”" in said
    assert "choose one of" in said or "choose some of" in said
    assert name not in link_of(at)
    assert sent_to(at, "closer" if chapter == 1 else "failing")


def test_the_first_chapter_is_short_with_all_that_its_scene_says():
    (chapter, *_) = bundled().chapters
    assert words_of(chapter) + sum(map(words_in, closer.FIXED)) <= MOST_WORDS


def test_the_chapter_of_failures_is_short_with_all_that_its_scene_says():
    chapter = next(each for each in bundled().chapters if each.steps[0].sight.scene == "failing")
    assert words_of(chapter) + sum(map(words_in, failing.FIXED)) <= MOST_WORDS


def test_equal_scores_are_not_said_to_differ():
    sizes, ranges = failing.experiments.said_of_sizes, failing.experiments.said_of_ranges
    assert sizes({200: 0.0, 64: 0.0}, is_same=True) == ranges(0.0, 0.0, is_same=True)
    assert "are the same" in sizes({200: 0.0, 64: 0.0}, is_same=True)
    assert sizes({200: 0.12341, 64: 0.12339}, is_same=False) == "0.1234 at 200 pixels, and at 64 as well."
    assert "not" not in ranges(0.12341, 0.12339, is_same=False)
    assert "0.5000 at 200 pixels, 0.1000 at 64. A score" in sizes({200: 0.5, 64: 0.1}, is_same=False)
    assert "too small" in sizes({64: 0.1}, is_same=False)


def test_every_control_of_the_second_scene_belongs_to_an_experiment():
    topics = [topic.key for topic in own.TOPICS]
    assert sorted(topics) == sorted(own.CONTROLS)
    assert set(failing.experiments.MAKERS) | {failing.noise.TOPIC} == set(topics)
