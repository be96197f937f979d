"""Compare's lower half: where the pair stands on the ladder, and how far the metrics agree about it."""

from collections.abc import Hashable, Sequence

import streamlit as st

from explorer.analysis import ladder
from explorer.analysis.agreement import Dispute, agreement
from explorer.analysis.ladder import Standing
from explorer.analysis.rulers import Ruler
from explorer.errors import SettingError
from explorer.figures import agreement_cells
from explorer.jobs import Task
from explorer.metrics import Method
from explorer.viewer import agreement_table
from explorer.views.common.ladders import rulers_for, scores, small_pair
from explorer.views.common.parts import plain
from explorer.views.common.progress import draw_work, job_for, leave
from explorer.views.common.session import Session
from explorer.views.common.shown import Pair
from explorer.views.compare.state import CompareState

TABLE = "agreement"


def known(session: Session, pair: Pair, methods: Sequence[Method]) -> tuple[dict[Ruler, Standing], bool]:
    """Where the pair stands, by column, "PSNR" and "SSIM", as far as is known; and whether that is all."""
    small, kept = small_pair(session, pair), session.state(CompareState).standings
    rulers = rulers_for(session, methods, small[0].size)
    key = _key(session, pair, methods)
    found = kept.get(key)
    if found is None:
        measured = ladder.standings(*small, rulers, scores)
        columns = {method.text: method for method in methods}
        found = {
            ruler if isinstance(ruler, str) else columns[ruler.text]: standing
            for ruler, standing in measured.items()
        }
        if len(found) == len(rulers):
            kept.keep(key, found)
    return found, len(found) == len(rulers)


def climbed(session: Session, pair: Pair, methods: Sequence[Method]) -> int:
    """How many results of the work on the ladder there are; a ladder of what was compared before is left.

    To be asked before `known`, which then holds at least these.
    """
    kept = session.state(CompareState).ladder
    job = kept.get(_key(session, pair, methods))
    if job is None:
        leave(kept)
    return len(job.results) if job else 0


def draw_climb(session: Session, pair: Pair, methods: Sequence[Method], drawn: int) -> None:
    """Measure what is missing, in the background: how far that is, or why it ended before.

    Args:
        drawn: What `climbed` said before the page was drawn.
    """
    small, kept = small_pair(session, pair), session.state(CompareState).ladder
    key = _key(session, pair, methods)
    job = kept.get(key)
    if job is not None and job.state == "done" and len(job.results) == drawn:
        # It was started for another pair of this reference, and has measured that one's own picture.
        kept.forget(key)
        drawn = 0

    def missing() -> Task[Ruler]:
        return ladder.ladder_task(*small, rulers_for(session, methods, small[0].size), scores)

    try:
        job = job_for(kept, key, missing)
    except SettingError as error:
        st.error(plain(str(error)), icon=":material/error:")
        return
    if job.state == "done" and len(job.results) == drawn:  # somebody else has measured it meanwhile
        session.run_anew()
    draw_work(
        job,
        "ladder",
        drawn,
        again=kept.clear,
        offer="Measure the rest of the ladder",
        kept="these scores of the ladder are kept",
    )


def _key(session: Session, pair: Pair, methods: Sequence[Method]) -> Hashable:
    small = small_pair(session, pair)
    return *(picture.digest for picture in small), rulers_for(session, methods, small[0].size)


def draw_agreement(session: Session, standings: dict[Ruler, Standing]) -> None:
    """The heat table, and what a click on it has opened."""
    found = agreement({_name(ruler): standing.scores for ruler, standing in standings.items()})
    state = session.state(CompareState)
    state.agreement = found
    opened = state.opened.get(session.settings.recipe)
    st.markdown(plain(found.sentence))
    if opened:
        st.info(plain(opened), icon=":material/open_in_full:")
    agreement_table(
        found.names,
        agreement_cells(found),
        key=TABLE,
        label="Rank correlations of the ladder's scores, of each metric with each.",
        on_open=lambda cell: _open_cell(session, cell),
    )
    st.caption(
        "Spearman's rank correlation over the ladder: 1 means that both put the distortions into the same "
        "order (PSNR and SSIM are turned round, so that lower is closer). Open a cell to see the distortion "
        "that its two disagree about most."
    )


def _name(ruler: Ruler) -> str:
    return ruler if isinstance(ruler, str) else ruler.label


def _open_cell(session: Session, cell: tuple[int, int]) -> None:
    """Open the distortion behind a cell of the table that is on screen."""
    found = session.state(CompareState).agreement
    if found and cell in found.disputes:
        _open(session, found.disputes[cell])


def _open(session: Session, dispute: Dispute) -> None:
    rung = dispute.rung
    if session.settings.swapped:
        # The ladder distorts the reference, which now is the distorted image itself: no setting says that.
        session.report("Swap the two images back to open a distortion of the ladder.")
        return
    session.settings = session.settings.with_severity(rung.distortion, rung.severity, ladder.SEED)
    st.session_state.setting_pairing = "distort"
    st.session_state.setting_distortion = rung.distortion
    st.session_state.setting_severity = rung.severity
    st.session_state.setting_typed = False
    st.session_state.setting_seed = ladder.SEED
    session.state(CompareState).opened.keep(session.settings.recipe, dispute.sentence)
