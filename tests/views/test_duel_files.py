"""The row of files of the page Duel: of what is looked at, and of nothing that is still being made."""

import csv
import io
import json
import re
import zipfile

import pytest
from streamlit.testing.v1 import AppTest

from explorer.analysis.rulers import PSNR
from explorer.distortions import distort
from explorer.images import derive, load
from explorer.metrics import Method
from explorer.report.duel import Told
from explorer.synthesis.competition import Competition
from explorer.synthesis.journey import Journey, travel
from explorer.views.common import parts
from explorer.views.common.stale import NO_FILE
from explorer.views.common.take_away import TakeAway
from explorer.views.duel.files import NOTHING, UNDER_WAY, Taken
from explorer.views.duel.modes import MODES
from explorer.views.duel.modes.directions_settings import DirectionsSettings

METHOD = Method(device="cpu")
FIRST = {  # a choice of each question
    "equal": {"duel_hold": "ssim", "duel_at": "0.7"},
    "verdict": {"duel_a": "gaussian_noise:0.2"},
    "keeps": {"duel_layers": "conv1;conv3", "duel_from": "grey"},
    "directions": {"duel_of": "conv2;conv5"},
}


@pytest.fixture(scope="module")
def plan(photo):
    reference = photo("cat", (64, 64))
    noisy = derive(reference, distort(reference.pixels, "gaussian_noise", 0.5))
    return Competition(reference, PSNR, 24.0, METHOD, noisy, METHOD).plan()


@pytest.fixture(scope="module")
def journey(plan):
    return travel(plan, 6)


def row(journey, **how):
    """Draws the row, as the page does."""
    from explorer.views.common.session import current
    from explorer.views.duel.files import draw_files
    from explorer.views.duel.modes.equal_settings import EqualSettings

    settings = EqualSettings(start=how.pop("start", "gaussian_noise"))
    draw_files(current(), journey, "equal", settings, **{"is_stale": False, **how})


@pytest.fixture
def drawn(monkeypatch, journey):
    """Draw the row; returns the app, and by the files' names what makes each and why it cannot be had."""

    def draw(of=None, **how):
        found = {}

        def note(_label, make, file, _mime, *, refusal="", **_):
            found[file] = make, refusal

        monkeypatch.setattr(parts, "draw_download", note)
        at = AppTest.from_function(row, default_timeout=180, args=(of or journey,), kwargs=how).run()
        assert not at.exception
        return at, found

    return draw


def test_every_file_of_the_row_can_be_had_and_is_named_after_what_it_is_of(drawn, journey):
    _, found = drawn(at=3, tile="raised")
    start = "cat_alexnet-v0.1_64x64_duel-"
    assert list(found) == [
        f"{start}{rest}"
        for rest in (
            *("raised-3.png", "sheet.pdf", "sheet.png", "run.webp", "run.gif", "history.csv", "frames.zip"),
        )
    ]
    files = {name.removeprefix(start): make() for name, (make, refusal) in found.items() if not refusal}
    assert len(files) == len(found)
    (at_three,) = (frame for frame in journey.frames("raised") if frame.step == 3)
    assert load(files["raised-3.png"]).digest == at_three.picture.digest
    assert files["sheet.pdf"].startswith(b"%PDF")
    assert load(files["sheet.png"]).width == 2400
    assert (files["run.webp"][8:12], files["run.gif"][:3]) == (b"WEBP", b"GIF")
    table = list(csv.DictReader(io.StringIO(files["history.csv"])))
    assert {line["settings"] for line in table} == {
        "duel_hold=psnr; duel_at=24; duel_moved=lpips; duel_start=gaussian_noise"  # also what is as at first
    }
    with zipfile.ZipFile(io.BytesIO(files["frames.zip"])) as archive:
        assert f"raised/{3:04}.png" in archive.namelist()


@pytest.mark.parametrize(("how", "why"), [({"is_stale": True}, NO_FILE), ({"is_under_way": True}, UNDER_WAY)])
def test_there_is_no_file_of_something_else_nor_of_what_is_still_made(drawn, how, why):
    at, found = drawn(**how)
    assert {refusal for _, refusal in found.values()} == {why}
    assert at.button(key="figure_and_report").disabled


@pytest.mark.parametrize(("how", "said"), [({"is_under_way": True}, "Picture"), ({}, "Raised, step 6")])
def test_the_button_of_the_picture_names_no_step_while_the_steps_go_on(journey, how, said):
    how = {"labels": {"raised": "Raised"}, "tile": "raised"} | how
    at = AppTest.from_function(row, default_timeout=180, args=(journey,), kwargs=how).run()
    assert not at.exception
    assert f"{said}, PNG" in [button.label for button in (*at.button, *at.get("download_button"))]


def test_a_start_from_the_distorted_image_says_what_that_is(drawn):
    _, found = drawn(start="pair")
    (make,) = (make for name, (make, _) in found.items() if name.endswith("history.csv"))
    (settings,) = {line["settings"] for line in csv.DictReader(io.StringIO(make()))}
    assert re.search(r"duel_start=pair; distorted=[a-z_]+~[a-z_]+~[0-9.]+", settings)


LABELS = {"raised": "Raised", "start": "Start · Gaussian noise", "lowered": "Lowered"}


@pytest.mark.parametrize(
    ("tile", "name", "label"),
    [
        ("", "lowered-6", "Lowered, step 6"),  # the last run on screen
        ("raised", "raised-6", "Raised, step 6"),
        ("start", "lowered-0", "Start · Gaussian noise"),
        ("what no longer is", "lowered-6", "Lowered, step 6"),
    ],
)
def test_the_picture_to_save_is_the_one_that_is_looked_at(drawn, journey, tile, name, label):
    _, found = drawn(labels=LABELS, tile=tile)
    file, (make, _) = next(iter(found.items()))
    assert file == f"cat_alexnet-v0.1_64x64_duel-{name}.png"
    run, _, step = name.partition("-")
    (frame,) = (each for each in journey.frames(run) if each.step == int(step))
    assert load(make()).digest == frame.picture.digest
    assert Taken(journey, Told("equal", labels=LABELS), None, tile).label(frame) == label


def test_of_nothing_there_is_no_file(drawn, plan):
    at, found = drawn(of=Journey(plan))
    assert {refusal for _, refusal in found.values()} == {NOTHING}
    assert at.button(key="figure_and_report").disabled


def test_the_figure_is_of_the_picture_at_the_playhead_first(drawn, journey):
    at, _ = drawn(at=2, tile="lowered", labels={"lowered": "Closer"})
    at.button(key="figure_and_report").click().run()
    assert not at.exception
    choice = at.selectbox(key="figure_of_2")
    assert choice.options == ["Closer, step 2", "Raised, step 2"]
    found = at.session_state.session.state(TakeAway).found.latest
    assert found[0].distorted.digest == journey.frames("lowered")[2].picture.digest
    assert found[0].distorted.name == "Cat, closer, step 2"


@pytest.mark.parametrize("mode", MODES.values(), ids=MODES)
def test_what_was_chosen_is_spelled_out_by_the_links_names_and_read_back_as_it_was(mode, plan):
    link = FIRST[mode.NAME]
    settings, problems = mode.read(link)
    chosen = mode.spelled(settings, Journey(plan, curves={"conv1": [], "conv3": []})) | settings.to_link()
    assert not problems
    assert set(chosen) == set(mode.PARAMETERS)
    assert chosen.items() >= link.items()
    again, problems = mode.read(chosen)
    assert not problems
    assert again.to_link() == settings.to_link()


@pytest.mark.parametrize(
    ("mode", "chosen", "is_of_pair"),
    [
        ("equal", {"duel_start": "pair"}, True),
        ("equal", {}, False),
        ("keeps", {"duel_from": "pair"}, True),
        ("keeps", {"duel_from": "grey"}, False),
        ("verdict", {"duel_b": "pair"}, True),
        ("verdict", {}, False),
        ("directions", {}, False),
    ],
)
def test_each_question_says_whether_it_starts_from_the_distorted_image(mode, chosen, is_of_pair):
    settings, problems = MODES[mode].read(chosen)
    assert not problems
    assert MODES[mode].uses_pair(settings) is is_of_pair


def test_a_layer_that_is_called_like_the_distorted_image_is_not_it():
    assert not MODES["directions"].uses_pair(DirectionsSettings(by=("pair",)))


def test_the_recipe_calls_the_question_as_the_page_does(drawn, journey):
    _, found = drawn(labels=LABELS)
    (data,) = (make() for file, (make, _) in found.items() if file.endswith("_duel-frames.zip"))
    recipe = json.loads(zipfile.ZipFile(io.BytesIO(data)).read("journey.json"))["recipe"]
    assert f"on the page Duel, {MODES['equal'].TITLE}:" in recipe
