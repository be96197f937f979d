"""Names and numbers as a report writes them."""

import math


def number(value: float) -> str:
    """Three significant digits, without an exponent where that is short."""
    size = abs(value)
    if size == 0:
        return "0"
    if size < 1e-4:
        return f"{value:.1e}".replace("-", "−")
    places = 0 if size >= 100 else min(6, 2 - math.floor(math.log10(size)))
    return f"{value:.{places}f}".replace("-", "−")


def share(value: float) -> str:
    """A share in a label; "" where it is undefined."""
    if math.isnan(value):
        return ""
    return f"{value:.1%}" if value < 0.1 else f"{value:.0%}"
