"""One trial with its pictures: both versions with their maps, the reference, and the way to Inspect."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import streamlit as st

from explorer.analysis.candidate_maps import VIEW_SIDE, for_looking, pixel_maps, placed_layer_maps
from explorer.errors import ExplorerError
from explorer.images import Picture, load, resize, times
from explorer.judgments.sets import Triplet
from explorer.metrics import Method
from explorer.names import cut, file_name, harmless
from explorer.viewer.candidates.candidates import candidates as linked_viewer
from explorer.viewer.candidates.scene import CandidateLayer, CandidatePanel, CandidateScene
from explorer.views.common import parts
from explorer.views.common.compute import compared_by_job, one_at_a_time
from explorer.views.common.digests import digest_of
from explorer.views.common.opening import open_uploads, take_files
from explorer.views.common.session import Session
from explorer.views.common.shown import Pair
from explorer.views.evaluate.state import EvaluateState
from explorer.views.evaluate.view import EvaluateView

NOTE = "A map is not a cause: a feature sees far beyond its cell."
NO_MAP = "This metric has no map."


def draw_triplet(
    session: Session,
    state: EvaluateState,
    view: EvaluateView,
    trial: Triplet,
    method: Method,
    said: Sequence[str],
) -> None:
    """The trial's pictures, each version's map on one scale, and what people and metrics say of them.

    Args:
        method: By which the maps are made, with the size that was measured.
        said: Sentences about it.
    """
    name = cut(harmless(f"{trial.subset}/{trial.name}"))
    st.markdown(f"**{parts.plain(name)}** · {parts.plain(' '.join(said))}")
    try:
        scene = _scene(session, state, trial, method)
    except ExplorerError as error:
        parts.draw_problems([], error)
        return
    state.display = linked_viewer(
        replace(scene, colours=session.settings.colours),
        key="evaluate_triplet",
        display=state.display,
        on_display=lambda shown: setattr(state, "display", shown),
    )
    with st.container(horizontal=True):
        for name, path in _versions(trial):
            if st.button(f"Open {name} in Inspect", key=f"inspect_{name}", icon=":material/open_in_new:"):
                _open(session, (trial.reference, path), method)
        st.button(
            "Close",
            key="close_trial",
            icon=":material/close:",
            on_click=session.keep_view,
            args=(replace(view, trial=""),),
        )


def _versions(trial: Triplet) -> tuple[tuple[str, Path], ...]:
    """Both with their names: letters are what other pages call versions by that were laid out by chance."""
    return ("first", trial.p0), ("second", trial.p1)


def _scene(session: Session, state: EvaluateState, trial: Triplet, method: Method) -> CandidateScene:
    key = trial.group, trial.reference, _times(trial), method.identity
    scene = state.scene.get(key)
    if scene is None:
        with one_at_a_time("Measuring the trial …"):
            scene = state.scene.keep(key, _made(session, trial, method, key))
    return scene


def _times(trial: Triplet) -> tuple[int, ...]:
    """When its files were written: others may come in their place."""
    try:
        return tuple(path.stat().st_mtime_ns for path in (trial.reference, trial.p0, trial.p1))
    except OSError:
        return ()


def _made(session: Session, trial: Triplet, method: Method, key: tuple) -> CandidateScene:
    reference = load(trial.reference)
    panels = tuple(_panel(session, reference, load(path), name, method) for name, path in _versions(trial))
    measured = resize(reference, method.size)
    return CandidateScene(
        key=digest_of((key, reference.digest, [panel.pixels_key for panel in panels])),
        reference=resize(measured, VIEW_SIDE).pixels,
        candidates=panels,
        metric=method.name.metric if method.has_maps else "",
        given=reference.size,
        reference_name="Reference",
        note=f"{method.label} at {times(measured.size)}. {NOTE}",
        file=file_name((trial.name,), method.word, measured.size, "trial", "png"),
    )


def _panel(
    session: Session, reference: Picture, version: Picture, name: str, method: Method
) -> CandidatePanel:
    """One version.

    Raises:
        ExplorerError: it is not of the reference's size, or cannot be measured.
    """
    _, _, seen = pixel_maps(reference, version, None, method.size)
    comparison, _ = compared_by_job(session, Pair(reference, version, linkable=False), method)
    measurement = comparison.measurement(method.heads, method.layers)
    layers: tuple[CandidateLayer, ...] = ()
    if method.has_maps:
        maps = placed_layer_maps(reference, version, None, comparison, method)
        layers = tuple(
            CandidateLayer(layer.name, values)
            for layer, values in zip(measurement.layers, for_looking(maps), strict=True)
        )
    return CandidatePanel(
        key=name,
        name=name.capitalize(),
        pixels_key=digest_of((version.digest, reference.digest, method.size)),
        layers_key=digest_of((version.digest, reference.digest, method.identity)) if layers else "",
        picture=seen.picture.pixels,
        dissimilarity=seen.dissimilarity,
        squared_error=seen.squared_error,
        layers=layers,
        score=f"{measurement.score:.4f}",
        message="" if layers else NO_MAP,
    )


def _open(session: Session, paths: Sequence[Path], method: Method) -> None:
    try:
        uploads = take_files(session, paths)
    except ExplorerError as error:
        session.report(error)
        session.run_anew()
    open_uploads(session, uploads, method)
