"""A step that is a view of another page: the pair of its link, measured now, and the way to that page."""

from pathlib import Path

import streamlit as st

from explorer.errors import MissingWeightsError
from explorer.lessons.markup import as_markdown
from explorer.lessons.reading import USUAL
from explorer.viewer import viewer
from explorer.viewer.pair.display import Display
from explorer.views.common.compute import measuring_job, stop_measuring
from explorer.views.common.fetch_controls import draw_fetch
from explorer.views.common.lesson_strip import LessonStrip, OpenedFrom
from explorer.views.common.lessons import lesson_of
from explorer.views.common.measured_pair import measure, scene
from explorer.views.common.menu import GROUPS
from explorer.views.common.opening import open_page
from explorer.views.common.progress import draw_work
from explorer.views.common.session import Session
from explorer.views.common.settings import OWN_PARAMETERS
from explorer.views.common.shown import Shown
from explorer.views.learn.scenes.pair import boxes
from explorer.views.learn.scenes.pair.numbers import draw_numbers
from explorer.views.learn.stage import Stage

# Pages that are about a pair, or about what is done to a reference; of others there is no picture to show.
OF_A_PAIR = frozenset(
    ("inspect", "region", "compare", "distort", "sweep", "match", "disagree", "threshold", "candidates")
)
TITLES = {name: title for group in GROUPS.values() for name, title in group.items()}
STYLE = Path(__file__).with_name("pair.css")


def draw(stage: Stage) -> None:
    """Draw the step.

    Raises:
        ExplorerError: its pair cannot be measured.
    """
    st.html(STYLE)
    if stage.step.sight.page not in OF_A_PAIR:
        with st.container(key="learn_elsewhere"):
            st.markdown(f"This step is on the page **{TITLES[stage.step.sight.page]}**.", width="content")
            _offer(stage, {})
        return
    shown = _measured(stage)
    with st.container(key="learn_pair", horizontal=True, gap="medium"):
        numbers, pictures = st.container(key="learn_pair_numbers"), st.container(key="learn_pair_pictures")
    own: dict[str, str] = {}
    if shown is not None and stage.step.sight.page == "region":
        own = boxes.draw(stage, shown, numbers, pictures)
    elif shown is not None:
        with numbers:
            draw_numbers(shown)
        with pictures:
            _draw_pictures(stage.session, shown)
    with numbers:
        _offer(stage, own)


def _measured(stage: Stage) -> Shown | None:
    """The step's pair; None as long as that is measured in the background, which is told."""
    session = stage.session
    shown, failure = measure(session, stage.pair)
    if isinstance(failure, MissingWeightsError):
        draw_fetch(session.settings.method.row, "learn")
        return None
    if failure is not None:
        raise failure
    if (job := measuring_job(session)) is not None:
        draw_work(job, "measuring_learn", 0, lambda: stop_measuring(session), "Measure again", "")
    return shown if shown is not None and shown.is_of(stage.pair) else None


def _draw_pictures(session: Session, shown: Shown) -> None:
    def keep(display: Display) -> None:
        session.change(display=display)

    keep(
        viewer(
            scene(shown.inspection, shown.viewing, session.settings.colours),
            key="learn_viewer",
            display=session.settings.display,
            on_display=keep,
        )
    )


def _offer(stage: Stage, changed: dict[str, str]) -> None:
    """The way to the page that the step is a view of.

    Args:
        changed: Parameters of that page that are not as the step has them.
    """
    page = stage.step.sight.page
    if st.button(f"Open {TITLES[page]}", key="open_step", icon=":material/open_in_new:", type="primary"):
        _remember(stage)
        names = OWN_PARAMETERS.get(page, ())
        own = {name: text for name, text in stage.step.sight.parameters.items() if name in names}
        open_page(stage.session, page, own | changed)


def _remember(stage: Stage) -> None:
    """Where that page was opened from, for the way back."""
    session = stage.session
    own = session.own.get("learn", {})
    sources = session.sources(needs_distorted=False)
    lesson = lesson_of(session, own.get("lesson", USUAL)).lesson
    steps = [step for chapter in lesson.chapters for step in chapter.steps]
    session.state(LessonStrip).opened = OpenedFrom(
        as_markdown(lesson.title),
        steps.index(stage.step) + 1,
        len(steps),
        stage.step.sight.page,
        session.settings.to_link(not sources, sources) | own,
    )
