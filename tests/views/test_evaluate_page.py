"""The page Evaluate in Python: what it says of the bundled votes and of others, and what its links carry."""

import gzip
import io
import json
import shutil
import threading
import time
import zipfile

import numpy as np
import pytest
import streamlit as st

import explorer
from benchmarks.triplets import made_triplets
from explorer.judgments.evaluation import compare, evaluate
from explorer.judgments.published import votes
from explorer.judgments.running import measure
from explorer.judgments.standing import percent, signed
from explorer.views.evaluate import measuring
from explorer.views.evaluate.state import EvaluateState
from explorer.views.evaluate.view import EvaluateView
from tests.views.test_going_back import go_to
from tests.views.test_inspect_page import SECONDS, open_app, sentences, tiles
from tests.views.test_typed_values import link_of

ROWS = """subset,name,judge,d0_mine,d1_mine,d0_psnr,d1_psnr
a,1,1.0,0.9,0.1,-20,-30
a,2,0.0,0.9,0.1,-30,-20
b,1,0.8,0.5,0.5,-20,-21
b,2,{judge},0.2,0.3,-20,-25
"""


def open_page(**query: str):
    """A link of the page, followed as the browser's history does it: AppTest begins with the first page."""
    at = open_app(size="64")
    go_to(at, query, "evaluate")
    return at


def uploaded(data: bytes, name="votes.csv"):
    at = open_page(judgments="upload")
    at.file_uploader(key="file_evaluate").set_value((name, data, "text/csv")).run()
    assert not at.exception
    return at


def said(at) -> str:
    kinds = at.markdown, at.info, at.error, at.caption
    return "\n".join(each.value for kind in kinds for each in kind).replace("\\", "")


def charts(at) -> list:
    return [json.loads(each.proto.spec) for each in at.get("plotly_chart")]


def state_of(at) -> EvaluateState:
    return at.session_state["session"].state(EvaluateState)


@pytest.fixture(scope="module")
def opened():
    """The page as it opens, without a click; the tests that have it change nothing."""
    return open_page()


def test_without_a_click_the_bundled_votes_are_told_with_all_their_scores(opened):
    whole = evaluate(votes())
    text = said(opened)
    assert f"people agree with each other {percent(whole.overall.ceiling)}% of the time" in text
    assert (
        f"agrees with them {percent(max(whole.overall.scores.values(), key=lambda each: each.value))}%"
        in text
    )
    for subset in whole.every:
        for score in (subset.ceiling, *subset.scores.values()):
            assert f"{percent(score)} [{100 * score.low:.1f}, {100 * score.high:.1f}]" in text
    assert "2-clause BSD licence" in text
    assert "alex-lin (paper) | 73.9 | 83.4 | 71.5 | 61.2 | 65.3 | 63.2 | 69.8" in text
    assert len(charts(opened)) == 3
    assert sentences(opened) == []
    assert not {"judgments", "set", "subsets", "contest"} & link_of(opened).keys()


def test_two_metrics_are_compared_on_the_same_trials(opened):
    found = compare(votes(), "alex_vanilla", "vgg_shift_tolerant")
    text = said(opened)
    assert signed(found.difference).removeprefix("-") not in ("", text)
    assert (
        "VGG16, shift-tolerant beats AlexNet on 4 of 6 subsets, on average by 0.33 [0.08, 0.61] points."
        in text
    )
    assert charts(opened)[2]["data"][0]["y"]


def test_the_trials_that_contradict_people_most_come_first_and_say_why_they_cannot_be_opened(opened):
    table = opened.dataframe[0].value
    first = table.iloc[0]
    assert len(table) == 20
    assert (first["People for second"] > 50) != (first["b0"] < first["a0"])
    assert "data fetch bapps-val" in said(opened)


def test_a_link_opens_what_it_names_and_stays_what_it_was():
    query = {
        "subsets": "cnn,color",
        "judged_by": "alex_vanilla,vgg_vanilla",
        "contest": "vgg_vanilla,alex_vanilla",
        "part": "color",
        "disputed": "between",
        "leaf": "2",
    }
    at = open_page(**query)
    assert sentences(at) == []
    assert query.items() <= link_of(at).items()
    assert "the best of 2 metrics" in said(at)
    assert "Over 2 subsets" in said(at)
    assert set(at.dataframe[0].value["Subset"]) == {"color"}
    assert "Trials 41 to 60" in said(at)
    at.button(key="evaluate_later").click().run()
    assert link_of(at)["leaf"] == "3"
    at.selectbox(key="evaluate_order").set_value("first").run()
    assert {"leaf", "disputed"}.isdisjoint(link_of(at))
    at.pills(key="evaluate_subsets").set_value([]).run()
    assert "Over 6 subsets" in said(at)


def test_what_a_link_asks_for_in_vain_is_named_and_the_page_shows_the_rest():
    at = open_page(subsets="cnn,nonsense", judged_by="vibes", part="cnn", leaf="99999", disputed="people")
    (text,) = sentences(at)
    assert "disputed “people”" in text.replace("\\", "")
    assert "no subset “nonsense”" in text
    assert "no metric “vibes”" in text
    assert "Over 6 subsets" in said(at)
    assert "rulers" not in EvaluateView.from_link({"rulers": "nothing"})[0].to_link()


@pytest.mark.parametrize("is_packed", [False, True])
def test_uploaded_votes_are_told_without_the_paper_s_rows(is_packed):
    data = ROWS.format(judge="0.5").encode()
    at = uploaded(gzip.compress(data) if is_packed else data, "votes.csv.gz" if is_packed else "votes.csv")
    text = said(at)
    # mine: 1, 1-0... the means over (a1, a2) and (b1, b2), and of these two.
    assert "mine** | 50.0" in text
    assert "(paper)" not in text
    assert "votes.csv" in text
    assert len(at.dataframe[0].value) == 4


def test_names_of_subsets_are_no_markup_and_each_has_a_pill_of_its_own():
    long = "".join("abcdefghij") * 6
    names = ["**b**", ":red[x]", f"{long}1{long}", f"{long}2{long}", "all"]
    rows = "".join(f"{name},{n},{n % 2},0.{n + 1},0.2\n" for name in names for n in range(3))
    at = uploaded(f"subset,name,judge,d0_mine,d1_mine\n{rows}".encode())
    pills = at.button_group(key="evaluate_subsets")
    labels = [each.content for each in pills.proto.options]
    assert labels[:2] == ["\\*\\*b\\*\\*", "\\:red\\[x\\]"]
    assert len(set(labels)) == len(names)
    pills.set_value([names[3], "all"]).run()
    assert not at.exception
    evaluation, found = state_of(at).found.latest
    assert [each.name for each in evaluation.subsets] == [names[3], "all"]
    assert found.columns[-1] == "average"


def test_a_row_that_cannot_be_used_is_named_with_its_reason():
    at = uploaded(ROWS.format(judge="1.4").encode())
    assert "1 entry was left out" in [each.label for each in at.expander]
    assert "its judge is 1.4, outside 0..1" in said(at)


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("votes.csv", b"subset,name\na,1\n", "of judgments; name"),
        ("votes.csv", b"subset,name,judge,d0_x\na,1,1,2\n", "d1_x"),
        ("votes.csv", b"", "is empty"),
        ("set.zip", b"PK no zip at all", "is no ZIP file, or is damaged"),
        ("votes.csv.gz", b"\x1f\x8b\x08broken", "damaged"),
    ],
)
def test_a_file_that_is_no_good_is_refused_in_a_sentence_and_the_one_before_stays(name, data, words):
    at = uploaded(ROWS.format(judge="0.5").encode())
    at.file_uploader(key="file_evaluate").set_value((name, data, "text/csv")).run()
    assert not at.exception
    (text,) = sentences(at)
    assert words in text.replace("\\", "")
    assert state_of(at).uploaded.latest.name == "votes.csv"


def test_a_table_below_the_root_is_opened_by_its_link_and_nothing_beyond_it(tmp_path, monkeypatch):
    root = tmp_path / "root"
    root.mkdir()
    (root / "v.csv").write_text(ROWS.format(judge="0.5"))
    (tmp_path / "secret.csv").write_text(ROWS.format(judge="0.5"))
    monkeypatch.setenv("EXPLORER_ROOT", str(root))
    at = open_page(judgments="folder", set="v.csv")
    assert "mine** | 50.0" in said(at)
    assert link_of(at)["set"] == "v.csv"
    for path in ("../secret.csv", str(tmp_path / "secret.csv"), "nothing.csv"):
        (text,) = sentences(open_page(judgments="folder", set=path))
        assert "below the folder that this server opens" in text
    (root / "sub").mkdir()
    for path, shown in (("sub", "sub is no set"), (".", "The folder that this server opens is no set")):
        (text,) = sentences(open_page(judgments="folder", set=path))
        assert text.replace("\\", "").startswith(shown)
        assert str(tmp_path) not in text
    monkeypatch.delenv("EXPLORER_ROOT")
    (text,) = sentences(open_page(judgments="folder", set="v.csv"))
    assert "lpips-explorer --root FOLDER" in text


def test_a_folder_in_which_a_file_has_changed_is_read_again(made, tmp_path, monkeypatch):
    shutil.copytree(made[0] / "set", tmp_path / "set")
    monkeypatch.setenv("EXPLORER_ROOT", str(tmp_path))
    at = measured(open_page(judgments="folder", set="set", rulers="psnr"))
    before = state_of(at).loaded.latest
    at.run()
    assert state_of(at).loaded.latest is before
    judge = sorted((tmp_path / "set").rglob("*.npy"))[0]
    np.save(judge, 1 - np.load(judge) / 2)
    st.cache_data.clear()  # as if some seconds had gone by
    at = measured(at.run())
    changed = [
        (trial.judge, other.judge)
        for trial, other in zip(before.trials, state_of(at).loaded.latest.trials, strict=True)
        if trial != other
    ]
    assert changed == [(pytest.approx(2 * (1 - now)), now) for _, now in changed]
    assert len(changed) == 1


def test_the_files_hold_what_is_shown(opened):
    evaluation, _ = state_of(opened).found.latest
    found = evaluation.to_dict()
    assert found["subsets"]["cnn"]["scores"]["alex_vanilla"] == pytest.approx(82.87, abs=0.01)
    table = np.genfromtxt(io.StringIO(evaluation.to_csv()), delimiter=",", dtype=str)
    assert {"cnn", "all"} <= set(table[:, 0])


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Some triplets in the paper's layout below a root, and the same as a ZIP file."""
    root = tmp_path_factory.mktemp("root")
    made_triplets(root / "set", 30, side=64)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for path in sorted((root / "set").rglob("*.*")):
            archive.write(path, path.relative_to(root))
    return root, stream.getvalue()


def measured(at):
    job = state_of(at).measuring.latest
    assert job is not None
    assert job.wait(SECONDS)
    at.run()
    assert not at.exception
    return at


def test_a_set_with_pictures_is_measured_and_told_as_the_shell_and_python_tell_it(made, monkeypatch):
    root, data = made
    monkeypatch.setenv("EXPLORER_ROOT", str(root))
    at = measured(open_page(judgments="folder", set="set", rulers="psnr,alexnet:lpips-0.1", rulers_at="64"))
    whole = explorer.evaluate(root / "set", ("psnr", "alexnet:lpips-0.1"), 64)
    assert sentences(at) == []
    for subset in whole.every:
        for score in subset.scores.values():
            assert f"{percent(score)} [{100 * score.low:.1f}" in said(at)
    assert "(paper)" not in said(at)  # its subsets have the paper's names, and are not its own
    assert "at 64 pixels" in said(at)

    packed = open_page(judgments="upload", rulers="psnr,alexnet:lpips-0.1")
    packed.file_uploader(key="file_evaluate").set_value(("set.zip", data, "application/zip")).run()
    assert sentences(packed) == []
    again = state_of(measured(packed)).found.latest[0].to_dict()
    assert again["subsets"] == whole.to_dict()["subsets"]


def test_a_click_opens_a_trial_with_both_maps_and_its_versions_open_in_inspect(made, monkeypatch):
    root, _ = made
    monkeypatch.setenv("EXPLORER_ROOT", str(root))
    at = measured(open_page(judgments="folder", set="set", rulers="psnr,alexnet:lpips-0.1"))
    state = state_of(at)
    at.session_state[state.table] = {"selection": {"rows": [], "columns": [], "cells": [(2, "Trial")]}}
    name = state.listed[2]
    at.run()
    assert not at.exception
    assert link_of(at)["trial"] == name
    (scene,) = [
        json.loads(each.proto.json)
        for each in at.get("bidi_component")
        if each.proto.component_name.endswith("candidates")
    ]
    subset, _, stem = name.partition("/")
    folder = root / "set/2afc/val" / subset
    expected = [
        explorer.measure(folder / f"ref/{stem}.png", folder / f"{part}/{stem}.png", size=64).score
        for part in ("p0", "p1")
    ]
    assert [each["name"] for each in scene["candidates"]] == ["First", "Second"]
    assert [float(each["score"]) for each in scene["candidates"]] == pytest.approx(expected, abs=1e-4)
    assert all(len(each["layers"]) == 5 for each in scene["candidates"])
    at.button(key="inspect_second").click().run()
    assert not at.exception
    assert tiles(at)[0] == f"{expected[1]:.4f}"


def test_a_trial_that_is_none_is_named_and_one_that_was_opened_can_be_closed(made, monkeypatch):
    root, _ = made
    monkeypatch.setenv("EXPLORER_ROOT", str(root))
    at = measured(open_page(judgments="folder", set="set", rulers="psnr", trial="cnn/nothing"))
    assert "There is no trial “cnn/nothing”" in "".join(sentences(at))
    at = measured(open_page(judgments="folder", set="set", rulers="psnr", trial="cnn/000002"))
    assert "**cnn/000002**" in said(at)
    at.button(key="close_trial").click().run()
    assert "**cnn/000002**" not in said(at)
    assert "trial" not in link_of(at)


def test_weights_that_are_missing_are_offered_and_no_metric_at_all_is_said(made, monkeypatch):
    root, _ = made
    monkeypatch.setenv("EXPLORER_ROOT", str(root))
    at = open_page(judgments="folder", set="set", rulers="psnr,convnext_tiny:uniform")
    assert "the weights are not on this machine" in "".join(each.value for each in at.warning)
    at.multiselect(key="evaluate_rulers").set_value([]).run()
    assert not at.exception
    assert "No metric is named" in "".join(sentences(at))


def test_a_picture_that_is_damaged_is_left_out_with_its_reason(made, tmp_path, monkeypatch):
    root = shutil.copytree(made[0], tmp_path / "root")
    (root / "set/2afc/val/cnn/p0/000003.png").write_bytes(b"no picture")
    monkeypatch.setenv("EXPLORER_ROOT", str(root))
    at = measured(open_page(judgments="folder", set="set", rulers="psnr"))
    assert "1 entry was left out" in [each.label for each in at.expander]
    assert "cnn/000003" in said(at)
    assert "29 trials" in said(at)


def test_a_subset_that_is_still_to_come_is_waited_for_and_no_fault(made, monkeypatch):
    root, _ = made
    monkeypatch.setenv("EXPLORER_ROOT", str(root))
    gate, first = threading.Event(), []

    def halting(trials, way, places=None):
        for outcome in measure(trials, way, places):
            yield outcome
            first.append(outcome)
            if outcome.trial.subset == "cnn" and len(first) == 10:
                assert gate.wait(SECONDS)

    monkeypatch.setattr(measuring, "measure", halting)
    monkeypatch.setattr(measuring, "STEPS", 1000)
    query = {"judgments": "folder", "set": "set", "rulers": "ssim", "part": "color"}
    try:
        at = open_page(**query)
        wait_until(lambda: len(first) == 10)
        at.run()
        assert not at.exception
        assert sentences(at) == []
        assert "On 10 trials" in said(at)
        assert link_of(at)["part"] == "color"
        at.pills(key="evaluate_subsets").set_value(["color"]).run()
        assert not at.exception
        assert sentences(at) == []
    finally:
        gate.set()
    measured(at)
    assert "On 15 trials" in said(at)
    assert link_of(at).items() >= {"part": "color", "subsets": "color"}.items()


def wait_until(is_so):
    deadline = time.monotonic() + SECONDS
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.02)
