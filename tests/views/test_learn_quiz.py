"""Learn's quiz and the class's vote in Python: what is sent, kept, linked, refused, and started."""

import pytest

from explorer.judgments.store import opened_store
from explorer.lessons.quiz import ASKED, MAKERS, alike
from explorer.lessons.reading import bundled
from explorer.views.common.asking import MOST_STARTED, started, starts
from explorer.views.learn.scenes.quiz import QuizState
from explorer.views.learn.scenes.vote import VoteState
from tests.views.components import sent_to
from tests.views.test_going_back import go_to
from tests.views.test_inspect_page import SECONDS, open_app, sentences
from tests.views.test_typed_values import link_of

SCENES = [chapter.steps[0].sight.scene for chapter in bundled().chapters]
QUIZ, VOTE = (str(SCENES.index(name) + 1) for name in ("quiz", "vote"))


@pytest.fixture(scope="module", autouse=True)
def quick():
    """The question about the ladder takes seconds, and is measured elsewhere."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("explorer.lessons.quiz.MAKERS", tuple(each for each in MAKERS if each is not alike))
        yield


def sent(at):
    """What the chapter's component was sent last."""
    return sent_to(at, "quiz")


def opened(chapter, **link):
    return settled(come_to(chapter, **link))


def come_to(chapter, **link):
    """The page as it is at first, what is measured maybe not there yet."""
    at = open_app(sample="cat", size="64")
    go_to(at, {"chapter": chapter} | link, "learn")
    assert not at.exception
    return at


def settled(at):
    for kept in (state(at, QuizState).asking, state(at, VoteState).drawing):
        if kept.latest is not None:
            assert kept.latest.wait(SECONDS)
    at.run()
    assert not at.exception
    return at


def state(at, kind):
    return at.session_state["session"].state(kind)


def html(at):
    return " ".join(each.proto.body for each in at.get("html"))


def test_the_quiz_goes_by_the_steps_and_its_link_has_question_and_answers():
    at = opened(QUIZ, quiz_said="1-2")
    data = sent(at)
    assert (data["at"], data["given"][:3]) == (1, [0, None, 1])
    assert data["pictures"][0]["label"] == "Reference"
    assert link_of(at)["quiz_said"] == "1-2"
    go_to(at, link_of(at) | {"quiz_at": "2"}, "learn")
    data = sent(settled(at))
    assert (data["at"], data["given"][:3]) == (2, [0, None, 1])
    again = opened(QUIZ, **{name: text for name, text in link_of(at).items() if name.startswith("quiz")})
    assert sent(again)["questions"] == data["questions"]


def test_at_the_end_there_is_no_picture_and_all_that_was_asked():
    data = sent(opened(QUIZ, quiz_at="score", quiz_said="111111"))
    assert data["at"] > len(data["questions"]) == data["total"]
    assert data["pictures"] == []
    titles = {chapter.title for chapter in bundled().chapters}
    assert {question["title"] for question in data["questions"]} <= titles


def test_what_a_link_of_the_quiz_asks_in_vain_is_said_and_the_quiz_is_there():
    at = come_to(QUIZ, quiz_at="9", quiz_said="17<b>")
    text = " ".join(sentences(at))
    settled(at)
    assert f"there are 1 to {ASKED}" in text
    assert "answers" in text
    assert sent(at)["at"] == 1
    assert set(sent(at)["given"]) == {None}


def test_the_class_is_asked_with_one_click_and_its_code_is_on_the_screen():
    at = opened(VOTE)
    assert html(at).count("<figcaption>") == 4
    at.button(key="learn_ask").click()
    at.run()
    assert not at.exception
    session = at.session_state["session"]
    info = opened_store().by_teacher(started.find(session.key))
    assert info.code in html(at)
    assert 'class="qr"' in html(at)
    assert 'data-value="0"' in html(at)
    participant = opened_store().join(info.code)
    shown = opened_store().shown(participant.token, 0, False)
    opened_store().vote(participant.token, shown.trial, "A", 900)
    at.run()
    assert html(at).count('data-value="1"') == 2
    assert started.find(session.key) not in html(at)  # the teacher's key is nobody else's
    opened_store().close(started.find(session.key))
    assert "voted" in html(settled(at))


def test_a_browser_that_has_started_too_many_is_told_so():
    at = opened(VOTE)
    for _ in range(MOST_STARTED):
        starts.note(at.session_state["session"].key)
    at.button(key="learn_ask").click()
    at.run()
    assert "sessions within a day" in " ".join(sentences(at))
    assert started.find(at.session_state["session"].key) == ""


def test_answers_of_a_link_are_for_its_own_picture_and_not_for_the_next():
    at = opened(QUIZ, quiz_said="12")
    assert sent(at)["given"][:2] == [0, 1]
    at.pills(key="setting_sample").set_value("coffee")
    at.run()
    assert set(sent(settled(at))["given"]) == {None}
    assert "quiz_said" not in link_of(at)


def test_an_answer_that_the_question_does_not_have_is_left_out_and_said():
    at = opened(QUIZ, quiz_at="score", quiz_said="444444")
    data = sent(at)
    for question, choice in zip(data["questions"], data["given"], strict=True):
        assert choice is None or choice < len(question["options"])
    assert None in data["given"]
    assert "has no answer 4" in " ".join(sentences(at))
