"""The page Data set: what it opens and says, what a click opens, and what a guest's path reaches."""

import math
import shutil

import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

import explorer
from explorer.analysis.dataset import job as job_module
from explorer.distortions import distort
from explorer.samples import load_sample
from explorer.views.common.parts import table as markdown_table
from explorer.views.dataset import sources as sources_module
from explorer.views.dataset.sources import NO_ROOT
from explorer.views.dataset.state import DatasetState
from tests.analysis.dataset.test_reading import row, table
from tests.cli.commands import run
from tests.views.test_going_back import go_to, visit
from tests.views.test_inspect_page import open_app, sentences, tiles
from tests.views.test_typed_values import link_of

SECONDS = 180  # a cold start loads the network


@pytest.fixture(scope="module")
def measured(tmp_path_factory):
    """Four pairs below a folder, and their table as the shell writes it from there; one pair is identical."""
    root = tmp_path_factory.mktemp("root")
    pixels = load_sample("cat").pixels[:96, :128]
    for number, stem in enumerate("abcd"):
        for side, shown in (("ref", pixels), ("out", distort(pixels, "gaussian_blur", number / 4))):
            (root / side).mkdir(exist_ok=True)
            Image.fromarray(shown).save(root / side / f"{stem}.png")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(root)
        how = ("--heads", "uniform", "--layers", "conv1,conv2", "--size", "64")
        run("measure", "ref", "out", *how, "--csv", "t.csv")
    return root


@pytest.fixture
def root(measured, tmp_path, monkeypatch):
    """A copy of it that a test may change, opened by the server."""
    copy = shutil.copytree(measured, tmp_path / "root")
    monkeypatch.setenv("EXPLORER_ROOT", str(copy))
    return copy


def open_page(**query: str) -> AppTest:
    """A link of the page, followed as the browser's history does it: AppTest begins with the first page."""
    at = open_app(size="64")
    go_to(at, query, "dataset")
    return at


def answer(at: AppTest) -> str:
    (found,) = [each.value for each in at.markdown if each.value.startswith("## ")]
    return found.removeprefix("## ").replace("\\", "")


def said(at: AppTest) -> str:
    kinds = at.info, at.error, at.warning, at.caption
    return "\n".join(each.value for kind in kinds for each in kind).replace("\\", "")


def state_of(at: AppTest) -> DatasetState:
    return at.session_state["session"].state(DatasetState)


def click_row(at: AppTest, row: int) -> AppTest:
    selection = {"rows": [], "columns": [], "cells": [(row, "Name")]}
    at.session_state[state_of(at).table] = {"selection": selection}
    at.run()
    assert not at.exception
    return at


def test_without_a_root_the_page_says_how_to_start_with_one_and_a_link_below_it_is_refused(monkeypatch):
    monkeypatch.delenv("EXPLORER_ROOT", raising=False)
    at = open_page()
    assert NO_ROOT in [each.value for each in at.caption]
    assert "--root FOLDER" in NO_ROOT
    assert "Upload a table" in said(at)
    (sentence,) = sentences(open_page(data="table", table="t.csv"))
    assert "start it with lpips-explorer --root FOLDER" in sentence


@pytest.mark.usefixtures("root")
def test_a_link_opens_a_table_below_the_root_and_stays_what_it_was():
    query = {"data": "table", "table": "t.csv", "metric": "psnr", "against": "ssim", "order": "closest"}
    at = open_page(**query)
    assert sentences(at) == []
    assert answer(at).startswith("4 pairs: PSNR has the mean ∞ dB and the median")
    assert "beside the bars 1 pair of identical images with ∞ dB" in said(at)
    assert query.items() <= link_of(at).items()
    shown = at.dataframe[0].value
    assert shown["Name"].tolist() == ["out/a.png", "out/b.png", "out/c.png", "out/d.png"]
    at.selectbox(key="dataset_metric").set_value("alexnet:uniform").run()
    at.segmented_control(key="dataset_order").set_value("farthest").run()
    assert at.dataframe[0].value["Name"].tolist()[0] == "out/d.png"


def test_a_metric_that_a_table_lacks_is_named_once_and_another_is_shown(root):
    at = open_page(data="table", table="t.csv", metric="vibes")
    assert "These pairs have no metric “vibes”; others are shown." in sentences(at)
    assert link_of(at)["metric"] != "vibes"


def test_a_click_on_a_row_opens_the_pair_in_inspect_measured_as_in_its_row(root):
    at = click_row(open_page(data="table", table="t.csv"), 1)
    session = at.session_state["session"]
    method = session.settings.method
    assert (method.heads, method.layers, session.settings.size) == ("uniform", ("conv1", "conv2"), 64)
    expected = explorer.measure(
        root / "ref/c.png", root / "out/c.png", heads="uniform", layers=["conv1", "conv2"], size=64
    )
    assert tiles(at)[0] == f"{expected.score:.4f}"
    assert [upload.name for upload in at.session_state["session"].uploads.values()] == ["c.png", "c.png"]


def test_files_that_are_gone_are_named_the_rest_is_shown_and_a_changed_one_is_told(root):
    (root / "out/b.png").unlink()
    Image.new("RGB", (128, 96)).save(root / "out/c.png")
    at = open_page(data="table", table="t.csv")
    assert answer(at).startswith("4 pairs")
    assert "1 pair has files that are not there any more: out/b.png. The others can be opened." in said(at)
    at = click_row(at, 2)  # d, c, b, a
    assert "out/b.png is not below the folder that this server opens" in sentences(at)[0]
    at = click_row(at, 1)
    assert any("c.png has changed since it was measured" in sentence for sentence in sentences(at))
    assert tiles(at)


def test_of_a_pair_of_which_one_file_cannot_be_opened_the_other_is_not_held_either(root):
    (root / "out/d.png").write_bytes(b"no image any more")
    at = click_row(open_page(data="table", table="t.csv"), 0)
    assert "d.png is text" in sentences(at)[0]
    assert at.session_state["session"].uploads == {}


@pytest.mark.usefixtures("root")
def test_an_opened_pair_is_seen_whole_and_measured_on_the_device_that_was_chosen():
    at = open_page(data="table", table="t.csv", zoom="4", middle_x="0.25", device="cpu")
    assert at.session_state["session"].settings.display.zoom == 4
    at = click_row(at, 0)
    settings = at.session_state["session"].settings
    display = settings.display
    assert (display.zoom, display.middle_x, display.middle_y) == (1, 0.5, 0.5)
    assert settings.method.device == "cpu"
    assert tiles(at)


def test_the_same_row_of_another_order_is_another_click(root):
    for name in "ad":
        (root / f"out/{name}.png").unlink()
    at = open_page(data="table", table="t.csv")
    assert "out/d.png is not below the folder" in sentences(click_row(at, 0))[0]
    at.segmented_control(key="dataset_order").set_value("closest").run()
    at = click_row(at, 0)
    assert any("out/a.png is not below the folder" in sentence for sentence in sentences(at))


def test_files_that_are_put_back_can_be_opened_again(root, monkeypatch):
    data = (root / "out/b.png").read_bytes()
    (root / "out/b.png").unlink()
    at = open_page(data="table", table="t.csv")
    at.run()
    assert "1 pair has files that are not there any more" in said(at)
    (root / "out/b.png").write_bytes(data)
    monkeypatch.setattr(sources_module, "LISTED_SECONDS", 0.0)
    at.run()
    assert "not there any more" not in said(at)


@pytest.mark.usefixtures("root")
def test_a_metric_that_is_called_as_a_column_of_the_page_is_a_column_of_its_own():
    at = open_page()
    rows = [row("a.png", 0.5, metric="Name"), row("a.png", 0.25, metric="PSNR", heads="uniform")]
    at.file_uploader(key="file_dataset").set_value(("t.csv", table(rows), "text/csv")).run()
    assert not at.exception
    (shown,) = at.dataframe[0].value.to_dict("records")
    assert shown["Name"] == "out/a.png"
    assert (shown["alexnet:lpips-0.1"], shown["alexnet:uniform"], shown["psnr"]) == (0.5, 0.25, 30.5)


def test_no_cell_of_a_table_ends_by_its_text():
    lines = markdown_table(("Layer", "Share"), [["a|b\r\nc", "1"]]).splitlines()
    assert lines[2:] == [r"| a\|b c | 1 |"]


def test_an_upload_is_shown_and_says_what_to_do_where_its_files_cannot_be_opened(monkeypatch, tmp_path):
    data = table([row("a.png", 0.5), row("b.png", 0.25)])
    monkeypatch.delenv("EXPLORER_ROOT", raising=False)
    at = open_page()
    at.file_uploader(key="file_dataset").set_value(("t.csv", data, "text/csv")).run()
    assert answer(at).startswith("2 pairs: AlexNet · LPIPS v0.1 has the mean 0.3750")
    assert "this server opens no folder: start it with `lpips-explorer --root FOLDER`" in said(at)
    at = click_row(at, 0)
    assert "a.png cannot be opened, for this server opens no folder" in sentences(at)[0]

    monkeypatch.setenv("EXPLORER_ROOT", str(tmp_path))
    at = open_page()
    at.file_uploader(key="file_dataset").set_value(("t.csv", data, "text/csv")).run()
    assert "No pair can be opened: the files of the table do not lie below the folder" in said(at)


@pytest.mark.usefixtures("root")
def test_an_upload_that_is_no_table_is_refused_and_the_one_before_does_not_stand_for_it():
    at = open_page()
    at.file_uploader(key="file_dataset").set_value(("x.csv", b"name,value\nx,1\n", "text/csv")).run()
    (sentence,) = sentences(at)
    assert sentence.startswith("x.csv is no table of measured pairs")
    assert not at.dataframe


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({"data": "table", "table": "../t.csv"}, "climbs out of its folder"),
        ({"data": "table", "table": "/etc/passwd"}, "is an absolute path"),
        ({"data": "table", "table": "out.csv"}, "leads out of the folder"),
        ({"data": "table", "table": "ref/a.png"}, "is no table"),
        ({"data": "table", "table": "ref"}, "is no table"),
        ({"data": "folders", "originals": "..", "outputs": "out"}, "climbs out of its folder"),
        ({"data": "folders", "originals": "ref", "outputs": "t.csv"}, "is no folder"),
        ({"data": "folders", "originals": "ref", "outputs": "nowhere"}, "There is no"),
        ({"data": "everything"}, "choose one of upload, table, folders"),
    ],
)
def test_a_link_that_leads_elsewhere_is_refused_in_one_sentence(root, query, words):
    (root / "out.csv").symlink_to(root.parent / "beside.csv")
    (root.parent / "beside.csv").write_bytes(b"x")
    (sentence,) = sentences(open_page(**query))
    assert words in sentence
    assert str(root) not in sentence


def test_two_folders_are_measured_in_the_background_with_the_numbers_from_python(root, monkeypatch):
    (root / "out/b.png").write_bytes(b"no image")
    monkeypatch.setattr(sources_module, "LISTED_SECONDS", math.inf)
    at = open_page(data="folders", originals="ref", outputs="out", size="64")
    job = state_of(at).measuring.latest
    assert job.wait(SECONDS)
    at.run()
    scores = [explorer.measure(root / f"ref/{n}.png", root / f"out/{n}.png", size=64).score for n in "acd"]
    assert answer(at).startswith(f"3 pairs: AlexNet · LPIPS v0.1 has the mean {sum(scores) / 3:.4f}")
    assert "1 pair was not measured: out/b.png is text" in said(at)
    assert at.dataframe[0].value["Name"].tolist() == ["out/d.png", "out/c.png", "out/a.png"]
    monkeypatch.setattr(job_module, "pair_folders", None)  # they are not paired in every run
    at.segmented_control(key="dataset_order").set_value("farthest").run()
    assert not at.exception
    opened = click_row(at, 0)
    assert tiles(opened)[0] == f"{max(scores):.4f}"


@pytest.mark.usefixtures("root")
def test_two_folders_are_measured_with_several_backbones_as_given_and_the_link_says_so(monkeypatch):
    monkeypatch.setattr(sources_module, "LISTED_SECONDS", math.inf)
    query = {"originals": "ref", "outputs": "out", "also": "squeezenet1_1", "size": "given"}
    at = open_page(data="folders", weights="random", **query)
    assert state_of(at).measuring.latest.wait(SECONDS)
    at.run()
    assert not at.exception
    row = state_of(at).measuring.latest.results[-1]
    assert (row["backbone"], row.get("longest_side", ""), row["size.width"]) == ("squeezenet1_1", "", "128")
    labels = at.selectbox(key="dataset_metric").options
    assert [label.partition(" ")[0] for label in labels[:2]] == ["AlexNet", "SqueezeNet"]
    assert query.items() <= link_of(at).items()
    at.multiselect(key="dataset_also").set_value([]).run()
    assert "also" not in link_of(at)
    (sentence,) = sentences(open_page(data="folders", also="alexnet,nothing"))
    assert "the backbone “nothing” as well, which is none" in sentence


@pytest.mark.usefixtures("root")
def test_a_choice_counts_also_where_its_run_ends_early_and_back_takes_it_back(monkeypatch):
    query = {"originals": "ref", "outputs": "out", "also": "squeezenet1_1"}
    at = open_page(data="folders", weights="random", **query)
    before = link_of(at)
    load, ends = sources_module.load, iter([True])

    def loaded(session, *rest):
        if next(ends, False):
            session.run_anew()  # as where another choice has superseded the run, or work has news
        return load(session, *rest)

    monkeypatch.setattr(sources_module, "load", loaded)
    at.multiselect(key="dataset_also").set_value([]).run()
    assert next(ends, None) is None
    assert "also" not in link_of(at)
    go_to(at, before, "dataset")
    assert at.multiselect(key="dataset_also").value == ["squeezenet1_1"]
    assert link_of(at) == before


@pytest.mark.usefixtures("root")
def test_a_choice_made_after_a_visit_to_another_page_counts():
    at = open_page(data="table", table="t.csv")
    visit(at, "backbones")
    visit(at, "dataset")
    assert answer(at).startswith("4 pairs")
    at.segmented_control(key="dataset_order").set_value("closest").run()
    assert at.dataframe[0].value["Name"].tolist()[0] == "out/a.png"
    assert link_of(at)["order"] == "closest"
