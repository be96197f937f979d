"""The quiz: six of the chapters' questions on this picture, answered, and then measured."""

from collections.abc import Hashable
from dataclasses import dataclass, field, replace

import streamlit as st

from explorer.analysis.wording import counted
from explorer.backbones import graph_of
from explorer.images import Picture
from explorer.jobs import Job, Task
from explorer.lessons.quiz import ASKED, Question, questions
from explorer.lessons.reading import bundled
from explorer.lessons.wishes import END, OPEN, answers
from explorer.metrics import Method
from explorer.metrics.memory import pass_bytes
from explorer.viewer.quiz.quiz import Given, quiz
from explorer.views.common.kept import Kept
from explorer.views.common.ladders import scores
from explorer.views.common.progress import draw_work, job_for, pause
from explorer.views.common.settings import quoted
from explorer.views.learn.stage import SceneState, Stage

AT, SAID = "quiz_at", "quiz_said"  # parameters of the link
Answers = tuple[int | None, ...]
UNANSWERED: Answers = (None,) * ASKED


@dataclass
class QuizState(SceneState):
    """What the scene keeps in a tab.

    Attributes:
        asking: The work on the questions of a picture.
        given: The answers to them.
    """

    asking: Kept[Job[Question]] = field(default_factory=Kept)
    given: Kept[Answers] = field(default_factory=Kept)

    def leave(self) -> None:
        """Want no more what is measured for the page."""
        pause(self.asking)


def draw(stage: Stage) -> None:
    """A question, or what was right."""
    state = stage.session.state(QuizState)
    method = replace(stage.session.settings.method, size=None)
    key: Hashable = (stage.reference.digest, method.identity)
    at = _read_at(stage)
    is_linked = SAID in (stage.session.followed or {})  # else these are answers about the picture before
    given = (_read_said(stage) if is_linked else None) or state.given.get(key) or UNANSWERED
    _keep(stage, state, key, at, given)
    job = job_for(state.asking, key, lambda: _task(stage.reference, method))
    is_known = at <= len(job.results) and at <= ASKED
    if job.state != "done" and not is_known:
        draw_work(job, "quiz", len(job.results), state.asking.clear, offer="Measure them again", kept="")
        return
    found = job.results
    total = len(found) if job.state == "done" else ASKED
    if total < at <= ASKED or not total:
        told = counted(total, "question", "questions")
        st.info(f"This picture has clear answers to {told} only. Go on, or choose another picture.")
        return
    given = _answerable(stage, found, given)
    _keep(stage, state, key, at, given)
    quiz(
        found,
        key="learn_quiz",
        at=min(at, total + 1),
        given=given[:total],
        titles=_titles(found),
        on_answer=lambda sent: _answer(stage, state, key, at, sent),
        on_again=lambda: _keep(stage, state, key, at, UNANSWERED),
    )


def _task(reference: Picture, method: Method) -> Task[Question]:
    def work(job: Job[Question]) -> None:
        for question in questions(reference, method, scores, job.go_on):
            job.add(question)

    size = pass_bytes(graph_of(method.row), reference.size)
    key = ("quiz", reference.digest, method.identity)
    return Task("Measuring the answers", work, size=size, total=ASKED, unit="questions", key=key)


def _titles(found: tuple[Question, ...]) -> list[str]:
    """The chapters that questions are of, by their titles."""
    titles = {step.sight.scene: chapter.title for chapter in bundled().chapters for step in chapter.steps}
    return [titles.get(question.chapter, "") for question in found]


def _read_at(stage: Stage) -> int:
    """Which question is asked, from 1; one more than there are for the end. A bad one is said."""
    text = stage.own.get(AT, "1")
    if text == END:
        return ASKED + 1
    if text in map(str, range(1, ASKED + 1)):
        return int(text)
    stage.session.report(
        f"The link asks for question {quoted(text)}, and the first one was taken: there are 1 to {ASKED}, "
        f"and {END}."
    )
    return 1


def _read_said(stage: Stage) -> Answers | None:
    """The answers that the link has; None where it has none. A bad one is said."""
    text = stage.own.get(SAID, "")
    if not text:
        return None
    try:
        return answers(text)
    except ValueError as error:
        stage.session.report(f"The link has the answers {quoted(text)}, which were left out: {error}")
        return None


def _answerable(stage: Stage, found: tuple[Question, ...], given: Answers) -> Answers:
    """The answers that the questions have, of those that are measured; others, from a link, are said."""
    bad = [
        (place, choice)
        for place, (question, choice) in enumerate(zip(found, given, strict=False))
        if choice is not None and choice >= len(question.options)
    ]
    for place, choice in bad:
        stage.session.report(f"Question {place + 1} has no answer {choice + 1}, which was left out.")
    return tuple(None if (place, choice) in bad else choice for place, choice in enumerate(given))


def _keep(stage: Stage, state: QuizState, key: Hashable, at: int, given: Answers) -> None:
    """Have the tab and the link hold the answers, and the question that is asked."""
    state.given.keep(key, given)
    link = {AT: END if at > ASKED else str(at)}
    if given != UNANSWERED:
        said = "".join(OPEN if each is None else str(each + 1) for each in given)
        link[SAID] = said.rstrip(OPEN)
    stage.keep(link)


def _answer(stage: Stage, state: QuizState, key: Hashable, at: int, sent: Given) -> None:
    """Keep an answer; the first one to a question counts."""
    given = list(state.given.get(key) or UNANSWERED)
    place = sent.question - 1
    if given[place] is None:
        given[place] = sent.choice
        _keep(stage, state, key, at, tuple(given))
