"""What holds for every distortion of the catalogue, whatever it does."""

import inspect
from itertools import pairwise, product
from typing import get_args

import numpy as np
import pytest
import skimage.data
from PIL import Image

from explorer.distortions import CATALOGUE, Family, Step, distort
from tests.grid import few

NAMES = list(CATALOGUE)
RANDOM = [name for name in NAMES if CATALOGUE[name].random]
SPATIAL = [name for name in NAMES if CATALOGUE[name].family == "spatial"]
PLAIN = [name for name in NAMES if not CATALOGUE[name].random]
GRID = np.linspace(0, 1, 21)

# Where a flat image changes: to another level everywhere, or by a pattern that is laid over it.
RELEVELLED = {"lightness_shift", "colour_shift", "gamma", "banding"}
PATTERNED = {name for name in NAMES if CATALOGUE[name].family == "noise"} | {
    "vignetting",
    "dithering",
    *("total_variation", "wavelet_denoising", "nonlocal_means", "bilateral_denoising", "richardson_lucy"),
}

# By how many levels a codec may move a flat colour: even a block's mean is quantised.
QUANTISED = {"jpeg": 1, "jpeg_local_blur": 1, "deblocking": 1, "jpeg_xl": 1, "avif": 1, "webp": 2}

# Every other severity in every run, and fewer of what takes a twentieth of a second; all of them in the grid.
SLOW = {
    "bilateral",
    "bilateral_denoising",
    "chromatic_aberration",
    "colour_shift",
    "colourisation",
    "cubic_warp",
    "deblocking",
    "dithering",
    "elastic_rain",
    "homography",
    "hue_rotation",
    "jpeg2000",
    "jpeg_xl",
    "lightness_shift",
    "linear_warp",
    "nonlocal_means",
    "richardson_lucy",
    "super_resolution",
    "total_variation",
    "wavelet_denoising",
}
SEVERITIES = [
    *((name, GRID[:: 4 if name in SLOW else 2]) for name in NAMES),
    *(pytest.param(name, GRID, marks=pytest.mark.grid) for name in NAMES),
]
# Of a case as quick as these a test of its own takes longer than the case.
SHAPES = [(1, 1), (1, 40), (31, 57), (301, 207), (400, 31)]

# What each row takes for no change at all, where something does.
NEUTRAL = [
    ("lightness_shift", {"lightness": 0}),
    ("colour_shift", {"shift": 0, "hue": 200}),
    ("contrast", {"contrast": 100}),
    ("saturation", {"saturation": 100}),
    ("gamma", {"gamma": 1}),
    ("hue_rotation", {"angle": 0}),
    ("vignetting", {"loss": 0}),
    ("uniform_noise", {"sigma": 0}),
    ("coloured_noise", {"sigma": 0, "exponent": 0.5}),
    ("checkerboard", {"unevenness": 0, "stride": 3}),
    ("salt_and_pepper", {"hit": 0}),
    ("bilateral", {"sigma": 0, "edge": 30}),
    ("motion_blur", {"length": 0, "angle": 30}),
    ("defocus", {"radius": 0}),
    ("lanczos_scaling", {"reduction": 1}),
    ("nearest_scaling", {"reduction": 1}),
    ("homography", {"displacement": 0}),
    ("linear_warp", {"displacement": 0}),
    ("cubic_warp", {"displacement": 0}),
    ("elastic_rain", {"displacement": 0, "drops": 5}),
    ("ghosting", {"opacity": 0, "shift": 9}),
    ("chromatic_aberration", {"displacement": 0}),
    ("banding", {"levels": 256}),
    ("dithering", {"levels": 256}),
    ("block_loss", {"lost": 0}),
    ("occlusion", {"area": 0}),
    ("sharpening", {"amount": 0, "radius": 2}),
    ("total_variation", {"sigma": 0}),
    ("wavelet_denoising", {"sigma": 0}),
    ("nonlocal_means", {"sigma": 0}),
    ("bilateral_denoising", {"sigma": 0}),
    ("super_resolution", {"reduction": 1}),
    ("inpainting", {"holes": 0, "diameter": 9}),
]


def mean_squared_error(a, b):
    return float(np.mean((a.astype(np.float64) - b) ** 2))


@pytest.fixture(scope="module", params=few(["chelsea", "astronaut", "coffee"]))
def photo(request):
    """A square photograph of 256 x 256."""
    picture = getattr(skimage.data, request.param)()
    return np.array(Image.fromarray(picture).resize((256, 256), Image.Resampling.LANCZOS))


@pytest.fixture
def colours():
    """Every place another colour, none of them special."""
    return np.random.default_rng(5).integers(0, 256, (40, 56, 3), dtype=np.uint8)


def test_the_families_of_the_paper_are_spanned():
    assert {entry.family for entry in CATALOGUE.values()} == set(get_args(Family))
    assert len(CATALOGUE) >= 9


def test_an_entry_is_found_under_its_own_name_and_says_what_it_does():
    for name, entry in CATALOGUE.items():
        assert entry.name == name
        assert name.isidentifier()
        assert entry.label, name
        assert entry.summary.endswith("."), name
        assert entry.summary.count(". ") == 0, name


def test_what_is_left_open_is_said_of_the_papers_distortions_in_one_sentence():
    for name, entry in CATALOGUE.items():
        assert bool(entry.paper) >= bool(entry.left_open), name
        if entry.left_open:
            assert entry.left_open.endswith("."), name
            assert entry.left_open.count(". ") == 0, name


def test_what_is_named_here_is_in_the_catalogue():
    named = SLOW | RELEVELLED | PATTERNED | set(QUANTISED) | {name for name, _ in NEUTRAL}
    assert named <= set(NAMES)


def test_labels_are_distinct():
    assert len({entry.label for entry in CATALOGUE.values()}) == len(CATALOGUE)


def test_parameters_are_the_arguments_of_the_function():
    for name, entry in CATALOGUE.items():
        expected = ["image", *(parameter.name for parameter in entry.parameters)]
        found = list(inspect.signature(entry.apply).parameters)
        assert found == expected + ["rng"] * entry.random, name


@pytest.mark.parametrize("seed", [0, 7])
def test_severity_zero_is_the_identity_to_the_pixel_in_a_new_array(seed, colours):
    for name in NAMES:
        result = distort(colours, name, 0, seed)
        np.testing.assert_array_equal(result, colours, err_msg=name)
        assert not np.shares_memory(result, colours), name
        assert result.flags.writeable, name


@pytest.mark.parametrize("name", NAMES)
def test_the_smallest_severity_is_near_the_identity(name, photo):
    assert mean_squared_error(photo, distort(photo, name, 0.01)) < 255**2 / 10**3.2  # 32 dB


@pytest.mark.parametrize("name", NAMES)
def test_full_severity_is_plain_to_see(name, photo):
    assert mean_squared_error(photo, distort(photo, name, 1)) > 255**2 / 10**2.8  # 28 dB


@pytest.mark.parametrize("name", NAMES)
def test_the_same_arguments_give_the_same_pixels(name, colours):
    np.testing.assert_array_equal(distort(colours, name, 0.6, 3), distort(colours, name, 0.6, 3))


@pytest.mark.parametrize("name", RANDOM)
def test_another_seed_gives_another_pattern_where_random(name, colours):
    assert not np.array_equal(distort(colours, name, 0.6, 0), distort(colours, name, 0.6, 1))


@pytest.mark.parametrize("name", PLAIN)
def test_the_seed_is_without_effect_where_not_random(name, colours):
    np.testing.assert_array_equal(distort(colours, name, 0.6, 0), distort(colours, name, 0.6, 1))


@pytest.mark.parametrize("severity", few([0.01, 1, 0.5, 0], 2))
@pytest.mark.parametrize("name", NAMES)
def test_shape_and_type_are_kept_and_the_input_is_left_alone(name, severity):
    for size in SHAPES:
        image = np.random.default_rng(1).integers(0, 256, (*size, 3), dtype=np.uint8)
        image.flags.writeable = False
        before = image.copy()
        result = distort(image, name, severity)
        assert result.shape == image.shape
        assert result.dtype == np.uint8, size
        assert result.flags.writeable, size
        assert not np.shares_memory(result, image), size
        np.testing.assert_array_equal(image, before, err_msg=str(size))


@pytest.mark.parametrize("name", NAMES)
def test_the_layout_in_memory_does_not_matter(name, colours):
    flipped = colours[::-1, ::-1]
    np.testing.assert_array_equal(distort(flipped, name, 0.7), distort(flipped.copy(), name, 0.7))


@pytest.mark.parametrize("name", [name for name in NAMES if name not in PATTERNED])
def test_a_flat_image_stays_flat_up_to_its_borders(name):
    for level in (0, 128, 255):
        flat = np.full((61, 83, 3), level, np.uint8)
        result = distort(flat, name, 1).astype(int)
        expected = np.broadcast_to(result[0, 0] if name in RELEVELLED else flat, flat.shape)
        np.testing.assert_allclose(
            result, expected, rtol=0, atol=QUANTISED.get(name, 0), err_msg=f"level {level}"
        )


def test_values_that_mean_no_change_leave_every_pixel(colours):
    for name, values in NEUTRAL:
        np.testing.assert_array_equal(distort(colours, name, **values), colours, err_msg=name)


@pytest.mark.parametrize(("name", "severities"), SEVERITIES)
def test_squared_error_grows_with_severity(name, severities, photo):
    errors = [mean_squared_error(photo, distort(photo, name, severity)) for severity in severities]
    for weaker, stronger in pairwise(errors):
        assert stronger >= 0.98 * weaker - 0.1


def test_each_parameter_is_monotone_in_severity_and_one_at_least_follows_it():
    for name, entry in CATALOGUE.items():
        changes = []
        for parameter in entry.parameters:
            steps = np.diff([parameter.at(severity) for severity in GRID])
            assert np.all(steps >= 0) or np.all(steps <= 0), (name, parameter.name)
            changes.append(np.any(steps != 0))
        assert any(changes), name


def test_every_severity_stands_for_values_that_can_be_typed():
    for name, entry in CATALOGUE.items():
        for severity in GRID[1:]:
            values = entry.values(severity)
            assert entry.checked(dict(values)) == values, (name, severity)


@pytest.mark.parametrize("name", NAMES)
def test_both_ends_of_the_ranges_make_a_picture(name):
    for end, size in product(("low", "high"), SHAPES[:3]):
        image = np.random.default_rng(1).integers(0, 256, (*size, 3), dtype=np.uint8)
        values = {parameter.name: getattr(parameter, end) for parameter in CATALOGUE[name].parameters}
        result = Step(name, values).apply(image)
        assert result.shape == image.shape, end
        assert result.dtype == np.uint8, (end, size)


def test_no_parameter_is_named_as_an_argument_that_distort_has_already():
    taken = set(inspect.signature(distort).parameters) - {"parameters"}
    for name, entry in CATALOGUE.items():
        assert not taken & {parameter.name for parameter in entry.parameters}, name


@pytest.mark.parametrize(
    "name", ["gaussian_blur", "motion_blur", "defocus", "scaling", "vignetting", *SPATIAL]
)
def test_a_severity_means_the_same_change_at_half_the_size(name):
    # Scaling is the exception: its factor is counted in pixels, so the change shrinks with the image.
    picture = Image.fromarray(skimage.data.astronaut())  # 512 x 512

    def halved(array):
        return np.array(Image.fromarray(array).resize((256, 256), Image.Resampling.LANCZOS))

    small, large = halved(np.array(picture)), np.array(picture)
    gap = mean_squared_error(halved(distort(large, name, 0.8)), distort(small, name, 0.8))
    change = mean_squared_error(small, distort(small, name, 0.8))
    assert (gap < 0.05 * change) == (name != "scaling")


@pytest.mark.parametrize(
    ("name", "severity", "text"),
    [
        ("gaussian_blur", 1, "σ 3% of side"),
        ("gaussian_noise", 0.5, "σ 12 levels"),
        ("scaling", 1 / 3, "reduction 2×"),
        ("jpeg", 1, "quality 3"),
        ("contrast", 1, "contrast 10%"),
        ("saturation", 0.25, "saturation 75%"),
        ("lightness_shift", 0.5, "lightness 15 L*"),
        ("colour_shift", 0.5, "shift 20 ΔE, hue 60°"),
        ("coloured_noise", 0.5, "σ 12 levels, exponent -2"),
        ("checkerboard", 1, "unevenness 60%, stride 2 px"),
        ("jpeg_local_blur", 0.5, "quality 17, σ 2% of side"),
        ("motion_blur", 1, "length 8% of side, angle 30°"),
        ("jpeg2000", 1, "ratio 200×"),
        ("banding", 1, "levels 5"),
        ("jpeg", 0, "unchanged"),
        ("contrast", 0.0, "unchanged"),
    ],
)
def test_a_severity_is_described_in_physical_units(name, severity, text):
    assert CATALOGUE[name].describe(severity) == text
