"""Long lists of parameters: a few of them in every run, all in `make test-all`."""

from collections.abc import Iterable
from itertools import product

import pytest

from explorer.samples import SAMPLES


def few(values: Iterable, count: int = 1, tuples: bool = False) -> list:
    """The values for `parametrize`, those after the first few marked as of the grid.

    Args:
        values: What the property holds for; the most telling ones first.
        count: How many are tested in every run.
        tuples: Each value is a tuple for several names.
    """
    return [
        value if place < count else pytest.param(*(value if tuples else (value,)), marks=pytest.mark.grid)
        for place, value in enumerate(values)
    ]


# Every sample, and once an odd size; in the grid every sample in every size.
_FIRST = [*((sample, (64, 64)) for sample in SAMPLES), ("cat", (151, 103))]
_ALL = product(SAMPLES, [(64, 64), (256, 256), (301, 207)])
EVERY_PHOTOGRAPH = pytest.mark.parametrize(
    ("sample", "size"),
    few([*_FIRST, *(case for case in _ALL if case not in _FIRST)], len(_FIRST), tuples=True),
    ids=lambda value: value if isinstance(value, str) else "{}x{}".format(*value),
)
