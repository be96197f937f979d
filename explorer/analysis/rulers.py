"""What a picture's distance from a reference is told by: PSNR, SSIM, or a method of the network's kind."""

from explorer.errors import ImageError, SettingError
from explorer.images import Picture
from explorer.metrics import Method
from explorer.metrics.classic import RADIUS, psnr, squared_error, ssim
from explorer.metrics.scores import scores_on

PSNR, SSIM = "PSNR", "SSIM"
CLASSIC = (PSNR, SSIM)

Ruler = Method | str  # a method, "PSNR" or "SSIM"


def read_ruler(name: str, method: Method) -> Ruler:
    """The ruler that a user names: "psnr", "ssim" or "lpips", which is `method`.

    Raises:
        SettingError: if it is none of these.
    """
    known = {"psnr": PSNR, "ssim": SSIM, "lpips": method}
    if not isinstance(name, str) or name.lower() not in known:
        raise SettingError(f"There is no metric {name!r} to ask for; choose one of {', '.join(known)}.")
    return known[name.lower()]


def is_similarity(ruler: Ruler) -> bool:
    """Whether a larger value is closer to the reference, as of PSNR and SSIM."""
    return ruler in CLASSIC


def label_of(ruler: Ruler) -> str:
    """As users read it."""
    return ruler if isinstance(ruler, str) else ruler.label


def value(ruler: Ruler, reference: Picture, picture: Picture) -> float:
    """What a ruler says of a picture; both at the size that is measured.

    Raises:
        ImageError: the pictures are too small for it.
        WeightsError: as `Method.network`.
    """
    if ruler == PSNR:
        return psnr(squared_error(reference.pixels, picture.pixels))
    if ruler == SSIM:
        if min(reference.size) <= 2 * RADIUS:
            width, height = reference.size
            raise ImageError(
                f"SSIM needs at least 11 × 11 pixels, not {width} × {height}; take a larger image."
            )
        return ssim(reference.pixels, picture.pixels)[0]
    (score,) = scores_on(ruler.network, reference, [picture], ruler.heads, ruler.layers)
    return score
