"""How sentences say shares and lists."""

from collections.abc import Sequence


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
