"""Disagree: on which two versions of a picture do two metrics disagree most, and what do you say?

Reads top to bottom: reference, metrics and distortions (in the sidebar), how often the metrics contradict
each other, one card after the other, what was answered, files. Cards come while versions are still measured.
"""

import streamlit as st

from explorer.analysis.disagreement import Disagreement, Disagreements
from explorer.analysis.rulers import Rulers, label_of
from explorer.analysis.version_grid import GridVersion
from explorer.errors import ExplorerError
from explorer.images import Picture, times
from explorer.judgments.answers import answered, tally
from explorer.metrics import Method
from explorer.viewer.cards.cards import card as card_viewer
from explorer.views.common import method_controls, pair_controls, parts
from explorer.views.common.fetch_controls import draw_fetch
from explorer.views.common.found_pairs import FoundPairs
from explorer.views.common.opening import open_version
from explorer.views.common.progress import draw_work
from explorer.views.common.session import Session, current, write_link
from explorer.views.common.stale import result_of
from explorer.views.disagree.card import card_of, shown_key
from explorer.views.disagree.controls import choose, choose_verdicts
from explorer.views.disagree.files import draw_files
from explorer.views.disagree.measuring import Measured, base_of, measure, pictures_of
from explorer.views.disagree.state import Answers, DisagreeState
from explorer.views.disagree.view import DisagreeView

QUESTION = "On which two versions do two metrics disagree most, and what do you say?"
CHOOSE = "Choose a reference in the sidebar; its versions are measured by both metrics."
PAUSE = 1.0  # seconds; a card that is looked at need not be drawn anew more often


def follow(
    session: Session,
    state: DisagreeState,
    view: DisagreeView,
    measured: Measured,
    rulers: Rulers,
    answers: Answers,
) -> Disagreement | None:
    """Do what was done on the card since the last run; returns the card that is shown now."""
    found, is_whole = measured.found, measured.is_whole
    now = state.card_of(measured.grid, found, is_whole, answers)
    while now is not None and state.done:
        action, key, side = state.done.pop(0)
        if key != shown_key(now, view.seed):
            continue
        if action == "choose" and now.key not in answers:
            answers[now.key] = answered(now, rulers, found.reference, side, view.seed, session=state.sitting)
        elif action == "back":
            answers.pop(now.key, None)
        elif action == "next":
            state.go_on(measured.grid, found, is_whole, answers)
        elif action == "open":
            left, right = now.sides(view.seed)
            open_in_inspect(session, left if side == "A" else right, rulers)
        now = state.card_of(measured.grid, found, is_whole, answers)
    return now


def open_in_inspect(session: Session, version: GridVersion, rulers: Rulers) -> None:
    """Show a version beside its reference, measured by the network of one of the metrics."""
    settings = session.settings.with_version(version.step)
    method = next((each for each in rulers if isinstance(each, Method)), None)
    open_version(session, settings if method is None else settings.with_method_of(method))


def draw_fetches(rulers: Rulers) -> bool:
    """Offer the weights that a metric lacks; whether any are missing."""
    missing = {
        each.backbone: each
        for each in rulers
        if isinstance(each, Method) and not method_controls.is_ready(each)
    }
    for method in missing.values():
        st.warning(
            f"{parts.plain(method.row.label)}: the weights are not on this machine, so it measures nothing.",
            icon=":material/download:",
        )
        draw_fetch(method.row, "disagree")
    return bool(missing)


def draw_kept(answers: Answers) -> None:
    """What was said so far, and a way to forget it."""
    if not answers:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        count = "1 answer is" if len(answers) == 1 else f"{len(answers)} answers are"
        st.caption(
            f"{count} kept in this tab for this reference, these metrics and this seed; "
            "the file of judgments holds these."
        )
        st.button("Remove all answers", key="remove_answers", on_click=answers.clear, width="content")


def draw_disagreements(
    session: Session, state: DisagreeState, reference: Picture, view: DisagreeView, is_stale: bool
) -> None:
    """The answer, the card, and the files."""
    rulers = view.rulers(session.settings.method)
    if draw_fetches(rulers):
        return
    try:
        base = base_of(session, state, reference)
        measured = measure(state, base, rulers, view)
    except ExplorerError as error:
        parts.draw_problems([], error)
        return
    if measured.is_complete:
        session.state(FoundPairs).found = measured.found
    if measured.job:
        draw_work(measured.job, "disagree", measured.drawn, state.measuring.clear, pause=PAUSE)
    key = base.digest, frozenset(view.between), view.seed
    answers = state.answers.setdefault(key, {})
    card = follow(session, state, view, measured, rulers, answers)
    draw_sentence(measured, reference)
    if card is None:
        if measured.is_complete and not measured.found.reversed:
            st.info("There is nothing to disagree about here; choose other metrics, or more distortions.")
        return
    view = session.keep_view(choose_verdicts(view))
    draw_card(state, view, base, card, measured, rulers, answers)
    draw_notes(measured.found, reference)
    draw_kept(answers)
    draw_files(session, state, view, card, rulers, answers, is_stale)


def draw_sentence(measured: Measured, reference: Picture) -> None:
    """How often the metrics contradict each other, once that is known of all versions."""
    found = measured.found
    if measured.is_complete:
        if found.versions:
            st.markdown(f"## {parts.plain(found.sentence)}")
    elif measured.is_whole:
        st.markdown(f"## Not all versions of {parts.plain(reference.name)} are measured")
    else:
        st.markdown(f"## Looking for disagreements on {parts.plain(reference.name)} …")


def draw_notes(found: Disagreements, reference: Picture) -> None:
    """What must be known to read the numbers."""
    base = found.reference
    notes = list(found.left_out)
    if base.size != reference.size:
        notes.append(
            f"Versions are made and measured at {times(base.size)}. Inspect distorts the picture as given "
            "and then resizes it, so its numbers may differ a little."
        )
    if notes:
        st.caption(parts.plain(" ".join(notes)))


def draw_card(
    state: DisagreeState,
    view: DisagreeView,
    base: Picture,
    card: Disagreement,
    measured: Measured,
    rulers: Rulers,
    answers: Answers,
) -> None:
    """The question, three pictures, and what is known of the answer."""
    labels = [label_of(ruler) for ruler in rulers]
    card_viewer(
        card_of(
            base,
            pictures_of(state, base, card, view.seed),
            card,
            rulers,
            view,
            measured,
            answers.get(card.key),
            tally(labels, answers.values()),
        ),
        key="disagree_card",
        on_choose=lambda key, side: state.act("choose", key, side),
        on_next=lambda key: state.act("next", key),
        on_take_back=lambda key: state.act("back", key),
        on_open=lambda key, side: state.act("open", key, side),
    )


def page(session: Session) -> None:
    """The whole page."""
    state = session.state(DisagreeState)
    reference, problem, view = choose(session)
    st.caption(QUESTION)
    parts.draw_problems(session.sentences(), problem)
    if reference is None and not problem:
        pair_controls.say_missing(session, CHOOSE)
    is_stale = reference is None
    state.shown = reference = reference or state.shown
    is_shown = reference is not None and not (is_stale and session.asked_for)
    if is_shown:
        with result_of(f"{reference.name} and its versions", is_stale):
            draw_disagreements(session, state, reference, view, is_stale)
    write_link(session, DisagreeView.PAGE, is_shown and problem is not None, needs_distorted=False)


page(current())
