"""Ask the class: which of two is closer, on their phones; the code on the screen, answers as they come."""

import html
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial

import streamlit as st

from explorer.errors import AskingError, StoreError
from explorer.images import Picture
from explorer.jobs import Job, Task
from explorer.judgments.asking.drafts import Drawn, Setup
from explorer.judgments.asking.trial import Plan
from explorer.judgments.store import SessionInfo, opened_store
from explorer.lessons.trials import class_plan, title_of
from explorer.places import page
from explorer.render import text
from explorer.views.common import asking, parts
from explorer.views.common.kept import Kept
from explorer.views.common.progress import draw_work, job_for, pause
from explorer.views.common.session import Session
from explorer.views.common.teacher import teacher_keys
from explorer.views.learn.stage import SceneState, Stage

LOOK = 2.0  # seconds between two looks at the store
TITLE = "Which is closer to the reference?"
SENTINELS = 1
COUNTED = ("Have joined", "Answers")


@dataclass
class VoteState(SceneState):
    """What the scene keeps in a tab: the work on its trials."""

    drawing: Kept[Job[Drawn]] = field(default_factory=Kept)

    def leave(self) -> None:
        """Want no more what is made for the page."""
        pause(self.drawing)


def draw(stage: Stage) -> None:
    """The session that this browser shows, or the trials that would be asked."""
    try:
        info = running(stage.session)
    except StoreError as error:
        st.error(parts.plain(str(error)), icon=":material/error:")
        return
    with st.container(key="learn_vote"):
        if info is None:
            _draw_setup(stage)
        else:
            _draw_running(info.code)


def running(session: Session) -> SessionInfo | None:
    """The open session that this browser has shown last; None where there is none.

    Raises:
        StoreError: the store cannot be read.
    """
    shown = asking.started.find(session.key)
    known = teacher_keys.of(session.key).values()
    for teacher in dict.fromkeys(filter(None, (shown, *known))):
        try:
            info = opened_store().by_teacher(teacher)
        except AskingError:  # it has gone
            continue
        if info.is_open:
            return info
    return None


def _draw_setup(stage: Stage) -> None:
    """What the class would be asked, and the button that asks it."""
    state, reference = stage.session.state(VoteState), stage.reference
    job = job_for(state.drawing, reference.digest, lambda: _task(reference))
    if not job.results:
        draw_work(job, "learn_vote", None, state.drawing.clear, offer="Make them again", kept="")
        return
    plan, pictures = job.results[0]
    st.html(_row(_seen(plan, pictures, min(reference.size))))
    asked, others = st.columns([1, 2], vertical_alignment="center")
    asked.button(
        "Ask the class",
        key="learn_ask",
        type="primary",
        width="stretch",
        on_click=partial(asking.begin, stage.session, plan, pictures),
    )
    others.page_link(page("ask"), label="Ask something else", icon=":material/tune:")


def _task(reference: Picture) -> Task[Drawn]:
    def work(job: Job[Drawn]) -> None:
        job.add(class_plan(reference, Setup(TITLE, sentinels=SENTINELS)))

    return Task("Making the class’s trials", work, total=1, unit="sets", key=("class", reference.digest))


def _seen(plan: Plan, pictures: Mapping[str, bytes], side: int) -> dict[str, bytes]:
    """What the trials show, each picture once, by what people call it: the reference first."""
    trials = [trial for trial in plan.trials if not trial.is_sentinel]
    seen = {"Reference": pictures[trials[0].reference]}
    for trial in trials:
        for condition, digest in ((trial.condition_a, trial.a), (trial.condition_b, trial.b)):
            seen[title_of(condition, side)] = pictures[digest]
    return seen


def _row(seen: Mapping[str, bytes]) -> str:
    """HTML of pictures side by side; their names are data."""
    figures = (
        f'<figure><img src="data:image/png;base64,{text(data)}" alt="{html.escape(label)}">'
        f"<figcaption>{html.escape(label)}</figcaption></figure>"
        for label, data in seen.items()
    )
    return f'<div class="voted">{"".join(figures)}</div>'


def _draw_running(code: str) -> None:
    """What the class scans or types, and how far it is."""
    place = asking.place_now()
    st.html(asking.invitation(place, code))
    if not place.is_reachable:
        st.warning(asking.NOT_REACHABLE, icon=":material/wifi_off:")
    _draw_standing(code)
    st.page_link(
        page("results"), label="Open the results", icon=":material/bar_chart:", query_params={"class": code}
    )


@st.fragment(run_every=LOOK)
def _draw_standing(code: str) -> None:
    """How many take part, and what they have answered; it follows by itself."""
    try:
        info = opened_store().session(code)
    except (AskingError, StoreError) as error:
        st.error(parts.plain(str(error)), icon=":material/error:")
        return
    counts = (
        (COUNTED[0], info.participants, f"of at most {info.plan.most}"),
        (COUNTED[1], info.votes, f"{info.plan.each} from each participant"),
    )
    tiles = "".join(
        f'<div class="tile"><span>{label}</span><strong data-value="{count}">{count}</strong>'
        f"<span>{html.escape(hint)}</span></div>"
        for label, count, hint in counts
    )
    st.html(f'<div class="tiles" style="--tiles: 2">{tiles}<p>{asking.standing(info)}</p></div>')
