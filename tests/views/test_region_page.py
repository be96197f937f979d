"""The Region page in Python: what it asks first, what it cannot answer, and what visits leave alone."""

import json
import re

from explorer.analysis.region import investigate
from explorer.metrics import Method
from tests.browser.regions import pictures
from tests.views.test_going_back import go_to, visit
from tests.views.test_inspect_page import open_app, sentences
from tests.views.test_typed_values import link_of

PAIR = {"sample": "cat", "distortion": "jpeg_local_blur", "severity": "0.72", "seed": "0"}
TWO = {"boxes": "150,90,60,70;10,180,80,60", "box": "B"}


def open_region(**link):
    at = open_app(**PAIR)
    go_to(at, PAIR | link, "region")
    return at


def boxes_of(at) -> list[list[int]]:
    """What the viewer was sent."""
    sent = [json.loads(component.proto.json) for component in at.get("bidi_component")]
    (found,) = [data["display"]["boxes"] for data in sent if "boxes" in data.get("display", {})]
    return found


def answers(at) -> str:
    """The table of both answers."""
    (table,) = [element.value for element in at.markdown if element.value.startswith("| Box |")]
    return table


def test_the_first_screen_asks_about_the_strongest_hot_spot():
    at = open_region()
    reference, distorted = pictures()
    method = Method(device="cpu")
    box = investigate(reference, distorted, [], method).spots[0].box
    (expected,) = investigate(reference, distorted, [box], method).regions
    assert boxes_of(at) == [list(box.numbers)]
    (row,) = [element.proto.body for element in at.get("html") if "Restoring A removes" in element.proto.body]
    numbers = re.findall("<strong>(.*?)</strong>", row)
    for share in (expected.held.share, expected.check.removed, expected.check.inserted):
        assert f"{share:.1%}" in numbers
    assert "boxes" not in link_of(at)
    assert sentences(at) == []


def test_boxes_settings_and_numbers_survive_a_visit_to_the_other_pages():
    at = open_region(**TWO, heads="uniform", weights="random", size="128")
    before, link = answers(at), link_of(at)
    assert "10, y 180" in before
    for page in ("backbones", "compare", "candidates", "inspect", "region"):
        visit(at, page)
    assert link_of(at) == link
    assert boxes_of(at) == [[150, 90, 60, 70], [10, 180, 80, 60]]
    assert answers(at) == before
    assert sentences(at) == []


def test_what_is_no_good_in_a_link_is_said_and_the_rest_is_shown():
    at = open_region(boxes="1,2,3;280,10,50,20;900,1,5,5")
    said = " ".join(sentences(at))
    assert "x,y,width,height" in said
    assert "cut to x 280" in said
    assert "outside" in said
    assert boxes_of(at) == [[280, 10, 20, 20]]


def test_identical_images_have_no_spots_and_nothing_to_restore():
    at = open_region(severity="0", boxes="1,2,30,40")
    said = " ".join(element.value for element in (*at.caption, *at.markdown, *at.info, *at.warning))
    assert "there is no hot spot" in said
    assert "nothing that restoring could remove" in said
    row = answers(at).splitlines()[2]
    assert [cell.strip() for cell in row.split("|")][3:5] == ["–", "0.0000"]
    assert [sentences(at), len(at.info), len(at.warning)] == [[], 1, 0]  # just that
