"""The way through a lesson: what a step changes, and what stays as the user has it."""

import pytest

from explorer.lessons.lesson import Chapter, Lesson, LessonStep, Sight
from explorer.lessons.library import library
from explorer.lessons.wishes import one_of
from explorer.viewer.lesson.lesson import LessonChapter, LessonFrame
from explorer.views.common.session import Session
from explorer.views.common.settings import OWN_PARAMETERS, Settings
from explorer.views.learn import going
from explorer.views.learn.checking import checked
from explorer.views.learn.view import LearnView

BLUR = {"sample": "cat", "distortion": "gaussian_blur", "severity": "0.5"}


def step(page="learn", **parameters):
    return LessonStep(Sight(page, parameters))


@pytest.fixture
def own_names(monkeypatch):
    """Two parameters of a scene of the tests, whatever scenes there are."""
    names = ("shown", "turned")
    monkeypatch.setattr(going, "OF_SCENES", names)
    monkeypatch.setattr(going, "OF_PAGES", going.OF_PAGES | set(names))


def session_at(**link):
    session = Session(Settings(), [])
    session.follow(link)
    return session


def entered(session, left, to, view=None):
    """The settings, and the scene's own parameters, once a step is entered."""
    view = view or LearnView(chapter=2)
    link = going.entering(session, left, to, view)
    own = {name: link.pop(name) for name in ("shown", "turned") if name in link}
    assert link.pop("chapter") == str(view.chapter)
    assert link.pop("changed") == "1"
    settings, problems = Settings.from_link(
        {n: t for n, t in link.items() if n not in OWN_PARAMETERS["learn"]}
    )
    assert problems == ()
    return settings, own


def test_a_step_changes_what_the_one_before_had_otherwise():
    settings, _ = entered(session_at(**BLUR), step(**BLUR), step(**BLUR | {"severity": "0.8"}))
    assert (settings.distortion, settings.severity) == ("gaussian_blur", 0.8)


def test_what_the_user_has_chosen_stays_while_the_lesson_has_no_other_wish():
    session = session_at(**BLUR | {"distortion": "jpeg", "severity": "0.3", "backbone": "vgg16"})
    settings, _ = entered(session, step(**BLUR), step(**BLUR))
    assert (settings.distortion, settings.severity, settings.method.backbone) == ("jpeg", 0.3, "vgg16")
    settings, _ = entered(session, step(**BLUR), step(**BLUR | {"distortion": "shift", "severity": "0.4"}))
    assert (settings.distortion, settings.severity, settings.method.backbone) == ("shift", 0.4, "vgg16")


def test_what_one_step_alone_has_goes_with_it_unless_the_user_has_changed_it():
    random = step(**BLUR, weights="random")
    settings, _ = entered(session_at(**BLUR, weights="random"), random, step(**BLUR))
    assert settings.method.weights == "trained"
    settings, _ = entered(
        session_at(**BLUR, backbone="vgg16"), step(**BLUR, backbone="alexnet"), step(**BLUR)
    )
    assert settings.method.backbone == "vgg16"


def test_the_users_own_picture_stays_whatever_picture_the_lesson_takes():
    session = session_at(**BLUR | {"sample": "coffee"})
    settings, _ = entered(session, step(**BLUR), step(**BLUR | {"sample": "text", "severity": "0.8"}))
    assert (settings.sample, settings.severity) == ("coffee", 0.8)
    settings, _ = entered(session_at(**BLUR), step(**BLUR), step(**BLUR | {"sample": "text"}))
    assert settings.sample == "text"


def test_the_lessons_picture_can_be_had_back_with_what_is_done_to_it():
    session = session_at(**BLUR | {"sample": "coffee", "distortion": "jpeg", "backbone": "vgg16"})
    link = going.as_the_lesson_has_it(session, step(**BLUR), LearnView(chapter=3))
    assert link.items() >= {*BLUR.items(), ("backbone", "vgg16"), ("chapter", "3")}


@pytest.mark.parametrize(
    ("wanted", "recipe"),
    [
        ({"distortion": "shift", "severity": "0.4"}, "shift"),
        ({"recipe": "jpeg~quality~9"}, "jpeg"),
    ],
)
def test_a_distortion_takes_the_place_of_whatever_was_done_before(wanted, recipe):
    session = session_at(sample="cat", recipe="gaussian_noise~sigma~20~~gaussian_blur~sigma~0.6")
    settings, _ = entered(session, step(sample="cat"), step(sample="cat", **wanted))
    assert [each.name for each in settings.recipe] == [recipe]
    settings, _ = entered(session_at(**BLUR), step(**BLUR), step(sample="cat", **wanted))
    assert [each.name for each in settings.recipe] == [recipe]


def settings_in(link):
    """What a link says of the settings, which must be good."""
    settings, problems = Settings.from_link({n: t for n, t in link.items() if n not in going.OF_PAGES})
    assert problems == ()
    return settings


def test_a_step_entered_from_any_other_is_as_its_own_link_has_it():
    steps = [step for file in library().files for chapter in file.lesson.chapters for step in chapter.steps]
    links = {tuple(sorted(going.settings_of(step).items())): step for step in steps}.values()
    others = step(**BLUR | {"distortion": "jpeg"}), step(sample="cat", recipe="jpeg~quality~9", seed="3")
    every = [*links, *others, step(sample="cat", recipe="shift~shift~2", seed="3"), step(sample="cat")]
    for left in every:
        session = session_at(**going.settings_of(left))
        for to in every:
            link = going.entering(session, left, to, LearnView(chapter=2))
            assert settings_in(link) == settings_in(going.settings_of(to)), (left, to)


@pytest.mark.usefixtures("own_names")
def test_a_scenes_own_parameters_go_on_within_it_and_end_with_it():
    view = LearnView(chapter=2, own={"shown": "1", "turned": "7"})
    first, second = step(scene="cell", shown="1"), step(scene="cell", shown="2")
    _, own = entered(session_at(), first, second, view)
    assert own == {"shown": "2", "turned": "7"}
    _, own = entered(session_at(), first, step(scene="cell"), view)
    assert own == {"turned": "7"}
    _, own = entered(session_at(), first, step(scene="ledger"), view)
    assert own == {}


def test_a_link_that_names_a_pair_says_all_and_another_one_has_the_rest_from_the_step():
    asked = step(scene="cell", **BLUR, backbone="vgg16")
    assert going.reading({"chapter": "3"}, asked) == {**BLUR, "backbone": "vgg16"}
    assert going.reading({"backbone": "squeezenet1_1"}, asked) == BLUR
    assert going.reading({"sample": "cat"}, asked) == {}
    assert going.reading({"changed": "1"}, asked) == {}


def test_a_step_on_another_page_leaves_that_pages_own_parameters_to_it():
    region = step("region", sample="astronaut", boxes="1,2,3,4")
    assert going.settings_of(region) == {"sample": "astronaut"}
    assert going.own_of(region) == {}
    assert going.is_about_a_pair(region)
    assert not going.is_about_a_pair(step(scene="needles", sample="cat"))


def test_a_view_is_brought_to_a_chapter_and_a_step_that_there_are():
    steps = step(sample="cat"), step(sample="cat")
    lesson = Lesson("mine", "Mine", "", 5, (Chapter("One", steps=steps), Chapter("Two", steps=steps[:1])))
    assert going.within(lesson, LearnView(chapter=1, step=2)) == (LearnView(chapter=1, step=2), ())
    view, (problem,) = going.within(lesson, LearnView(chapter=7, step=2))
    assert (view.chapter, view.step) == (1, 1)
    assert problem == "The link asks for chapter “7”, and the default was taken: this lesson has 2 chapters."
    view, (problem,) = going.within(lesson, LearnView(chapter=2, step=2))
    assert (view.chapter, view.step) == (2, 1)
    assert problem.endswith("this chapter has 1 step.")


@pytest.mark.parametrize(
    ("name", "text", "why"),
    [
        ("chapter", "0", "a whole number, counted from 1"),
        ("chapter", "three", "a whole number, counted from 1"),
        ("chapter", "²", "a whole number, counted from 1"),
        ("step", "-1", "a whole number, counted from 1"),
        ("step", "9" * 5000, "a whole number, counted from 1"),
        ("classroom", "yes", "choose one of 0, 1"),
    ],
)
def test_what_a_link_asks_for_in_vain_is_said_in_one_sentence(name, text, why):
    view, (problem,) = LearnView.from_link({name: text})
    assert view == LearnView()
    assert problem.startswith(f"The link asks for {name} “{text[:40]}")
    assert why in problem


@pytest.mark.parametrize(("scene", "chapter"), [("closer", 1), ("cell", 3), ("vote", 9)])
def test_a_link_that_names_a_scene_opens_its_chapter(scene, chapter):
    view, problems = LearnView.from_link({"scene": scene, "cell_x": "0.2", "classroom": "1"})
    assert (view, problems) == (
        LearnView(chapter=chapter, is_classroom=True, own={"cell_x": "0.2"}),
        (),
    )
    assert LearnView.from_link({"scene": scene, "chapter": "2"}) == (LearnView(chapter=2), ())


def test_a_link_that_names_no_scene_there_is_opens_the_first_chapter_and_says_so():
    view, (problem,) = LearnView.from_link({"scene": "<b>cellar"})
    assert view == LearnView()
    assert "choose one of closer, " in problem


def test_what_a_scene_cannot_read_is_said_and_left_out():
    said = []
    own = {"shown": "two", "turned": "left", "else": "1"}
    readers = {"shown": int, "turned": one_of(("left", "right")), "missing": int}
    assert checked(own, readers, said.append) == {"turned": "left"}
    (sentence,) = said
    assert sentence.startswith("The link asks for shown “two”, and the default was taken: ")


def test_a_views_link_reopens_it():
    view = LearnView("mine", 3, 2, True, True)
    assert LearnView.from_link(view.to_link()) == (view, ())
    assert LearnView().to_link() == {}


@pytest.mark.parametrize("sent", [(0, 1), (3, 1), (1, 3), ("1", 1), (1.5, 1), (True, 1), (None, None)])
def test_a_browser_is_led_to_steps_that_there_are_and_to_no_others(sent):
    chapters = LessonChapter("One", "", "", 2), LessonChapter("Two", "", "", 1)
    frame = LessonFrame("mine", "Mine", 5, chapters, 1, 1, False)
    assert frame.has(1, 2)
    assert frame.has(2, 1)
    assert not frame.has(*sent)
