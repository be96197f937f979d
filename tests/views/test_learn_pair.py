"""A step that is a view of another page: its numbers are those of `explorer`, and that page opens on it."""

import re

import pytest

import explorer
from explorer.distortions import Recipe, distorted
from explorer.lessons.reading import bundled
from explorer.samples import load_sample
from explorer.views.common.lesson_strip import LessonStrip
from explorer.views.common.lessons import take_lesson
from tests.views.test_going_back import go_to
from tests.views.test_inspect_page import open_app

SIZE = 96
OWN = b"lesson: My own\nsteps:\n  - chapter: One\n    view: words?term=heads\n"


def open_step(**link):
    at = open_app(sample="cat", size="64")
    go_to(at, link | {"size": str(SIZE)}, "learn")
    assert not at.exception
    return at


def values(at) -> list[float]:
    """The numbers of the tiles, with all their digits."""
    bodies = [html.proto.body for html in at.get("html") if "data-value" in html.proto.body]
    return [float(value) for value in re.findall('data-value="([^"]+)"', "".join(bodies))]


def pair_of(step):
    cat = load_sample("cat")
    return cat.pixels, distorted(cat, Recipe.from_text(step.sight.parameters["recipe"])).pixels


def test_the_numbers_of_a_step_are_those_of_its_pair():
    at = open_step(lesson="jpeg-blocks", chapter="2")
    step = bundled("jpeg-blocks").chapters[1].steps[0]
    measured = explorer.measure(*pair_of(step), size=SIZE)
    assert values(at) == pytest.approx([measured.score, measured.psnr, measured.ssim], abs=1e-6)


def test_a_step_on_region_answers_about_its_box_and_hands_it_on():
    at = open_step(lesson="restored-eye", chapter="2")
    step = bundled("restored-eye").chapters[1].steps[0]
    box = tuple(map(int, step.sight.parameters["boxes"].split(",")))
    (region,) = explorer.region(*pair_of(step), boxes=[box], size=SIZE).regions
    score = explorer.measure(*pair_of(step), size=SIZE).score
    assert values(at) == pytest.approx([score, region.held.share, region.check.removed], abs=1e-6)
    at.button(key="open_step").click().run()
    session = at.session_state["session"]
    opened = session.state(LessonStrip).opened
    assert (opened.title, opened.place, opened.places, opened.page) == ("A restored eye", 2, 4, "region")
    assert opened.link.items() >= {"lesson": "restored-eye", "chapter": "2", "size": str(SIZE)}.items()
    assert session.own["region"] == {"boxes": ",".join(map(str, box))}


def test_a_metric_without_maps_gives_a_box_no_share_and_still_restores_it():
    at = open_step(lesson="restored-eye", chapter="2", backbone="dists", weights="random")
    assert len(values(at)) == 2


def test_a_step_on_a_page_without_a_pair_only_leads_there():
    at = open_app(sample="cat", size="64")
    file = take_lesson(at.session_state["session"], "own.yaml", OWN)
    go_to(at, {"lesson": file.lesson.name}, "learn")
    assert not at.exception
    assert values(at) == []
    assert at.button(key="open_step").label == "Open Words"


def test_restoring_half_of_a_patch_takes_far_more_than_the_map_gives_it_and_not_where_all_is_blurred():
    ratios = []
    for chapter in bundled("restored-eye").chapters[2:]:
        step = chapter.steps[0]
        boxes = [tuple(map(int, box.split(","))) for box in step.sight.parameters["boxes"].split(";")]
        regions = explorer.region(*pair_of(step), boxes=boxes).regions
        ratios.append([region.check.removed / region.held.share for region in regions])
    assert min(ratios[0]) > 2
    assert max(ratios[1]) < 1.3
