"""How sure is the order of the two closest candidates? Whether changes that nobody sees leave it so."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import streamlit as st

from explorer.analysis.candidate_numbers import Wanted
from explorer.analysis.candidates import Ranking
from explorer.analysis.rulers import PSNR, SSIM, Ruler
from explorer.analysis.stability import PicturePair, Verdict, verdict_task
from explorer.distortions import Recipe
from explorer.images import Picture, measured_size, resize, times, to_one_size
from explorer.jobs import Job
from explorer.metrics import Method
from explorer.views.candidates.candidate_list import Candidate
from explorer.views.candidates.measuring import wanted
from explorer.views.common.compute import distorted_by_job
from explorer.views.common.kept import Kept, PageState
from explorer.views.common.meaning import PAIRS, asked_size, found_in_background, ruler_there
from explorer.views.common.parts import plain
from explorer.views.common.progress import pause
from explorer.views.common.session import Session
from explorer.views.common.tips import tip


@dataclass
class Sureness(PageState):
    """What a session has asked of its candidates.

    Attributes:
        verdicts: The answers, by the two candidates and the metric.
        work: The work on one, running or over.
    """

    verdicts: Kept[Verdict] = field(default_factory=lambda: Kept(PAIRS))
    work: Kept[Job[Verdict]] = field(default_factory=Kept)

    def leave(self) -> None:
        """End the work that goes on; what was cancelled is not started when one comes back."""
        pause(self.work)


def draw_sureness(
    session: Session,
    reference: Picture,
    candidates: Sequence[Candidate],
    methods: Sequence[Method],
    found: Ranking,
    closest: tuple[int, int, int] | None,
) -> None:
    """A small button that asks, and what it opens.

    Args:
        methods: Those of the first columns; PSNR and SSIM follow.
        closest: The column that the table is sorted by, and its two closest rows; None where there are none.
    """
    if closest is None:
        return
    column, *rows = closest
    asks = st.popover("How sure is it?", type="tertiary", key="sureness", on_change="rerun", width="content")
    if not asks.open:
        return
    method = methods[column] if column < len(methods) else None
    asked = [wanted(session, reference, candidates[row], method) for row in rows]
    longest = asked_size(reference.size, asked[0].size)
    size = measured_size(reference.size, longest)
    with asks:
        ruler = ruler_there(session, method, size) if method else (PSNR, SSIM)[column - len(methods)]
    if ruler is not None:
        names = [found.rows[row].name for row in rows]
        with asks:
            _draw_verdict(session, reference, asked, names, ruler, longest)


def _draw_verdict(
    session: Session,
    reference: Picture,
    asked: Sequence[Wanted],
    names: Sequence[str],
    ruler: Ruler,
    longest: int | None,
) -> None:
    """The verdict between two candidates once it is found, at no more than this longest side."""
    own = session.state(Sureness)

    def pairs() -> list[PicturePair]:
        made = []
        for each in asked:
            source = each.source
            picture = distorted_by_job(reference, source) if isinstance(source, Recipe) else source
            both = to_one_size(reference, picture, each.fit)
            made.append((resize(both[0], longest), resize(both[1], longest)))
        return made

    verdict = found_in_background(
        session,
        (own.verdicts, own.work),
        (*(each.key(reference) for each in asked), longest, ruler, *names),
        lambda: verdict_task(pairs, names, ruler, measured_size(reference.size, longest)),
        "sureness",
    )
    if verdict is None:
        return
    st.markdown(plain(verdict.sentence), help=tip("stability"))
    if longest != asked[0].size:
        closer, farther = verdict.stabilities
        scores = f"{closer.score:.4f} and {farther.score:.4f}"
        st.caption(f"At {times(closer.size)} pixels, where the scores are {scores}.")
