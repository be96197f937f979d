"""A planted change is found where it was planted, and no part of the distance lies beyond its reach."""

import functools
import math
from dataclasses import dataclass
from itertools import combinations, pairwise

import numpy as np
import pytest
from PIL import Image, ImageFilter

from explorer.analysis.inspection import combined_of
from explorer.analysis.region import Box, Frame, check, fitted, ledger_of
from explorer.analysis.region.hotspots import ABOVE_MEAN, _witnessed
from explorer.backbones import find_backbone, receptive_fields
from explorer.distortions import distort
from explorer.images import Picture, derive
from explorer.metrics import Measurement
from tests.analysis.region.region_cases import measured, method_of, spots_of, with_noise
from tests.grid import few

PLANTED = range(60)
# A few only, since the convolutions are packed anew for each.
SIZES = [(193, 259), (201, 201), (237, 223), (259, 195), (245, 217), (215, 249), (227, 193)]
SAMPLES = ("cat", "astronaut", "coffee", "rocket", "china")
METHOD = method_of()
KINDS = ("noise", "another photograph", "blur")


@dataclass(frozen=True)
class Planted:
    """A pair that is equal but for a patch, and what was measured of it."""

    reference: Picture
    distorted: Picture
    patch: Box
    measurement: Measurement
    frame: Frame

    @property
    def cell(self) -> tuple[float, float]:
        """(width, height) in pixels of a cell of the deepest layer."""
        rows, columns = self.measurement.layers[-1].grid
        return self.reference.width / columns, self.reference.height / rows

    def cells_away(self, x: float, y: float) -> tuple[float, float]:
        """How far a place lies from the patch, in cells of the deepest layer along both axes."""
        patch = self.patch
        return (
            max(patch.x - x, x - patch.right, 0) / self.cell[0],
            max(patch.y - y, y - patch.bottom, 0) / self.cell[1],
        )


@pytest.fixture(scope="module")
def plant(photo):
    """Make a case from its number."""

    @functools.cache
    def make(seed: int) -> Planted:
        rng = np.random.default_rng(seed)
        size = SIZES[rng.integers(len(SIZES))]
        reference = photo(SAMPLES[seed % len(SAMPLES)], size)
        width, height = (int(side) for side in rng.integers(12, 65, 2))
        left, top = int(rng.integers(size[0] - width + 1)), int(rng.integers(size[1] - height + 1))
        patch = Box(left, top, width, height)
        kind = KINDS[seed % len(KINDS)]
        if kind == "noise":
            content = rng.integers(0, 256, (height, width, 3))
        elif kind == "blur":
            blurred = Image.fromarray(reference.pixels).filter(ImageFilter.GaussianBlur(3))
            content = np.array(blurred)[patch.slices]
        else:
            content = photo(SAMPLES[(seed + 1) % len(SAMPLES)], size).pixels[patch.slices]
        pixels = np.array(reference.pixels)
        pixels[patch.slices] = content
        distorted = derive(reference, pixels)
        return Planted(reference, distorted, patch, *measured(reference, distorted, METHOD))

    return make


@pytest.mark.parametrize("seed", few(PLANTED, 12))
def test_the_first_hot_spot_peaks_on_a_planted_change_or_within_a_cell_of_it(seed, plant):
    case = plant(seed)
    first, *_ = spots_of(case.measurement, case.frame)
    assert max(case.cells_away(first.x, first.y)) <= 1


@pytest.mark.parametrize("seeds", few([PLANTED[:12], PLANTED]), ids=len)
def test_a_planted_change_is_one_hot_spot_and_its_slopes_are_none(seeds, plant):
    counts = [len(spots_of(plant(seed).measurement, plant(seed).frame)) for seed in seeds]
    # Two sides of a large one may both stand out, and the deep layers may answer once more from afar.
    assert max(counts) <= 2
    assert counts.count(1) >= 0.9 * len(counts)


@pytest.mark.parametrize("seed", few(PLANTED, 12))
def test_restoring_a_planted_change_leaves_a_distance_of_exactly_0(seed, plant):
    case = plant(seed)
    seen = check(case.reference, case.distorted, case.patch, METHOD, case.measurement.score)
    assert case.measurement.score > 0
    assert (seen.restore, seen.insert) == (0, case.measurement.score)


@pytest.mark.parametrize("seed", few(PLANTED, 12))
def test_no_layer_has_any_distance_beyond_the_reach_of_its_receptive_field(seed, plant):
    case = plant(seed)
    fields = receptive_fields(find_backbone("alexnet"))
    for place, layer in enumerate(case.measurement.layers):
        field = fields[layer.name]
        # Half of what a cell sees, and two cells since footprints are not centred on what their cells see.
        down, across = (
            math.ceil(size / 2) + 2 * stride for size, stride in zip(field.size, field.stride, strict=True)
        )
        x, y, width, height = case.patch.numbers
        grown = Box(x - across, y - down, width + 2 * across, height + 2 * down)
        box, _ = fitted(grown, case.reference.size)
        held = ledger_of(case.measurement, box, case.frame)
        assert held.layers[place].own_share >= 1 - 1e-5, layer.name


def test_two_planted_changes_far_apart_are_two_hot_spots(photo):
    reference = photo("coffee", (241, 199))
    noisy = with_noise(reference, seed=0, strength=120).pixels
    patches = [Box(20, 150, 25, 25), Box(190, 20, 25, 25)]
    pixels = np.array(reference.pixels)
    for patch in patches:
        pixels[patch.slices] = noisy[patch.slices]
    measurement, frame = measured(reference, derive(reference, pixels), METHOD)
    spots = spots_of(measurement, frame)
    assert len(spots) == 2
    for patch, spot in zip(patches, sorted(spots, key=lambda spot: spot.x), strict=True):
        case = Planted(reference, reference, patch, measurement, frame)
        assert max(case.cells_away(spot.x, spot.y)) <= 1


@pytest.fixture(scope="module", params=["jpeg", "gaussian_noise", "affine_warp"])
def spread(request, photo):
    """(measurement, frame, spots) of a pair that differs everywhere."""
    reference = photo("brick", (301, 207))
    distorted = derive(reference, distort(reference.pixels, request.param, 0.8))
    measurement, frame = measured(reference, distorted, METHOD)
    return measurement, frame, spots_of(measurement, frame)


def test_spots_are_at_most_five_and_ordered_by_their_peaks(spread):
    measurement, _, spots = spread
    assert 1 <= len(spots) <= 5
    combined = combined_of(measurement)
    rows, columns = measurement.layers[-1].grid
    half_down, half_across = round(207 / rows / 2), round(301 / columns / 2)
    peaks = [
        combined[
            max(0, int(spot.y) - half_down) : int(spot.y) + half_down,
            max(0, int(spot.x) - half_across) : int(spot.x) + half_across,
        ].mean()
        for spot in spots
    ]
    # By a window of whole pixels that is laid slightly differently.
    assert all(later <= earlier * 1.1 for earlier, later in pairwise(peaks))


def test_every_spot_but_the_strongest_holds_more_than_its_areas_worth(spread):
    for spot in spread[2][1:]:
        # It is drawn to whole pixels.
        assert spot.held.ratio >= 0.97 * ABOVE_MEAN


def assert_separate_and_inside(spots, size):
    for spot in spots:
        box = spot.box
        assert fitted(box, size) == (box, "")
        assert box.x <= spot.x <= box.right
        assert box.y <= spot.y <= box.bottom
    for one, other in combinations([spot.box for spot in spots], 2):
        apart = one.right <= other.x or other.right <= one.x or one.bottom <= other.y or other.bottom <= one.y
        assert apart, (one, other)


def test_the_boxes_of_spots_are_separate_and_inside_the_image(spread):
    _, _, spots = spread
    assert_separate_and_inside(spots, (301, 207))


@pytest.mark.parametrize("layers", few([("conv2", "conv3"), ("conv1",), ("conv5",)]), ids=str)
@pytest.mark.parametrize("longest", [None, 113, 250])
def test_so_they_are_for_any_layers_and_size(layers, longest, photo):
    reference = photo("brick", (301, 207))
    distorted = derive(reference, distort(reference.pixels, "gaussian_noise", 0.8))
    method = method_of(layers=layers, size=longest)
    assert_separate_and_inside(spots_of(*measured(reference, distorted, method)), (301, 207))


def test_an_evenly_spread_distance_makes_no_spot_of_the_whole_image(spread):
    _, _, spots = spread
    for spot in spots:
        # At most two cells from the peak to each side, of 11 x 17.
        assert spot.held.area_share <= 0.2


def test_a_spot_holds_what_its_boxs_ledger_says_and_names_the_layer_with_most_of_it(spread):
    measurement, frame, spots = spread
    for spot in spots:
        assert spot.held == ledger_of(measurement, spot.box, frame)
        distances = {layer.name: layer.distance for layer in spot.held.layers}
        assert distances[spot.strongest_layer] == max(distances.values())
    assert spots[0].held.ratio > 1


@pytest.mark.parametrize("longest", [120, 90])
def test_after_a_resize_places_are_in_pixels_of_the_image_as_given(longest, photo):
    reference = photo("coffee", (360, 300))
    patch = Box(240, 60, 60, 60)
    pixels = np.array(reference.pixels)
    pixels[patch.slices] = with_noise(reference, seed=3, strength=150).pixels[patch.slices]
    measurement, frame = measured(reference, derive(reference, pixels), method_of(size=longest))
    (spot, *_) = spots_of(measurement, frame)
    rows, columns = measurement.layers[-1].grid
    assert patch.x - 360 / columns <= spot.x <= patch.right + 360 / columns
    assert patch.y - 300 / rows <= spot.y <= patch.bottom + 300 / rows


def test_a_spot_never_lies_in_what_a_network_crops_away(photo):
    reference = photo("cat", (155, 100))
    measurement, frame = measured(reference, with_noise(reference, seed=0), method_of("vit_b_16"))
    assert frame.measured == (144, 96)
    spots = spots_of(measurement, frame)
    assert spots
    assert_separate_and_inside(spots, (144, 96))


def test_identical_images_have_no_hot_spot(photo):
    picture = photo("cat", (97, 64))
    assert spots_of(*measured(picture, picture, METHOD)) == ()


def test_a_metric_without_maps_has_no_hot_spot(photo):
    picture = photo("cat", (64, 48))
    assert spots_of(*measured(picture, with_noise(picture, 0), method_of("dists"))) == ()


def test_what_a_coarse_layer_sees_from_beside_a_change_counts_for_nothing():
    finest, coarse = np.zeros((48, 48)), np.ones((48, 48))
    finest[20:28, 20:28] = 1
    counts = _witnessed(finest, coarse.shape, (4, 4))
    assert counts[20:28, 20:28].min() == 1
    beside = np.ones_like(finest, bool)
    beside[19:29, 19:29] = False
    assert counts[beside].max() < 1e-9  # sums that are rounded


@pytest.mark.parametrize(
    "finest", [None, np.zeros((9, 9)), np.ones((9, 9))], ids=["one grid", "blind", "all"]
)
def test_all_of_a_distance_counts_where_no_layer_is_finer_or_sees_more_in_one_place(finest):
    assert _witnessed(finest, (12, 12), (4, 4)).min() == pytest.approx(1)
