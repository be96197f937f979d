"""How sentences and tables say shares, lists and the three numbers of a pair."""

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # importing it would load torch, which listings do not need
    from explorer.metrics import Measurement

# The whole of it, wherever it is said: of a number from elsewhere any of these may be another.
COMPARABLE = (
    "A distance is comparable only with distances to the same reference, at the same size, by the same "
    "network, weights, layers and heads."
)


def percent(share: float) -> str:
    """A share in a sentence: whole percents, and more of them where it is small."""
    if 0 < share < 0.001:
        return "less than 0.1%"
    if 0.995 <= share < 1 - 1e-9:
        return "more than 99%"
    return f"{share:.1%}" if 0 < share < 0.01 else f"{share:.0%}"


def listed(names: Sequence[str]) -> str:
    """Names as a sentence lists them: "a, b and c"."""
    *others, last = names
    return f"{', '.join(others)} and {last}" if others else last


def three_numbers(measurement: "Measurement", score: str) -> tuple[tuple[str, str, str], ...]:
    """(name, value, which way is closer) of the score, called such as "LPIPS", of PSNR and of SSIM."""
    return (
        (score, f"{measurement.score:.4f}", "lower is closer"),
        ("PSNR", decibels(measurement.psnr), "higher is closer"),
        ("SSIM", f"{measurement.ssim:.4f}", "higher is closer"),
    )


def decibels(psnr: float) -> str:
    """A PSNR as users read it."""
    return f"{psnr:.2f} dB" if math.isfinite(psnr) else "infinite"
