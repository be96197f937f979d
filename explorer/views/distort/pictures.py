"""The pictures between the steps, as the viewer of candidates shows them: linked, with their maps."""

from explorer.analysis import export
from explorer.analysis.candidate_maps import VIEW_SIDE, for_looking
from explorer.analysis.steps import StepLedger
from explorer.images import Picture, measured_size, resize
from explorer.names import cut
from explorer.viewer.candidates.scene import CandidateLayer, CandidatePanel, CandidateScene
from explorer.views.common.compute import identity
from explorer.views.common.digests import digest_of
from explorer.views.distort.measuring import Measured

COMING, FAILED, CANCELLED = "measuring …", "It could not be measured.", "It was not measured."
NO_MAP = "The metric has no map."
NOTE = "A map is not a cause: a feature sees far beyond its cell."


def scene_of(reference: Picture, measured: Measured, colours: str) -> CandidateScene:
    """The reference, and a panel for each step that is on.

    Args:
        colours: Of the maps, as `Settings.colours`.
    """
    ledger = measured.ledger
    longest = ledger.method.size
    panels = tuple(_panel(reference, ledger, place, measured) for place in range(len(ledger.recipe.active)))
    seen = [(each.key, each.name, each.pixels_key, each.score, each.message) for each in panels]
    return CandidateScene(
        key=digest_of((identity(reference), longest, seen)),
        reference=resize(resize(reference, longest), VIEW_SIDE).pixels,
        candidates=panels,
        metric=ledger.method.name.metric if any(panel.layers for panel in panels) else "",
        given=reference.size,
        reference_name=cut(reference.name),
        note=NOTE,
        file=export.named_by_methods(
            (reference.name,), (ledger.method,), measured_size(reference.size, longest), "steps", "png"
        ),
        colours=colours,
    )


def _panel(reference: Picture, ledger: StepLedger, place: int, measured: Measured) -> CandidatePanel:
    """The picture after a step, as far as it is known."""
    number, step = ledger.places[place], ledger.recipe.active[place]
    after = ledger.found[place] if place < len(ledger.found) else None
    # The viewer counts its panels, and leaves no number out where a step is off.
    name = step.entry.label if number == place + 1 else f"{step.entry.label}, step {number}"
    if after is None:
        return CandidatePanel(key=f"step{number}", name=name, message=_missing(measured))
    key = digest_of((identity(reference), ledger.recipe.active[: place + 1], ledger.method))
    layers = zip(after.measurement.layers, for_looking(after.maps), strict=True) if after.maps else ()
    return CandidatePanel(
        key=f"step{number}",
        name=name,
        pixels_key=key,
        layers_key=key if after.maps else "",
        picture=after.look.picture.pixels,
        dissimilarity=after.look.dissimilarity,
        squared_error=after.look.squared_error,
        pixels_extent=after.look.extent,
        layers=tuple(CandidateLayer(layer.name, values) for layer, values in layers),
        score=f"{ledger.shown_scores[place]} ({ledger.shown_parts[place]})",
        message="" if after.maps else NO_MAP,
    )


def _missing(measured: Measured) -> str:
    if measured.failure is not None or (measured.job is not None and measured.job.state == "failed"):
        return FAILED
    return COMING if measured.job is not None and not measured.job.is_over else CANCELLED
