"""The trials of what is chosen, drawn in the background, and how they are told."""

from collections.abc import Hashable
from functools import partial

from explorer.errors import SettingError
from explorer.images import Picture
from explorer.jobs import Job, Task
from explorer.judgments.asking.drafts import Drawn, check_count
from explorer.judgments.asking.drawing import MOST_VERSIONS, brought_plan, card_plan, random_plan
from explorer.judgments.asking.limits import MOST_TRIALS
from explorer.judgments.asking.trial import Plan
from explorer.samples import SAMPLES, load_sample
from explorer.views.ask.state import AskState
from explorer.views.ask.view import CARDS, OF_REFERENCE, OWN, AskView
from explorer.views.common.found_pairs import FoundPairs
from explorer.views.common.progress import job_for
from explorer.views.common.session import Session

NO_CARDS = (
    "Disagree has found no pairs in this tab yet. Open it, let it measure, and come back: its pairs are then "
    "asked here."
)
NO_OWN = {
    "2afc": "Upload your trials in the sidebar: for each three pictures of one size, such as cat_ref.png, "
    "cat_p0.png and cat_p1.png, or a ZIP file of folders with ref, p0 and p1.",
    "jnd": "Upload your trials in the sidebar: for each two pictures of one size, such as cat_ref.png and "
    "cat_p0.png, or a ZIP file of folders with ref and p0.",
}


def missing(session: Session, state: AskState, view: AskView) -> str:
    """What is still to be brought before there are trials, in a sentence; "" where nothing is."""
    if view.source == CARDS:
        found = session.state(FoundPairs).found
        return "" if found is not None and found.cards else NO_CARDS
    if view.source == OWN:
        own, problems = state.own.latest or ((), ())
        return "" if own or problems else NO_OWN[view.kind]
    return ""


def draw_trials(session: Session, state: AskState, view: AskView, reference: Picture | None) -> Job[Drawn]:
    """The work on the trials, running or over; to be called where nothing is `missing`.

    Raises:
        SettingError: what is chosen makes none; or a number is out of its range.
    """
    setup = view.setup
    how: Hashable = (view.kind, view.source, view.sentinels, view.each, view.seed, view.choosing)
    if view.source == CARDS:
        found = session.state(FoundPairs).found
        key = how, found.reference.digest, tuple(card.key for card in found.cards)
        make = partial(card_plan, found.reference, found.cards, setup)
    elif view.source == OWN:
        own, _problems = state.own.latest or ((), ())
        if not own:
            raise SettingError("None of these files makes a trial; the sidebar says why.")
        key = how, tuple((each.reference.digest, each.a.digest, each.b and each.b.digest) for each in own)
        make = partial(brought_plan, own, view.kind, setup)
    else:
        check_count(view.count, 1, MOST_TRIALS, "trials")
        versions = view.versions if view.kind == "2afc" else 2  # JND has one, and no box for others
        check_count(versions, 2, MOST_VERSIONS, "versions of a patch")
        pictures = _cut_from(view, reference)
        key = how, view.count, versions, tuple(picture.digest for picture in pictures)
        make = partial(random_plan, pictures, view.kind, view.count, setup, versions=versions)

    def work(job: Job[Drawn]) -> None:
        job.keep(make(progress=job.advance))

    task = Task("Drawing the trials", work, unit="trials")
    return job_for(state.drawing, key, lambda: task)


def _cut_from(view: AskView, reference: Picture | None) -> list[Picture]:
    if view.source == OF_REFERENCE:
        if reference is None:
            raise SettingError("Choose a reference in the sidebar; patches are cut out of it.")
        return [reference]
    return [load_sample(name) for name in view.samples or SAMPLES]


def told(plan: Plan) -> str:
    """What a plan asks, in a sentence."""
    count, obvious = len(plan.trials), sum(trial.is_sentinel for trial in plan.trials)
    what = {"2afc": "Which of two is closer?", "jnd": "Are two the same?"}[plan.kind]
    trials = "One trial" if count == 1 else f"{count} trials"
    sentinels = {0: "", 1: ", one of them obvious"}.get(obvious, f", {obvious} of them obvious")
    each = "all" if plan.each == count else "one of them" if plan.each == 1 else f"{plan.each} of them"
    return f"{what} {trials}{sentinels}; each participant sees {each}."
