"""The ranking as a table, and each candidate beside the reference as a figure and as a report."""

from collections.abc import Sequence
from functools import partial

from explorer.analysis import export
from explorer.analysis.candidate_numbers import Wanted
from explorer.analysis.candidates import Ranking, to_csv
from explorer.analysis.region import Findings
from explorer.distortions import Recipe
from explorer.images import Picture, measured_size, to_one_size
from explorer.metrics import Method
from explorer.views.candidates.candidate_list import Candidate
from explorer.views.candidates.measuring import wanted
from explorer.views.common import method_controls, parts
from explorer.views.common.compute import distorted_by_job
from explorer.views.common.session import Session
from explorer.views.common.shown import Pair
from explorer.views.common.stale import NO_FILE
from explorer.views.common.take_away import Subject, found_of, take_away


def draw_files(
    session: Session,
    reference: Picture,
    candidates: Sequence[Candidate],
    methods: Sequence[Method],
    found: Ranking,
    is_stale: bool,
) -> None:
    """The row of files; what the first metric has found closest is offered first."""
    subjects = []
    for column, method in enumerate(methods):
        for row in found.order:
            if found.rows[row].cells[column].value is not None:
                asked = wanted(session, reference, candidates[row], method)
                find = partial(_found, session, reference, asked)
                label = f"{candidates[row].name}, by {method.label}"
                subjects.append(Subject(asked.key(reference), label, find))
    refusal = NO_FILE if is_stale else ""
    size = measured_size(reference.size, method_controls.size_for(session, reference.size))
    with take_away(session, subjects, refusal):
        parts.draw_download(
            "Table, CSV",
            partial(to_csv, found, tuple(each.full_name for each in candidates)),
            export.named_by_methods((reference.name,), methods, size, "candidates", "csv"),
            "text/csv",
            width="content",
            refusal=refusal,
        )


def _found(session: Session, reference: Picture, asked: Wanted) -> tuple[Findings, ...]:
    """What is found between the reference and a candidate; a distortion is made where it must be."""
    source = asked.source
    picture = distorted_by_job(reference, source) if isinstance(source, Recipe) else source
    return found_of(session, Pair(*to_one_size(reference, picture, asked.fit), linkable=False), asked.method)
