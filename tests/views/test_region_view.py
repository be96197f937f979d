"""The Region page's own state and its link."""

import numpy as np
import pytest

from explorer.analysis.region import Box
from explorer.viewer import RegionDisplay
from explorer.views.common.session import Session
from explorer.views.common.settings import Settings
from explorer.views.region.view import RegionView
from explorer.views.region.viewing import display_of, keep, take, view_of

SIZE = (300, 200)


class Spot:
    """What the view needs of a hot spot."""

    def __init__(self, *numbers):
        self.box = Box(*numbers)


SPOTS = (Spot(10, 20, 30, 40), Spot(100, 20, 30, 40))


def new_session(**own: str) -> Session:
    session = Session(Settings(), [])
    session.own = {"region": own}
    return session


def random_views():
    rng = np.random.default_rng(0)
    for count in range(1, 9):
        boxes = tuple(Box(*map(int, rng.integers(1, 99, 4))) for _ in range(count))
        yield RegionView(boxes, int(rng.integers(count)))


@pytest.mark.parametrize("view", list(random_views()), ids=lambda view: str(len(view.boxes)))
def test_a_link_brings_back_the_boxes_and_the_choice(view):
    assert RegionView.from_link(view.to_link()) == (view, ())


def test_boxes_that_nobody_touched_are_the_first_hot_spot_and_not_in_the_link():
    session = new_session()
    view = view_of(session, SIZE, SPOTS)
    assert view.boxes == (SPOTS[0].box,)
    keep(session, view, SPOTS)
    assert session.own["region"] == {}
    # With another pair the box follows the hot spot.
    assert view_of(session, SIZE, SPOTS[1:]).boxes == (SPOTS[1].box,)


def test_boxes_of_the_user_stay_with_another_pair():
    session = new_session()
    own = RegionView((Box(1, 2, 3, 4),))
    keep(session, own, SPOTS)
    assert view_of(session, SIZE, SPOTS[1:]) == own
    assert session.own["region"] == {"boxes": "1,2,3,4"}


def test_no_box_at_all_is_a_choice_that_a_link_keeps():
    view = RegionView((Box(1, 2, 3, 4),)).without_chosen()
    assert view.boxes == ()
    assert RegionView.from_link(view.to_link()) == (view, ())
    session = new_session()
    keep(session, view, SPOTS)
    assert view_of(session, SIZE, SPOTS).box is None


def test_where_there_is_no_hot_spot_no_box_is_nobodys_choice():
    session = new_session()
    view = take(session, display_of(session, view_of(session, SIZE, ())))
    keep(session, view, ())
    assert session.own["region"] == {}
    assert view_of(session, SIZE, SPOTS).boxes == (SPOTS[0].box,)
    # But one who has taken all boxes away finds none, also where a hot spot comes.
    keep(session, RegionView((Box(1, 2, 3, 4),)), ())
    keep(session, RegionView(()), ())
    assert view_of(session, SIZE, SPOTS).boxes == ()


def test_a_new_link_takes_the_place_of_the_boxes():
    session = new_session()
    keep(session, RegionView((Box(1, 2, 3, 4),)), SPOTS)
    session.follow({"boxes": "5,6,7,8;1,1,1,1", "box": "B"})
    assert view_of(session, SIZE, SPOTS) == RegionView((Box(5, 6, 7, 8), Box(1, 1, 1, 1)), 1)


def test_a_link_that_is_followed_on_another_page_leaves_the_boxes_alone():
    session = new_session()
    own = RegionView((Box(1, 2, 3, 4),), tool="pan")
    keep(session, own, SPOTS)
    session.page = "/candidates"
    session.follow({"sample": "cat", "metrics": "alexnet:uniform"})
    assert view_of(session, SIZE, SPOTS) == own
    session.page = "/region"
    session.follow({"sample": "cat"})
    assert view_of(session, SIZE, SPOTS).boxes == (SPOTS[0].box,)


@pytest.mark.parametrize(
    ("link", "words"),
    [
        ({"boxes": "1,2,3"}, "x,y,width,height"),
        ({"boxes": "a,b,c,d"}, "x,y,width,height"),
        ({"boxes": ";".join(["1,1,1,1"] * 9)}, "at most 8"),
        ({"boxes": "1,1,2,2", "box": "C"}, "choose one of A"),
        ({"boxes": "x" * 999}, "x,y,width,height"),
    ],
)
def test_what_is_no_good_in_a_link_is_named_once_and_in_short(link, words):
    view, problems = RegionView.from_link(link)
    assert len(problems) == 1
    assert words in problems[0]
    assert len(problems[0]) < 200
    assert view.chosen == 0


def test_boxes_beyond_the_image_are_cut_or_left_out_and_both_is_said():
    session = new_session(boxes="290,10,50,50;400,10,5,5;0,0,10,10", box="C")
    view = view_of(session, SIZE, SPOTS)
    assert view == RegionView((Box(290, 10, 10, 50), Box(0, 0, 10, 10)), 1)
    said = session.sentences()
    assert any("Box A" in sentence and "cut to" in sentence for sentence in said)
    assert any("Box B" in sentence and "outside" in sentence for sentence in said)


def test_taking_a_box_out_chooses_its_neighbour():
    boxes = tuple(Box(i, i, 5, 5) for i in range(3))
    assert RegionView(boxes, 2).without_chosen() == RegionView(boxes[:2], 1)
    assert RegionView(boxes, 0).without_chosen() == RegionView(boxes[1:], 0)


def test_a_box_takes_the_chosen_ones_place_or_is_the_first():
    boxes = tuple(Box(i, i, 5, 5) for i in range(2))
    new = Box(7, 7, 7, 7)
    assert RegionView(boxes, 1).with_box(new) == RegionView((boxes[0], new), 1)
    assert RegionView((), 0).with_box(new) == RegionView((new,), 0)


def test_the_viewers_settings_and_the_view_are_two_faces_of_one_thing():
    session = new_session()
    view = RegionView((Box(1, 2, 3, 4), Box(5, 6, 7, 8)), 1, "pan")
    display = display_of(session, view)
    assert isinstance(display, RegionDisplay)
    assert take(session, display) == view
    assert session.settings.display == Settings().display
