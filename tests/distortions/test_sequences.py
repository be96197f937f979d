"""The paper's sequences: which there are, and that a seed draws one."""

import numpy as np
import pytest

from explorer.distortions import CATALOGUE, find_distortion, random_sequence, table_2
from explorer.distortions.sequences import ALONE, pairs
from explorer.errors import SettingError


def test_table_2_has_the_papers_twenty_distortions_in_its_five_families():
    counts = {}
    for entry in table_2():
        counts[entry.family] = counts.get(entry.family, 0) + 1
    assert counts == {"photometric": 4, "noise": 6, "blur": 2, "spatial": 7, "compression": 1}
    assert len({entry.paper for entry in table_2()}) == 20


def test_each_of_them_says_what_the_paper_leaves_open():
    assert all(entry.left_open.endswith(".") for entry in table_2())
    assert not any(entry.left_open for entry in CATALOGUE.values() if not entry.paper)


def test_there_are_as_many_sequences_as_the_paper_counts():
    assert len(set(pairs())) == len(pairs()) == 308


def test_a_drawn_sequence_is_one_of_them_and_its_seed_draws_it_again():
    recipe = random_sequence(7)
    assert recipe == random_sequence(7)
    assert tuple(step.name for step in recipe) in pairs()
    assert all(step.values is not None for step in recipe)


def test_seeds_draw_from_all_of_them():
    drawn = [random_sequence(seed) for seed in range(400)]
    firsts, seconds = zip(*([step.name for step in recipe] for recipe in drawn), strict=True)
    assert set(firsts) == set(seconds) == {entry.name for entry in table_2()}
    for first, second in zip(firsts, seconds, strict=True):
        families = find_distortion(first).family, find_distortion(second).family
        assert first != second
        assert not (families[0] == families[1] and families[0] in ALONE)
    assert len(set(drawn)) == len(drawn)


def test_a_drawn_sequence_makes_a_picture():
    image = np.random.default_rng(3).integers(0, 256, (40, 56, 3), dtype=np.uint8)
    assert random_sequence(3).apply(image).shape == image.shape


@pytest.mark.parametrize("seed", [-1, 1.5, "seven", 2**53, True])
def test_a_seed_that_is_none_is_refused(seed):
    with pytest.raises(SettingError, match=r"^The seed is .*; choose a whole number"):
        random_sequence(seed)
