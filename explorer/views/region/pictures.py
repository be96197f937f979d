"""The pictures with what is known of regions on them, and the numbers above them."""

from dataclasses import replace

from explorer.analysis.region import Region
from explorer.analysis.region.text import sentences
from explorer.analysis.viewing import outline
from explorer.analysis.wording import with_size
from explorer.backbones import find_backbone, receptive_fields
from explorer.metrics import Measurement
from explorer.viewer import Field, Scene, Spot
from explorer.views.common.parts import draw_tile_row, percent
from explorer.views.common.shown import Shown
from explorer.views.region.measuring import Subject


def with_regions(plain: Scene, subject: Subject) -> Scene:
    """A pair's scene with its hot spots, and with what each layer's cells see."""
    given = subject.frame.extent
    return replace(
        plain,
        given=given,
        spots=tuple(
            Spot(spot.x, spot.y, spot.box.numbers, f"{percent(spot.held.share)} of the score")
            for spot in subject.spots
        ),
        fields=fields_of(subject.shown),
    )


def fields_of(shown: Shown) -> dict[str, Field]:
    """What the cells of each layer see, in pixels of the pictures that are shown."""
    measurement = shown.inspection.measurement
    known = receptive_fields(find_backbone(measurement.backbone))
    seen = shown.viewing.reference.size
    return {
        layer.name: Field(known[layer.name].words, *outline(known[layer.name], measurement.size, seen))
        for layer in shown.inspection.layers
    }


def draw_tiles(measurement: Measurement, region: Region | None) -> None:
    """The score, and both answers about the chosen box, with a sentence that says what they say."""
    score = f"{measurement.score:.4f}"
    tiles = [(measurement.name.heading, score, with_size("lower is closer", measurement))]
    words = ["Draw a box on the pictures to ask what it holds."]
    if region is not None:
        held, check = region.held, region.check
        words = [sentences(region)]
        by_map = percent(held.share) if held else "no map"
        inside = f"{held.distance:.4f} of {score}" if held else "its ledger is of whole layers"
        tiles += [
            (f"In box {region.name}, by the map", by_map, inside),
            (
                f"Restoring {region.name} removes",
                percent(check.removed),
                f"{check.restore:.4f} remains",
            ),
            (
                f"Inserting {region.name} gives",
                percent(check.inserted),
                f"a score of {check.insert:.4f}",
            ),
        ]
    draw_tile_row(tiles, " ".join(words))
