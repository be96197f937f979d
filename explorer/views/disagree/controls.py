"""The controls of Disagree: two metrics, which distortions, the seed, and whether verdicts are hidden."""

from dataclasses import replace

import streamlit as st

from explorer.analysis.comparison import all_columns
from explorer.analysis.match import USUAL
from explorer.analysis.rulers import CLASSIC, label_of, read_ruler, text_of
from explorer.analysis.version_grid import SEVERITIES
from explorer.analysis.wording import listed
from explorer.distortions import CATALOGUE
from explorer.errors import ExplorerError
from explorer.images import Picture
from explorer.metrics import Method
from explorer.views.common import method_controls, pair_controls, parts
from explorer.views.common.distortion_controls import draw_seed
from explorer.views.common.session import Session
from explorer.views.common.shown import Pair
from explorer.views.common.tips import tip
from explorer.views.disagree.view import ALL, USUAL_ONES, DisagreeView

MINE = "mine"
OVER = {USUAL_ONES: f"Usual {len(USUAL)}", ALL: f"All {len(CATALOGUE)}", MINE: "Choose"}
LONGEST_NAME = 40  # letters of an observer
NOBODY = "observer"

# Keys of the widgets, which start from the view.
KEYS = "disagree_"
FIRST, SECOND, OVER_KEY, NAMES, SEED, VERDICTS = (
    f"{KEYS}{name}" for name in ("first", "second", "over", "names", "seed", "verdicts")
)
OBSERVER = "observer_name"


def choose(session: Session) -> tuple[Picture | None, ExplorerError | None, DisagreeView]:
    """The sidebar: the reference, or why there is none, and what is asked of it."""
    view = session.view_of(DisagreeView, on_read=_forget)
    camera = st.container()
    with st.sidebar:
        reference, is_sample, problem = pair_controls.reference_or_problem(session, camera)
        parts.heading("Disagree")
        view = _choose_versions(_choose_metrics(view))
        st.text_input(
            "Your name in the file",
            value=NOBODY,
            max_chars=LONGEST_NAME,
            key=OBSERVER,
            help="Judgments are kept in this tab alone; the file that you take away has this name in it.",
            persist_state="session",
        )
        parts.heading("Measure")
        if reference is not None:
            method_controls.choose_size(session, Pair(reference, reference, is_sample))
            method_controls.choose_device(session)
    return reference, problem, session.keep_view(view)


def choose_verdicts(view: DisagreeView) -> DisagreeView:
    """Whether verdicts are hidden until there is an answer."""
    st.session_state.setdefault(VERDICTS, view.shows_verdicts)
    shows = st.toggle(
        "Show verdicts at once",
        key=VERDICTS,
        help="Before you answer, the metrics’ verdicts and the distortions’ names are hidden: they would "
        "tell you what to see.",
        persist_state="session",
    )
    return replace(view, shows_verdicts=shows)


def observer() -> str:
    """Who answers, as they want to be called."""
    return (st.session_state.get(OBSERVER) or NOBODY).strip() or NOBODY


def _forget() -> None:
    """Have the widgets start from a link that was followed."""
    for key in (FIRST, SECOND, OVER_KEY, NAMES, SEED, VERDICTS):
        st.session_state.pop(key, None)


def _choose_metrics(view: DisagreeView) -> DisagreeView:
    """Two boxes; who chooses in one what the other has changes the two for each other."""
    first, second = view.between
    st.session_state.setdefault(FIRST, first)
    st.session_state.setdefault(SECOND, second)
    if st.session_state[FIRST] == st.session_state[SECOND]:
        st.session_state[FIRST], st.session_state[SECOND] = second, first
    options = [*map(text_of, CLASSIC), *(method.text for method in all_columns())]
    helps = tip("disagreement", "lpips-score", "psnr", "ssim"), None
    between = tuple(
        st.selectbox(label, options, format_func=_label, key=key, help=help, persist_state="session")
        for label, key, help in zip(("First metric", "Second metric"), (FIRST, SECOND), helps, strict=True)
    )
    return replace(view, between=between)


def _label(text: str) -> str:
    """A metric as it is offered, with a mark where its weights are still to be fetched."""
    ruler = read_ruler(text, Method())
    return method_controls.method_label(ruler) if isinstance(ruler, Method) else label_of(ruler)


def _choose_versions(view: DisagreeView) -> DisagreeView:
    """Which distortions, and the seed."""
    st.session_state.setdefault(OVER_KEY, view.over if view.over in OVER else MINE)
    over = st.segmented_control(
        "Distortions",
        OVER,
        format_func=OVER.get,
        key=OVER_KEY,
        required=True,
        help=f"Each is laid on the reference at severities {listed([f'{each:g}' for each in SEVERITIES])}.",
        width="stretch",
        persist_state="session",
    )
    if over == MINE:
        st.session_state.setdefault(NAMES, list(view.names))
        names = st.multiselect(
            "Which distortions",
            CATALOGUE,
            format_func=lambda name: CATALOGUE[name].label,
            key=NAMES,
            placeholder=f"None: the usual {len(USUAL)}",
            label_visibility="collapsed",
            wrap=True,
            persist_state="session",
        )
        over = ",".join(names) or USUAL_ONES
    st.session_state.setdefault(SEED, view.seed)
    seed = draw_seed(SEED)
    return replace(view, over=over, seed=int(seed))
