"""The pair as a figure and as a report, measured by any of the columns."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from explorer.analysis.comparison import Column
from explorer.views.common.compute import identities
from explorer.views.common.method_controls import method_for
from explorer.views.common.session import Session
from explorer.views.common.shown import Pair
from explorer.views.common.stale import NO_FILE
from explorer.views.common.take_away import Subject, found_of, take_away


def draw_files(session: Session, pair: Pair, shown: Sequence[Column], is_stale: bool) -> None:
    """The row of files; the first column is offered first."""
    common = method_for(session, pair)
    subjects = []
    for column in shown:
        method = replace(column.method, size=common.size, device=common.device, precision=common.precision)
        key = *identities(pair), method
        subjects.append(Subject(key, method.label, partial(found_of, session, pair, method)))
    with take_away(session, subjects, NO_FILE if is_stale else ""):
        pass
