"""What PSNR and SSIM say of a pair, with their maps; found once for all that ask for it."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from explorer.cache import ByteBudgetCache
from explorer.images import Picture
from explorer.metrics import classic

# Of all users. No network counts for these: each candidate's are asked for by its look and by each backbone,
# and nine candidates of a megapixel, the largest that is measured unasked, take 113 MB.
_found: ByteBudgetCache["ClassicMaps"] = ByteBudgetCache(128_000_000)


@dataclass(frozen=True, eq=False)
class ClassicMaps:
    """PSNR and SSIM of two pictures of one size; its arrays cannot be written to, for all share them.

    Attributes:
        squared_error: Mean over channels, 0..65025, float32 (H, W).
        psnr: In dB, infinite for identical images.
        ssim: -1..1; None below 11 x 11 pixels.
        ssim_map: float64 (H, W), NaN in the border of 5 pixels; None below 11 x 11 pixels.
    """

    squared_error: np.ndarray
    psnr: float
    ssim: float | None
    ssim_map: np.ndarray | None


def classic_maps(
    reference: Picture, distorted: Picture, between: Callable[[], None] = lambda: None
) -> ClassicMaps:
    """Compute them.

    Args:
        reference, distorted: At the measured size.
        between: Called once the squared error is there; what it raises ends the computation.
    """
    error = classic.squared_error(reference.pixels, distorted.pixels)
    between()
    score, similarity = None, None
    if min(reference.size) > 2 * classic.RADIUS:
        score, similarity = classic.ssim(reference.pixels, distorted.pixels)
        similarity.setflags(write=False)
    error.setflags(write=False)
    return ClassicMaps(error, classic.psnr(error), score, similarity)


def known_classic_maps(
    reference: Picture, distorted: Picture, between: Callable[[], None] = lambda: None
) -> ClassicMaps:
    """As `classic_maps`, for pictures that may be asked about again: computed where they are not known."""
    key = reference.digest, distorted.digest
    found = _found.get(key)
    if found is None:
        found = classic_maps(reference, distorted, between)
        maps = (found.squared_error, found.ssim_map)
        _found.put(key, found, sum(values.nbytes for values in maps if values is not None))
    return found
