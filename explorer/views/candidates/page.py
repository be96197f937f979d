"""Candidates: which of several pictures is closest to the reference, and do the metrics agree?

Reads top to bottom: reference, candidates and metrics (in the sidebar), one ranking, one table, and all
candidates with their maps on one scale. Numbers and maps come as soon as they are measured.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from explorer.analysis.candidate_spots import common_sentence
from explorer.analysis.candidates import MOST, PSNR, SSIM, Metric, Ranking, rank, texts
from explorer.analysis.comparison import MOST as MOST_COLUMNS
from explorer.analysis.comparison import all_columns
from explorer.distortions import CATALOGUE
from explorer.errors import ExplorerError, MissingWeightsError, SettingError
from explorer.images import Picture, measured_size, times
from explorer.metrics import Method, read_method
from explorer.places import page as file_of
from explorer.viewer.candidates.candidates import candidates as candidates_viewer
from explorer.viewer.ranking.ranking import TableCell, TableColumn, TableRow, ranking
from explorer.views.candidates.candidate_list import (
    Candidate,
    CandidateList,
    fit_of,
    inspect_settings,
    thumbnail,
)
from explorer.views.candidates.files import draw_files
from explorer.views.candidates.link import (
    FILES,
    METRICS,
    PAGE,
    columns_of,
    follow_shown,
    keep_in_link,
    keep_shown,
)
from explorer.views.candidates.measuring import Measured, measure_all
from explorer.views.candidates.sureness import draw_sureness
from explorer.views.candidates.viewing import scene_of, spots_of
from explorer.views.common import method_controls, pair_controls, parts
from explorer.views.common.fetch_controls import draw_fetch
from explorer.views.common.guests import told
from explorer.views.common.progress import draw_work
from explorer.views.common.session import Session, current, write_link
from explorer.views.common.shown import Pair
from explorer.views.common.stale import result_of
from explorer.views.common.tips import tip

COLUMNS = "candidate_metrics"  # the key of their widget
QUESTION = "Which candidate is closest to the reference, and do the metrics agree?"
CHOOSE = "Choose a reference in the sidebar; the candidates are ranked by their distance to it."
PAUSE = 1.0  # seconds; to draw all anew takes a browser half of it, in which small candidates all come
KEY = (
    "A click on a title sorts by it, one on a candidate opens it in Inspect. “≠” marks candidates that the "
    "metrics rank differently; equal values share a rank."
)


def open_in_inspect(
    session: Session, chosen: CandidateList, reference: Picture, key: str, column: int
) -> None:
    """Show what was clicked in Inspect, measured as in its column."""
    candidate = next((each for each in chosen.candidates(session) if each.key == key), None)
    if candidate is None:
        return
    columns = columns_of(session)[0]
    method = columns[column] if 0 <= column < len(columns) else next(iter(columns), None)
    session.gone_to = inspect_settings(session, reference, candidate, method)
    st.switch_page(file_of("inspect"))


def choose_columns(session: Session, chosen: CandidateList) -> tuple[Method, ...]:
    """Offer every choice of the catalogue; what is chosen goes into the link."""
    columns, problems = columns_of(session)
    for problem in problems:
        session.report(problem)
    names = [method.text for method in columns]
    if chosen.metrics != names:  # a link or another page changed them
        st.session_state[COLUMNS] = names
    picked = st.multiselect(
        "Metrics beside PSNR and SSIM",
        [method.text for method in all_columns()],
        format_func=lambda name: method_controls.method_label(read_method(name)),
        max_selections=MOST_COLUMNS,
        key=COLUMNS,
        placeholder="Add a network",
        help=tip("lpips-score", "psnr", "ssim"),
        wrap=True,  # chips in one row are cut
        persist_state="session",
    )
    if picked != names or problems:
        session.own[PAGE] = session.own.get(PAGE, {}) | {METRICS: ",".join(picked)}
    chosen.metrics = picked
    return tuple(map(read_method, picked))


def draw_candidates(session: Session, chosen: CandidateList) -> None:
    """The uploader, which is emptied into the session; and what of it could not be taken."""
    files = st.file_uploader(
        "Candidates",
        accept_multiple_files=True,
        key=f"file_candidates_{chosen.rounds}",
        help="PNG, JPEG, WebP, TIFF, BMP, GIF or AVIF, told by content; up to 50 megapixels each.",
        label_visibility="collapsed",
    )
    if files:
        with st.spinner("Reading the files …"):
            chosen.take(session, files)
        chosen.rounds += 1
        session.run_anew()


def draw_which(session: Session, chosen: CandidateList) -> None:
    """Say which candidates are ranked, and offer the others."""
    count = len(chosen.uploads(session))
    if not count:
        if chosen.candidates(session):
            st.caption("**Sample candidates**: five distortions of the reference, until you upload your own.")
    elif chosen.is_aside:
        st.caption(
            "**Sample candidates**: five distortions of the reference." if chosen.candidates(session) else ""
        )
        label = "Back to your file" if count == 1 else f"Back to your {count} files"
        st.button(label, key="own_files", on_click=chosen.show_samples, args=(False,))
    else:
        st.caption(f"**Your files**: {count} of at most {MOST}.")
        with st.container(horizontal=True):
            st.button("Remove all", key="remove_all", on_click=chosen.remove, args=(session,))
            st.button("Use samples", key="samples", on_click=chosen.show_samples, args=(True,))


def ask_for_candidates(session: Session, chosen: CandidateList, reference: Picture) -> None:
    """An upload's distortions are measured only where somebody asks for them."""
    st.markdown(
        f"**Upload the candidates to rank beside {parts.plain(reference.name)}**, such as the outputs of "
        "several models, or see how it works on distortions of it."
    )
    draw_candidates(session, chosen)
    st.button("Use sample candidates", key="samples", on_click=chosen.show_samples, args=(True,))


def draw_misfits(session: Session, reference: Picture, misfits: list[Candidate]) -> None:
    """Name the candidates of other sizes, and offer the two mends."""
    if not misfits:
        return
    width, height = reference.size
    names = ", ".join(f"{each.name} ({each.picture.width} × {each.picture.height})" for each in misfits)
    verb = "is" if len(misfits) == 1 else "are"
    st.warning(
        parts.plain(f"{names} {verb} not of the reference’s size, {width} × {height}, and so not ranked."),
        icon=":material/warning:",
    )
    pair_controls.draw_mends(
        session,
        reference,
        [each.picture for each in misfits],
        f"Resize to {width} × {height}",
        "Crop each, and the reference with it, to their common centre",
    )


def draw_failures(measured: Measured) -> None:
    """Say why a column is empty, and offer to fetch weights that are missing."""
    fetched, refusals = set(), []
    for method, error in measured.failures.items():
        is_missing = isinstance(error, MissingWeightsError)
        if not is_missing:
            label = method.label if method else "PSNR and SSIM"
            refusals.append(f"{label}: {told(error)}")
        elif method.backbone not in fetched:
            fetched.add(method.backbone)
            st.warning(
                f"{parts.plain(method.row.label)}: the weights are not on this machine, so its column is "
                "empty.",
                icon=":material/download:",
            )
            draw_fetch(method.row, "candidates")
    parts.draw_problems(refusals, None)


def note(session: Session, reference: Picture, each: Candidate, others: list[Candidate]) -> str:
    """A quiet line below a candidate's name."""
    picture = each.picture
    if picture is None:
        return CATALOGUE[each.role].describe(each.severity)
    words = [f"{picture.width} × {picture.height}"]
    twin = next((other.name for other in others if other.picture.digest == picture.digest), None)
    if picture.digest == reference.digest:
        words.append("identical to the reference")
    elif twin is not None:
        words.append(f"the same pixels as {twin}")
    if picture.size != reference.size:
        fit = fit_of(session, reference, each)
        words.append({None: "another size", "resize": "resized", "crop": "cropped with the reference"}[fit])
    return ", ".join(words)


def address(picture: Picture | None) -> str:
    """A candidate's small picture as a data address; empty while there is none."""
    return thumbnail(picture.digest, picture) if picture else ""


def draw_table(
    session: Session,
    chosen: CandidateList,
    reference: Picture,
    candidates: list[Candidate],
    pictures: Mapping[str, Picture],
    found: Ranking,
) -> None:
    """Candidates by metrics, closest by the first metric on top."""
    columns = [
        texts(metric, [row.cells[index].value for row in found.rows])
        for index, metric in enumerate(found.metrics)
    ]
    rows = tuple(
        TableRow(
            key=candidates[index].key,
            name=candidates[index].name,
            full_name=candidates[index].full_name,
            note=note(session, reference, candidates[index], candidates[:index]),
            picture=address(pictures.get(candidates[index].role)),
            cells=tuple(
                TableCell("…" if cell.is_to_come else column[index], cell.rank)
                for column, cell in zip(columns, found.rows[index].cells, strict=True)
            ),
            agreement=found.rows[index].agreement,
            disagrees=found.rows[index].disagrees,
            removable=candidates[index].severity is None,
        )
        for index in found.order
    )
    chosen.sort = ranking(
        tuple(TableColumn(metric.name, metric.label, metric.direction) for metric in found.metrics),
        rows,
        key="ranking",
        on_open=chosen.open,
        on_remove=lambda key: chosen.remove(session, key),
        sort=chosen.sort,
        on_sort=lambda sort: keep_shown(session, chosen, chosen.display, sort),
    )


def choose_reference(
    session: Session, chosen: CandidateList
) -> tuple[Picture | None, ExplorerError | None, DeltaGenerator, DeltaGenerator]:
    """The sidebar: the reference, or why there is none; and the places for the candidates and the metrics."""
    camera = st.container()
    with st.sidebar:
        reference, is_sample, problem = pair_controls.reference_or_problem(session, camera)
        chosen.meet(reference, is_sample)
        parts.heading(f"Candidates, up to {MOST}")
        candidates = st.container()
        parts.heading("Measure")
        metrics = st.container()
        if reference is not None:
            method_controls.choose_size(session, Pair(reference, reference, is_sample))
            method_controls.choose_device(session)
    return reference, problem, candidates, metrics


def draw_ranking(
    session: Session,
    chosen: CandidateList,
    reference: Picture,
    methods: Sequence[Method],
    is_stale: bool,
) -> None:
    """What is measured of the candidates so far: why some is missing, the answer, table, maps, files."""
    candidates = chosen.candidates(session)
    try:
        measured = measure_all(session, chosen, reference, candidates, methods)
    except SettingError as error:
        st.error(parts.plain(str(error)), icon=":material/error:")
        return
    if measured.job:
        draw_work(measured.job, "candidates", measured.drawn, chosen.measuring.clear, pause=PAUSE)
    draw_misfits(session, reference, [each for each in candidates if each.role in measured.misfits])
    draw_failures(measured)
    found = rank(
        [*(Metric(method.text, method.label) for method in methods), PSNR, SSIM],
        [each.name for each in candidates],
        measured.values,
        measured.to_come,
    )
    if found.sentence:
        st.markdown(f"## {parts.plain(found.sentence)}")
    draw_table(session, chosen, reference, candidates, measured.pictures, found)
    if not is_stale:
        draw_sureness(session, reference, candidates, methods, found, found.closest(chosen.sort.by))
    longest = method_controls.size_for(session, reference.size)
    size = measured_size(reference.size, longest)
    chosen.display = candidates_viewer(
        replace(
            scene_of(chosen, reference, candidates, methods, measured, found, longest),
            colours=session.settings.colours,
        ),
        key="candidates_viewer",
        display=chosen.display,
        on_display=lambda shown: keep_shown(session, chosen, shown, chosen.sort),
    )
    spots = spots_of(chosen, candidates, measured)
    if spots is not None:
        st.markdown(parts.plain(common_sentence(spots, [each.name for each in candidates])))
    st.caption(KEY if size == reference.size else f"All numbers at {times(size)}. {KEY}")
    draw_files(session, reference, candidates, methods, found, is_stale)


def page(session: Session) -> None:
    """The whole page."""
    chosen = session.state(CandidateList)
    reference, problem, place, metrics = choose_reference(session, chosen)
    opening, chosen.opening = chosen.opening, None  # a click is for this run, or for none
    chosen.follow(session, session.own.get(PAGE, {}).get(FILES, ""))
    if opening is not None and reference is not None:
        open_in_inspect(session, chosen, reference, *opening)
    with metrics:
        methods = choose_columns(session, chosen)
    follow_shown(session, chosen, methods)
    st.caption(QUESTION)
    sentences = st.container()
    if reference is not None and not chosen.candidates(session):
        ask_for_candidates(session, chosen, reference)
        place.caption("None yet.")
    else:
        with place:
            draw_candidates(session, chosen)
    with sentences:
        draw_sentences(session, chosen, reference, problem)
    keep_in_link(session, FILES, chosen.to_link(session))
    with place:
        draw_which(session, chosen)
    is_stale = reference is None
    reference = reference or chosen.ranked
    is_shown = reference is not None and not (is_stale and session.asked_for)
    if is_shown and chosen.candidates(session):
        with result_of(f"{reference.name} and its candidates", is_stale):
            draw_ranking(session, chosen, reference, methods, is_stale)
            keep_shown(session, chosen, chosen.display, chosen.sort)
    write_link(session, PAGE, is_shown and problem is not None, needs_distorted=False)


def draw_sentences(
    session: Session, chosen: CandidateList, reference: Picture | None, problem: ExplorerError | None
) -> None:
    """What could not be done, and what is missing."""
    parts.draw_problems([*session.sentences(), *chosen.refused], problem)
    if reference is None and not problem:
        pair_controls.say_missing(session, CHOOSE)
    if chosen.wanted:
        names = ", ".join(f"**{parts.plain(named.name)}**" for named in chosen.wanted)
        st.info(
            f"Candidates of this link that are not here, or no longer: upload {names}.",
            icon=":material/upload_file:",
        )


page(current())
