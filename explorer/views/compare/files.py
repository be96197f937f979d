"""The pair as a figure, in all columns beside each other or in one of them, and as a report of that one."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from explorer.analysis.comparison import Column
from explorer.metrics import Method
from explorer.views.common.compute import identities
from explorer.views.common.method_controls import method_for
from explorer.views.common.session import Session
from explorer.views.common.shown import Pair
from explorer.views.common.stale import NO_FILE
from explorer.views.common.take_away import Subject, found_of, take_away


def draw_files(session: Session, pair: Pair, shown: Sequence[Column], is_stale: bool) -> None:
    """The row of files; all columns are offered first."""
    common, ids = method_for(session, pair), identities(pair)
    how = {"size": common.size, "device": common.device, "precision": common.precision}
    methods = [replace(column.method, **how) for column in shown]

    def subject(label: str, *chosen: Method) -> Subject:
        return Subject((*ids, *chosen), label, partial(found_of, session, pair, *chosen))

    subjects = [subject(method.label, method) for method in methods]
    if len(methods) > 1:
        label = "Both columns" if len(methods) == 2 else f"All {len(methods)} columns"
        subjects.insert(0, subject(label, *methods))
    with take_away(session, subjects, NO_FILE if is_stale else ""):
        pass
