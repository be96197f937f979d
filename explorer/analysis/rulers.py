"""What a picture's distance from a reference is told by: PSNR, SSIM, or a method of the network's kind."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from explorer.analysis.wording import decibels
from explorer.backbones import find_backbone
from explorer.errors import ImageError, SettingError
from explorer.images import Picture
from explorer.metrics import Method, read_method
from explorer.metrics.classic import RADIUS, psnr, squared_error, ssim
from explorer.metrics.scores import scores_on

PSNR, SSIM = "PSNR", "SSIM"
CLASSIC = (PSNR, SSIM)

Ruler = Method | str  # a method, "PSNR" or "SSIM"
Rulers = tuple[Ruler, Ruler]


def read_ruler(name: str, method: Method) -> Ruler:
    """The ruler that a user names: "psnr", "ssim", "lpips", which is `method`, or another.

    Args:
        name: Another is named as `Method.text`, "vgg16:lpips-0.1"; or by its backbone alone, such as "dists",
            which then has its first heads.
        method: What "lpips" stands for; its size, device and precision are the others' as well.

    Raises:
        SettingError: if it is none of these.
    """
    known = {"psnr": PSNR, "ssim": SSIM, "lpips": method}
    if not isinstance(name, str):
        raise SettingError(_unknown(name, known))
    if name.lower() in known:
        return known[name.lower()]
    if ":" in name:
        found = read_method(name)
    else:
        try:
            found = Method(find_backbone(name).name)
        except SettingError:
            raise SettingError(_unknown(name, known)) from None
    return replace(found, size=method.size, device=method.device, precision=method.precision)


def _unknown(name: object, known: Iterable[str]) -> str:
    return (
        f"There is no metric {name!r} to ask for; choose one of {', '.join(known)}, or a backbone, as in "
        f"vgg16 or vgg16:lpips-0.1."
    )


def is_similarity(ruler: Ruler) -> bool:
    """Whether a larger value is closer to the reference, as of PSNR and SSIM."""
    return ruler in CLASSIC


def label_of(ruler: Ruler) -> str:
    """As users read it."""
    return ruler if isinstance(ruler, str) else ruler.label


def text_of(ruler: Ruler) -> str:
    """As links and files hold it, and `read_ruler` reads it back: "psnr", or "alexnet:lpips-0.1"."""
    return ruler.lower() if isinstance(ruler, str) else ruler.text


def value_text(ruler: Ruler, value: float | None) -> str:
    """A value as it is read, "24.00 dB" or "0.3159"; "" where there is none."""
    if value is None:
        return ""
    return decibels(value, "∞ dB") if ruler == PSNR else f"{value:.4f}"


def value(ruler: Ruler, reference: Picture, picture: Picture) -> float:
    """What a ruler says of a picture; both at the size that is measured.

    Raises:
        ImageError: the pictures are too small for it.
        WeightsError: as `Method.network`.
    """
    return values(ruler, reference, [picture])[0]


def values(ruler: Ruler, reference: Picture, pictures: Sequence[Picture]) -> list[float]:
    """The same of several pictures, which pass a network together where that is on a GPU."""
    if ruler == PSNR:
        return [psnr(squared_error(reference.pixels, picture.pixels)) for picture in pictures]
    if ruler == SSIM:
        if min(reference.size) <= 2 * RADIUS:
            width, height = reference.size
            raise ImageError(
                f"SSIM needs at least 11 × 11 pixels, not {width} × {height}; take a larger image."
            )
        return [ssim(reference.pixels, picture.pixels)[0] for picture in pictures]
    return scores_on(ruler.network, reference, pictures, ruler.heads, ruler.layers)
