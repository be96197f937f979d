"""Why they disagree: one picture shifted, blurred and under noise, by sliders, and three metrics as needles.

The component asks for what is moved, and this fragment of the page alone answers; once nothing has moved for
a while the whole page runs, which writes the link.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import streamlit as st

from explorer.errors import ExplorerError, MissingWeightsError, SettingError
from explorer.images import Picture
from explorer.jobs import Job, Progress, Task
from explorer.lessons import needles as lesson
from explorer.lessons.changes import CHANGES, LEAST_SHIFT, SHIFT, equal_amounts, leading_shift
from explorer.lessons.edges import strongest_edge
from explorer.lessons.needles import METRICS, PSNR, SCORE, SSIM, Needles
from explorer.lessons.wishes import amount, readers
from explorer.metrics import Method
from explorer.viewer.needles.needles import (
    Moved,
    Needle,
    NeedleGauge,
    NeedleMap,
    NeedlePicture,
    NeedleScene,
    NeedleSlider,
    needles,
)
from explorer.views.common import parts
from explorer.views.common.compute import one_at_a_time
from explorer.views.common.fetch_controls import draw_fetch
from explorer.views.common.kept import Kept
from explorer.views.common.progress import draw_work, job_for, pause
from explorer.views.common.settings import quoted
from explorer.views.learn.stage import SceneState, Stage
from explorer.words import WORDS

KEY = "needles"
MODE, MAP = "needle_mode", "needle_map"  # of the link, beside needle_shift, needle_blur, needle_noise
LONG = 1.0  # seconds from which work goes on in the background
MAP_LABELS = {PSNR: "Squared error", SSIM: "1 − SSIM"}
UNITS = {PSNR: "levels²"}  # of a map's values
COLOURED = "The coloured needle is closest."
ONE_SCALE = "One scale"
FIXED = (COLOURED, ONE_SCALE, *lesson.BLIND.values(), lesson.NOTHING)  # with the lesson's words at most 120
GLOSSARY = {PSNR: "psnr", SSIM: "ssim", SCORE: "lpips-score"}


@dataclass(frozen=True)
class Asked:
    """What is to be shown, as the link carries it.

    Attributes:
        mode: "free", or "equal" where blur and noise follow the shift.
        amounts: By key of a change; what is not named is as at first.
        map: Which kind of map is seen.
    """

    mode: str = "free"
    amounts: Mapping[str, float] = field(default_factory=dict)
    map: str = SCORE

    def to_own(self) -> dict[str, str]:
        """The scene's own parameters of the link; where all are equal, the shift says the others."""
        own = {} if self.mode == "free" else {MODE: self.mode}
        kept = CHANGES if self.mode == "free" else (SHIFT,)
        own |= {f"needle_{key}": f"{self.amounts[key]:.6g}" for key in kept if key in self.amounts}
        return own | ({} if self.map == SCORE else {MAP: self.map})

    def on(self, side: int) -> tuple[float, ...]:
        """The amounts on a picture whose shorter side has so many pixels."""
        return tuple(self.amounts.get(key, own.at_first(side)) for key, own in CHANGES.items())


def read(own: Mapping[str, str], side: int) -> tuple[Asked, tuple[str, ...]]:
    """What a link asks for, and a sentence for each parameter that is no good.

    Args:
        side: The picture's shorter one, in pixels.
    """
    asked, problems = Asked(), []
    for name, text in own.items():
        try:
            if name in (MODE, MAP):
                value = readers()["needles"][name](text)
                asked = replace(asked, **{name.removeprefix("needle_"): value})
            elif (change := CHANGES.get(name.removeprefix("needle_"))) is not None:
                value = amount(change.key, side)(text)
                asked = replace(asked, amounts={**asked.amounts, change.key: value})
        except (ValueError, SettingError) as error:
            problems.append(f"The link asks for {name} {quoted(text)}, which was left out: {error}")
    return asked, tuple(problems)


@dataclass
class NeedlesState(SceneState):
    """What the scene keeps in a session.

    Attributes:
        own, side: The parameters that `asked` was read from, and the picture's shorter side then, in pixels.
        asked: What is to be shown.
        base: The picture as it is measured, which amounts are for.
        held: Keys of the pictures that the browser has.
        answers: The last that was heard.
        rests: Whether the page is to write the link.
        shown: What was shown last.
        making: Work on what takes long.
    """

    own: Mapping[str, str] | None = None
    side: int = 0
    asked: Asked = field(default_factory=Asked)
    base: Picture | None = None
    held: frozenset[str] = frozenset()
    answers: int = 0
    rests: bool = False
    shown: Kept[Needles] = field(default_factory=Kept)
    making: Kept[Job[Needles]] = field(default_factory=Kept)

    def leave(self) -> None:
        """Want no more what is made; the browser that comes back has no pictures."""
        pause(self.making)
        self.held = frozenset()

    def hear(self, stage: Stage, moved: Moved) -> None:
        """Take what the browser asks for; what it may not ask for stays as it was."""
        self.held, self.answers, self.rests = moved.held, moved.serial, moved.rests
        if self.base is None or moved.map not in METRICS:
            return
        side = min(self.base.size)
        try:
            amounts = {key: own.checked(moved.amounts[key], side) for key, own in CHANGES.items()}
        except (KeyError, SettingError):
            return
        if moved.mode == "equal":
            leads = moved.moved if moved.moved in CHANGES else SHIFT
            amounts[SHIFT] = leading_shift(self.base, leads, amounts[leads])
        self.asked = Asked(moved.mode, amounts, moved.map)
        self.own = self.asked.to_own()
        stage.keep(self.own)


def draw(stage: Stage) -> None:
    """The scene."""
    state = stage.session.state(NeedlesState)
    state.base = lesson.base_of(stage.reference, stage.method)[0]
    side = min(state.base.size)
    # What another picture can have, this one may not.
    if state.own is None or dict(state.own) != dict(stage.own) or state.side != side:
        state.asked, problems = read(stage.own, side)
        state.own, state.side = state.asked.to_own(), side
        for problem in problems:
            stage.session.report(problem)
        stage.keep(state.own)
        if problems:
            stage.session.run_anew()  # what is said stands above the scene, where this run has been
    st.fragment(_draw)(stage, state)


def _draw(stage: Stage, state: NeedlesState) -> None:
    """The component; what is moved runs this alone."""
    session = stage.session
    if state.rests:
        state.rests = False
        session.run_anew()
    method = stage.method
    spot, below = st.container(), st.container()
    try:
        found, job = _found(stage, state, method)
    except ExplorerError as error:
        with below:
            parts.draw_problems([], error)
            if isinstance(error, MissingWeightsError):
                draw_fetch(method.row, KEY)
        found, job = None, None
    shown = found or state.shown.latest
    if shown is not None:
        with spot:
            needles(
                scene(shown, state.asked, state.answers, is_stale=found is None),
                state.held,
                key=KEY,
                colours=session.settings.colours,
                on_moved=lambda moved: state.hear(stage, moved),
            )
    if job is not None:
        with below:
            draw_work(job, KEY, drawn=None, again=state.making.clear)


def _found(stage: Stage, state: NeedlesState, method: Method) -> tuple[Needles | None, Job[Needles] | None]:
    """What is asked for; or, where it takes long and is still to come, the work on it."""
    asked, base = state.asked, state.base
    method = replace(method, size=None)
    shift, *rest = amounts = asked.on(min(base.size))
    is_equal = asked.mode == "equal"
    if is_equal:
        shift = max(LEAST_SHIFT, shift)

    def make(**told: Progress) -> Needles:
        if is_equal:
            return lesson.at_equal_psnr(base, shift, method, **told)
        return lesson.needles(base, shift, *rest, method, **told)

    key = base.digest, is_equal, shift if is_equal else amounts, method
    known = state.shown.get(key)
    if known is not None:
        return known, None
    with one_at_a_time("Measuring …"):
        if is_equal:
            amounts, _ = equal_amounts(base, shift)
        if lesson.seconds_for(base, amounts, method) <= LONG:
            return state.shown.keep(key, make()), None
    _ = method.network  # a file that is missing is said at once
    job = job_for(
        state.making,
        key,
        lambda: Task(
            "Measuring the three pictures",
            lambda job: job.keep(make(progress=job.advance)),
            total=len(CHANGES),
            unit="pictures",
        ),
    )
    if job.state == "done":
        return state.shown.keep(key, job.results[0]), None
    return None, job


def scene(shown: Needles, asked: Asked, answers: int, is_stale: bool) -> NeedleScene:
    """What the component shows."""
    side = min(shown.reference.size)
    return NeedleScene(
        reference=shown.reference.pixels,
        digest=shown.reference.digest,
        pictures=tuple(
            NeedlePicture(
                each.key,
                each.picture.pixels,
                each.dissimilarity,
                tuple(layer.map for layer in each.measurement.layers if layer.map is not None),
            )
            for each in shown.changed
        ),
        sliders=tuple(
            NeedleSlider(
                key=each.change,
                label=(own := CHANGES[each.change]).label,
                symbol=own.symbol,
                unit=own.unit,
                amount=each.amount,
                least=LEAST_SHIFT if shown.target is not None and own.whole else 0,
                end=max(own.slider_end(side), each.amount),
                step=1 if own.whole else 0.05 if own.is_length else 0.5,
                is_idle=each not in shown.compared,
            )
            for each in shown.changed
        ),
        gauges=tuple(_gauge(shown, gauge) for gauge in shown.gauges),
        maps=tuple(_map(shown, metric) for metric in METRICS),
        mode=asked.mode,
        map=asked.map,
        sentence=_sentence(shown),
        edge=strongest_edge(shown.reference.pixels),
        answers=answers,
        is_stale=is_stale,
    )


def _sentence(shown: Needles) -> str:
    is_told = len(shown.compared) > 1 and any(_is_closest(shown, metric) for metric in METRICS)
    return " ".join(filter(None, (shown.sentence, COLOURED if is_told else "")))


def _is_closest(shown: Needles, metric: str) -> tuple[str, ...]:
    """What is coloured: nothing where all are equal."""
    closest = shown.closest(metric)
    return closest if len(closest) < len(shown.compared) or len(closest) == 1 else ()


def _verdict(shown: Needles, metric: str) -> str:
    """What a metric says of the shift, in a word; "" where it is neither first nor last."""
    if len(shown.compared) < 2:
        return ""
    if shown.closest(metric) == (SHIFT,):
        return "closest"
    return "farthest" if shown.farthest(metric) == (SHIFT,) else ""


def _gauge(shown: Needles, gauge: lesson.Gauge) -> NeedleGauge:
    closest = _is_closest(shown, gauge.key)
    return NeedleGauge(
        label=shown.label(gauge.key),
        about=gauge.about,
        blind=gauge.blind,
        word=WORDS[GLOSSARY[gauge.key]].short,
        far=gauge.far_text,
        near=gauge.near_text,
        needles=tuple(
            Needle(
                value := each.value(gauge.key),
                lesson.text_of(gauge.key, value),
                gauge.place(value),
                each.change in closest,
                _verdict(shown, gauge.key) if each.change == SHIFT else "",
            )
            for each in shown.changed
        ),
    )


def _map(shown: Needles, metric: str) -> NeedleMap:
    label = MAP_LABELS.get(metric, shown.label(metric))
    if metric not in shown.scale_ends:
        return NeedleMap(metric, label, None, f"{label} has no map: it compares whole layers.")
    clipped = f", {shown.clipped[metric]:.1%} clipped" if shown.clipped[metric] else ""
    return NeedleMap(metric, label, shown.scale_ends[metric], f"{ONE_SCALE}{clipped}.", UNITS.get(metric, ""))
