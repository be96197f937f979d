"""The sidebar's first part: whose votes heads are learned from."""

from dataclasses import replace
from hashlib import blake2b
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import streamlit as st

from explorer.analysis.wording import counted
from explorer.errors import ExplorerError, SettingError
from explorer.files.below import folders_below
from explorer.judgments.calibration.sources import FromSet, Source
from explorer.judgments.sets import TrialSet
from explorer.judgments.store import opened_store
from explorer.names import as_meant, cut
from explorer.places import opened_root
from explorer.views.calibrate.state import CalibrateState
from explorer.views.calibrate.view import CLASS, FOLDER, SIMULATED, UPLOAD, CalibrateView
from explorer.views.common import parts
from explorer.views.common.compute import one_at_a_time
from explorer.views.common.session import Session
from explorer.views.common.teacher import teacher_in, teacher_keys
from explorer.views.common.zipped import read_zip

LABELS = {SIMULATED: "Simulated observer", CLASS: "A class", UPLOAD: "Upload", FOLDER: "Folder"}
ABOUT_SIMULATED = "Hidden heads vote on patches of the samples: does learning find them?"
NO_ROOT = "To learn from a folder of this machine, start it with `lpips-explorer --root FOLDER`."
VOTES, SET, KEY = (f"calibrate_{name}" for name in ("votes", "set", "key"))
LISTED_SECONDS = 10.0
LONGEST_LINK = 2000  # letters


def choose_votes(session: Session, state: CalibrateState, view: CalibrateView) -> CalibrateView:
    """Draw it; returns what is chosen."""
    root = opened_root()
    offered = [name for name in LABELS if name != FOLDER or root is not None or view.votes == FOLDER]
    st.session_state.setdefault(VOTES, view.votes)
    votes = st.selectbox(
        "Whose votes",
        offered,
        format_func=LABELS.get,
        key=VOTES,
        label_visibility="collapsed",
        persist_state="session",
    )
    view = replace(view, votes=votes)
    if votes == SIMULATED:
        st.caption(ABOUT_SIMULATED)
    elif votes == CLASS:
        if view.code:
            view = replace(view, teacher=teacher_keys.find(session.key, view.code))
        _draw_class(session, view)
    elif votes == UPLOAD:
        _draw_upload(state)
    elif root is not None:
        view = _choose_folder(view, root)
    if root is None and votes in (UPLOAD, FOLDER):
        st.caption(NO_ROOT)
    return view


def source_of(state: CalibrateState, view: CalibrateView) -> Source | None:
    """Where the votes come from; None while that is still to be named.

    Raises:
        ExplorerError: they cannot be had; its sentence says why.
    """
    if view.votes != UPLOAD:
        return view.source
    if state.seen[1]:
        raise SettingError(state.seen[1])
    return state.uploaded


def forget() -> None:
    """Have the widgets start from a link that was followed."""
    for key in (VOTES, SET):
        st.session_state.pop(key, None)


def _draw_class(session: Session, view: CalibrateView) -> None:
    """The class that a key opens, or the field for one."""
    try:
        info = opened_store().by_teacher(view.teacher) if view.teacher else None
    except ExplorerError:
        info = None  # the page says why
    if info is None:
        _ask_for_key(session, view)
        return
    answers = (
        f"{counted(info.votes, 'answer', 'answers')} of {counted(info.participants, 'person', 'people')}"
    )
    without = (
        f" Who failed {counted(view.leave_out, 'sentinel', 'sentinels')} or more is left out, as on Results."
        if view.leave_out
        else ""
    )
    st.caption(f"{parts.plain(info.plan.title or 'Class')} ({info.code}): {answers}.{without}")
    st.button(
        "Another class",
        key="calibrate_other",
        icon=":material/logout:",
        on_click=lambda: session.keep_view(replace(view, code="", teacher="", leave_out=0)),
    )


def _ask_for_key(session: Session, view: CalibrateView) -> None:
    def take() -> None:
        text = st.session_state.get(KEY, "").strip()
        teacher = teacher_in(text)
        try:
            code = opened_store().by_teacher(teacher).code
        except ExplorerError:
            session.keep_view(replace(view, code="", teacher=teacher))  # the page says why
            return
        teacher_keys.keep(session.key, code, teacher)
        link = {"votes_of": code}
        if without := parse_qs(urlsplit(text).query).get("leave_out"):
            link["votes_without"] = without[0]
        found, problems = CalibrateView.from_link(link)
        for sentence in problems:
            session.report(sentence)
        session.keep_view(replace(view, code=found.code, leave_out=found.leave_out))

    st.text_input(
        "Your link to Results, or its key",
        value="",
        key=KEY,
        max_chars=LONGEST_LINK,
        type="password",
        autocomplete="off",
        on_change=take,
        placeholder="…/results?teacher=…",
        help="Ask gives it to you when you start a session. Who is left out there is left out here.",
    )


def _draw_upload(state: CalibrateState) -> None:
    """The uploader; a new file is read once, and stays when the page was left."""
    file = st.file_uploader(
        "A data set as ZIP",
        type=("zip",),
        key="file_calibrate",
        help="The paper’s folders 2afc/SUBSET/ref, p0, p1 and judge, such as Results gives them. Pictures "
        "are measured at 64 pixels.",
    )
    if file is None:
        state.seen = ("", "")
    elif file.file_id != state.seen[0]:
        refusal = ""
        try:
            with one_at_a_time("Reading the file …"):
                state.uploaded = _read(as_meant(file.name), file.getvalue())
        except ExplorerError as error:
            refusal = str(error)
        state.seen = file.file_id, refusal
    if state.uploaded is not None and file is None:
        st.caption(f"Still in use, until you upload another: {cut(state.uploaded.found.name)}")


def _read(name: str, data: bytes) -> FromSet:
    found, held = read_zip(name, data)
    if not isinstance(found, TrialSet):
        raise SettingError(f"{cut(name)} holds votes without pictures; pack ref, p0, p1 and judge.")
    return FromSet(found, blake2b(data, digest_size=16).hexdigest(), held)


def _choose_folder(view: CalibrateView, root: Path) -> CalibrateView:
    st.session_state.setdefault(SET, view.folder or None)
    found = _folders(str(root))
    chosen = st.selectbox(
        "Folder in the paper’s layout",
        found if view.folder in ("", *found) else [view.folder, *found],
        key=SET,
        accept_new_options=True,
        placeholder="Choose one, or type its path",
        help="Such as 2afc/train: folders ref, p0, p1 and judge. Pictures are measured at 64 pixels.",
        persist_state="session",
    )
    return replace(view, folder=chosen or "")


@st.cache_data(ttl=LISTED_SECONDS, max_entries=4, show_spinner=False)
def _folders(root: str) -> list[str]:
    return folders_below(Path(root))
