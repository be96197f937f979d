"""What is known of a session's candidates, and the work on what is not."""

import time
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from explorer.analysis.candidate_maps import PlacedLayerMaps
from explorer.analysis.candidate_numbers import Answer, Look, Number, Numbers, Wanted, candidates_task
from explorer.backbones import HEADS
from explorer.cache import ByteBudgetCache
from explorer.errors import ExplorerError
from explorer.images import Picture
from explorer.jobs import Job, Progress, Task
from explorer.metrics import Comparison, Method
from explorer.views.candidates.candidate_list import Candidate, CandidateList, fit_of
from explorer.views.common.compute import compared_by_job, distorted_by_job
from explorer.views.common.method_controls import is_ready, method_for
from explorer.views.common.progress import QUICK, job_for
from explorer.views.common.runs import runs
from explorer.views.common.session import Session
from explorer.views.common.shown import Pair

# For all users together; the pictures are known by their digests. Nine candidates of the largest size that is
# shown take 150 MB with their maps; what does not fit is held by the session that shows it.
_numbers: Numbers = ByteBudgetCache(192_000_000)
LOOK = 0.02  # seconds between two looks for the first candidate


@dataclass(frozen=True)
class Measured:
    """All numbers of all candidates, as far as they are known.

    Attributes:
        values: For each candidate its score by each method, then PSNR and SSIM; None where there is none.
        to_come: (candidate, column) of those that were not measured yet, by number.
        pictures: Role -> the candidate, or a small version of it; without those that were not made yet.
        looks: Role -> what needs no network, with the maps of pixels.
        maps: Role -> the maps of the first method that has some.
        keys: Role -> what its look and its maps depend on.
        failures: Method -> the first error that kept it from a candidate; None for PSNR and SSIM.
        misfits: Roles of candidates whose size is not the reference's, and for which no mend was chosen.
        job: The work on what is missing, running or over; None where nothing was.
        drawn: How many of its results are among these.
    """

    values: list[list[float | None]]
    to_come: frozenset[tuple[int, int]]
    pictures: Mapping[str, Picture]
    looks: Mapping[str, Look]
    maps: Mapping[str, PlacedLayerMaps]
    keys: Mapping[str, tuple[Hashable, Hashable]]
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
    fitting = [each for each in candidates if each.role not in misfits]
    asked = {
        (each.role, method): replace(
            wanted(session, reference, each, method), with_maps=method in (None, mapped_method(methods))
        )
        for each, method in _in_turn(fitting, methods)
    }
    keys = {place: each.key(reference) for place, each in asked.items()}
    shown = chosen.known.get(reference.digest) or {}
    known: dict = {keys[place]: _known(shown, reference, each) for place, each in asked.items()}

    def missing() -> Task[Answer] | None:
        wanted = [each for place, each in asked.items() if known[keys[place]] is None]
        if not wanted:
            return None
        return candidates_task(reference, wanted, _numbers, distorted_by_job, partial(_compared, session))

    # What could not be measured is tried again once its weights have come.
    key = (*keys.values(), *map(is_ready, methods))
    is_new = chosen.measuring.get(key) is None
    job = job_for(chosen.measuring, key, missing, patience=0)
    if job and is_new:
        _wait_for_first(job, 1 + bool(mapped_method(methods)))
    results = job.results if job else ()
    known.update(results)
    there = {key: one for key, one in known.items() if not isinstance(one, ExplorerError | None)}
    chosen.known.keep(reference.digest, there)
    answers = {place: known[key] for place, key in keys.items()}
    return _arranged(candidates, methods, answers, keys, misfits, job, len(results))


def mapped_method(methods: Sequence[Method]) -> Method | None:
    """The first method that has maps, which are those that are shown; None where none has."""
    return next((method for method in methods if HEADS[method.heads].has_maps), None)


def _in_turn(
    candidates: Sequence[Candidate], methods: Sequence[Method]
) -> list[tuple[Candidate, Method | None]]:
    """What is measured in which order: one candidate with its maps, so that something is seen; then others.

    Of those first what needs no network, which shows their pictures; then the maps, then the other numbers.
    """
    first = mapped_method(methods)
    turns = [None, *([first] if first else [])]
    rest = [method for method in methods if method != first]
    return [
        *((each, method) for each in candidates[:1] for method in turns),
        *((each, method) for method in turns for each in candidates[1:]),
        *((each, method) for method in rest for each in candidates),
    ]


def _known(shown: Mapping[Hashable, Number], reference: Picture, asked: Wanted) -> Number | None:
    """An answer that is kept; a score is known with the maps that it comes from, too.

    What the session shows stays, also where the work for others has pushed it out of what is kept for all.
    """
    fitting = [asked, replace(asked, with_maps=True)] if asked.method else [asked]
    keys = [each.key(reference) for each in fitting]
    found = (kept.get(key) for key in keys for kept in (_numbers, shown))
    return next((each for each in found if each is not None), None)


def _wait_for_first(job: Job[Answer], count: int) -> None:
    """Wait a moment for the first candidate, so that the page is drawn with it."""
    with runs.aside():
        until = time.monotonic() + QUICK
        while len(job.results) < min(count, job.total) and time.monotonic() < until and not job.wait(LOOK):
            pass


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
    keys: Mapping[tuple[str, Method | None], Hashable],
    misfits: tuple[str, ...],
    job: Job[Answer] | None,
    drawn: int,
) -> Measured:
    """The answers as a table."""
    values, to_come = [], set()
    pictures = {each.role: each.picture for each in candidates if each.picture}
    for index, each in enumerate(candidates):
        scores = [_score(answers.get((each.role, method))) for method in methods]
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
    first = mapped_method(methods)
    return Measured(
        values,
        frozenset(to_come),
        pictures,
        {role: answer for (role, _), answer in answers.items() if isinstance(answer, Look)},
        {
            role: answer
            for (role, method), answer in answers.items()
            if method == first and isinstance(answer, PlacedLayerMaps)
        },
        {
            each.role: (keys[each.role, None], keys.get((each.role, first)))
            for each in candidates
            if each.role not in misfits
        },
        failures,
        misfits,
        job,
        drawn,
    )


def _score(answer: Number | ExplorerError | None) -> float | ExplorerError | None:
    return answer.measurement.score if isinstance(answer, PlacedLayerMaps) else answer
