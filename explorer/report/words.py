"""Names and numbers as a report writes them."""

import math

LONGEST_NAME = 60  # characters of a file's name


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


def cut(name: str, longest: int = LONGEST_NAME) -> str:
    """A name without its middle where it is long: its start and its ending tell the most."""
    if len(name) <= longest:
        return name
    kept = longest - 1
    return f"{name[: kept - kept // 3]}…{name[len(name) - kept // 3 :]}"
