"""By which metrics, and at which size, a set of judgments is measured."""

from collections.abc import Sequence
from dataclasses import dataclass

from explorer.analysis.rulers import CLASSIC, Ruler, read_ruler, text_of
from explorer.backbones.sizes import LARGER_SIZE, too_small
from explorer.errors import SettingError
from explorer.images import measured_size
from explorer.metrics import Method
from explorer.metrics.classic import RADIUS

USUAL_SIZE = 64  # pixels: at which the paper's 256 px files were shown to people and measured
USUAL_METRICS = ("psnr", "ssim", "alexnet:lpips-0.1")
# Pillow's filters, both antialiased. Lanczos is what all else here resizes with; bilinear is what the data
# loader of the paper's own code does, whose scores it gives to the digit.
RESAMPLINGS = ("lanczos", "bilinear")


@dataclass(frozen=True)
class Way:
    """How each trial of a set is measured.

    Attributes:
        rulers: The metrics, each once.
        size: The longest side in pixels, never upscaled; None measures as given.
        resampling: One of `RESAMPLINGS`.
    """

    rulers: tuple[Ruler, ...]
    size: int | None = USUAL_SIZE
    resampling: str = RESAMPLINGS[0]

    @property
    def names(self) -> tuple[str, ...]:
        """The metrics as files hold them, such as "psnr" or "alexnet:lpips-0.1"."""
        return tuple(map(text_of, self.rulers))

    @property
    def methods(self) -> tuple[Method, ...]:
        """Those of the metrics that a network computes."""
        return tuple(ruler for ruler in self.rulers if ruler not in CLASSIC)

    @property
    def words(self) -> str:
        """The size as users read it."""
        return f"measured at {self.size} pixels ({self.resampling})" if self.size else "measured as given"


def read_way(
    metrics: Sequence[str] = USUAL_METRICS,
    size: int | None = USUAL_SIZE,
    resampling: str = RESAMPLINGS[0],
    device: str = "auto",
) -> Way:
    """Check what a user asks for, before anything is read or loaded.

    Args:
        metrics: Names such as "psnr", "ssim", "lpips" (that of AlexNet), "vgg16:uniform" or
            "alexnet:uniform:random".
        size, resampling: As of a `Way`.
        device: Of the networks: "auto", "cuda", "mps" or "cpu".

    Raises:
        SettingError: an unknown name, a metric named twice, none at all, or a size too small for one.
    """
    if isinstance(metrics, str):
        metrics = [metrics]
    if not metrics:
        raise SettingError("No metric is named; ask for one or more, such as psnr or alexnet:lpips-0.1.")
    if resampling not in RESAMPLINGS:
        raise SettingError(f"{resampling!r} is no way to resize; choose {' or '.join(RESAMPLINGS)}.")
    measured_size((1, 1), size)
    usual = Method(size=size, device=device)
    rulers = tuple(read_ruler(name, usual) for name in metrics)
    names = [text_of(ruler) for ruler in rulers]
    twice = [name for name in names if names.count(name) > 1]
    if twice:
        raise SettingError(f"The metric {twice[0]} is named twice; name each once.")
    way = Way(rulers, size, resampling)
    _check_size(way)
    return way


def _check_size(way: Way) -> None:
    """Refuse a size at which no picture is large enough for one of the metrics."""
    if way.size is None:
        return
    if "SSIM" in way.rulers and way.size <= 2 * RADIUS:
        raise SettingError(
            f"SSIM needs at least 11 × 11 pixels, not {way.size}; choose a larger size.", "size"
        )
    for method in way.methods:
        square = (way.size, way.size)  # no picture is larger than that
        if why := too_small(method.row, square, name="The largest picture", mend=LARGER_SIZE):
            raise SettingError(why, "size")
