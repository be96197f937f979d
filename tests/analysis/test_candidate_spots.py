import numpy as np
import pytest

from explorer.analysis.candidate_maps import placed_layer_maps
from explorer.analysis.candidate_spots import CommonSpot, common_sentence, common_spots
from explorer.analysis.region import Box, frame_of, ledger_of
from explorer.images import derive, to_one_size
from explorer.metrics import Method, compare

LPIPS = Method("alexnet", "lpips-0.1", device="cpu")
SHARED, ONE, OTHER = (96, 96), (16, 16), (16, 96)  # row and column of places of 48 pixels


@pytest.fixture(scope="module")
def reference(photo):
    return photo("cat", (160, 160))


def damaged(picture, *places, strength=60, seed=0):
    """The picture with noise in some places of 48 pixels, and a little of it everywhere."""
    noise = np.random.default_rng(seed).normal(0, 1, picture.pixels.shape)
    amount = np.full((*picture.pixels.shape[:2], 1), 2.0)
    for row, column in places:
        amount[row : row + 48, column : column + 48] = strength
    return derive(picture, np.clip(picture.pixels + amount * noise, 0, 255).astype(np.uint8))


def maps_of(reference, candidate, method=LPIPS, fit=None):
    found = compare(*to_one_size(reference, candidate, fit), method, siblings=True)
    return placed_layer_maps(reference, candidate, fit, found, method)


def test_the_place_that_is_damaged_in_all_candidates_is_found_with_the_share_of_each(reference):
    maps = [
        maps_of(reference, damaged(reference, SHARED, place, seed=seed))
        for seed, place in enumerate((ONE, OTHER))
    ]
    spots = common_spots(maps)
    assert spots
    strongest = spots[0]
    assert SHARED[1] <= 160 * strongest.x < SHARED[1] + 48
    assert SHARED[0] <= 160 * strongest.y < SHARED[0] + 48
    frame = frame_of(reference, None, reference.size)
    for own, share in zip(maps, strongest.shares, strict=True):
        assert share == pytest.approx(ledger_of(own.measurement, strongest.box, frame).share)
        assert share > 1.5 * strongest.area_share
    for spot in spots:  # what is damaged in one alone is none
        for row, column in (ONE, OTHER):
            assert not (column <= 160 * spot.x < column + 48 and row <= 160 * spot.y < row + 48)


def test_a_strong_candidate_does_not_drown_a_weak_one(reference):
    weak = maps_of(reference, damaged(reference, SHARED, strength=25))
    strong = maps_of(reference, damaged(reference, SHARED, strength=90, seed=1))
    both = common_spots([weak, strong])
    assert both
    assert [spot.box for spot in both] == [spot.box for spot in common_spots([strong, weak])]


def test_there_is_nothing_in_common_with_nobody_with_an_identical_one_or_with_another_part(reference, photo):
    one = maps_of(reference, damaged(reference, SHARED))
    identical = maps_of(reference, derive(reference, reference.pixels))
    cropped = maps_of(reference, photo("coffee", (120, 120)), fit="crop")
    assert common_spots([]) == common_spots([one]) == ()
    assert common_spots([one, identical]) == ()
    assert common_spots([one, cropped]) == ()


@pytest.mark.parametrize("margin", [0, 12], ids=["whole", "cropped"])
@pytest.mark.parametrize("size", [None, 120], ids=["as given", "smaller"])
def test_spots_lie_where_the_damage_lies_on_the_reference_as_given(reference, size, margin):
    inside = slice(margin, 160 - margin)
    candidates = []
    for seed in range(2):
        whole = damaged(reference, SHARED, seed=seed)
        candidates.append(derive(whole, whole.pixels[inside, inside]))
    method = Method("alexnet", "lpips-0.1", size=size, device="cpu")
    (spot, *_) = common_spots([maps_of(reference, each, method, "crop") for each in candidates])
    assert SHARED[1] <= 160 * spot.x < SHARED[1] + 48
    assert SHARED[0] <= 160 * spot.y < SHARED[0] + 48


def test_the_sentence_names_each_candidates_share_in_the_first_and_the_range_in_the_others():
    spots = [
        CommonSpot(0.1, 0.1, Box(0, 0, 2, 2), 0.04, (0.12, 0.08)),
        CommonSpot(0.9, 0.9, Box(8, 8, 2, 2), 0.03, (0.05, 0.07)),
    ]
    text = common_sentence(spots, ["a.png", "b.png"])
    assert text == (
        "Both have hot spot 1 in common, 4% of the image: it holds 12% of a.png’s and 8% of b.png’s "
        "distance. Hot spot 2, 3% of it, holds 5% to 7% of each."
    )
    assert common_sentence([], ["a.png", "b.png"]) == "No place is hot in both at once."
