"""A step that is a view of another page: the pair of its link, measured now, and the way to that page."""

import html
from dataclasses import replace
from pathlib import Path

import streamlit as st

from explorer.analysis.region import read_box
from explorer.analysis.wording import three_numbers
from explorer.errors import MissingWeightsError, SettingError
from explorer.lessons.markup import as_markdown
from explorer.lessons.reading import USUAL
from explorer.viewer import RegionDisplay, viewer
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
            st.markdown(f"This step is on the page **{TITLES[stage.step.sight.page]}**.")
            _offer(stage)
        return
    shown = _measured(stage)
    with st.container(key="learn_pair", horizontal=True, gap="medium"):
        with st.container(key="learn_pair_numbers"):
            if shown is not None:
                _draw_numbers(shown)
            _offer(stage)
        with st.container(key="learn_pair_pictures"):
            if shown is not None:
                _draw_pictures(stage.session, stage, shown)


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


def _draw_numbers(shown: Shown) -> None:
    """LPIPS, PSNR and SSIM, and the sentence that says what the first is made of."""
    measurement = shown.inspection.measurement
    exact = measurement.score, measurement.psnr, measurement.ssim
    tiles = "".join(
        f'<div class="tile"><span>{html.escape(label)}</span>'
        f'<strong data-value="{value!r}">{html.escape(text)}</strong><span>{html.escape(hint)}</span></div>'
        for (label, text, hint), value in zip(
            three_numbers(measurement, measurement.name.heading), exact, strict=True
        )
    )
    st.html(f'<div class="tiles">{tiles}<p>{html.escape(shown.inspection.sentence)}</p></div>')


def _draw_pictures(session: Session, stage: Stage, shown: Shown) -> None:
    """The viewer, with the boxes of a view of Region."""
    display = session.settings.display
    boxes = _boxes(stage)
    if boxes:
        display = RegionDisplay(**display.to_json(), boxes=boxes, tool="pan")

    def keep(now: Display) -> None:
        names = Display.__dataclass_fields__
        session.change(
            display=replace(session.settings.display, **{name: getattr(now, name) for name in names})
        )

    viewer(
        scene(shown.inspection, shown.viewing, session.settings.colours),
        key="learn_viewer_boxes" if boxes else "learn_viewer",
        display=display,
        on_display=keep,
    )


def _boxes(stage: Stage) -> tuple[tuple[int, int, int, int], ...]:
    """The boxes that a view of Region names; those that are none are told on that page."""
    boxes = []
    for text in filter(None, stage.step.sight.parameters.get("boxes", "").split(";")):
        try:
            boxes.append(read_box(text[:40]).numbers)
        except SettingError:
            continue
    return tuple(boxes)


def _offer(stage: Stage) -> None:
    """The way to the page that the step is a view of."""
    sight = stage.step.sight
    if st.button(
        f"Open {TITLES[sight.page]}", key="open_step", icon=":material/open_in_new:", type="primary"
    ):
        _remember(stage)
        names = OWN_PARAMETERS.get(sight.page, ())
        open_page(
            stage.session,
            sight.page,
            {name: text for name, text in sight.parameters.items() if name in names},
        )


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
