"""The page Results in Python: what a class said, who may see it, and what a teacher does there."""

import json
import re
from types import SimpleNamespace

import pytest

from explorer.judgments.asking.order import order
from explorer.judgments.store import opened_store
from explorer.views.calibrate.view import CalibrateView
from explorer.views.results.files import _layout, _report, _results
from explorer.views.results.state import ResultsState
from explorer.views.results.view import ResultsView
from tests.judgments.classes import TITLE, People, session, vote
from tests.views.test_going_back import go_to
from tests.views.test_inspect_page import SECONDS, open_app, sentences
from tests.views.test_typed_values import link_of

FAST = {"held": "psnr,ssim"}


@pytest.fixture(scope="module")
def asked():
    """A class of six, of whom one is careless."""
    store = opened_store()
    keys, plan = session(store, count=9, versions=3)
    people = People(store, plan, careless=(2,), sharpness=2)
    vote(store, keys.code, plan, people, 6)
    return SimpleNamespace(store=store, code=keys.code, teacher=keys.teacher, plan=plan, people=people)


def open_results(**link):
    """The page, once all is measured."""
    at = open_app(sample="cat", size="64")
    go_to(at, FAST | link, "results")
    return measured(at)


def measured(at):
    job = state_of(at).measuring.latest
    if job is not None:
        assert job.wait(SECONDS)
        at.run()
    assert not at.exception
    return at


def state_of(at):
    return at.session_state["session"].state(ResultsState)


def tiles(at):
    (body,) = (each.proto.body for each in at.get("html") if 'class="tiles' in each.proto.body)
    return re.findall(r"<strong>(.*?)</strong>", body)


def texts(at):
    return [element.value for element in at.markdown]


def button(at, label):
    return next(each for each in at.button if each.label == label)


def table_of(at):
    return next(text for text in texts(at) if "2AFC score" in text)


def test_a_teacher_sees_metrics_held_against_the_class(asked):
    at = open_results(teacher=asked.teacher)
    found = state_of(at).found.latest
    assert tiles(at)[:3] == [asked.code, "6", str(6 * 11)]
    assert f"## {found.sentence}".replace("*", "") in texts(at)
    rows = dict(re.findall(r"\| (PSNR|SSIM|Two participants|Ceiling) \| (\d+%)", table_of(at)))
    scores = {each.label: f"{each.score.value:.0%}" for each in found.metrics}
    assert rows == scores | {
        "Two participants": f"{found.peers.value:.0%}",
        "Ceiling": f"{found.ceiling.value:.0%}",
    }
    chart = json.loads(at.get("plotly_chart")[0].proto.spec)
    assert {"PSNR", "SSIM", "Two participants"} == set(chart["data"][0]["y"])


def test_a_title_is_data_and_never_markup(asked):
    at = open_results(teacher=asked.teacher)
    (heading,) = (text for text in texts(at) if "7b" in text)
    assert "<b>" not in heading.replace(r"\<", "")
    assert heading.replace("\\", "") == f"## {TITLE}"
    assert TITLE.replace("<", "&lt;").replace(">", "&gt;") in _report(
        state_of(at), asked.store, asked.store.session(asked.code)
    )


def test_without_a_key_the_page_says_where_to_get_one_and_takes_a_link(asked):
    at = open_results()
    assert any("Ask gives you a link" in text for text in texts(at))
    assert at.get("plotly_chart") == []
    at.text_input(key="results_key").set_value(
        f"https://x/results?teacher={asked.teacher}&shows=people"
    ).run()
    measured(at)
    assert tiles(at)[0] == asked.code
    assert link_of(at)["class"] == asked.code


def test_the_teachers_key_goes_from_the_address_and_the_link_opens_the_class_in_this_browser_alone(asked):
    at = open_results(teacher=asked.teacher, shows="people")
    assert link_of(at)["class"] == asked.code
    assert asked.teacher not in str(link_of(at))
    go_to(at, {"sample": "cat", "size": "64"}, "inspect")
    go_to(at, FAST | {"class": asked.code}, "results")
    assert tiles(measured(at))[0] == asked.code
    other = open_results(**{"class": asked.code})
    assert any(f"The results of class {asked.code} open" in each.value for each in other.info)
    assert asked.store.session(asked.code).plan.title not in str(other.main)


def test_this_browsers_sessions_are_offered_and_no_others(asked):
    at = open_results(teacher=asked.teacher)
    go_to(at, FAST, "results")
    offered = at.button(key=f"results_open_{asked.code}")
    assert asked.code in offered.label
    measured(offered.click().run())
    assert tiles(at)[0] == asked.code
    other = open_results()
    assert not [each for each in other.button if str(each.key).startswith("results_open_")]


def test_learn_heads_opens_on_the_votes_that_are_shown(asked):
    at = open_results(teacher=asked.teacher, leave_out="2")
    at.button(key="results_learn").click().run()
    assert not at.exception
    link = at.session_state["session"].own["calibrate"]
    assert CalibrateView.from_link(link) == (
        CalibrateView("class", code=asked.code, leave_out=2),
        (),
    )


def test_who_was_left_out_of_one_class_is_not_left_out_of_the_next(asked):
    at = open_results(teacher=asked.teacher, leave_out="1", shows="people")
    assert state_of(at).found.latest.left_out
    store = opened_store()
    keys, plan = session(store, count=2)
    vote(store, keys.code, plan, People(store, plan, careless=(1,)), 1)
    go_to(at, FAST, "results")
    at.text_input(key="results_key").set_value(keys.teacher).run()
    measured(at)
    assert tiles(at)[0] == keys.code
    assert (state_of(at).found.latest.left_out, "leave_out" in link_of(at)) == ((), False)


@pytest.mark.parametrize("key", ["wrong", "'; drop table votes; --", "<b>x</b>"])
def test_a_wrong_key_is_one_sentence_and_asks_again(asked, key):
    at = open_results(teacher=key)
    (said,) = sentences(at)
    assert said.startswith("No session belongs to this link.")
    assert at.text_input(key="results_key")
    assert asked.code not in str(at.main)


def test_the_participants_code_does_not_open_the_teachers_page(asked):
    at = open_results(teacher=asked.code)
    assert sentences(at)[0].startswith("No session belongs to this link.")


def test_what_a_link_asks_for_in_vain_is_named(asked):
    at = open_app(sample="cat", size="64")
    # Sentences go with the next action, so that they are read before the pictures are measured.
    go_to(at, {"teacher": asked.teacher, "shows": "moon", "leave_out": "many", "held": "no:one"}, "results")
    said = " ".join(sentences(at)).replace("\\", "")
    assert "The link asks for shows" in said
    assert "The link asks for leave_out" in said
    assert "The link asks for held" in said
    assert tiles(at)[0] == asked.code


def test_votes_show_by_themselves_and_only_new_ones_are_read(asked, monkeypatch):
    at = open_results(teacher=asked.teacher)
    state = state_of(at)
    before = len(state.votes)
    vote(asked.store, asked.code, asked.plan, asked.people, 1)
    read = []
    store_votes = type(asked.store).votes

    def watched(store, code, since=0):
        read.append(since)
        return store_votes(store, code, since)

    monkeypatch.setattr(type(asked.store), "votes", watched)
    at.run()
    assert len(state.votes) == before + 11
    assert read == [before]
    at.run()
    assert read == [before]  # with nothing new nothing is read
    assert tiles(at)[2] == str(before + 11)


def test_who_fails_sentinels_can_be_left_out_and_the_link_says_so(asked):
    at = open_results(teacher=asked.teacher, shows="people")
    at.selectbox(key="results_leave_out").set_value(2).run()
    measured(at)
    assert state_of(at).found.latest.left_out == (2,)
    assert any("Participant 2 is left out" in each.value for each in at.caption)
    assert link_of(at)["leave_out"] == "2"
    again = open_results(**link_of(at) | {"teacher": asked.teacher})
    box = again.selectbox(key="results_leave_out")
    assert box.value == 2
    assert len(box.options) == 1 + max(line.sentinels for line in state_of(at).found.latest.participants)
    assert box.options[2] == "2 sentinels or more: 1 participant"
    bodies = " ".join(each.proto.body for each in again.get("html"))
    hint = re.findall(r"<span>([0-9]+ votes, [^<]*)</span>", bodies)
    assert hint == [state_of(again).found.latest.answers_told]
    assert sum(int(part.split()[0]) for part in hint[0].split(", ")) == int(tiles(again)[2])
    assert hint[0].endswith(" 11 left out")


def test_disputes_show_the_trial_with_its_maps_and_open_it_in_inspect(asked, monkeypatch):
    at = open_results(teacher=asked.teacher, shows="disputes", dispute="ssim")
    sent = [
        json.loads(each.proto.json)
        for each in at.get("bidi_component")
        if each.proto.component_name.endswith("lpips_candidates")
    ][-1]
    assert [each["key"] for each in sent["candidates"]] == ["A", "B"]
    assert all(each["layers"] and each["picture"] for each in sent["candidates"])
    assert any("chose" in text and "SSIM finds" in text for text in texts(at))
    fetched = []
    store_picture = type(asked.store).picture
    monkeypatch.setattr(
        type(asked.store), "picture", lambda *asks: fetched.append(asks) or store_picture(*asks)
    )
    at.run()
    assert len(fetched) <= 3  # the trial that is shown alone: small pictures are kept
    button(at, "Open A in Inspect").click().run()
    assert not at.exception
    opened = at.session_state["session"].uploads
    numbers = {trial.reference: trial.a for trial in asked.plan.trials}
    digests = opened["reference"].picture.digest, opened["distorted"].picture.digest
    assert digests[0] in numbers
    assert digests in {(trial.reference, trial.a) for trial in asked.plan.trials}


def test_the_scale_has_a_group_for_each_reference_and_one_of_families(asked):
    at = open_results(teacher=asked.teacher, shows="scale")
    assert any("groups that no vote joins, of 3 each" in text for text in texts(at))
    chart = json.loads(at.get("plotly_chart")[0].proto.spec)
    assert len(chart["data"][0]["y"]) == 3
    at.session_state["results_scaled"] = "families"
    at.run()
    assert not at.exception
    assert link_of(at)["scaled"] == "families"


def test_files_hold_what_the_page_shows(asked):
    at = open_results(teacher=asked.teacher)
    state, info = state_of(at), asked.store.session(asked.code)
    labels = [each.proto.label for each in at.get("download_button")]
    assert labels == ["Votes, CSV", "The paper’s layout, ZIP", "Report, HTML", "Results, JSON"]
    results = json.loads(_results(state, info))
    assert results["metrics"]["psnr"]["score"]["value"] == state.found.latest.metrics[0].score.value
    assert _layout(state, asked.store, info).startswith(b"PK")
    report = _report(state, asked.store, info)
    assert state.found.latest.sentence in report
    assert "<script" not in report


def test_a_session_is_closed_opened_again_and_removed_with_all_that_is_of_it():
    store = opened_store()
    keys, _ = session(store, count=2)
    at = open_results(teacher=keys.teacher)
    assert any("Nobody has voted yet" in text for text in texts(at))
    assert all(each.proto.disabled for each in at.get("download_button"))
    button(at, "Close").click().run()
    assert store.session(keys.code).state == "closed"
    button(at, "Open again").click().run()
    assert store.session(keys.code).is_open
    button(at, "Remove it for good").click().run()
    assert not at.exception
    assert "class" not in link_of(at)
    assert [each.value for each in at.success] == [
        f"Session {keys.code} was removed, with its pictures and all answers."
    ]
    assert keys.code not in [info.code for info in store.sessions()]
    assert any("Ask gives you a link" in text for text in texts(at))


def test_one_participant_and_just_noticeable_differences_are_said_as_they_are():
    store = opened_store()
    keys, plan = session(store, "jnd", 4)
    vote(store, keys.code, plan, People(store, plan), 1)
    at = open_results(teacher=keys.teacher)
    assert any("1 participant has cast 4 votes." in text for text in texts(at))
    at.session_state["results_part"] = "scale"
    at.run()
    assert any("people say same or different" in each.value for each in at.info)


@pytest.mark.parametrize(("kind", "letters"), [("jnd", ("different",)), ("2afc", ("A",))])
def test_the_first_votes_show_and_so_does_a_class_of_whom_nobody_is_left(kind, letters):
    store = opened_store()
    keys, plan = session(store, kind, 4)
    who = store.join(keys.code)
    shown = sorted(order(plan, who.number), key=lambda each: not plan.trials[each.trial].is_sentinel)
    for place, each in enumerate(shown):
        trial = plan.trials[each.trial]
        wrong = next(choice for choice in trial.choices if choice != trial.expected)
        store.shown(who.token, each.trial, each.was_swapped)
        store.vote(who.token, each.trial, wrong if trial.is_sentinel else letters[0], 900)
        if not place:
            at = open_results(teacher=keys.teacher)
            assert any("Only sentinels have been answered" in text for text in texts(at))
            assert "nan" not in " ".join((*texts(at), *tiles(at)))
    measured(at.run())
    assert any("1 participant has cast 4 votes" in text for text in texts(at))
    assert any("No metric has a score" in each.value for each in at.info) == (kind == "jnd")
    at = open_results(teacher=keys.teacher, leave_out="1", shows="people")
    assert any("Everybody who has voted is left out" in text for text in texts(at))
    assert at.selectbox(key="results_leave_out").value == 1
    assert tiles(at)[3] == "–"
    layout = next(each.proto for each in at.get("download_button") if "layout" in each.proto.label)
    assert layout.disabled
    state, info = state_of(at), store.session(keys.code)
    assert json.loads(_results(state, info))["median_seconds"] is None
    assert "Everybody who has voted is left out" in _report(state, store, info)
    for part in ("metrics", "disputes", "scale"):
        at.session_state["results_part"] = part
        at.run()
        assert not at.exception
        assert "nan" not in " ".join(texts(at))


def test_a_store_that_cannot_be_opened_is_a_sentence(monkeypatch, tmp_path):
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setenv("EXPLORER_VOTES", str(tmp_path / "file" / "below"))
    at = open_results(teacher="any")
    (said,) = sentences(at)
    assert said.startswith("The folder for votes cannot be made")


def test_a_link_carries_all_that_is_chosen():
    view = ResultsView("", "C4P7XM", "scale", ("psnr", "dists:dists"), "psnr", 3, "families")
    assert ResultsView.from_link(view.to_link()) == (view, ())
    assert ResultsView.from_link({"teacher": "key"}) == (ResultsView("key"), ())
    assert ResultsView("key").to_link() == {}
    assert ResultsView().to_link() == {}
