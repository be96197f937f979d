"""The page Disagree in Python: what is asked and hidden, what an answer brings, and what its links carry."""

import csv
import io
import json
from types import SimpleNamespace

import pytest

from explorer.analysis.match import USUAL
from explorer.analysis.rulers import PSNR, SSIM
from explorer.distortions import CATALOGUE, Recipe
from explorer.jobs import Task
from explorer.metrics import Method
from explorer.views.common import parts
from explorer.views.disagree import controls, measuring
from explorer.views.disagree.card import shown_key
from explorer.views.disagree.state import DisagreeState
from explorer.views.disagree.view import DisagreeView
from tests.views.components import sent_to
from tests.views.test_going_back import go_to
from tests.views.test_inspect_page import SECONDS, open_app, picture, sentences
from tests.views.test_typed_values import link_of

FEW = {"sample": "cat", "size": "64", "grid": "contrast,gaussian_blur,jpeg,shift", "between": "psnr,ssim"}


def open_disagree(**link):
    """The page, once all versions are measured."""
    at = open_app(sample="cat", size="64")
    go_to(at, FEW | link, "disagree")
    return measured(at)


def measured(at):
    job = state_of(at).measuring.latest
    if job is not None:
        assert job.wait(SECONDS)
    at.run()
    assert not at.exception
    return at


def state_of(at):
    return at.session_state["session"].state(DisagreeState)


def act(at, action, side=""):
    """What the viewer's buttons and keys do."""
    state_of(at).act(action, sent_to(at, "cards")["card"], side)
    at.run()
    assert not at.exception


def test_the_verdicts_come_with_the_answer_and_no_sooner():
    at = open_disagree()
    asked = sent_to(at, "cards")
    assert asked["question"] == "PSNR prefers one, SSIM the other. Which is closer to the reference?"
    assert (asked["verdicts"], asked["labels"]) == ([], {"A": "", "B": ""})
    act(at, "choose", "A")
    told = sent_to(at, "cards")
    assert told["card"] == asked["card"]
    assert told["chosen"] == "A"
    assert {verdict["metric"]: verdict["prefers"] for verdict in told["verdicts"]}.keys() == {PSNR, SSIM}
    by = next(verdict["metric"] for verdict in told["verdicts"] if verdict["prefers"] == "A")
    assert told["said"] == f"You agree with {by}."
    assert told["tally"].startswith(f"You agreed with {by} once")
    act(at, "choose", "B")  # an answer that has seen the verdicts is none
    assert sent_to(at, "cards")["chosen"] == "A"


def test_an_answer_can_be_taken_back_and_all_of_them_removed():
    at = open_disagree()
    act(at, "choose", "B")
    act(at, "back")
    assert sent_to(at, "cards")["chosen"] == ""
    assert sent_to(at, "cards")["verdicts"] == []
    act(at, "choose", "A")
    first = sent_to(at, "cards")["card"]
    act(at, "next")
    assert sent_to(at, "cards")["card"] != first
    assert sent_to(at, "cards")["chosen"] == ""
    at.button(key="remove_answers").click().run()
    assert sent_to(at, "cards")["tally"] == ""
    assert not any(state_of(at).answers.values())


def test_the_next_card_is_one_without_an_answer_and_after_all_they_come_round():
    at = open_disagree()
    count = len(state_of(at).found.latest.cards)
    seen = []
    for _ in range(count):
        seen.append(sent_to(at, "cards")["card"])
        act(at, "choose", "A")
        act(at, "next")
    assert len(set(seen)) == count > 1
    assert sent_to(at, "cards")["card"] in seen


def test_an_answer_and_a_step_to_the_next_card_in_one_run_are_both_done():
    at = open_disagree()
    first, shown = state_of(at).card.latest, sent_to(at, "cards")["card"]
    state_of(at).act("choose", shown, "B")
    act(at, "next")
    assert sent_to(at, "cards")["card"] != shown
    ((key, answer),) = next(iter(state_of(at).answers.values())).items()
    assert (key, answer.side) == (first.key, "B")


def test_what_comes_late_from_a_card_that_is_gone_changes_nothing():
    at = open_disagree()
    old = sent_to(at, "cards")["card"]
    act(at, "next")
    state_of(at).act("choose", old, "A")
    at.run()
    assert sent_to(at, "cards")["chosen"] == ""
    assert not any(state_of(at).answers.values())


def test_answers_are_of_a_reference_two_metrics_and_a_seed_and_are_found_again():
    at = open_disagree()
    act(at, "choose", "A")
    key = sent_to(at, "cards")["card"]
    measured(at.number_input(key=controls.SEED).set_value(7).run())
    assert sent_to(at, "cards")["chosen"] == ""
    measured(at.number_input(key=controls.SEED).set_value(0).run())
    assert (sent_to(at, "cards")["card"], sent_to(at, "cards")["chosen"]) == (key, "A")
    # The other way round these are the same metrics.
    at.selectbox(key=controls.FIRST).set_value("ssim").run()
    measured(at)
    assert at.session_state["session"].view_of(DisagreeView).between == ("ssim", "psnr")
    assert [len(each) for each in state_of(at).answers.values()] == [1, 0]  # by seed 0, and by 7


def test_what_depends_on_neither_seed_nor_order_is_measured_once(monkeypatch):
    at = open_disagree()
    told = {(each.step, each.values) for each in state_of(at).found.latest.versions}
    monkeypatch.setattr(measuring, "grid_task", None)  # to measure anything would fail
    go_to(at, FEW | {"between": "ssim,psnr", "grid_seed": "7"}, "disagree")
    measured(at)
    assert {(each.step, each.values[::-1]) for each in state_of(at).found.latest.versions} == told


def test_a_grid_that_was_cancelled_is_not_told_as_a_whole(monkeypatch):
    def task(*_, **__):
        def work(job):
            job.cancel()
            job.go_on()

        return Task("Measuring versions", work, total=4)

    monkeypatch.setattr(measuring, "grid_task", task)
    at = open_disagree(grid_seed="3", grid="gaussian_noise,salt_and_pepper")
    assert state_of(at).measuring.latest.state == "cancelled"
    assert "## Not all versions of Cat are measured" in [each.value for each in at.markdown]
    assert not any("nothing to disagree" in each.value for each in at.info)


def test_verdicts_are_shown_at_once_where_that_is_asked_for_and_the_link_says_so():
    at = open_disagree(verdicts="shown")
    shown = sent_to(at, "cards")
    assert len(shown["verdicts"]) == 2
    assert all(shown["labels"].values())
    assert shown["question"].endswith("and you?")
    assert link_of(at)["verdicts"] == "shown"
    at.toggle(key=controls.VERDICTS).set_value(False).run()
    assert sent_to(at, "cards")["verdicts"] == []
    assert "verdicts" not in link_of(at)


def test_a_version_opens_in_inspect_as_the_card_has_made_it():
    at = open_disagree(between="psnr,alexnet:uniform")
    state = state_of(at)
    card = state.card.latest
    left, right = card.sides(0)
    act(at, "open", "B")
    session = at.session_state["session"]
    assert session.page.rpartition("/")[2] in ("", "disagree")  # AppTest keeps the address
    assert session.settings.recipe == Recipe((right.step,))
    assert session.settings.method.heads == "uniform"
    assert left.link != right.link


def test_judgments_are_a_file_with_what_was_laid_out(monkeypatch):
    files = {}
    monkeypatch.setattr(
        parts,
        "draw_download",
        lambda label, make, *_, **__: files.update({label: make}),
    )
    at = open_disagree()
    act(at, "choose", "B")
    at.text_input(key=controls.OBSERVER).set_value("=Ann").run()  # who thinks of it later is named as well
    (row,) = csv.DictReader(io.StringIO(files["Judgments, CSV"]()))
    left, right = state_of(at).card.latest.sides(0)
    assert (row["condition_A"], row["condition_B"], row["is_A_selected"]) == (left.link, right.link, "0")
    assert row["observer"] == "'=Ann"
    assert row["scene"].startswith("Cat 64x64 ")
    whole = json.loads(files["Disagreements, JSON"]())
    assert whole["metrics"] == ["psnr", "ssim"]


def test_sides_are_laid_out_by_the_seed():
    at = open_disagree()
    card = state_of(at).card.latest
    assert sent_to(at, "cards")["card"] == shown_key(card, 0)
    pixels = {side: sent_to(at, "cards")["pictures"][side] for side in "AB"}
    seed = next(seed for seed in range(1, 40) if card.sides(seed) != card.sides(0))
    go_to(at, FEW | {"grid_seed": str(seed)}, "disagree")
    measured(at)
    # None of these distortions is random: the card is the same, and its sides have changed.
    assert state_of(at).card.latest.key == card.key
    assert sent_to(at, "cards")["pictures"]["A"] == pixels["B"] != pixels["A"]


def test_an_upload_is_a_reference_as_well_and_one_that_is_gone_is_shown_dimmed():
    at = open_disagree()
    at.segmented_control(key="setting_source").set_value("upload").run()
    assert sent_to(at, "cards") is not None  # of the sample, until there is another
    assert any("Shown dimmed" in each.value for each in at.markdown)
    at.file_uploader(key="file_reference").set_value(("own.png", picture(64, 64), "image/png")).run()
    measured(at)
    assert state_of(at).found.latest.reference.name == "own.png"


def test_a_picture_too_small_is_said_in_a_sentence():
    at = open_disagree()
    at.segmented_control(key="setting_source").set_value("upload").run()
    at.file_uploader(key="file_reference").set_value(("own.png", picture(40, 8), "image/png")).run()
    measured(at)
    assert any("11 × 11" in error.value for error in at.error)


@pytest.mark.parametrize(
    "view",
    [
        DisagreeView(),
        DisagreeView(("ssim", "vgg16:uniform"), "all", 7, True),
        DisagreeView(("alexnet:lpips-0.1", "psnr"), "jpeg,shift", 2**31 - 1),
        DisagreeView(("alexnet:uniform:random", "alexnet:uniform"), "colourisation"),
    ],
)
def test_a_link_brings_back_what_is_asked(view):
    assert DisagreeView.from_link(view.to_link()) == (view, ())


@pytest.mark.parametrize(
    "link",
    [
        {"between": text}
        for text in ("", "psnr", "psnr,psnr", "psnr,ssim,psnr", "psnr,vmaf", "a:b,psnr", "x" * 9999, ",")
    ]
    + [{"grid": text} for text in ("fog", "", "jpeg,,", "<script>", "x," * 5000)]
    + [{"grid_seed": text} for text in ("-1", "1.5", "٣", "9" * 30, "")]
    + [{"verdicts": text} for text in ("yes", "", "__class__")],
)
def test_what_a_link_asks_for_in_vain_is_one_sentence_and_the_default(link):
    view, (sentence,) = DisagreeView.from_link(link)
    assert view == DisagreeView()
    assert len(sentence) < 300


def test_a_hostile_link_leaves_a_page_that_works():
    at = open_app(sample="cat", size="64")
    go_to(at, FEW | {"between": "psnr,<b>", "grid_seed": "fog"}, "disagree")
    assert any("psnr,<b>" in each.replace("\\", "") for each in sentences(at))
    measured(at)
    assert sent_to(at, "cards") is not None


def test_distortions_are_the_usual_ones_all_or_those_that_are_chosen():
    assert DisagreeView().names == USUAL
    assert DisagreeView(over="all").names == tuple(CATALOGUE)
    assert DisagreeView(over="jpeg,shift").names == ("jpeg", "shift")
    rulers = DisagreeView().rulers(Method(device="cpu", size=64))
    assert rulers == (PSNR, Method(device="cpu"))


def test_an_early_card_gives_way_to_the_clearest_unless_somebody_is_at_work():
    early, clearest = (SimpleNamespace(key=key) for key in ("early", "clearest"))
    partial_grid = SimpleNamespace(clear=[early], cards=[early])
    whole = SimpleNamespace(clear=[clearest], cards=[clearest])
    state = DisagreeState()
    assert state.card_of("grid", partial_grid, False, {}) is early
    assert state.card_of("grid", whole, True, {"early": "A"}) is early
    state.act("choose", "early", "A")
    assert state.card_of("grid", whole, True, {}) is early
    state.done.clear()
    assert state.card_of("grid", whole, True, {}) is clearest
