import numpy as np
import pytest

import explorer
from explorer.analysis.region import Box
from explorer.distortions import distort
from explorer.errors import SettingError, SizeMismatchError
from explorer.metrics import Method


@pytest.fixture(scope="module")
def pixels(photo):
    return photo("cat", (96, 64)).pixels


@pytest.fixture(scope="module")
def blurred(pixels):
    return distort(pixels, "gaussian_blur", 0.5)


def test_a_region_is_asked_of_arrays_with_boxes_as_four_numbers(pixels, blurred):
    half = explorer.region(pixels, blurred, [(0, 0, 48, 64), Box(48, 0, 48, 64)])
    whole = explorer.measure(pixels, blurred)
    assert half.measurement.score == whole.score
    assert [each.name for each in half.regions] == ["A", "B"]
    assert sum(each.held.distance for each in half.regions) == pytest.approx(whole.score, rel=1e-6)
    restored = blurred.copy()
    restored[:, :48] = pixels[:, :48]
    check = half.regions[0].check
    assert check.restore == pytest.approx(explorer.measure(pixels, restored).score, rel=1e-6)


def test_without_boxes_a_region_is_asked_about_the_hot_spots(pixels, blurred):
    found = explorer.region(pixels, blurred)
    assert [each.box for each in found.regions] == [spot.box for spot in found.spots] != []


def test_a_box_beyond_the_image_is_cut_with_a_warning(pixels, blurred):
    with pytest.warns(UserWarning, match="Box A reached beyond the image"):
        (cut,) = explorer.region(pixels, blurred, [(80, 40, 40, 40)]).regions
    assert cut.box.numbers == (80, 40, 16, 24)


@pytest.mark.parametrize(
    ("boxes", "words"),
    [
        ([(1, 2, 3)], "is no box"),
        ([(200, 0, 5, 5)], "outside"),
        ([(0, 0, 5, 5)] * 9, "9 boxes"),
    ],
)
def test_boxes_that_cannot_be_are_refused_in_words(pixels, blurred, boxes, words):
    with pytest.raises(SettingError, match=words):
        explorer.region(pixels, blurred, boxes)


def test_a_ranking_has_the_values_that_measure_gives(pixels, blurred, tmp_path):
    noisy = distort(pixels, "gaussian_noise", 0.2)
    methods = ["alexnet:lpips-0.1", Method("alexnet", "uniform", size=48)]
    found = explorer.rank(pixels, {"soft": blurred, "noisy": noisy}, methods)
    assert [row.name for row in found.rows] == ["soft", "noisy"]
    for row, picture in zip(found.rows, (blurred, noisy), strict=True):
        first, second, psnr, ssim = (cell.value for cell in row.cells)
        measured = explorer.measure(pixels, picture)
        assert (first, psnr) == pytest.approx((measured.score, measured.psnr), rel=1e-6)
        assert ssim == pytest.approx(measured.ssim, abs=1e-9)
        uniform = explorer.measure(pixels, picture, heads="uniform", size=48)
        assert second == pytest.approx(uniform.score, rel=1e-6)
    assert found.sentence.endswith(".")


def test_candidates_in_a_row_have_their_own_names_or_their_place(pixels, blurred):
    found = explorer.rank(pixels, [blurred, pixels])
    assert [row.name for row in found.rows] == ["candidate 1", "candidate 2"]
    assert found.order == (1, 0)
    assert found.rows[1].cells[0].value == 0
    assert np.isinf(found.rows[1].cells[1].value)


def test_a_ranking_refuses_in_words_what_cannot_be_ranked(pixels, blurred):
    with pytest.raises(SettingError, match="no candidates"):
        explorer.rank(pixels, [])
    with pytest.raises(SettingError, match="nonsense"):
        explorer.rank(pixels, [blurred], ["nonsense"])
    with pytest.raises(SizeMismatchError):
        explorer.rank(pixels, [blurred[:40]])
    assert explorer.rank(pixels, [blurred[:40]], fit="crop").rows


def test_pictures_made_equal_by_one_metric_are_so_when_measured_anew(pixels):
    noise, jpeg = explorer.match(pixels, "psnr", 27.0, ["gaussian_noise", "jpeg"], seed=4)
    assert (noise.name, jpeg.name) == ("gaussian_noise", "jpeg")
    assert noise.reached
    assert explorer.measure(pixels, noise.image).psnr == pytest.approx(27.0, abs=0.02)
    np.testing.assert_array_equal(distort(pixels, "gaussian_noise", seed=4, **noise.parameters), noise.image)


def test_a_sweep_goes_from_the_picture_itself_to_the_strongest(pixels):
    found = explorer.sweep(pixels, "gaussian_blur", points=3, backbone="alexnet", heads="uniform")
    assert found.x.tolist() == [0, 0.5, 1]
    strongest = explorer.measure(pixels, distort(pixels, "gaussian_blur", 1), heads="uniform")
    assert found.scores().tolist() == pytest.approx([0, found.scores()[1], strongest.score])
    assert found.psnr[-1] == strongest.psnr


def test_what_cannot_be_swept_or_made_equal_is_refused_in_words(pixels):
    with pytest.raises(SettingError, match="Ends belong to a parameter"):
        explorer.sweep(pixels, "jpeg", start=3)
    with pytest.raises(SettingError, match="no metric 'vmaf'"):
        explorer.match(pixels, "vmaf", 3)
    with pytest.raises(SettingError, match="no distortion 'fog'"):
        explorer.match(pixels, "psnr", 30, ["fog"])
