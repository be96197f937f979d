"""The page Learn in Python: its steps, its links, the user's own picture, and what a link asks in vain."""

import json
from dataclasses import replace

from explorer.images import as_picture
from explorer.lessons.reading import USUAL, bundled
from explorer.views.learn import going
from explorer.views.learn.state import LONGEST, LearnState
from explorer.views.learn.view import LearnView
from tests.views.test_going_back import go_to
from tests.views.test_inspect_page import open_app, picture, sentences
from tests.views.test_typed_values import link_of

CELL = {"sample": "cat", "distortion": "gaussian_blur", "severity": "0.5", "seed": "0", "chapter": "3"}


def open_learn(**link):
    at = open_app(sample="cat", size="64")
    go_to(at, link, "learn")
    return at


def session_of(at):
    return at.session_state["session"]


def go(at, chapter, step=1):
    """What Next, a dot or a key asks for."""
    session = session_of(at)
    going.go(session, bundled(USUAL), chapter, step)
    at.run()
    assert not at.exception


def frame_of(at, part):
    """What the head or the foot was sent."""
    sent = [json.loads(element.proto.json) for element in at.get("bidi_component")]
    (data,) = [data for data in sent if data.get("part") == part]
    return data


def view_of(at):
    return session_of(at).view_of(LearnView)


def pair_of(at):
    return session_of(at).state(LearnState).pair


def keys(at):
    return {button.key for button in at.button}


def test_a_chapters_address_shows_it_as_the_lesson_has_it_and_says_so_itself():
    at = open_learn(chapter="3")
    for part in ("head", "foot"):
        assert (frame_of(at, part)["chapter"], frame_of(at, part)["step"]) == (3, 1)
    assert link_of(at).items() >= CELL.items()
    assert at.selectbox(key="setting_distortion").value == "gaussian_blur"
    assert sentences(at) == []
    again = open_learn(**link_of(at))
    assert link_of(again) == link_of(at)
    assert session_of(again).settings == session_of(at).settings


def test_the_next_chapter_comes_with_its_own_view_and_back_leads_to_the_one_before():
    at = open_learn(chapter="3")
    before = link_of(at)
    at.selectbox(key="setting_distortion").set_value("jpeg").run()
    changed = link_of(at)
    go(at, 4)
    assert frame_of(at, "head")["chapter"] == 4
    assert link_of(at)["distortion"] == "jpeg"  # which both chapters have alike, and the user otherwise
    go_to(at, changed)
    assert (frame_of(at, "foot")["chapter"], link_of(at)) == (3, changed)
    go_to(at, before)
    assert session_of(at).settings.distortion == "gaussian_blur"


def test_what_is_not_done_to_the_picture_has_no_controls():
    at = open_learn(chapter="5")
    assert not [each for each in at.selectbox if each.key == "setting_distortion"]
    assert [each for each in at.selectbox if each.key == "setting_backbone"]
    go(at, 3)
    assert [each for each in at.selectbox if each.key == "setting_distortion"]


def test_the_users_own_picture_stays_through_the_lesson_small_and_the_lessons_comes_back():
    at = open_learn(chapter="3")
    assert "lesson_picture" not in keys(at)
    at.segmented_control(key="setting_source").set_value("upload").run()
    assert "lesson_picture_instead" in keys(at)  # as long as there is none
    at.file_uploader(key="file_reference").set_value(("mine.png", picture(450, 300), "image/png")).run()
    assert pair_of(at).reference.size == (LONGEST, 200)
    assert pair_of(at).distorted.size == (LONGEST, 200)
    for chapter in (4, 5, 1):
        go(at, chapter)
        assert pair_of(at).reference.name == "mine.png"
        assert link_of(at)["reference"].startswith("mine.png~")
    go(at, 3)
    at.button(key="lesson_picture").click().run()
    assert pair_of(at).reference.name == "Cat"
    assert "lesson_picture" not in keys(at)
    assert "reference" not in link_of(at)
    assert frame_of(at, "head")["chapter"] == 3


def upload(at, name, data):
    at.segmented_control(key="setting_source").set_value("upload").run()
    at.file_uploader(key="file_reference").set_value((name, data, "image/png")).run()


def test_a_long_strip_stays_large_enough_for_the_network_and_a_thin_one_is_told_with_the_way_back():
    at = open_learn(chapter="4")
    upload(at, "strip.png", picture(1000, 60))
    assert sentences(at) == []
    assert pair_of(at).reference.size == (517, 31)
    upload(at, "thin.png", picture(200, 20))
    (sentence,) = sentences(at)
    assert "at least 31" in sentence
    assert "use a larger image" in sentence
    at.button(key="lesson_picture_there").click().run()
    assert sentences(at) == []
    assert pair_of(at).reference.name == "Cat"


def test_pictures_of_equal_pixels_keep_their_names():
    state = LearnState()
    one = as_picture(picture(400, 300), "one.png")
    other = replace(one, name="other.png")
    assert [state.small(each).name for each in (one, other)] == ["one.png", "other.png"]


def test_all_scenes_measure_the_lessons_pair_as_it_is():
    at = open_learn(chapter="3", size="64", sample="cat", distortion="gaussian_blur", severity="0.5")
    session = session_of(at)
    assert session.settings.size == 64
    assert session.shown.method.size is None
    assert session.shown.inspection.measurement.size == (300, 300)


def test_a_step_that_marks_places_says_on_another_picture_that_it_is_about_the_lessons():
    at = open_learn(lesson="restored-eye", chapter="2")
    assert "lesson_picture_places" not in keys(at)
    upload(at, "mine.png", picture(450, 300))
    assert any("about the lesson" in each.value for each in at.markdown)
    at.button(key="lesson_picture_places").click().run()
    assert "lesson_picture_places" not in keys(at)


def test_a_picture_that_cannot_be_read_leaves_the_lesson_on_the_one_before():
    at = open_learn(chapter="3")
    at.segmented_control(key="setting_source").set_value("upload").run()
    at.file_uploader(key="file_reference").set_value(("mine.png", b"no picture", "image/png")).run()
    (sentence,) = sentences(at)
    assert "mine" in sentence
    assert pair_of(at).reference.name == "Cat"
    assert any("Shown dimmed" in element.value for element in at.markdown)


def test_class_mode_is_part_of_the_link_and_stays_from_step_to_step():
    at = open_learn(chapter="3", classroom="1")
    assert frame_of(at, "head")["is_classroom"]
    go(at, 4)
    assert link_of(at)["classroom"] == "1"
    assert view_of(at).is_classroom


def test_what_an_address_asks_for_in_vain_is_one_sentence_and_the_lesson_begins():
    at = open_learn(chapter="99")
    (sentence,) = sentences(at)
    assert sentence.startswith("The link asks for chapter “99”, and the default was taken")
    assert frame_of(at, "head")["chapter"] == 1
    at = open_learn(lesson="../../secret", chapter="2")
    (sentence,) = sentences(at)
    assert sentence.startswith("There is no lesson")
    assert frame_of(at, "head")["name"] == USUAL


def test_settings_that_are_as_at_first_reopen_although_the_step_has_others():
    at = open_learn(chapter="3")
    session = session_of(at)
    session.gone_to = {"chapter": "3", "changed": "1"}  # the first screen's pair
    at.run()
    assert session.settings.distortion == "jpeg_local_blur"
    link = link_of(at)
    assert link["changed"] == "1"
    assert session_of(open_learn(**link)).settings.distortion == "jpeg_local_blur"
