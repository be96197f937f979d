"""One lesson on the teacher's page: its links, what each step shows, and answers if they are asked for."""

import html
from pathlib import Path

import streamlit as st

from explorer.lessons.lesson import Chapter, Lesson, LessonStep
from explorer.lessons.library import LessonFile, address_of, parameters_of
from explorer.lessons.markup import as_html, as_markdown
from explorer.lessons.pictures import Own
from explorer.lessons.sights import in_words
from explorer.places import page as file_of
from explorer.views.common.handout_controls import draw_handout
from explorer.views.common.lessons import base_of, chosen_link
from explorer.views.common.menu import GROUPS
from explorer.views.common.own_pictures import has_own_picture, own_pictures
from explorer.views.common.parts import draw_download
from explorer.views.common.session import Session
from explorer.views.common.settings import Settings

STYLE = Path(__file__).with_name("lessons.css")
TITLES = {name: title for group in GROUPS.values() for name, title in group.items()}
ANSWERS = "lessons_answers"
HIDDEN = "They are hidden at first, so that a projector does not show them."
MIME = "application/yaml"


def draw_lesson(session: Session, file: LessonFile) -> None:
    """The lesson from its title to its last step."""
    st.html(STYLE)
    lesson = file.lesson
    st.markdown(f"## {as_markdown(lesson.title)}")
    st.markdown("  \n".join(filter(None, (as_markdown(lesson.about), _in_short(lesson)))))
    with st.container(horizontal=True, key="lesson_actions", gap="small"):
        _offer(session, lesson, "Start", "start", is_classroom=False)
        _offer(session, lesson, "Start in class mode", "start_class", is_classroom=True)
        draw_download("Lesson, YAML", lambda: file.data, file.file, MIME, "content")
        draw_handout(session, lesson, _own(session, lesson), "lesson_handout")
        with st.popover("Links", icon=":material/link:", width="content"):
            _draw_links(lesson)
    has_answers = any(chapter.answer for chapter in lesson.chapters)
    is_told = has_answers and st.toggle(
        "Show the answers", key=ANSWERS, value=False, help=HIDDEN, persist_state="session"
    )
    st.html(f'<ol class="chapters">{"".join(_chapters(lesson, is_told))}</ol>')


def _own(session: Session, lesson: Lesson) -> Own | None:
    """The user's own pictures: what is chosen, unless it is the first screen's sample or the lesson's."""
    steps = (step for chapter in lesson.chapters for step in chapter.steps)
    samples = {step.sight.parameters.get("sample", Settings.sample) for step in steps}
    return own_pictures(session) if has_own_picture(session, Settings.sample, *samples) else None


def _in_short(lesson: Lesson) -> str:
    counts = ((lesson.minutes, "minute"), (len(lesson.chapters), "chapter"), (len(lesson.places), "step"))
    return ", ".join(f"{number} {word}{'' if number == 1 else 's'}" for number, word in counts) + "."


def _offer(session: Session, lesson: Lesson, label: str, key: str, is_classroom: bool) -> None:
    icon = ":material/co_present:" if is_classroom else ":material/play_arrow:"
    kind = "secondary" if is_classroom else "primary"
    if st.button(label, key=f"lesson_{key}", icon=icon, type=kind):
        chosen_link(session, parameters_of(lesson.name, is_classroom=is_classroom))
        st.switch_page(file_of("learn"))


def _draw_links(lesson: Lesson) -> None:
    """Both links, whole, with what copies them."""
    base = base_of(st.context.url)
    for label, is_classroom in (("The lesson", False), ("In class mode", True)):
        st.caption(label)
        st.code(f"{base}/{address_of(lesson.name, is_classroom=is_classroom)}", language=None)


def _chapters(lesson: Lesson, is_told: bool) -> list[str]:
    """A chapter's question, steps and way on, each as HTML."""
    return [_chapter(lesson, number, chapter, is_told) for number, chapter in enumerate(lesson.chapters, 1)]


def _chapter(lesson: Lesson, number: int, chapter: Chapter, is_told: bool) -> str:
    steps = "".join(
        _step(step, place, address_of(lesson.name, number, place))
        for place, step in enumerate(chapter.steps, 1)
    )
    lines = [
        *(("Try", as_html(trying)) for trying in chapter.tryings),
        ("Next", as_html(chapter.leads)),
        ("Answer", as_html(chapter.answer) if is_told else ""),
        ("Source", " · ".join(map(as_html, chapter.sources))),
    ]
    said = "".join(f'<p class="of-{name.lower()}"><b>{name}</b> {text}</p>' for name, text in lines if text)
    question = f'<p class="question">{as_html(chapter.question)}</p>' if chapter.question else ""
    return (
        f"<li><h3>{as_html(chapter.title, False)}</h3><div>{question}<ol>{steps}</ol></div>"
        f'<div class="beside">{said}</div></li>'
    )


def _step(step: LessonStep, place: int, address: str) -> str:
    sight = step.sight
    where = f"Step {place}" if sight.scene else TITLES[sight.page]
    link = f'<a href="{html.escape(address)}" target="_blank" rel="noopener">{where}</a>'
    return f"<li>{link} <span>{as_html(step.text) or html.escape(in_words(sight).capitalize())}</span></li>"
