"""What the metrics say of a made picture: always of its 8-bit pixels, and by the exact path."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from explorer.analysis.rulers import PSNR, SSIM, Ruler, values
from explorer.images import Picture
from explorer.metrics import Method
from explorer.metrics.classic import RADIUS
from explorer.metrics.perceptual import LayerMaps
from explorer.metrics.scores import terms_on


@dataclass(frozen=True, eq=False)
class Standing:
    """Of one picture, beside its reference.

    Attributes:
        values: What each metric says; None for SSIM below its window of 11 x 11 pixels.
        distances: A distance a layer of the method, which sum to its score.
        maps: Its layers' maps on their own grids, whose means these are; None for a metric without maps.
    """

    values: Mapping[Ruler, float | None]
    distances: tuple[float, ...]
    maps: LayerMaps | None


def standing_of(reference: Picture, picture: Picture, method: Method) -> Standing:
    """What PSNR, SSIM and a method say.

    Args:
        reference, picture: Of one size, at which they are measured.
        method: Its size is left aside.

    Raises:
        ImageError, WeightsError: as `explorer.measure`.
    """
    ((distances, maps),) = terms_on(method.network, reference, [picture], method.heads, method.layers)
    found: dict[Ruler, float | None] = {PSNR: values(PSNR, reference, [picture])[0]}
    fits = min(reference.size) > 2 * RADIUS
    found[SSIM] = values(SSIM, reference, [picture])[0] if fits else None
    found[method] = math.fsum(distances)
    return Standing(found, tuple(distances), maps)


def said_of(
    reference: Picture, pictures: Sequence[Picture], witnesses: Sequence[Ruler]
) -> list[dict[Ruler, float]]:
    """What other metrics say, which were not asked while the pictures were made; a dictionary a picture.

    Raises:
        ImageError, WeightsError: as `explorer.measure`.
    """
    columns = {ruler: values(ruler, reference, pictures) for ruler in witnesses}
    return [{ruler: column[place] for ruler, column in columns.items()} for place in range(len(pictures))]
