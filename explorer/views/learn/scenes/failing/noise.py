"""The experiment that takes a moment: a change of a few grey levels that turns the verdict, step by step."""

from collections.abc import Hashable
from dataclasses import dataclass, replace
from functools import partial

from explorer.analysis.cost import peak_bytes
from explorer.backbones import graph_of
from explorer.cache import ByteBudgetCache
from explorer.errors import ExplorerError
from explorer.images import Picture, derive
from explorer.jobs import Job, Task
from explorer.lessons import failing, turning
from explorer.lessons.amounts import amount_on
from explorer.lessons.turning import Nudged, Turned
from explorer.metrics import Method
from explorer.synthesis.bounds import Levels
from explorer.viewer.failing.failing import Bar, Choice, Exhibit, FailingScene
from explorer.views.common.compute import one_at_a_time
from explorer.views.common.progress import job_for
from explorer.views.learn.scenes.failing.experiments import need_places, score
from explorer.views.learn.scenes.failing.own import LEVELS, MADE, OF, TOPICS, Own
from explorer.views.learn.scenes.failing.state import FailingState
from explorer.views.learn.stage import Stage

TOPIC = "noise"
TIMES = 16  # as strong as it is, the difference is shown
Making = Job[Nudged | Turned]

_known: ByteBudgetCache[tuple[Nudged | Turned, ...]] = ByteBudgetCache(32_000_000)  # of all users
_ordered: ByteBudgetCache[failing.Ordered] = ByteBudgetCache(32_000_000)  # the two versions, of all users


@dataclass(frozen=True, eq=False)
class Made:
    """The two versions, and what has been made of the one.

    Attributes:
        reference: The picture.
        ordered: Its two versions.
        results: Frames, and behind the last one the result.
        job: The work; None where it was not asked for, or everything is known.
        error: Why it failed; None where it has not.
    """

    reference: Picture
    ordered: failing.Ordered
    results: tuple[Nudged | Turned, ...] = ()
    job: Making | None = None
    error: ExplorerError | None = None

    @property
    def frames(self) -> list[Nudged]:
        """All steps so far."""
        return [each for each in self.results if isinstance(each, Nudged)]

    @property
    def verdict(self) -> Turned | None:
        """What became of it, once it is known."""
        return next((each for each in self.results if isinstance(each, Turned)), None)


def made(stage: Stage, state: FailingState, own: Own) -> Made:
    """What there is to show now; where it is asked for, the work is started."""
    reference, method = stage.reference, stage.method
    need_places(method)
    found = Made(reference, _ordered_by(reference, method))
    if own[MADE] != "1":
        return found
    key = reference.digest, method, int(own[LEVELS])
    if known := _known.get(key):
        return replace(found, results=known)
    try:
        job = job_for(state.making, key, partial(_task, key, found, method, int(own[LEVELS])))
    except ExplorerError as error:
        return replace(found, error=error)
    if job.state == "failed":
        return replace(found, error=ExplorerError(job.error))
    return replace(found, results=job.results, job=job)


def scene(stage: Stage, own: Own, found: Made) -> FailingScene:
    """The versions, and what has been made of the one so far.

    Raises:
        ExplorerError: a metric that cannot be turned, or that cannot be measured.
    """
    if found.error:
        raise found.error
    first, other = found.ordered.scores
    result, frames, levels = found.verdict, found.frames, own[LEVELS]
    after = result.after if result else frames[-1].score if frames else None
    bars = [
        Bar("Noise", first, score(first), not frames),
        Bar(f"Changed by ± {levels}", after, "?" if after is None else score(after), bool(frames)),
        Bar("Blur", other, score(other)),
    ]
    return FailingScene(
        topics=TOPICS,
        topic=own[OF],
        exhibits=_exhibits(found, levels),
        control="Grey levels, at most",
        choices=[Choice(each, f"± {each}") for each in map(str, failing.LEVELS)],
        chosen=levels,
        metric=stage.method.name.metric,
        bars=bars,
        said=_said(result) if result else "",
        way="Inspect it" if result else "",
        start="Start again" if own[MADE] == "1" else "Turn the verdict",
        course=[frame.score for frame in frames],
        steps=len(frames) - 1 if result else turning.STEPS,
        mark=("Blur", other, score(other)),
    )


def _exhibits(found: Made, levels: str) -> list[Exhibit]:
    """Reference and versions; in the one that is changed, what it was changed by."""
    faint, plain = found.ordered.faint, found.ordered.plain
    side = min(found.reference.size)
    noise = Exhibit(faint.pixels, "Noise", amount_on(failing.FAINT, side))
    if found.frames:
        now = derive(faint, found.frames[-1].pixels)
        by, times = failing.beyond(faint, now, TIMES).pixels, f"×\N{NO-BREAK SPACE}{TIMES}"
        noise = Exhibit(now.pixels, "Noise", f"changed by ± {levels}", by, f"changed by, {times}")
    return [
        Exhibit(found.reference.pixels, "Reference"),
        noise,
        Exhibit(plain.pixels, "Blur", amount_on(found.ordered.step, side)),
    ]


def _said(result: Turned) -> str:
    if result.has_turned:
        return f"{result.steps} steps, and what looks untouched is farther than the blur."
    more = " More levels may." if result.levels < failing.LEVELS[-1] else ""
    return f"Not turned: {score(result.after)} of {score(result.other)}.{more}"


def _ordered_by(reference: Picture, method: Method) -> failing.Ordered:
    """The two versions, made and measured once for all users.

    Raises:
        ExplorerError: as `explorer.measure`.
    """
    key = reference.digest, method
    found = _ordered.get(key)
    if found is None:
        with one_at_a_time("Measuring …"):
            found = failing.faint_and_plain(reference, method)
        _ordered.put(key, found, 2 * reference.pixels.nbytes)
    return found


def _task(key: Hashable, found: Made, method: Method, levels: int) -> Task[Nudged | Turned]:
    """The work on it: a result a step, and the verdict."""

    def work(job: Making) -> None:
        bound = Levels(levels)
        steps, versions = [], (found.reference, found.ordered.faint, found.ordered.plain)
        for frame in turning.nudges(*versions, method, bound):
            steps.append(frame)
            job.add(frame)
        result = turning.ended(*versions, method, steps)
        job.keep(result)
        kept = (*steps, result)
        _known.put(key, kept, sum(frame.pixels.nbytes for frame in steps))

    return Task(
        "Changing grey levels",
        work,
        size=2 * peak_bytes(graph_of(method.row), found.reference.size),
        total=turning.STEPS + 2,  # of which the first is the version as it was, and the last the exact result
        unit="steps",
        key=("verdict", key),
    )
