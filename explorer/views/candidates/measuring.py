"""What is known of a session's candidates, and the work on what is not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from explorer.analysis.candidate_numbers import Answer, Look, Number, Numbers, Wanted, candidates_task
from explorer.cache import ByteBudgetCache
from explorer.errors import ExplorerError
from explorer.images import Picture
from explorer.jobs import Job, Progress, Task
from explorer.metrics import Comparison, Method
from explorer.views.candidates.candidate_list import Candidate, CandidateList, fit_of
from explorer.views.common.compute import compared_by_job, distorted_by_job
from explorer.views.common.method_controls import is_ready, method_for
from explorer.views.common.progress import job_for
from explorer.views.common.session import Session
from explorer.views.common.shown import Pair

# For all users together; the pictures are known by their digests.
_numbers: Numbers = ByteBudgetCache(16_000_000)


@dataclass(frozen=True)
class Measured:
    """All numbers of all candidates, as far as they are known.

    Attributes:
        values: For each candidate its score by each method, then PSNR and SSIM; None where there is none.
        to_come: (candidate, column) of those that were not measured yet, by number.
        pictures: Role -> the candidate, or a small version of it; without those that were not made yet.
        failures: Method -> the first error that kept it from a candidate; None for PSNR and SSIM.
        misfits: Roles of candidates whose size is not the reference's, and for which no mend was chosen.
        job: The work on what is missing, running or over; None where nothing was.
        drawn: How many of its results are among these.
    """

    values: list[list[float | None]]
    to_come: frozenset[tuple[int, int]]
    pictures: Mapping[str, Picture]
    failures: Mapping[Method | None, ExplorerError]
    misfits: tuple[str, ...]
    job: Job[Answer] | None
    drawn: int


def measure_all(
    session: Session,
    chosen: CandidateList,
    reference: Picture,
    candidates: Sequence[Candidate],
    methods: Sequence[Method],
) -> Measured:
    """What is known of all candidates; what is missing is measured in the background.

    Raises:
        SettingError: that would take more memory than there is.
    """
    misfits = tuple(
        each.role
        for each in candidates
        if each.picture and each.picture.size != reference.size and fit_of(session, reference, each) is None
    )
    asked = {
        (each.role, method): wanted(session, reference, each, method)
        for method in (None, *methods)  # what needs no network comes first, and shows the pictures
        for each in candidates
        if each.role not in misfits
    }
    keys = {place: each.key(reference) for place, each in asked.items()}
    known: dict = {key: _numbers.get(key) for key in keys.values()}

    def missing() -> Task[Answer] | None:
        wanted = [each for place, each in asked.items() if known[keys[place]] is None]
        if not wanted:
            return None
        return candidates_task(reference, wanted, _numbers, distorted_by_job, partial(_compared, session))

    # What could not be measured is tried again once its weights have come.
    job = job_for(chosen.measuring, (*keys.values(), *map(is_ready, methods)), missing)
    results = job.results if job else ()
    known.update(results)
    answers = {place: known[key] for place, key in keys.items()}
    return _arranged(candidates, methods, answers, misfits, job, len(results))


def wanted(session: Session, reference: Picture, each: Candidate, method: Method | None) -> Wanted:
    """What is asked of a candidate: its score by a method, measured as the session has it, or its look."""
    common = method_for(session, Pair(reference, reference, linkable=False))
    how = {"size": common.size, "device": common.device, "precision": common.precision}
    fit = fit_of(session, reference, each)
    return Wanted(each.source, fit, common.size, method and replace(method, **how))


def _compared(
    session: Session, reference: Picture, candidate: Picture, method: Method, progress: Progress
) -> Comparison:
    return compared_by_job(session, Pair(reference, candidate, linkable=False), method, progress)[0]


def _arranged(
    candidates: Sequence[Candidate],
    methods: Sequence[Method],
    answers: Mapping[tuple[str, Method | None], Number | ExplorerError | None],
    misfits: tuple[str, ...],
    job: Job[Answer] | None,
    drawn: int,
) -> Measured:
    """The answers as a table."""
    values, to_come = [], set()
    pictures = {each.role: each.picture for each in candidates if each.picture}
    for index, each in enumerate(candidates):
        scores = [answers.get((each.role, method)) for method in methods]
        look = answers.get((each.role, None))
        unknown = [score is None for score in scores] + [look is None] * 2
        if each.role not in misfits:
            to_come |= {(index, column) for column, is_unknown in enumerate(unknown) if is_unknown}
        classic = (look.psnr, look.ssim) if isinstance(look, Look) else (None, None)
        values.append([*(None if isinstance(score, ExplorerError) else score for score in scores), *classic])
        if isinstance(look, Look):
            pictures.setdefault(each.role, look.preview)
    failures: dict[Method | None, ExplorerError] = {}
    for (_, method), answer in answers.items():
        if isinstance(answer, ExplorerError):
            failures.setdefault(method, answer)
    return Measured(values, frozenset(to_come), pictures, failures, misfits, job, drawn)
