"""The page Candidates: whose candidates are measured, and what of them reaches the viewer."""

import json
import time

import pytest

from explorer.errors import SettingError
from explorer.metrics import Method
from explorer.viewer.candidates.candidates import CandidatesDisplay
from explorer.viewer.ranking.ranking import TableSort
from explorer.views.candidates import display, measuring
from explorer.views.candidates.candidate_list import CandidateList
from tests.views.components import sent_to
from tests.views.test_going_back import go_to
from tests.views.test_inspect_page import SECONDS, open_app, picture, sentences
from tests.views.test_typed_values import link_of
from tests.views.test_uploads_in_links import captions

PARTS = {"metrics": "alexnet:lpips-0.1"}


@pytest.fixture
def asked(monkeypatch):
    """The sources of all that the page asks to be measured."""
    sources = []
    make = measuring.candidates_task

    def noted(reference, wanted, *rest):
        sources.extend(each.source for each in wanted)
        return make(reference, wanted, *rest)

    monkeypatch.setattr(measuring, "candidates_task", noted)
    return sources


def open_candidates(**link):
    at = open_app(sample="cat", size="64")
    go_to(at, {"sample": "cat", "size": "64"} | PARTS | link, "candidates")
    return at


def give_reference(at, seed=9):
    at.segmented_control(key="setting_source").set_value("upload").run()
    at.file_uploader(key="file_reference").set_value(("own.png", picture(96, 96, seed), "image/png")).run()
    assert not at.exception


def upload(at, *files):
    at.file_uploader(key="file_candidates_0").set_value(list(files)).run()
    assert not at.exception


def scenes(at):
    """What the viewer of candidates was sent; nothing where it is not on the page."""
    found = [
        json.loads(element.proto.json)
        for element in at.get("bidi_component")
        if element.proto.component_name.endswith("lpips_candidates")
    ]
    return found[-1] if found else None


def measured(at):
    """The scene once all is measured."""
    chosen = at.session_state["session"].state(CandidateList)
    until = time.monotonic() + SECONDS
    while (job := chosen.measuring.latest) is not None and not job.is_over and time.monotonic() < until:
        time.sleep(0.1)
    at.run()
    return scenes(at)


def test_an_uploaded_reference_has_no_candidates_until_somebody_asks_for_samples(asked):
    at = open_candidates()
    measured(at)
    asked.clear()
    give_reference(at)
    assert asked == []
    assert scenes(at) is None
    assert any("Upload the candidates" in element.value for element in at.markdown)
    at.button(key="samples").click().run()
    assert not at.exception
    assert len(measured(at)["candidates"]) == 5
    assert asked
    link = link_of(at)
    assert link["files"] == "samples"
    # They were asked for beside this reference, and not beside the next.
    asked.clear()
    at.file_uploader(key="file_reference").set_value(("other.png", picture(96, 96, 10), "image/png")).run()
    assert asked == []
    assert "files" not in link_of(at)
    at.session_state["session"].leave_pages()


def test_uploads_beside_an_uploaded_reference_are_measured_and_nothing_else_is(asked):
    at = open_candidates()
    measured(at)
    give_reference(at)
    asked.clear()
    files = [(f"{seed}.png", picture(96, 96, seed), "image/png") for seed in (1, 2)]
    upload(at, *files, ("notes.png", b"no picture", "image/png"), ("twin.png", files[0][1], "image/png"))
    sent = measured(at)
    assert sorted(each["name"] for each in sent["candidates"]) == ["1.png", "2.png"]
    session = at.session_state["session"]
    digests = {each.picture.digest for each in session.state(CandidateList).candidates(session)}
    assert {source.digest for source in asked} == digests
    assert all(each["picture"] and each["layers"] for each in sent["candidates"])
    assert any("Your files**: 2 of" in caption for caption in captions(at))
    at.session_state["session"].leave_pages()


def test_a_file_that_is_no_picture_and_a_ninth_candidate_are_refused_by_name_and_eight_stay():
    at = open_candidates()
    upload(
        at,
        ("notes.png", b"no picture", "image/png"),
        *((f"{seed}.png", picture(96, 96, seed), "image/png") for seed in range(1, 10)),
    )
    assert sorted(each["name"] for each in scenes(at)["candidates"]) == [
        f"{seed}.png" for seed in range(1, 9)
    ]
    said = " ".join((*sentences(at), *(warning.value for warning in at.warning)))
    assert "notes.png" in said.replace("\\", "")
    assert "9.png" in said.replace("\\", "")
    at.session_state["session"].leave_pages()


def test_a_candidate_of_another_size_says_so_in_its_place_and_the_others_are_shown():
    at = open_candidates()
    measured(at)
    upload(
        at,
        ("good.png", picture(300, 300, 1), "image/png"),
        ("small.png", picture(90, 90, 2), "image/png"),
    )
    good, small = sorted(measured(at)["candidates"], key=lambda each: each["name"])
    assert good["picture"]
    assert good["layers"]
    assert small["picture"] is None
    assert "Another size" in small["message"]
    at.session_state["session"].leave_pages()


def test_the_maps_are_of_the_first_metric_that_has_some():
    without, first, second = Method("dists"), Method("alexnet"), Method("alexnet", "uniform")
    assert measuring.mapped_method((without, first, second)) == first
    assert measuring.mapped_method((without,)) is None


@pytest.mark.parametrize(
    ("shown", "link"),
    [
        ((CandidatesDisplay(), TableSort()), ""),
        ((CandidatesDisplay(mode="place", overlay=0.4), TableSort()), "mode:place,overlay:0.4"),
        (
            (CandidatesDisplay(zoom=8.5, middle_x=0.25, middle_y=0.5), TableSort()),
            "zoom:8.5,middle_x:0.25",
        ),
        (
            (CandidatesDisplay(map="layer", layer="conv2", spots=False), TableSort("psnr")),
            "map:layer,layer:conv2,spots:off,sort:psnr",
        ),
        (
            (
                CandidatesDisplay(first="jpeg", second="1f2e3d4c5b6a"),
                TableSort("alexnet:uniform:random", True),
            ),
            "first:jpeg,second:1f2e3d4c5b6a,sort:alexnet:uniform:random,reversed:on",
        ),
    ],
)
def test_a_link_brings_back_how_candidates_are_shown(shown, link):
    assert display.to_link(*shown) == link
    assert display.from_link(link) == shown


@pytest.mark.parametrize(
    "link",
    [
        *(
            "mode",
            "mode:round",
            "overlay:much",
            "overlay:7",
            "zoom:1e9",
            "middle_x:2",
            "spots:on",
            ",",
            "by:psnr",
            "reversed:off",
        ),
        "first:jpeg,second:jpeg",
    ],
)
def test_a_link_that_shows_candidates_in_no_known_way_is_refused_in_words(link):
    with pytest.raises(SettingError):
        display.from_link(link)


def test_a_link_opens_sorted_and_with_the_difference_that_it_names_in_any_session():
    at = open_candidates()
    measured(at)
    upload(at, *((f"{seed}.png", picture(300, 300, seed), "image/png") for seed in (1, 2, 3)))
    measured(at)
    first, second = (each["key"] for each in scenes(at)["candidates"][:2])
    shown = f"first:{first},second:{second},sort:psnr,reversed:on"
    link = link_of(at)
    go_to(at, link | {"shown": shown}, "candidates")
    assert measured(at)["display"] | {"first": first, "second": second} == scenes(at)["display"]
    assert sent_to(at, "ranking")["display"] == {"by": "psnr", "reversed": True}
    assert [column["key"] for column in sent_to(at, "ranking")["columns"]] == [
        "alexnet:lpips-0.1",
        "psnr",
        "ssim",
    ]
    assert link_of(at)["shown"] == shown

    # Whoever has not the files keeps what the link says of them.
    other = open_candidates(files=link["files"], shown=shown)
    assert len(other.session_state["session"].state(CandidateList).wanted) == 3
    assert sentences(other) == []
    assert link_of(other)["shown"] == shown
    # What is gone is gone from the link, without a word.
    at.multiselect[0].set_value([]).run()
    assert "sort:psnr" in link_of(at)["shown"]
    at.session_state["session"].state(CandidateList).remove(at.session_state["session"], first)
    at.run()
    assert link_of(at)["shown"] == f"second:{second},sort:psnr,reversed:on"
    assert sentences(at) == []
    for each in (at, other):
        each.session_state["session"].leave_pages()


def test_a_link_that_names_no_candidate_or_metric_of_its_own_is_told_so_and_the_rest_of_it_holds():
    at = open_candidates(shown="mode:place,first:jpg,second:jpeg,sort:vgg16:uniform,reversed:on")
    assert measured(at)["display"]["mode"] == "place"
    (said,) = sentences(at)
    first, second = said.split("\n\n")
    assert "“jpg”" in first
    assert "vgg16" in second
    assert link_of(at)["shown"] == "mode:place,second:jpeg"
    at.session_state["session"].leave_pages()


def test_a_file_that_a_link_names_twice_is_one_candidate():
    at = open_candidates()
    measured(at)
    upload(at, ("a.png", picture(300, 300, 1), "image/png"))
    files = link_of(at)["files"]
    go_to(at, link_of(at) | {"files": f"{files}/{files.replace('a.png', 'b.png')}"}, "candidates")
    assert not at.exception
    assert [each["name"] for each in measured(at)["candidates"]] == ["a.png"]
    at.session_state["session"].leave_pages()


def test_the_page_shows_candidates_as_its_link_says_and_names_what_it_cannot_read():
    at = open_candidates(shown="mode:place")
    assert measured(at)
    assert at.session_state["session"].state(CandidateList).display.mode == "place"
    assert link_of(at)["shown"] == "mode:place"
    go_to(at, {"sample": "cat", "size": "64", "shown": "mode:round"} | PARTS, "candidates")
    assert any("mode" in sentence for sentence in sentences(at))
    assert link_of(at)["shown"] == "mode:place"
    at.session_state["session"].leave_pages()


def test_what_is_shown_stays_where_others_have_pushed_it_out_and_only_what_is_new_is_measured(asked):
    at = open_candidates()
    before = measured(at)
    asked.clear()
    measuring._numbers.clear()
    at.multiselect(key="candidate_metrics").set_value(["alexnet:lpips-0.1", "alexnet:uniform"]).run()
    assert measured(at)["candidates"] == before["candidates"]
    assert len(asked) == len(before["candidates"])
    at.session_state["session"].leave_pages()
