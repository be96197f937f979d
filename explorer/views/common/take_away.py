"""Take it away: a quiet row of files, and the dialog that makes a figure or a report of what a page shows."""

from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import TypeVar

import streamlit as st

from explorer import report
from explorer.analysis.cost import is_large
from explorer.analysis.export import named
from explorer.analysis.inspection import sentence
from explorer.analysis.readings import Readings
from explorer.analysis.region import Box, Findings, fitted, read_box, without_boxes
from explorer.analysis.stability import Stability
from explorer.errors import ExplorerError, SettingError
from explorer.images import Picture
from explorer.metrics import Measurement, Method
from explorer.names import file_name
from explorer.report import Choice
from explorer.views.common import parts
from explorer.views.common.apart import apart
from explorer.views.common.compute import compared_by_job, one_at_a_time
from explorer.views.common.kept import Kept, PageState
from explorer.views.common.meaning import readings_of, stability_of
from explorer.views.common.session import Session
from explorer.views.common.shown import Pair
from explorer.views.common.tips import tip

T = TypeVar("T")

WHOLE, TYPED = "Whole image", "Another part"
ABOUT_REPORT = (
    "The report is one file that opens without a network and prints on A4; it holds everything that was "
    "found, whatever the figure shows."
)
READINGS, STABILITY = MEANINGS = ("As far as what", "How sure it is")
FORMATS = {"pdf": "PDF", "svg": "SVG", "png": "PNG"}


@dataclass(frozen=True)
class Subject:
    """A measured pair that a figure can be made of.

    Attributes:
        key: What it depends on.
        label: Tells it from the others of its page.
        find: Measures what is not known of it, and says all that was found; several measurements of one pair
            are drawn beside each other.
    """

    key: Hashable
    label: str
    find: Callable[[], tuple[Findings, ...]]


@dataclass
class TakeAway(PageState):
    """What the dialog keeps in a session.

    Attributes:
        is_open: A page that runs anew, since some of its work has ended, must not close the dialog.
        subjects: Those of the page.
        found: What was found of the chosen one.
        drawn: The last figure, in pixels.
    """

    is_open: bool = False
    subjects: Kept[tuple[Subject, ...]] = field(default_factory=Kept)
    found: Kept[tuple[Findings, ...]] = field(default_factory=Kept)
    drawn: Kept[bytes] = field(default_factory=Kept)

    def leave(self) -> None:
        """Close the dialog, and let go of what it showed."""
        self.is_open = False
        for kept in (self.subjects, self.found, self.drawn):
            kept.clear()


@contextmanager
def take_away(session: Session, subjects: Sequence[Subject], refusal: str = "") -> Iterator[None]:
    """The row, which begins with the button of the dialog; a page's own files are drawn inside.

    Args:
        subjects: What figures can be made of; the first one is offered first.
        refusal: Why there is no file now, in a sentence; "" where there is.
    """
    state = session.state(TakeAway)
    # Not given to the dialog: Streamlit keeps what that is given, also of a closed tab.
    state.subjects.keep("page", tuple(subjects))
    can_be_had = bool(subjects) and not refusal
    with st.container(key="take_away", horizontal=True, vertical_alignment="center", gap="small"):
        if st.button(
            "Figure and report",
            key="figure_and_report",
            icon=":material/auto_awesome_mosaic:",
            width="content",
            disabled=not can_be_had,
            help=refusal or "For a paper, a slide or a colleague: choose what it shows, and in which format.",
        ):
            state.is_open = True
        yield
    if state.is_open and can_be_had:
        _dialog(session)


def found_of(session: Session, pair: Pair, *methods: Method) -> tuple[Findings, ...]:
    """What is found of a pair without boxes; what this session or all users hold is not measured again."""

    def measured() -> tuple[Findings, ...]:
        return tuple(
            without_boxes(pair.reference, pair.distorted, compared_by_job(session, pair, method)[0], method)
            for method in methods
        )

    return _patiently("Measuring for the figure", pair.reference, measured)


def _patiently(label: str, picture: Picture, work: Callable[[], T]) -> T:
    """Do work on large pictures in its own lane, in turns with that of other tabs."""
    return apart(label, work) if is_large(picture.size) else work()


def _close() -> None:
    st.session_state.session.state(TakeAway).is_open = False


@st.dialog("Figure and report", width="large", on_dismiss=_close)
def _dialog(session: Session) -> None:
    """What a figure shows, how it looks, and its files; and the report of the same."""
    subjects = session.state(TakeAway).subjects.latest
    if not subjects:
        st.info("The page has changed; close this and open it again.")
        return
    controls, preview = st.columns([2, 3], gap="medium")
    with controls:
        subject = _choose_subject(subjects)
        try:
            found = _found(session, subject)
        except ExplorerError as error:
            parts.draw_problems([], error)
            return
        choice = _choose(found)
        _draw_files(session, found, choice)
    with preview:
        if choice is not None:
            drawn = _drawn(session, subject, found, choice)
            said = sentence(found[0].comparison, found[0].measurement)
            with st.container(key="figure_preview"):
                st.image(drawn, output_format="PNG", width="stretch", alt=f"The figure. {said}")


def _choose_subject(subjects: Sequence[Subject]) -> Subject:
    if len(subjects) == 1:
        return subjects[0]
    places = range(len(subjects))
    place = st.selectbox(
        "Of",
        places,
        index=0,
        format_func=lambda place: subjects[place].label,
        key=f"figure_of_{len(subjects)}",
    )
    return subjects[place]


def _found(session: Session, subject: Subject) -> tuple[Findings, ...]:
    kept = session.state(TakeAway).found
    found = kept.get(subject.key)
    if found is None:
        with one_at_a_time("Measuring …"):
            found = kept.keep(subject.key, subject.find())
    return found


def _choose(found: Sequence[Findings]) -> Choice | None:
    """The parts and the crop; None where they make no figure, which is said."""
    is_one = len(found) == 1
    there = report.parts_of(found[0]) if is_one else report.parts_of_columns(found)
    first = report.FIRST if is_one else report.COLUMNS_FIRST
    chosen = st.pills(
        "It shows",
        there,
        format_func=report.PARTS.get,
        default=[name for name in there if name in first],
        selection_mode="multi",
        key=f"figure_parts_{'_'.join(there)}",  # what another pair has not cannot stay chosen
        persist_state="session",
        wrap=True,
    )
    try:
        choice = Choice(tuple(chosen), _choose_crop(found))
        return choice.of(found[0]) if is_one else choice.of_columns(found)
    except SettingError as error:
        st.warning(parts.plain(str(error)))
        return None


def _choose_crop(found: Sequence[Findings]) -> Box | None:
    """The part of the pictures.

    Raises:
        SettingError: it is none.
    """
    boxes = {f"Box {region.name}": region.box for region in found[0].regions}
    boxes |= {f"Hot spot {i}": spot.box for i, spot in enumerate(found[0].spots, start=1)}
    names = (WHOLE, *boxes, TYPED)
    name = st.selectbox("Part of the pictures", names, index=0, key=f"figure_crop_{'_'.join(names)}")
    if name != TYPED:
        return boxes.get(name)
    text = st.text_input(
        "x, y, width, height",
        value=f"0, 0, {found[0].reference.width}, {found[0].reference.height}",
        key="figure_typed",
        help="In pixels of the image as given, counted from its top left corner.",
    )
    box, sentence = fitted(read_box(text), found[0].reference.size, "The part")
    if sentence:
        st.caption(sentence)
    return box


def _draw_files(session: Session, found: Sequence[Findings], choice: Choice | None) -> None:
    """The figure in the chosen format, and the report."""
    ending = st.segmented_control(
        "Format",
        FORMATS,
        format_func=FORMATS.get,
        default="pdf",
        required=True,
        key="figure_format",
        persist_state="session",
        help="In PDF and SVG text stays text, and the pictures keep all their pixels. PNG is 2400 wide.",
    )
    parts.draw_download(
        f"Figure, {FORMATS[ending]}",
        partial(_figure, session, ending, choice),
        _named(found, "figure", ending),
        report.FORMATS[ending],
        refusal="" if choice else "Choose what the figure shows first.",
    )
    refusal = "" if len(found) == 1 else "A report is of one of them: choose it above."
    readings, stability = None, None
    if not refusal:
        readings, stability, refusal = _choose_meaning(session, found[0])
    name = _named(found, "report", "html")
    make = partial(_report, session, readings, stability)
    parts.draw_download("Report, HTML", make, name, "text/html", refusal=refusal)
    st.caption(refusal or ABOUT_REPORT)


def _choose_meaning(session: Session, found: Findings) -> tuple[Readings | None, Stability | None, str]:
    """What the report also says of the score, found when chosen; and why there is no report yet."""
    chosen = st.pills(
        "The report also tells",
        MEANINGS,
        default=[],
        selection_mode="multi",
        key="report_meanings",
        persist_state="session",
        help=tip("reading", "stability"),
    )
    pair, method = Pair(found.reference, found.distorted, linkable=False), _method_of(found.measurement)
    readings = readings_of(session, pair, method, "report") if READINGS in chosen else None
    stability = stability_of(session, pair, method, "report") if STABILITY in chosen else None
    is_known = {READINGS: readings is not None, STABILITY: stability is not None}
    waits = not all(is_known[each] for each in chosen)
    return readings, stability, "The report waits for what it is to tell." if waits else ""


def _method_of(measurement: Measurement) -> Method:
    """How a pair was measured, but for device and precision, which are the session's."""
    layers = tuple(layer.name for layer in measurement.layers)
    size = measurement.longest_side
    return Method(measurement.backbone, measurement.heads, layers, measurement.weights, size)


def _named(found: Sequence[Findings], what: str, ending: str) -> str:
    measurement = found[0].measurement
    if len(found) == 1:
        return named(measurement, what, ending)
    pictures = measurement.reference.name, measurement.distorted.name
    return file_name(pictures, f"{len(found)}-metrics", measurement.size, what, ending)


def _composed(found: Sequence[Findings], ending: str, choice: Choice) -> bytes:
    if len(found) == 1:
        return report.figure(found[0], ending, choice)
    return report.figure_of_columns(found, ending, choice)


def _figure(session: Session, ending: str, choice: Choice) -> bytes:
    return _composed(parts.still_held(session.state(TakeAway).found.latest), ending, choice)


def _report(session: Session, readings: Readings | None, stability: Stability | None) -> str:
    found = parts.still_held(session.state(TakeAway).found.latest)[0]
    return report.report_html(found, readings, stability)


def _drawn(session: Session, subject: Subject, found: Sequence[Findings], choice: Choice) -> bytes:
    """The figure in pixels, to be looked at."""
    kept, key = session.state(TakeAway).drawn, (subject.key, choice)
    drawn = kept.get(key)
    if drawn is None:
        with one_at_a_time("Drawing the figure …"):
            draw = partial(_composed, found, "png", choice)
            drawn = kept.keep(key, _patiently("Drawing the figure", found[0].reference, draw))
    return drawn
