"""Compare's columns: which are chosen, and what each measured."""

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from explorer.analysis import comparison
from explorer.analysis.comparison import MOST, SCALES, Column
from explorer.analysis.viewing import LARGEST_SIDE
from explorer.backbones import BACKBONES
from explorer.errors import ExplorerError, MissingWeightsError
from explorer.files.weights import megabytes, status
from explorer.images import measured_size, resize
from explorer.metrics import Method, read_method
from explorer.metrics.classic import psnr_and_ssim
from explorer.metrics.method import RANDOM
from explorer.views.common.compute import compared, identities, one_at_a_time
from explorer.views.common.method_controls import method_for
from explorer.views.common.session import Session
from explorer.views.common.shown import Pair
from explorer.views.compare.state import CompareState, Seen
from explorer.views.compare.view import PARAMETERS, CompareView

WIDGETS = "compare_"  # what the keys of the page's own widgets begin with


def view_of(session: Session) -> CompareView:
    """The page's view: the last one, or that of a link that the session has followed since."""
    link = _own(session)
    view = session.state(CompareState).view.get(tuple(sorted(link.items())))
    if view is None:
        view, problems = CompareView.from_link(link)
        for problem in problems:
            session.report(problem)
        for name in [name for name in st.session_state if str(name).startswith(WIDGETS)]:
            del st.session_state[name]
        keep(session, view)
    return view


def keep(session: Session, view: CompareView) -> None:
    """Make this the page's view, also after a visit to another page."""
    others = {name: text for name, text in session.own.items() if name not in PARAMETERS}
    session.own = others | view.to_link()
    session.state(CompareState).view.keep(tuple(sorted(_own(session).items())), view)


def _own(session: Session) -> dict[str, str]:
    return {name: text for name, text in session.own.items() if name in PARAMETERS}


def choose(session: Session, view: CompareView) -> CompareView:
    """Draw what is compared, and how: the columns, or the three versions of one backbone; and the scale."""
    columns, switch, scales = st.columns([5.4, 2.4, 3.2], vertical_alignment="bottom")
    with switch:
        trio = st.toggle(
            "Trained or random?",
            key=f"{WIDGETS}trio",
            help="One backbone beside itself: with learned heads, with uniform heads, and with random "
            "weights, which show what training adds.",
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
            help="  \n".join(f"**{name.capitalize()}**: {text}" for name, text in SCALES.items()),
            width="stretch",
        )
    return replace(view, methods=methods, scale=scale)


def _choose_columns(session: Session, view: CompareView) -> tuple[Method, ...]:
    state = session.state(CompareState)
    names = st.multiselect(
        f"Columns, up to {MOST}",
        [method.text for method in comparison.all_columns()],
        format_func=_offered,
        key=_starting_from("columns", [method.text for method in state.columns_before or view.methods]),
        max_selections=MOST,
        placeholder="Choose a backbone with its heads",
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
    )
    return comparison.trained_or_random(backbone)


def _offered(text: str) -> str:
    """A method as it is offered, with the size of what is still to be fetched for it."""
    method = read_method(text)
    now = status(method.row.weights)
    if method.weights == RANDOM or now.ready:
        return method.label
    return f"{method.label} · {megabytes(now.size)} to fetch" if now.size else f"{method.label} · not fetched"


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
    return st.selectbox(label, names, format_func=lambda text: read_method(text).label, key=key)


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
        with one_at_a_time("Measuring PSNR and SSIM …"):
            reference, distorted = resize(pair.reference, longest), resize(pair.distorted, longest)
            numbers = psnr_and_ssim(reference.pixels, distorted.pixels)
            small = resize(reference, LARGEST_SIDE), resize(distorted, LARGEST_SIDE)
            known = kept.keep(key, Seen(*small, reference.size, *numbers))
    return known


def measure(session: Session, pair: Pair, methods: Sequence[Method]) -> dict[Method, Column | ExplorerError]:
    """What each column measures of the pair, or the error that says why it cannot.

    Each is kept as soon as it is known, so that a superseded run loses nothing.
    """
    common = method_for(session, pair)
    how = {"size": common.size, "device": common.device, "precision": common.precision}
    key, kept = (*identities(pair), *how.values()), session.state(CompareState).columns
    known = kept.get(key)
    if known is None:
        known = kept.keep(key, {})
    for method in set(known) - set(methods):
        del known[method]
    size = measured_size(pair.reference.size, common.size)
    failures: dict[Method, ExplorerError] = {}
    for method in methods:
        if method in known:
            continue
        try:
            with one_at_a_time(f"Measuring with {method.label} …"):
                result, seconds = compared(session, pair, replace(method, **how))
                known[method] = comparison.column(method, result, size, seconds)
        except ExplorerError as error:
            failures[method] = error
    return {method: known.get(method) or failures[method] for method in methods}


def failure_sentence(method: Method, error: ExplorerError) -> str:
    """Why a column is empty, and how to mend it."""
    if isinstance(error, MissingWeightsError):
        return (
            f"The weights of {method.row.label} are not on this machine: {status(method.row.weights).where}."
        )
    return str(error)
