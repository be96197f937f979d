"""The files of Disagree: a card's versions as figures and reports, all disagreements, and what was said."""

import json
from dataclasses import replace
from functools import partial

from explorer.analysis.disagreement import Disagreement
from explorer.analysis.rulers import Rulers
from explorer.judgments.judgment import to_csv
from explorer.metrics import Method
from explorer.names import file_name
from explorer.views.common import parts
from explorer.views.common.session import Session
from explorer.views.common.shown import Pair
from explorer.views.common.stale import NO_FILE
from explorer.views.common.take_away import Subject, found_of, take_away
from explorer.views.disagree.controls import observer
from explorer.views.disagree.state import Answers, DisagreeState
from explorer.views.disagree.view import DisagreeView

NOT_ANSWERED = "Answer a pair first: a judgment is what you say."
HIDDEN = "Answer first: a figure says what the metrics say."


def draw_files(
    session: Session,
    state: DisagreeState,
    view: DisagreeView,
    card: Disagreement,
    rulers: Rulers,
    answers: Answers,
    is_stale: bool,
) -> None:
    """The row of files."""
    found = state.found.latest
    base = found.reference
    by = next((each for each in rulers if isinstance(each, Method)), None) or session.settings.method
    method = Method(by.backbone, by.heads, by.layers, by.weights, None, by.device, by.precision)
    subjects = [
        Subject((base.digest, card.key, side, method), side, partial(_found, session, state, place, method))
        for place, side in enumerate("AB")
    ]
    is_hidden = card.key not in answers and not view.shows_verdicts
    refusal = NO_FILE if is_stale else HIDDEN if is_hidden else ""
    stale = NO_FILE if is_stale else ""
    how = "_".join(each.word if isinstance(each, Method) else each.lower() for each in rulers)
    with take_away(session, subjects, refusal):
        parts.draw_download(
            "Judgments, CSV",
            partial(_judgments, answers, observer()),
            file_name((base.name,), how, base.size, "judgments", "csv"),
            "text/csv",
            "content",
            stale or ("" if answers else NOT_ANSWERED),
        )
        parts.draw_download(
            "Disagreements, JSON",
            partial(_disagreements, session),
            file_name((base.name,), how, base.size, "disagreements", "json"),
            "application/json",
            "content",
            stale,
        )


def _found(session: Session, state: DisagreeState, place: int, method: Method) -> tuple:
    found, pictures = parts.still_held(state.found.latest), parts.still_held(state.pictures.latest)
    return found_of(session, Pair(found.reference, pictures[place], linkable=False), method)


def _judgments(answers: Answers, observer: str) -> str:
    """The answers of this reference, these metrics and this seed, by the name that now stands in the box."""
    return to_csv([replace(answer.judgment, observer=observer) for answer in answers.values()])


def _disagreements(session: Session) -> str:
    found = parts.still_held(session.state(DisagreeState).found.latest)
    return json.dumps(found.to_dict(), indent=2, allow_nan=False) + "\n"
