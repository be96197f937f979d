"""The versions as a table and as one figure; and each beside the reference as a figure and as a report."""

from functools import partial

from explorer import report
from explorer.analysis import export
from explorer.analysis.cost import is_large
from explorer.analysis.region import Findings
from explorer.analysis.versions import Version, Versions, to_csv
from explorer.distortions import Recipe
from explorer.images import Picture
from explorer.report.versions import figure_of_versions
from explorer.views.common import parts
from explorer.views.common.apart import apart
from explorer.views.common.compute import distorted_by_job
from explorer.views.common.session import Session
from explorer.views.common.shown import Pair
from explorer.views.common.stale import NO_FILE
from explorer.views.common.take_away import Subject, found_of, take_away
from explorer.views.match.state import MatchState


def draw_files(
    session: Session, state: MatchState, reference: Picture, versions: Versions, order: str, is_stale: bool
) -> None:
    """The row of files; what is closest is offered first."""
    subjects = [
        Subject(
            (versions.reference.digest, each.step, versions.method),
            f"{each.entry.label}, {each.step.label}",
            partial(_found, session, versions, each),
        )
        for each in versions.order(order)
    ]
    refusal = NO_FILE if is_stale else ""
    if not refusal and not versions.is_complete:
        refusal = "Some versions are still to come."

    def named(ending: str) -> str:
        pictures, methods = (reference.name,), (versions.method,)
        return export.named_by_methods(pictures, methods, versions.reference.size, "match", ending)

    with take_away(session, subjects, NO_FILE if is_stale else ""):
        parts.draw_download(
            "Table, CSV",
            partial(_table, state),
            named("csv"),
            "text/csv",
            width="content",
            refusal=refusal,
        )
        parts.draw_download(
            "All of these, PDF",
            partial(_figure, state, order),
            named("pdf"),
            report.FORMATS["pdf"],
            width="content",
            refusal=refusal,
        )


def _table(state: MatchState) -> str:
    return to_csv(parts.still_held(state.shown.latest)[1])


def _figure(state: MatchState, order: str) -> bytes:
    reference, versions = parts.still_held(state.shown.latest)
    make = partial(figure_of_versions, versions, order, reference.name)
    return apart("Making the figure", make) if is_large(versions.reference.size) else make()


def _found(session: Session, versions: Versions, version: Version) -> tuple[Findings, ...]:
    """What is found between the reference and a version, both at the measured size."""
    picture = distorted_by_job(versions.reference, Recipe((version.step,)))
    return found_of(session, Pair(versions.reference, picture, linkable=False), versions.method)
