"""The pair that a page shows: measured, put into words, and made ready for the viewer."""

from functools import partial

from streamlit.delta_generator import DeltaGenerator

from explorer.analysis.export import named
from explorer.analysis.inspection import Inspection
from explorer.analysis.viewing import Viewing
from explorer.analysis.wording import COMPARABLE, with_size
from explorer.errors import ExplorerError, MissingWeightsError
from explorer.images import Picture
from explorer.names import cut
from explorer.viewer import LayerMap, PixelMap, Scene
from explorer.views.common import method_controls, pair_controls, parts
from explorer.views.common.compute import measured_in_background, measuring_job, show, stop_measuring
from explorer.views.common.distorting import draw_distorting, offer_again
from explorer.views.common.fetch_controls import draw_fetch
from explorer.views.common.progress import draw_work
from explorer.views.common.projects import say_difference
from explorer.views.common.session import Session
from explorer.views.common.shown import MisfitError, Pair, Shown

NOTE = (
    f"A map shows where features differ, not what caused it: features see beyond their own cell. {COMPARABLE}"
)
ASK_REGION = "Region asks for the cause."
NO_MAPS = f"DISTS compares statistics of whole layers, so it has a ledger but no map. {COMPARABLE}"
OTHER_MAPS = "Below are the maps of other measures."


def measure(session: Session, pair: Pair | None) -> tuple[Shown | None, ExplorerError | None]:
    """Measure the pair; where there is none, or it fails, what was shown before stays.

    Not where a link waits for its pictures: nothing takes their place.
    """
    if pair is None and session.asked_for:
        return None, None
    if pair is None and session.shown is not None:
        return session.shown, None
    pair = pair or session.pair  # what was shown may have been let go, with the tab
    if pair is None:
        return None, None
    try:
        method = method_controls.method_for(session, pair)
        if measured_in_background(session, pair, method):
            return show(session, pair, method), None
        return session.shown, None
    except ExplorerError as error:
        return session.shown, error


def draw_state(
    session: Session,
    pair: Pair | None,
    problem: ExplorerError | None,
    failure: ExplorerError | None,
    place: str,
) -> None:
    """Say what stands in the way of the pair that was chosen, each with its mend.

    Args:
        problem: Why the choice makes no pair.
        failure: Why the pair could not be measured.
        place: The page's name, which tells its buttons from those of other pages.
    """
    say_difference(session)
    parts.draw_problems(session.sentences(), problem or failure)
    if isinstance(problem, MisfitError):
        pair_controls.offer_mends(session, problem)
    elif isinstance(failure, MissingWeightsError):
        draw_fetch(session.settings.method.row, place)
    elif (job := measuring_job(session)) is not None:
        # It may end after `measure` has looked at it: no result is drawn yet, so the page then runs anew.
        draw_work(
            job,
            f"measuring_{place}",
            drawn=0,
            again=partial(stop_measuring, session),
            offer="Measure again",
            kept="",
        )
    elif problem:
        offer_again(session)
    elif pair is None and not draw_distorting(session):
        pair_controls.say_missing(session)


def scene(shown: Inspection, pictures: Viewing, colours: str) -> Scene:
    """What the viewer draws, in these colours (`Settings.colours`)."""
    result, measurement = shown.comparison, shown.measurement
    note, hint = (NOTE, ASK_REGION) if shown.combined is not None else (NO_MAPS, OTHER_MAPS)
    if pictures.is_reduced:
        width, height = pictures.reference.size
        note = (
            f"Shown at {width} × {height}, measured at {measurement.size[0]} × {measurement.size[1]}. {note}"
        )
    return Scene(
        key="-".join(
            (
                result.reference.digest,
                result.distorted.digest,
                measurement.backbone,
                measurement.weights,
                measurement.heads,
                measurement.precision,
                *(layer.name for layer in shown.layers),
            )
        ),
        reference=pictures.reference.pixels,
        distorted=pictures.distorted.pixels,
        layers=tuple(
            LayerMap(
                name=layer.name,
                channels=layer.channels,
                distance=layer.distance,
                share=layer.share if layer.share >= 0 else None,
                values=layer.map,
                included=shown.is_in_sum(layer),
            )
            for layer in shown.layers
            if layer.map is not None
        ),
        pixel_maps=(
            PixelMap(
                "one_minus_ssim",
                "1 − SSIM",
                pictures.dissimilarity,
                f"{1 - result.ssim:.3f}",
                shown.dissimilarity_maximum,
            ),
            PixelMap(
                "squared_error",
                "Squared error",
                pictures.squared_error,
                f"{result.squared_error.mean():.1f}",
                shown.squared_error_maximum,
            ),
        ),
        score=measurement.score,
        shared_maximum=shown.shared_maximum,
        combined_maximum=shown.combined_maximum,
        reference_name=cut(result.reference.name),
        distorted_name=cut(result.distorted.name),
        note=note,
        hint=hint,
        file=named(measurement, "view", "png"),
        metric=with_size(measurement.name.label, measurement),
        short_metric=measurement.name.metric,
        colours=colours,
    )


def describe(picture: Picture, given: Picture) -> str:
    """One picture of the quiet line: name, size, format, and what was converted."""
    size = f"{given.width} × {given.height} {given.format}".rstrip()
    return parts.plain("; ".join((f"{cut(given.name)}, {size}", *map(str, picture.notes))))


def draw_about(shown: Shown, place: DeltaGenerator) -> None:
    """In the sidebar: where it was measured, and how long that took."""
    measurement = shown.inspection.measurement
    words = f"Device · {measurement.device.upper()}, {parts.duration(shown.seconds)}"
    if shown.exact_score is not None:
        words += f". {parts.effect(measurement.precision, measurement.score, shown.exact_score)}"
    place.caption(words)
