"""Chapter 7, where it fails: four experiments, each with a control, a sentence and the way to a page."""

from dataclasses import replace

import streamlit as st

from explorer.errors import ExplorerError
from explorer.viewer.failing.failing import FailingScene, failing_scene
from explorer.views.common.compute import one_at_a_time
from explorer.views.common.progress import draw_work
from explorer.views.common.session import set_method
from explorer.views.learn import going
from explorer.views.learn.scenes.failing import experiments, noise, ways
from explorer.views.learn.scenes.failing.own import MADE, OF, SEEN, TOPICS, Own
from explorer.views.learn.scenes.failing.state import FailingState
from explorer.views.learn.stage import Stage
from explorer.views.learn.view import LearnView

# What the scene says beside the lesson's words; of sentences that stand in one place, the longest.
FIXED = (
    *(topic.label for topic in TOPICS),
    *("Longest side, pixels", "Pixels are fed in", "Grey levels, at most", "Material"),
    *("Turn the verdict", "lower is closer", "as the network takes it", "changed by"),
    "A score needs its size.",
    "taken for, not, and no error.",
    "steps, and what looks untouched is farther than the blur.",
    "Another piece: farther than the blur.",
    *("Inspect it at pixels", "Compare networks"),
)


def draw(stage: Stage) -> None:
    """The experiment that is chosen."""
    own = Own.of(stage)
    state = stage.session.state(FailingState)
    topic = own[OF]
    making = None
    try:
        if topic == noise.TOPIC:
            making = noise.made(stage, state, own)
            scene = noise.scene(stage, own, making)
        else:
            scene = _measured(stage, state, own)
    except ExplorerError as error:
        scene = experiments.refused(stage, own, error)

    failing_scene(
        scene,
        key="failing",
        on_topic=lambda key: _turn_to(stage, own, key),
        on_choose=lambda key: own.choose(stage, key),
        on_start=lambda: own.keep(stage, **{MADE: "0" if own[MADE] == "1" else "1"}),
        on_open=lambda: _open(stage, state, own),
    )
    if making and making.job:
        with st.container(key="failing_work"):
            draw_work(making.job, "failing", len(making.job.results), state.making.clear, "Make it again", "")
    if state.is_leaving:  # a callback may not change pages
        state.is_leaving = False
        ways.open_deeper(stage, own, making)


def _open(stage: Stage, state: FailingState, own: Own) -> None:
    """Open what the button says: a page, or the same experiment on a backbone that can do it."""
    session = stage.session
    if experiments.is_possible(own[OF], session.settings.method):
        state.is_leaving = True
    else:
        session.switch(experiments.OTHER)
        set_method(session)


def _turn_to(stage: Stage, own: Own, topic: str) -> None:
    """Show another experiment; where the lesson has a step for it, that is gone to, with its words."""
    session = stage.session
    for place, step in enumerate(stage.chapter.steps, 1):
        if step.sight.scene == stage.step.sight.scene and step.sight.parameters.get(OF) == topic:
            view = replace(session.view_of(LearnView), step=place)
            session.gone_to = going.entering(session, stage.step, step, view) | {OF: topic}
            return
    own.keep(stage, **{OF: topic})


def _measured(stage: Stage, state: FailingState, own: Own) -> FailingScene:
    """A scene that is measured while one waits, once for the same pair, method and control."""
    pair, method = stage.pair, stage.method
    key = own[OF], own.of_topic, own[SEEN], pair.reference.digest, pair.distorted.digest, method
    scene = state.scenes.get(key)
    if scene is None:
        with one_at_a_time("Measuring …"):
            scene = state.scenes.keep(key, experiments.MAKERS[own[OF]](stage, own))
    return scene
