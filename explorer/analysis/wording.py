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
    """(name, value, which way is closer) of the score, called such as "LPIPS", of PSNR and of SSIM.

    Where the pair was not measured at its size as given, the size belongs to each: "lower is closer · at …".
    """
    return (
        (score, f"{measurement.score:.4f}", with_size("lower is closer", measurement)),
        ("PSNR", decibels(measurement.psnr), with_size("higher is closer", measurement)),
        ("SSIM", f"{measurement.ssim:.4f}", with_size("higher is closer", measurement)),
    )


def with_size(words: str, measurement: "Measurement") -> str:
    """Words about a number with the size that it was measured at, where that is not the size as given."""
    return words if measurement.is_as_given else f"{words} · {at_size(measurement)}"


def at_size(measurement: "Measurement") -> str:
    """The measured size: "at 1024 × 768"."""
    return "at {} × {}".format(*measurement.size)


def decibels(psnr: float, infinite: str = "infinite") -> str:
    """A PSNR as users read it, in sentences, or with a sign for one that is infinite."""
    return f"{psnr:.2f} dB" if math.isfinite(psnr) else infinite


def counted(count: int, one: str, many: str) -> str:
    """How many of something there are: "1 pair", "2,000 pairs"."""
    return f"1 {one}" if count == 1 else f"{count:,} {many}"


def note_on_size(size: tuple[int, int], measured: tuple[int, int], score: float) -> str:
    """A sentence where a question was asked at another size than the pair was measured at; else "".

    Args:
        size: (width, height) of the question.
        measured: Of the pair's measurement.
        score: The pair's at the question's size.
    """
    if size == measured:
        return ""
    return f"At {size[0]} × {size[1]} pixels, where the pair’s own score is {score:.4f}."


def times_text(ratio: float) -> str:
    """How many times, with no more digits than tell something: "2.4", "38", "2,400"."""
    if not math.isfinite(ratio):
        return "endlessly many"
    if ratio < 10:
        return f"{ratio:.1f}"
    digits = 10 ** (len(f"{ratio:.0f}") - 2)
    return f"{round(ratio / digits) * digits:,}"
