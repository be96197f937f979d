"""Learn heads: which channels do people's votes ask for, and do heads learned so agree with people more?

Reads top to bottom: votes, network and seed (in the sidebar), the button that begins, how learning goes, how
far the new heads agree with votes that taught nothing, their weights, and what becomes of them.
"""

from collections.abc import Hashable

import streamlit as st

from explorer.backbones import HEADS
from explorer.errors import ExplorerError
from explorer.figures import calibration as charts
from explorer.files import own_heads
from explorer.jobs import Job
from explorer.judgments.calibration import Learned
from explorer.judgments.calibration.job import learn_task
from explorer.judgments.calibration.sources import Source
from explorer.metrics import Method
from explorer.places import page as file_of
from explorer.views.calibrate.controls import choose
from explorer.views.calibrate.state import CalibrateState
from explorer.views.calibrate.view import CLASS, FOLDER, SIMULATED, UPLOAD, CalibrateView
from explorer.views.calibrate.votes import source_of
from explorer.views.common import method_controls, parts
from explorer.views.common.fetch_controls import draw_fetch
from explorer.views.common.guests import has_guests
from explorer.views.common.progress import draw_work, job_for
from explorer.views.common.session import Session, current, set_method, write_link
from explorer.views.common.stale import result_of
from explorer.views.common.tips import tip

QUESTION = "Which channels do people’s votes ask for, and do heads learned from them agree with people more?"
ABOUT = (
    "The network stays as it is. What is learned is one weight a channel, so that the distances come out as "
    "people voted; a fifth of the references taught nothing, and scores are told on these. Who always sides "
    "with most people agrees with more votes than people among themselves."
)
ON_TRAINED = "Heads are learned on trained weights, though you measure with random ones."
CHOOSE = {
    CLASS: "Paste the link to your class’s results, or its key, in the sidebar.",
    UPLOAD: "Upload a ZIP file of votes with their pictures in the sidebar.",
    FOLDER: "Choose a folder of votes in the sidebar.",
}
KEPT = (
    "Kept are the heads of the epoch with the lowest loss on the votes that say when to stop. The loss, a "
    "cross entropy, counts how sure the heads are of each vote as well, so that agreement alone may be a "
    "little higher after another epoch."
)
NAME = "calibrate_name"
CHART = {"displayModeBar": False}


def work_on(
    session: Session, state: CalibrateState, view: CalibrateView, source: Source, key: Hashable
) -> Job[Learned] | None:
    """The work on what is chosen, and how far it is: with people's votes it waits for a click.

    Raises:
        ExplorerError: it cannot be begun.
    """
    if view.votes != SIMULATED and state.asked != key:
        st.button(
            "Learn heads",
            key="learn",
            type="primary",
            icon=":material/model_training:",
            on_click=lambda: setattr(state, "asked", key),
        )
        return None
    network = trained(session).network
    job = job_for(state.learning, key, lambda: learn_task(network, source, view.seed))
    results = job.results
    if results:
        state.learned.keep(key, results[-1])
    words = "the best heads so far are shown" if results else ""
    draw_work(job, "calibrate", len(results), state.learning.clear, "Learn anew", words)
    if view.votes in (CLASS, FOLDER) and job.state == "done":
        st.button(
            "Learn anew",
            key="anew",
            icon=":material/refresh:",
            help="For votes that have come since.",
            on_click=state.learning.clear,
        )
    return job


def trained(session: Session) -> Method:
    """The network that heads are learned on: the trained one, whatever the session measures with."""
    method = session.settings.method
    return method if method.weights == "trained" else method.with_weights("trained")


def draw_learned(session: Session, state: CalibrateState, learned: Learned, is_over: bool) -> None:
    """How learning goes, how far the heads agree, and their weights."""
    outline = parts.text_colour()
    if is_over:
        st.markdown(f"## {parts.plain(learned.sentence)}")
    left, right = st.columns(2, gap="medium")
    with left:
        st.markdown("**Agreement with the votes, epoch by epoch**", help=KEPT)
        _draw(charts.learning_chart(learned, outline), charts.learning_text(learned), "learning")
    with right:
        st.markdown(
            f"**Agreement with the {learned.held_out:,} trials held out**", help=tip("heads", "uniform")
        )
        _draw(
            charts.standings_chart(learned.standings, outline),
            charts.standings_text(learned.standings),
            "standings",
        )
    if not is_over:
        return
    st.caption(ABOUT)
    st.markdown("**What the new heads look at: the weight of each channel, the heaviest first**")
    _draw(charts.weights_chart(learned.weights, outline), charts.weights_text(learned.weights), "weights")
    st.caption(parts.plain(f"{learned.provenance.sentence} {learned.left_out}"))
    draw_keeping(session, state, learned)


def draw_keeping(session: Session, state: CalibrateState, learned: Learned) -> None:
    """A name, and what becomes of the heads: they are kept and used, or taken away as a file."""
    told = learned.provenance
    st.session_state.setdefault(NAME, "mine")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        name = st.text_input(
            "Name, after yours-",
            key=NAME,
            max_chars=own_heads.LONGEST,
            on_change=lambda: setattr(state, "refused", ""),  # it was said of the name before
            help="Letters from A to Z, digits, dashes and underscores.",
            width=220,
            persist_state="session",
        )
        if not has_guests():
            st.button(
                "Keep and use these heads",
                key="keep",
                type="primary",
                icon=":material/check:",
                on_click=keep,
                args=(session, state, learned),
            )
        parts.draw_download(
            "Download",
            lambda: own_heads.to_bytes(learned.weights, told),
            own_heads.file_name(name, told.backbone) if own_heads.is_name(name) else "heads.safetensors",
            "application/octet-stream",
            width="content",
            refusal=""
            if own_heads.is_name(name)
            else "Choose a name of letters, digits, dashes and underscores.",
        )
    if has_guests():
        st.caption(
            "This server has guests, and keeps no heads for them: download the file, and put it into the "
            f"folder `{own_heads.FOLDER}` of your own explorer."
        )
    if state.refused:
        st.error(parts.plain(state.refused), icon=":material/error:")
    if state.kept:
        draw_kept(session, state.kept)


def keep(session: Session, state: CalibrateState, learned: Learned) -> None:
    """Keep the heads under the typed name, and measure with them where one metric stands for many pages."""
    try:
        own = own_heads.keep(st.session_state[NAME], learned.weights, learned.provenance)
        session.switch(learned.provenance.backbone)
        session.change(method=trained(session).with_heads(own.name))
        set_method(session)
    except ExplorerError as error:
        state.kept, state.refused = "", str(error)
    else:
        state.kept, state.refused = own.name, ""


def draw_kept(session: Session, name: str) -> None:
    """Where the heads are used from now on."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.success(
            f"{parts.plain(HEADS[name].label)} are kept. Pages that measure by one metric now use them; "
            "where several are compared, as on Compare, Candidates and Disagree, choose them there.",
            icon=":material/check_circle:",
        )
        if st.button("Open in Inspect", key="open_inspect", icon=":material/arrow_forward:"):
            session.gone_to = session.settings.to_link()
            st.switch_page(file_of("inspect"))


def draw_unfit() -> None:
    """Files among the kept heads that are none, for who can mend that."""
    problems = own_heads.found()[1]
    if problems and not has_guests():
        st.warning("\n\n".join(map(parts.plain, problems)), icon=":material/warning:")


def _draw(figure: object, text: str, key: str) -> None:
    st.plotly_chart(figure, config=CHART, key=f"calibrate_{key}", alt=text)


def page(session: Session) -> None:
    """The whole page."""
    state = session.state(CalibrateState)
    view = choose(session, state)
    st.caption(QUESTION)
    problem, source = None, None
    try:
        source = source_of(state, view)
    except ExplorerError as error:
        problem = error
    parts.draw_problems(session.sentences(), problem)
    method = trained(session)
    if method != session.settings.method:
        st.caption(ON_TRAINED)
    draw_unfit()
    if source is None:
        if problem is None:
            st.info(CHOOSE[view.votes])
    elif not method_controls.is_ready(method):
        st.warning(
            f"{parts.plain(method.row.label)}: the weights are not on this machine, so it sees nothing.",
            icon=":material/download:",
        )
        draw_fetch(method.row, "calibrate")
    else:
        key = method.backbone, method.device, method.precision, source, view.seed
        job = None
        try:
            job = work_on(session, state, view, source, key)
        except ExplorerError as error:
            problem = error
            parts.draw_problems([], error)
        learned = state.learned.get(key)
        is_stale = learned is None and (job is None or job.is_over) and state.learned.latest is not None
        shown = state.learned.latest if is_stale else learned
        if shown is not None:
            told = shown.provenance
            subject = f"heads of {told.backbone} from {told.votes}"
            with result_of(subject, is_stale), st.container(key="learned"):
                draw_learned(session, state, shown, is_stale or job is None or job.is_over)
    write_link(session, CalibrateView.PAGE, problem is not None, needs_distorted=False)


page(current())
