"""Where the page's pairs come from: an upload, or a table or two folders below the root."""

import math
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import streamlit as st

from explorer.analysis.dataset import MOST_BYTES, Dataset, check_bytes, read_rows, read_table
from explorer.analysis.dataset.job import Folders, Known, folders_task, remarks_of
from explorer.analysis.rows import Row
from explorer.backbones import BACKBONES
from explorer.cache import ByteBudgetCache
from explorer.errors import ExplorerError, SettingError
from explorer.files.below import Finder, below, folders_below, is_table, tables_below
from explorer.jobs import Job
from explorer.metrics import Method
from explorer.names import as_meant, cut, harmless
from explorer.places import opened_root
from explorer.views.common import method_controls
from explorer.views.common.compute import one_at_a_time
from explorer.views.common.parts import heading
from explorer.views.common.progress import job_for
from explorer.views.common.session import Session
from explorer.views.common.tied import tied
from explorer.views.dataset.state import DatasetState, within
from explorer.views.dataset.view import FOLDERS, TABLE, UPLOAD, DatasetView

LABELS = {UPLOAD: "Upload", TABLE: "Table", FOLDERS: "Folders"}
UNEQUAL = {"": "Leave the pair out", "resize": "Resize the distorted image", "crop": "Crop both"}
NO_ROOT = (
    "To open tables and folders of this machine, start it with `lpips-explorer --root FOLDER`, the folder "
    "that holds them."
)
LISTED_SECONDS = 10.0
STEPS = 40  # times at most that a page is drawn while pairs are measured, or drawing would hold these up

# For all users: rows by what the files hold, tables by their file, its time and its size.
_known: Known = ByteBudgetCache(64_000_000)
_tables: ByteBudgetCache[Dataset] = ByteBudgetCache(128_000_000)


@dataclass(frozen=True, eq=False)
class Source:
    """What the page shows.

    Attributes:
        dataset: None while there is nothing yet.
        finder: Finds the files; None where the server opens none.
        remarks: Sentences beside those of the data set.
        job: The work on two folders, running or over.
        drawn: How many of its results are in the data set.
        step: How many more are waited for until the page is drawn again.
        folders: The two folders, where these were measured.
        key: Tells apart what it is made from: files as they are now, or folders and how they are measured.
    """

    dataset: Dataset | None = None
    finder: Finder | None = None
    remarks: tuple[str, ...] = ()
    job: Job[Row] | None = None
    drawn: int = 0
    step: int = 0
    folders: Folders | None = None
    key: Hashable = ""


def choose_source(session: Session, state: DatasetState, view: DatasetView) -> DatasetView:
    """The sidebar: where the pairs come from, and how two folders are measured."""
    heading("Data set")
    root = opened_root()
    if root is None:
        _draw_upload(state)
        st.caption(NO_ROOT)
        return view
    data = tied(
        st.segmented_control,
        session,
        "dataset_data",
        view.data,
        "Where the pairs come from",
        tuple(LABELS),
        format_func=LABELS.get,
        required=True,
        label_visibility="collapsed",
        width="stretch",
    )
    view = replace(view, data=data)
    if data == UPLOAD:
        _draw_upload(state)
    elif data == TABLE:
        table = _choose_path(session, "table", view.table, "CSV table", _tables_below(str(root)))
        view = replace(view, table=table)
    else:
        folders = _folders_below(str(root))
        originals = _choose_path(session, "originals", view.originals, "References", folders)
        outputs = _choose_path(session, "outputs", view.outputs, "Distorted images", folders)
        ways, how = tuple(UNEQUAL), {"format_func": UNEQUAL.get}
        unequal = tied(
            st.selectbox, session, "dataset_unequal", view.unequal, "Where two sizes differ", ways, **how
        )
        view = replace(view, originals=originals, outputs=outputs, unequal=unequal)
        heading("Measure")
        method_controls.choose_method(session)
        view = _choose_others(session, view)
        method_controls.choose_size_for_all(session)
        method_controls.choose_device(session)
    return view


def load(session: Session, state: DatasetState, view: DatasetView) -> Source:
    """The pairs that are chosen, as far as they are known.

    Raises:
        ExplorerError: they cannot be had; its sentence says why.
    """
    root = opened_root()
    if view.data == UPLOAD:
        if state.seen[1]:
            raise SettingError(state.seen[1])
        return Source(state.uploaded.latest, Finder(root, root) if root else None, key=state.upload)
    if root is None:
        raise SettingError(
            "The link asks for files of this machine, of which this server opens none; start it with "
            "lpips-explorer --root FOLDER."
        )
    if view.data == TABLE:
        return _of_table(state, root, view.table) if view.table else Source()
    return _of_folders(session, state, root, view) if view.originals and view.outputs else Source()


def lost_pairs(state: DatasetState, source: Source) -> tuple[int, ...]:
    """Places of the pairs of which a file is not to be found: as it is now, or was a moment ago."""
    dataset, finder = source.dataset, source.finder

    def look() -> tuple[int, ...]:
        found = (all(map(finder.find, pair)) for pair in dataset.pairs)
        return tuple(place for place, is_there in enumerate(found) if not is_there)

    return within(LISTED_SECONDS, state.lost, (source.key, len(dataset.pairs)), look)


def _choose_others(session: Session, view: DatasetView) -> DatasetView:
    """Offer the backbones beside the chosen one, each with its own layers, in the same run."""
    offered = [name for name in BACKBONES if name != session.settings.method.backbone]
    others = tied(
        st.multiselect,
        session,
        "dataset_also",
        [name for name in view.others if name in offered],
        "And with",
        offered,
        format_func=method_controls.backbone_label,
        placeholder="Add other backbones",
        help="Each pair is measured with each of them, and a table has a row for each.",
        wrap=True,  # chips in one row are cut
    )
    return replace(view, also=",".join(others))


def methods_of(session: Session, view: DatasetView) -> tuple[Method, ...]:
    """How two folders are measured: as the sidebar says, with each backbone at one size for all pairs."""
    first = replace(session.settings.method, size=method_controls.size_for_all(session))
    others = [name for name in view.others if name != first.backbone]
    return first, *(first.with_backbone(name) for name in others)


def _of_table(state: DatasetState, root: Path, text: str) -> Source:
    path = below(root, text)
    shown = cut(harmless(path.name))
    if not path.is_file() or not is_table(path.name):
        raise SettingError(f"{shown} is no table; name a file that ends in .csv.")
    try:
        now = path.stat()
        check_bytes(path.name, now.st_size)
        key = path, now.st_mtime_ns, now.st_size
        found = state.loaded.get(key) or _tables.get(key)
        if found is None:
            with one_at_a_time("Reading the table …"):
                found = read_table(path.read_bytes(), path.name)
            _tables.put(key, found, found.nbytes)
    except OSError as error:
        raise SettingError(f"{shown} cannot be read ({error.strerror}); check its permissions.") from error
    return Source(state.loaded.keep(key, found), Finder(root, path.parent), key=key)


def _of_folders(session: Session, state: DatasetState, root: Path, view: DatasetView) -> Source:
    paths = []
    for text in (view.originals, view.outputs):
        paths.append(below(root, text))
        if not paths[-1].is_dir():
            raise SettingError(f"“{cut(harmless(text))}” is no folder; name one that holds images.")
    folders = Folders(root, *paths, methods_of(session, view), view.unequal or None)
    identities = tuple(method.identity for method in folders.methods)
    key = folders.reference, folders.distorted, identities, folders.fit
    measuring = state.measuring.get(key)
    # What is measured is not paired anew meanwhile: walking folders would hold it up.
    seconds = math.inf if measuring is not None and not measuring.is_over else LISTED_SECONDS
    pairing = within(seconds, state.pairing, (folders.reference, folders.distorted), folders.pair)
    job = job_for(state.measuring, key, partial(folders_task, folders, pairing.pairs, _known))
    rows = job.results if job else ()
    names = " and ".join(folders.name(path) for path in paths)
    dataset = None
    # Only failures so far are no data set, but none can be told before the end either.
    if any(not row.get("error") for row in rows) or (rows and job.is_over):
        read = (key, len(rows))
        dataset = state.loaded.get(read) or state.loaded.keep(read, read_rows(rows, harmless(names)))
    step = len(pairing.pairs) * len(folders.methods) // STEPS
    remarks = remarks_of(pairing, folders)
    return Source(dataset, Finder(root, root), remarks, job, len(rows), step, folders, key)


def _draw_upload(state: DatasetState) -> None:
    """The uploader; a new file is read once, and stays when the page was left."""
    file = st.file_uploader(
        "Table of pairs, CSV",
        type="csv",
        key="file_dataset",
        help=f"As `lpips-explorer measure A/ B/ --csv scores.csv` writes it; up to {MOST_BYTES >> 20} MB.",
    )
    if file is None:
        state.seen = ("", "")
    elif file.file_id != state.seen[0]:
        refusal = ""
        try:
            with one_at_a_time("Reading the table …"):
                found = read_table(file.getvalue(), as_meant(file.name))
            state.uploaded.keep(file.file_id, found)
            state.upload = file.file_id
        except ExplorerError as error:
            refusal = str(error)
        state.seen = file.file_id, refusal
    kept = state.uploaded.latest
    if kept is not None and file is None:
        st.caption(f"Still in use, until you upload another: {cut(kept.name)}")


def _choose_path(session: Session, name: str, value: str, label: str, found: Sequence[str]) -> str:
    """A path from the root, chosen from those that were found or typed."""
    options = found if value in found or not value else [value, *found]
    picked = tied(
        st.selectbox,
        session,
        f"dataset_{name}",
        value or None,
        label,
        options,
        accept_new_options=True,
        placeholder="Choose one, or type its path",
    )
    return picked or ""


@st.cache_data(ttl=LISTED_SECONDS, max_entries=4, show_spinner=False)
def _tables_below(root: str) -> list[str]:
    return tables_below(Path(root))


@st.cache_data(ttl=LISTED_SECONDS, max_entries=4, show_spinner=False)
def _folders_below(root: str) -> list[str]:
    return folders_below(Path(root))
