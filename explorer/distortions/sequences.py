"""Sequences of two distortions, as section 3.1 of the paper composes them."""

from collections.abc import Iterable

import numpy as np

from explorer.distortions.base import Distortion
from explorer.distortions.catalogue import CATALOGUE
from explorer.distortions.recipe import Recipe, Step

ALONE = ("noise", "spatial")
"""Families of which a sequence holds one member at most.

The paper counts 308 sequences of its 20 distortions and does not say which. All ordered pairs are 380;
without two of noise (30) and without two spatial ones (42) they are 308, so this is how we read it.
"""

DRAWN_SEEDS = 2**31  # few enough for people to type


def table_2() -> tuple[Distortion, ...]:
    """The rows of the catalogue that are of the paper's Table 2, in its order of families."""
    return tuple(entry for entry in CATALOGUE.values() if entry.paper)


def pairs(entries: Iterable[Distortion] | None = None) -> tuple[tuple[str, str], ...]:
    """The names of all sequences of two different distortions, of Table 2 by default: 308."""
    rows = table_2() if entries is None else tuple(entries)
    return tuple(
        (first.name, second.name)
        for first in rows
        for second in rows
        if first is not second and not (first.family == second.family and first.family in ALONE)
    )


def random_sequence(seed: int) -> Recipe:
    """One of the paper's sequences, drawn at random; equal seeds give equal recipes.

    Each of the 308 is as likely as the others, severities are uniform in 0..1, and each step has a seed of
    its own. The paper leaves all three open.

    Args:
        seed: A whole number from 0 to `HIGHEST_SEED` of the recipes.

    Raises:
        SettingError: if the seed is none.
    """
    Step.at("jpeg", 0, seed)  # complains of a seed that is none
    rng = np.random.default_rng(seed)
    chosen = pairs()
    names = chosen[rng.integers(len(chosen))]
    # 1 - [0, 1) leaves out the severity 0, which would be no step.
    return Recipe(tuple(Step.at(name, 1 - rng.random(), int(rng.integers(DRAWN_SEEDS))) for name in names))
