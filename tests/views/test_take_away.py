"""The row of files is the same on all pages, and its dialog makes what is chosen of what is shown."""

import io
import time

import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from explorer.report import FIRST, Choice, figure, figure_of_columns, parts_of
from explorer.views.common import parts
from explorer.views.common.take_away import TakeAway
from tests.views.test_going_back import visit
from tests.views.test_inspect_page import SECONDS, open_app, sentences

PAIR = {"sample": "cat", "distortion": "jpeg", "severity": "0.5", "seed": "0", "size": "64"}
BUTTON = "figure_and_report"
SUBJECTS = {"inspect": 1, "region": 1, "compare": 3, "candidates": 10}  # at least, once all is measured


@pytest.fixture
def files(monkeypatch):
    """What makes the file of each button that was drawn, by its words; why it cannot be had instead."""
    found = {}

    def draw(label, make, *_, refusal="", **__):
        found[label] = refusal or make

    monkeypatch.setattr(parts, "draw_download", draw)
    return found


def opened(page: str) -> AppTest:
    """A page with its dialog open, once all is measured that it can be opened on."""
    at = open_app(**PAIR, columns="alexnet:lpips-0.1,alexnet:uniform")
    if page != "inspect":
        visit(at, page)
    until = time.monotonic() + SECONDS
    while len(kept(at).subjects.latest or ()) < SUBJECTS[page] and time.monotonic() < until:
        time.sleep(0.2)
        at.run()
    at.button(key=BUTTON).click().run()
    assert not at.exception
    return at


def kept(at: AppTest) -> TakeAway:
    return at.session_state["session"].state(TakeAway)


def part_choice(at: AppTest):
    (choice,) = (group for group in at.button_group if group.label == "It shows")
    return choice


@pytest.mark.parametrize(
    ("page", "pictures"),
    [
        ("inspect", ("Cat", "JPEG")),
        ("region", ("Cat", "JPEG")),
        ("compare", ("Cat", "JPEG")),
        ("candidates", ("Cat", "Gaussian noise")),
    ],
)
def test_every_page_with_a_measured_pair_makes_a_figure_and_a_report_of_what_it_offers(files, page, pictures):
    at = opened(page)
    (found, *others) = kept(at).found.latest
    assert (found.reference.name, found.distorted.name) == pictures
    assert found.measurement.size == (64, 64)
    assert bool(found.regions) == (page == "region")  # whose first box is the hot spot
    with Image.open(io.BytesIO(kept(at).drawn.latest)) as preview:
        assert preview.width == 2400
    of = [choice.options for choice in at.selectbox if choice.label == "Of"]
    if page == "candidates":  # every one, closest first
        ((*_, last),) = of
        assert len(of[0]) == 10
        assert all(label.endswith("by AlexNet · LPIPS v0.1") for label in of[0][:5])
        assert last.endswith("by AlexNet · uniform heads")
    if page == "compare":  # all columns beside each other
        assert of == [["Both columns", "AlexNet · LPIPS v0.1", "AlexNet · uniform heads"]]
        assert len(others) == SUBJECTS[page] - 2
        assert files["Figure, PDF"]() == figure_of_columns((found, *others), "pdf")
        assert "choose it above" in files["Report, HTML"]
        return
    assert others == []
    there = tuple(name for name in parts_of(found) if name in FIRST)
    assert files["Figure, PDF"]() == figure(found, "pdf", Choice(there))
    assert f"<strong>{found.measurement.score:.4f}</strong>" in files["Report, HTML"]()


def test_what_is_chosen_is_drawn_and_what_cannot_be_drawn_is_refused_in_words(files):
    at = opened("inspect")
    (found,) = kept(at).found.latest
    part_choice(at).set_value(["reference", "overlay"]).run()
    (crop,) = (box for box in at.selectbox if box.label == "Part of the pictures")
    assert crop.options == [
        "Whole image",
        *(f"Hot spot {i + 1}" for i in range(len(found.spots))),
        "Another part",
    ]
    crop.set_value("Hot spot 1").run()
    chosen = Choice(("reference", "overlay"), found.spots[0].box)
    assert files["Figure, PDF"]() == figure(found, "pdf", chosen)
    assert kept(at).drawn.latest == figure(found, "png", chosen)

    (crop,) = (box for box in at.selectbox if box.label == "Part of the pictures")
    crop.set_value("Another part").run()
    for text, words in (
        ("290, 0, 20, 20", "cut to x 290, y 0, 10 × 20"),
        ("9", "is no box"),
        ("0,0,0,5", "0 × 5"),
    ):
        at.text_input(key="figure_typed").set_value(text).run()
        assert any(words in said.value for said in (*at.caption, *at.warning))
    assert files["Figure, PDF"] == "Choose what the figure shows first."
    at.text_input(key="figure_typed").set_value("0,0,9,9").run()
    part_choice(at).set_value([]).run()
    assert any("of nothing" in said.value for said in at.warning)
    assert callable(files["Report, HTML"])
    assert sentences(at) == []


def test_the_dialog_is_there_until_the_page_is_left_and_of_another_pair_or_a_closed_tab_it_holds_nothing(
    files,
):
    at = opened("inspect")
    at.run()  # as it is where work in the background has ended
    assert part_choice(at)
    make = files["Report, HTML"]

    kept(at).is_open = False
    at.segmented_control(key="setting_source").set_value("upload").run()
    assert at.button(key=BUTTON).disabled  # the result is not of the chosen pair
    at.segmented_control(key="setting_source").set_value("sample").run()
    at.button(key=BUTTON).click().run()
    assert part_choice(at)
    visit(at, "region")
    assert [group for group in at.button_group if group.label == "It shows"] == []

    at.session_state["session"].let_go()
    with pytest.raises(Exception, match="tab was closed"):
        make()
