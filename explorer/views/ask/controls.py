"""The controls of Ask: what is asked, of which pictures, how often, and with how many obvious trials."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import streamlit as st

from explorer.errors import ExplorerError
from explorer.judgments.asking.drawing import MOST_VERSIONS
from explorer.judgments.asking.limits import LONGEST_TITLE, MOST_SENTINELS, MOST_TRIALS
from explorer.samples import SAMPLES
from explorer.views.ask.bringing import brought
from explorer.views.ask.state import AskState
from explorer.views.ask.view import CARDS, OF_REFERENCE, OF_SAMPLES, OWN, AskView
from explorer.views.common import parts
from explorer.views.common.apart import apart
from explorer.views.common.distortion_controls import draw_seed
from explorer.views.common.sources import digest_of
from explorer.views.common.tips import tip

KINDS = {"2afc": "2AFC", "jnd": "JND"}
SOURCES = {
    OF_SAMPLES: "Random recipes on samples",
    OF_REFERENCE: "Random recipes on the reference",
    OWN: "My own pictures",
    CARDS: "Pairs that Disagree has found",
}
HOW_OWN = {
    "2afc": "Pictures or ZIP files. A trial is three of one size, 16 to 1024 pixels a side: NAME_ref.png, "
    "NAME_p0.png and NAME_p1.png; or ref, p0 and p1 in a folder NAME.",
    "jnd": "Pictures or ZIP files. A trial is two of one size, 16 to 1024 pixels a side: NAME_ref.png "
    "and NAME_p0.png; or ref and p0 in a folder NAME.",
}
CHOOSING = {"random": "Random", "active": "Most is learned"}
HOW_CHOSEN = (
    "At random all trials are seen equally often. Where most is learned, the votes so far say which trial "
    "each participant sees next: this pays where they see some of many, and patches have many versions."
)
LAST = 20  # letters of a title that is cut which are said
KEYS = "ask_"
FIELDS = ("kind", "source", "samples", "count", "versions", "sentinels", "each", "choosing", "seed", "title")


def forget() -> None:
    """Have the widgets start from a link that was followed."""
    for field in FIELDS:
        st.session_state.pop(f"{KEYS}{field}", None)


def choose(state: AskState, view: AskView) -> AskView:
    """The sidebar: what is asked, and of which pictures."""
    parts.heading("Ask")
    # A callback or a link may ask for cards as JND trials, which there are none of.
    kind = _widget(
        st.segmented_control,
        view,
        "kind",
        "What is asked",
        options=KINDS,
        format_func=KINDS.get,
        required=True,
        width="stretch",
        help=tip("forced-choice", "jnd"),
    )
    sources = {key: label for key, label in SOURCES.items() if key != CARDS or kind == "2afc"}
    if view.source not in sources:
        view = replace(view, source=OF_SAMPLES)
        st.session_state.pop(f"{KEYS}source", None)
    source = _widget(st.selectbox, view, "source", "Trials", options=list(sources), format_func=sources.get)
    view = replace(view, kind=kind, source=source)
    if source == OWN:
        _draw_upload(state, kind)
    elif source != CARDS:
        view = _choose_drawn(view)
    return _choose_numbers(view)


def choose_title(view: AskView) -> AskView:
    """What participants read above the trials."""
    title = _widget(
        st.text_input,
        view,
        "title",
        "Title, which participants read",
        placeholder="such as: Which picture is closer?",
    )
    view = replace(view, title=AskView.from_link({"title": title})[0].title)
    # A limit of the widget's own would drop what is pasted, without a word.
    if len(title.strip()) > LONGEST_TITLE:
        st.warning(
            f"A title has at most {LONGEST_TITLE} letters, and this one has {len(title.strip()):,}. "
            f"Participants read it up to “…{parts.plain(view.title[-LAST:])}”.",
            icon=":material/content_cut:",
        )
    return view


def _choose_drawn(view: AskView) -> AskView:
    """How many trials are drawn, of which pictures, and by which seed."""
    samples: Sequence[str] = view.samples
    if view.source == OF_SAMPLES:
        samples = _widget(
            st.multiselect,
            view,
            "samples",
            "Samples",
            options=list(SAMPLES),
            format_func=lambda name: SAMPLES[name].label,
            placeholder="All of them",
            wrap=True,
        )
    count = _widget(
        st.number_input,
        view,
        "count",
        f"How many trials · 1 to {MOST_TRIALS}",
        step=1,
        help="Patches of 64 × 64 pixels under two random distortions each, as the paper’s. They are shown "
        "enlarged, each pixel as a square of whole pixels of the screen.",
    )
    view = replace(view, samples=tuple(name for name in SAMPLES if name in samples), count=count)
    if view.kind == "2afc":
        versions = _widget(
            st.number_input,
            view,
            "versions",
            f"Versions of each patch · 2 to {MOST_VERSIONS}",
            step=1,
            help="Two make one trial a patch, as in the paper. With more, a patch’s versions are compared in "
            "pairs, and can be put on one scale.",
        )
        view = replace(view, versions=versions)
    return view


def _choose_numbers(view: AskView) -> AskView:
    """Obvious trials, how many each participant sees, and the seed."""
    sentinels = _widget(
        st.number_input,
        view,
        "sentinels",
        f"Sentinels beside them · 0 to {MOST_SENTINELS}",
        step=1,
        help=tip("sentinel"),
    )
    each = _widget(
        st.number_input,
        view,
        "each",
        "Each participant sees · 0 for all",
        step=1,
        help="How many of the trials, sentinels among them. Fewer than all are shared out, so that all "
        "trials are seen equally often; who sees few may see no sentinel.",
    )
    choosing = _widget(
        st.segmented_control,
        view,
        "choosing",
        "The next trial",
        options=CHOOSING,
        format_func=CHOOSING.get,
        required=True,
        width="stretch",
        help=HOW_CHOSEN,
    )
    st.session_state.setdefault(f"{KEYS}seed", view.seed)
    seed = int(draw_seed(f"{KEYS}seed"))
    return replace(view, sentinels=sentinels, each=each, choosing=choosing, seed=seed)


def _draw_upload(state: AskState, kind: str) -> None:
    """Own pictures, which the tab keeps as checked trials."""
    files = st.file_uploader(
        "Pictures of the trials",
        accept_multiple_files=True,
        key=f"file_{KEYS}own",
        help=HOW_OWN[kind],
    )
    if files:
        given = [(file.name, file.getvalue()) for file in files]
        key = (kind, *((name, digest_of(data)) for name, data in given))
        if state.own.get(key) is None:
            try:
                own = apart("Reading the pictures", partial(brought, given, kind))
            except ExplorerError as error:
                own = (), (str(error),)
            state.own.keep(key, own)
    trials, problems = state.own.latest or ((), ())
    if trials and not files:
        st.caption(f"Still in use, until you upload others: {len(trials)} trials.")
    if problems:
        parts.draw_problems(list(problems), None)


def _widget(draw: Any, view: AskView, field: str, label: str, **options: Any) -> Any:
    """A widget that starts from the view.

    Numbers have no limits of the widget's own, which ignores what is beyond them: the page says why not.
    """
    key = f"{KEYS}{field}"
    value = getattr(view, field)
    st.session_state.setdefault(key, list(value) if isinstance(value, tuple) else value)
    return draw(label, key=key, persist_state="session", **options)
