"""Where the judgments come from: the paper's own votes, an upload, or what lies below the root."""

from collections.abc import Hashable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import streamlit as st

from explorer.errors import ExplorerError, SettingError
from explorer.files.below import folders_below, tables_below
from explorer.jobs import Job
from explorer.judgments.evaluation import Distances
from explorer.judgments.published import votes
from explorer.judgments.sets import TrialSet, Triplet
from explorer.judgments.standing import is_papers_set
from explorer.names import as_meant, cut
from explorer.places import opened_root
from explorer.views.common.compute import one_at_a_time
from explorer.views.common.parts import heading
from explorer.views.common.progress import job_for
from explorer.views.common.session import Session
from explorer.views.common.tied import tied
from explorer.views.evaluate.reading import (
    PATIENCE,
    Read,
    Reading,
    Uploading,
    key_below,
    read_below,
    upload_task,
)
from explorer.views.evaluate.state import EvaluateState
from explorer.views.evaluate.view import FOLDER, PAPER, SOURCES, UPLOAD, EvaluateView

LABELS = {PAPER: "The paper’s", UPLOAD: "Upload", FOLDER: "Folder"}
NO_ROOT = (
    "To open a data set of this machine, start it with `lpips-explorer --root FOLDER`, the folder that holds "
    "it."
)
UPLOADS = ("csv", "gz", "zip")
LISTED_SECONDS = 10.0


@dataclass(frozen=True, eq=False)
class Source:
    """What the judgments are.

    Attributes:
        key: Tells them from all others.
        distances: With what metrics say; None where that is still to be measured, or there is nothing.
        trials: With pictures; None where there are none.
        reading: The work on reading it; None where that is over.
    """

    key: Hashable = ""
    distances: Distances | None = None
    trials: TrialSet | None = None
    reading: Reading | Uploading | None = None

    @property
    def is_papers(self) -> bool:
        """Whether these are the paper's own validation trials, or whole subsets of them."""
        if self.trials is not None:
            return is_papers_set([trial.subset for trial in self.trials.trials])
        return self.distances is not None and is_papers_set(self.distances.subsets)

    def find(self, name: str) -> Triplet | None:
        """The trial with pictures of this name, "SUBSET/NAME"; None where there is none."""
        trials = self.trials.trials if self.trials else ()
        return next((each for each in trials if isinstance(each, Triplet) and _name_of(each) == name), None)


def choose_source(session: Session, state: EvaluateState, view: EvaluateView) -> EvaluateView:
    """The sidebar's first part."""
    heading("Judgments")
    root = opened_root()
    offered = [name for name in SOURCES if name != FOLDER or root is not None or view.source == FOLDER]
    source = tied(
        st.segmented_control,
        session,
        "evaluate_source",
        view.source,
        "Where the judgments come from",
        offered,
        format_func=LABELS.get,
        required=True,
        label_visibility="collapsed",
        width="stretch",
    )
    if source != view.source:  # what was chosen of the others means nothing here
        kept = {"path": view.path, "rulers": view.rulers, "side": view.side}
        view = EvaluateView(source=source, **kept)
    if source == UPLOAD:
        _draw_upload(state)
    elif source == FOLDER and root is not None:
        view = replace(view, path=_choose_path(session, view.path, root))
    if root is None and source != PAPER:
        st.caption(NO_ROOT)
    return view


def load(state: EvaluateState, view: EvaluateView) -> Source:
    """What is chosen; nothing where it is still to be named.

    Raises:
        ExplorerError: it cannot be had; its sentence says why.
    """
    if view.source == PAPER:
        with one_at_a_time("Reading the votes …"):
            return _source(PAPER, votes())  # kept for all, once read
    if view.source == UPLOAD:
        file, refusal = state.seen
        if refusal:
            raise SettingError(refusal)
        reading = state.reading.get(file)
        return _source((UPLOAD, state.upload), state.uploaded.latest if reading is None else reading)
    root = opened_root()
    if root is None:
        raise SettingError(
            "The link asks for a data set of this machine, of which this server opens none; start it with "
            "lpips-explorer --root FOLDER."
        )
    if not view.path:
        return Source()
    key = key_below(root, view.path)
    return _source(key, read_below(state.loaded, state.reading, root, key))


def _name_of(trial: Triplet) -> str:
    return f"{trial.subset}/{trial.name}"


def _source(key: Hashable, read: Read | Reading | Uploading | None) -> Source:
    if isinstance(read, TrialSet):
        return Source(key, None, read)
    return Source(key, reading=read) if isinstance(read, Job) else Source(key, read)


def _draw_upload(state: EvaluateState) -> None:
    """The uploader; a new file is read once, and what was read stays when the page was left."""
    file = st.file_uploader(
        "Votes as CSV, or a data set as ZIP",
        type=UPLOADS,
        key="file_evaluate",
        help="A table with the columns subset, name, judge, and d0_METRIC and d1_METRIC of each metric; or a "
        "ZIP file of the paper’s folders 2afc/SUBSET/ref, p0, p1 and judge.",
    )
    if file is None:
        state.seen = ("", "")
    elif file.file_id != state.upload and not (file.file_id == state.seen[0] and state.seen[1]):
        state.seen = file.file_id, ""
        try:
            _take_upload(state, file.file_id, as_meant(file.name), file.getvalue())
        except ExplorerError as error:
            state.seen = file.file_id, str(error)
    kept = state.uploaded.latest
    if kept is not None and file is None:
        st.caption(f"Still in use, until you upload another: {cut(kept.name)}")


def _take_upload(state: EvaluateState, file: str, name: str, data: bytes) -> None:
    """Take what was read from a file, once that is done; the one before stays until then.

    Raises:
        ExplorerError: it is no set of judgments, or there is no memory to read it.
    """
    job = job_for(state.reading, file, partial(upload_task, name, data), PATIENCE)
    if not job.results:
        return
    (found,) = job.results
    if isinstance(found, ExplorerError):
        state.reading.clear()
        raise found
    read, folder = found
    state.folder.keep(file, folder)  # the one before goes, and its files with it
    state.uploaded.keep(file, read)
    state.upload = file
    state.reading.clear()


def _choose_path(session: Session, now: str, root: Path) -> str:
    """A folder or a table below the root, chosen from those that were found or typed."""
    found = _offered(str(root))
    options = found if now in found or not now else [now, *found]
    picked = tied(
        st.selectbox,
        session,
        "evaluate_path",
        now or None,
        "Data set or table",
        options,
        accept_new_options=True,
        placeholder="Choose one, or type its path",
    )
    return picked or ""


@st.cache_data(ttl=LISTED_SECONDS, max_entries=4, show_spinner=False)
def _offered(root: str) -> list[str]:
    """Tables, and the folders that hold pictures, but for those of a trial's parts."""
    parts = {"ref", "p0", "p1", "judge", "same"}
    folders = [text for text in folders_below(Path(root)) if Path(text).name not in parts]
    return [*tables_below(Path(root)), *folders]
