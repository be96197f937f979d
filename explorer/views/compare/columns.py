"""Compare's columns: which are chosen, and what each measured."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile

import streamlit as st

from explorer.analysis import comparison
from explorer.analysis.comparison import MOST, SCALES, Classic, Column, Found
from explorer.analysis.cost import peak_bytes
from explorer.analysis.viewing import LARGEST_SIDE
from explorer.backbones import BACKBONES, HEADS, graph_of
from explorer.errors import ExplorerError, MissingWeightsError, SettingError
from explorer.files.weights import status
from explorer.images import measured_size, resize
from explorer.jobs import Job, Task, pool
from explorer.metrics import Method, read_method
from explorer.views.common.compute import compared_by_job, identities, one_at_a_time
from explorer.views.common.guests import told
from explorer.views.common.method_controls import is_ready, method_for, method_label
from explorer.views.common.progress import job_for
from explorer.views.common.session import Session
from explorer.views.common.shown import Pair
from explorer.views.common.tips import tip
from explorer.views.compare.state import CompareState, Known, Seen
from explorer.views.compare.view import CompareView

WIDGETS = "compare_"  # what the keys of the page's own widgets begin with


def view_of(session: Session) -> CompareView:
    """The page's view: the last one, or that of a link that the session has followed since.

    On a first visit heads that the user has learned, and measures with, are a column beside the usual ones.
    """

    def start_anew() -> None:
        session.state(CompareState).columns_before = ()
        for name in [name for name in st.session_state if str(name).startswith(WIDGETS)]:
            del st.session_state[name]

    is_first = "columns" not in session.own.get(CompareView.PAGE, {})
    view = session.view_of(CompareView, on_read=start_anew)
    method = session.settings.method
    if is_first and HEADS[method.heads].own and len(view.methods) < MOST:
        view = session.keep_view(
            replace(view, methods=(*view.methods, Method(method.backbone, method.heads)))
        )
    return view


def choose(session: Session, view: CompareView) -> CompareView:
    """Draw what is compared, and how: the columns, or the three versions of one backbone; and the scale."""
    columns, switch, scales = st.columns([5.4, 2.4, 3.2], vertical_alignment="bottom")
    with switch:
        trio = st.toggle(
            "Trained or random?",
            key=f"{WIDGETS}trio",
            persist_state="session",
            help=tip(
                "weights",
                also="One backbone beside itself: with learned heads, with uniform heads, and with random "
                "weights, which show what training adds.",
            ),
        )
    with columns:
        methods = _choose_backbone(view) if trio else _choose_columns(session, view)
    with scales:
        key = _starting_from("scale", view.scale)
        scale = st.segmented_control(
            "Scale of the maps",
            SCALES,
            format_func={"share": "Share", "percentile": "Percentile", "raw": "Raw"}.get,
            key=key,
            required=True,
            help=tip(
                "ladder", also="  \n".join(f"**{name.capitalize()}**: {SCALES[name]}" for name in SCALES)
            ),
            width="stretch",
            persist_state="session",
        )
    return replace(view, methods=methods, scale=scale)


def _choose_columns(session: Session, view: CompareView) -> tuple[Method, ...]:
    state = session.state(CompareState)
    names = st.multiselect(
        f"Columns, up to {MOST}",
        [method.text for method in comparison.all_columns()],
        format_func=lambda text: method_label(read_method(text)),
        key=_starting_from("columns", [method.text for method in state.columns_before or view.methods]),
        max_selections=MOST,
        placeholder="Choose a backbone with its heads",
        help=tip("backbone", "heads", "uniform"),
        wrap=True,  # chips in one row are cut
        persist_state="session",
    )
    state.columns_before = tuple(map(read_method, names))
    return state.columns_before


def _choose_backbone(view: CompareView) -> tuple[Method, ...]:
    first = view.methods[0].backbone if view.methods else next(iter(BACKBONES))
    backbone = st.selectbox(
        "Backbone",
        BACKBONES,
        format_func=lambda name: BACKBONES[name].label,
        key=_starting_from("backbone", first),
        persist_state="session",
    )
    return comparison.trained_or_random(backbone)


def is_versus_known(view: CompareView, found: "Measured") -> bool:
    """Whether the two that are subtracted are known, whichever columns are still to come."""
    if None not in found.columns.values():
        return True
    mapped = {column.method for column in found.shown if not column.without_map}
    if view.versus:
        return set(view.versus) <= mapped
    return len(mapped.intersection(takewhile(found.columns.get, view.methods))) >= 2


def choose_versus(view: CompareView, mapped: Sequence[Method]) -> tuple[Method, Method] | None:
    """Draw which two are subtracted; None where fewer than two columns have shares to subtract."""
    if len(mapped) < 2:
        return None
    wish = view.versus if view.versus and set(view.versus) <= set(mapped) else mapped[:2]
    names = [method.text for method in mapped]
    left, right = st.columns(2, gap="small")
    with left:
        first = _choose_one("Difference map: A", "first", names, wish[0].text)
    others = [name for name in names if name != first]
    with right:
        start = next(method.text for method in wish if method.text != first)
        second = _choose_one("minus B", "second", others, start)
    return read_method(first), read_method(second)


def _choose_one(label: str, name: str, names: Sequence[str], start: str) -> str:
    key = f"{WIDGETS}{name}"
    if st.session_state.get(key) not in names:
        st.session_state[key] = start
    return st.selectbox(
        label,
        names,
        format_func=lambda text: read_method(text).label,
        key=key,
        persist_state="session",
    )


def _starting_from(name: str, value: object) -> str:
    """Key of one of the page's widgets, which starts from this value."""
    st.session_state.setdefault(f"{WIDGETS}{name}", value)
    return f"{WIDGETS}{name}"


def seen(session: Session, pair: Pair) -> Seen:
    """The pair at the measured size, or smaller where no screen could show it."""
    longest = method_for(session, pair).size
    key, kept = (*identities(pair), longest), session.state(CompareState).seen
    known = kept.get(key)
    if known is None:
        with one_at_a_time("Preparing the pictures …"):
            pictures = (resize(picture, longest) for picture in (pair.reference, pair.distorted))
            small = (resize(picture, LARGEST_SIDE) for picture in pictures)
            known = kept.keep(key, Seen(*small, measured_size(pair.reference.size, longest)))
    return known


@dataclass(frozen=True)
class Measured:
    """What is known of a pair now.

    Attributes:
        classic: None while it is still to come.
        columns: In their order: what was measured, or why nothing could be; None for those still to come.
        job: The work on what is missing, running or over; None where nothing was missing.
        drawn: How many of its results are among these.
    """

    classic: Classic | None
    columns: Mapping[Method, Column | ExplorerError | None]
    job: Job[Found] | None
    drawn: int

    @property
    def shown(self) -> list[Column]:
        """The columns that were measured."""
        return [result for result in self.columns.values() if isinstance(result, Column)]

    @property
    def is_complete(self) -> bool:
        """Whether nothing is still to come."""
        return self.classic is not None and None not in self.columns.values()


def measure(session: Session, pair: Pair, methods: Sequence[Method]) -> Measured:
    """What is known of the pair; what is missing is measured in the background.

    Each column is kept as soon as it is known, so that whatever comes between loses nothing.
    """
    common, state = method_for(session, pair), session.state(CompareState)
    how = {"size": common.size, "device": common.device, "precision": common.precision}
    key = (*identities(pair), *how.values())
    known = state.known.get(key) or state.known.keep(key, Known())
    for method in set(known.columns) - set(methods):
        del known.columns[method]

    unknown = [method for method in methods if method not in known.columns]
    failures = _too_large(unknown, measured_size(pair.reference.size, common.size))

    def missing() -> Task[Found] | None:
        asked = {each: replace(each, **how) for each in unknown if each not in failures}
        if not asked and known.classic:
            return None
        return comparison.columns_task(
            (pair.reference, pair.distorted),
            common.size,
            asked,
            is_classic_known=known.classic is not None,
            compare=lambda method, progress: compared_by_job(session, pair, method, progress)[0],
        )

    # What could not be measured is tried again once its weights have come.
    asked = (key, tuple((method, is_ready(method)) for method in methods))
    try:
        job = job_for(state.measuring, asked, missing)
    except SettingError as error:
        job, failures = None, dict.fromkeys(unknown, error) | failures
    results = job.results if job else ()
    for method, result in results:
        if isinstance(result, Classic):
            known.classic = result
        elif isinstance(result, Column):
            known.columns[method] = result
        else:
            failures[method] = result
    found = {method: known.columns.get(method) or failures.get(method) for method in methods}
    return Measured(known.classic, found, job, len(results))


def _too_large(methods: Sequence[Method], size: tuple[int, int]) -> dict[Method, ExplorerError]:
    """Those that would take more memory at (width, height) than there is, each with its sentence."""
    refusals = {
        method: pool.refusal(method.label, peak_bytes(graph_of(method.row), size)) for method in methods
    }
    return {method: refusal for method, refusal in refusals.items() if refusal is not None}


def failure_sentence(method: Method, error: ExplorerError) -> str:
    """Why a column is empty, and how to mend it."""
    if isinstance(error, MissingWeightsError):
        return (
            f"The weights of {method.row.label} are not on this machine: {status(method.row.weights).where}."
        )
    return told(error)
