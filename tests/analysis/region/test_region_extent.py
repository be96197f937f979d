from itertools import product

import numpy as np
import pytest

from explorer.analysis.region.extent import heaviest


@pytest.mark.parametrize("largest", [1.0, 0.4, 0.1])
def test_no_span_around_the_core_that_is_no_larger_holds_more(largest):
    random = np.random.default_rng(0)
    for _ in range(25):
        values = random.normal(-0.2, 1, (7, 9))
        row, column = random.integers(0, 6), random.integers(0, 8)
        core = slice(row, row + 2), slice(column, column + 2)
        found = values[heaviest(values, core, largest)]
        assert found.size <= max(largest * values.size, 4)
        for top, bottom, left, right in product(
            range(row + 1), range(row + 2, 8), range(column + 1), range(column + 2, 10)
        ):
            other = values[top:bottom, left:right]
            if other.size <= max(largest * values.size, 4):
                assert other.sum() <= found.sum() + 1e-9


def test_a_span_never_holds_what_is_taken():
    values, taken = np.ones((6, 6)), np.zeros((6, 6), bool)
    taken[:, 4] = True
    assert heaviest(values, (slice(1, 2), slice(1, 2)), taken=taken) == (slice(0, 6), slice(0, 4))
