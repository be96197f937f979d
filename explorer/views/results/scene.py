"""A dispute's pictures with their maps, for the viewer in which all lie on the reference."""

from dataclasses import replace

from explorer.analysis.candidate_maps import for_looking, pixel_maps, placed_layer_maps
from explorer.analysis.rulers import read_ruler
from explorer.backbones import HEADS
from explorer.errors import ExplorerError
from explorer.images import Picture, load
from explorer.judgments.asking.trial import Plan
from explorer.judgments.class_disputes import Dispute, values_of
from explorer.judgments.class_distances import Fetch, TrialDistances
from explorer.judgments.scaling import title_of_condition
from explorer.metrics import Method
from explorer.names import cut, harmless
from explorer.viewer.candidates.scene import CandidateLayer, CandidatePanel, CandidateScene
from explorer.views.common.compute import compared_by_job
from explorer.views.common.digests import digest_of
from explorer.views.common.session import Session
from explorer.views.common.shown import Pair

NOTE = "A map is not a cause: a feature sees far beyond its cell."
WITHOUT = "It has no map."


def scene_of(
    session: Session, plan: Plan, shown: Dispute, metric: TrialDistances, fetch: Fetch
) -> CandidateScene:
    """The reference with A and B, or a JND trial's two pictures; maps are of the metric, or of the session's.

    Raises:
        AskingError: the session was removed meanwhile.
    """
    trial = plan.trials[shown.trial]
    reference = load(fetch(trial.reference), name="reference")
    method = _mapped(session, metric)
    versions = {"A": (trial.a, trial.condition_a), "B": (trial.b, trial.condition_b)}
    if plan.kind == "jnd":
        del versions["A"]
    values = values_of(plan, [shown], metric)
    panels = tuple(
        _panel(
            session,
            side,
            f"{side}: {cut(harmless(title_of_condition(condition)))}",
            reference,
            load(fetch(digest), name=side),
            method,
            f"{metric.label} {values.get(f' of {side}', values.get('', ['']))[0]}",
        )
        for side, (digest, condition) in versions.items()
    )
    return CandidateScene(
        key=digest_of((trial.reference, trial.a, trial.b, method.identity, metric.text, len(panels))),
        reference=reference.pixels,
        candidates=panels,
        metric=method.label,
        given=reference.size,
        reference_name=cut(trial.scene),
        note=f"Maps of {method.label}. {NOTE}",
        file=f"trial-{trial.number}_maps.png",
    )


def _mapped(session: Session, metric: TrialDistances) -> Method:
    """The metric where it has maps of its own, or the session's method."""
    common = replace(session.settings.method, size=None)
    ruler = read_ruler(metric.text, common)
    return ruler if isinstance(ruler, Method) and HEADS[ruler.heads].has_maps else common


def _panel(
    session: Session,
    key: str,
    name: str,
    reference: Picture,
    version: Picture,
    method: Method,
    score: str,
) -> CandidatePanel:
    _, _, seen = pixel_maps(reference, version, None, None)
    layers, message = (), WITHOUT
    try:
        compared, _ = compared_by_job(session, Pair(reference, version, linkable=False), method)
        maps = placed_layer_maps(reference, version, None, compared, method)
        layers = tuple(
            CandidateLayer(layer.name, values)
            for layer, values in zip(maps.measurement.layers, for_looking(maps), strict=True)
        )
    except ExplorerError as error:
        message = str(error)
    pixels = reference.digest, version.digest
    return CandidatePanel(
        key=key,
        name=name,
        pixels_key=digest_of(pixels),
        layers_key=digest_of((*pixels, method.identity)) if layers else "",
        picture=seen.picture.pixels,
        dissimilarity=seen.dissimilarity,
        squared_error=seen.squared_error,
        pixels_extent=seen.extent,
        layers=layers,
        layers_extent=maps.extent if layers else (0.0, 0.0, 1.0, 1.0),
        score=score,
        message="" if layers else message,
    )
