"""The candidates as the viewer shows them: pictures, maps, and the hot spots that all have in common."""

from collections.abc import Sequence

from explorer.analysis import export
from explorer.analysis.candidate_maps import VIEW_SIDE, WHOLE, PlacedLayerMaps, for_looking
from explorer.analysis.candidate_numbers import Look
from explorer.analysis.candidate_spots import CommonSpot, are_comparable, common_spots
from explorer.analysis.candidates import Ranking, texts
from explorer.analysis.wording import percent
from explorer.images import Picture, measured_size, resize
from explorer.metrics import Method
from explorer.names import cut
from explorer.viewer.candidates.scene import CandidateLayer, CandidatePanel, CandidateScene
from explorer.views.candidates.candidate_list import Candidate, CandidateList
from explorer.views.candidates.measuring import Measured, mapped_method
from explorer.views.common.digests import digest_of

COMING, FAILED = "measuring …", "It could not be measured."
MISFIT = "Another size than the reference’s: choose above how to fit it."
CANCELLED = "It was not measured."
NOTE = "A map is not a cause: a feature sees far beyond its cell."


def scene_of(
    chosen: CandidateList,
    reference: Picture,
    candidates: Sequence[Candidate],
    methods: Sequence[Method],
    measured: Measured,
    found: Ranking,
    longest: int | None,
) -> CandidateScene:
    """All of it, in the order of the table.

    Args:
        longest: The longest side that is measured.
    """
    first = mapped_method(methods)
    spots = spots_of(chosen, candidates, measured) or ()
    scores = ["" for _ in candidates]
    if first is not None:
        column = list(methods).index(first)
        scores = texts(found.metrics[column], [row.cells[column].value for row in found.rows])
    panels = tuple(
        panel_of(candidates[index], measured, scores[index], [spot.shares[index] for spot in spots])
        for index in found.order
    )
    metric = next((maps.measurement.name.metric for maps in measured.maps.values()), "LPIPS")
    parts = [
        (each.key, each.name, each.pixels_key, each.layers_key, each.score, each.message) for each in panels
    ]
    return CandidateScene(
        key=digest_of((reference.digest, longest, parts, spots)),
        reference=resize(resize(reference, longest), VIEW_SIDE).pixels,
        candidates=panels,
        metric=metric if first else "",
        spots=tuple((spot.x, spot.y) for spot in spots),
        given=reference.size,
        reference_name=cut(reference.name),
        note=NOTE,
        file=export.named_by_methods(
            (reference.name,), methods, measured_size(reference.size, longest), "candidates", "png"
        ),
    )


def spots_of(
    chosen: CandidateList, candidates: Sequence[Candidate], measured: Measured
) -> tuple[CommonSpot, ...] | None:
    """The hot spots that all candidates have, found once; None where they are not all there or comparable."""
    maps: list[PlacedLayerMaps] = [
        measured.maps[each.role] for each in candidates if each.role in measured.maps
    ]
    if len(maps) < len(candidates) or not are_comparable(maps):
        return None
    key = tuple(measured.keys[each.role] for each in candidates)
    spots = chosen.spots.get(key)
    return chosen.spots.keep(key, common_spots(maps)) if spots is None else spots


def panel_of(each: Candidate, measured: Measured, score: str, shares: Sequence[float]) -> CandidatePanel:
    """One candidate, as far as it is known."""
    look: Look | None = measured.looks.get(each.role)
    maps = measured.maps.get(each.role)
    seen = look.maps if look else None
    look_key, maps_key = measured.keys.get(each.role, (None, None))
    return CandidatePanel(
        key=each.key,
        name=each.name,
        pixels_key=digest_of(look_key) if seen else "",
        layers_key=digest_of(maps_key) if maps else "",
        picture=seen.picture.pixels if seen else None,
        dissimilarity=seen.dissimilarity if seen else None,
        squared_error=seen.squared_error if seen else None,
        pixels_extent=seen.extent if seen else WHOLE,
        layers=tuple(
            CandidateLayer(layer.name, values)
            for layer, values in zip(maps.measurement.layers, for_looking(maps), strict=True)
        )
        if maps
        else (),
        layers_extent=maps.extent if maps else WHOLE,
        score=score if maps else "",
        message=_missing(each, measured),
        spots=tuple(map(percent, shares)),
    )


def _missing(each: Candidate, measured: Measured) -> str:
    """Why something of a candidate is not there."""
    if each.role in measured.misfits:
        return MISFIT
    if measured.job is not None and not measured.job.is_over:
        return COMING
    return FAILED if measured.failures else CANCELLED
