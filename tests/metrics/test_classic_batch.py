"""PSNR and SSIM of many pictures at once are those of each alone."""

import numpy as np
import pytest

from explorer.metrics.classic import psnr_and_ssim
from explorer.metrics.classic_batch import psnr_and_ssim_of, psnr_and_ssim_of_each


def versions(reference):
    """A faint one, a strong one, and the reference itself."""
    rng = np.random.default_rng(5)
    noisy = [np.clip(reference + rng.normal(0, sigma, reference.shape), 0, 255) for sigma in (4, 60)]
    return [*(each.astype(np.uint8) for each in noisy), reference]


# One window; a strip and a row; a block and a column; what is no multiple of either; one strip and one block.
@pytest.mark.parametrize("size", [(11, 11), (40, 43), (35, 50), (150, 97), (34, 42)])
def test_each_has_the_numbers_that_it_has_alone(size, photo):
    reference = photo("cat", size).pixels
    pictures = versions(reference)
    together = psnr_and_ssim_of(reference, pictures)
    for (psnr, ssim), picture in zip(together, pictures, strict=True):
        alone = psnr_and_ssim(reference, picture)
        assert psnr == alone[0]
        assert ssim == pytest.approx(alone[1], abs=1e-12)
    assert together[-1] == (np.inf, 1)


def test_a_picture_below_the_window_has_no_ssim(photo):
    reference = photo("cat", (40, 10)).pixels
    assert [ssim for _, ssim in psnr_and_ssim_of(reference, versions(reference))] == [None] * 3


def test_pairs_with_a_reference_each_have_the_numbers_that_they_have_with_one_for_all(photo):
    references = [photo(name, (64, 64)).pixels for name in ("cat", "coffee")]
    pairs = [(reference, picture) for reference in references for picture in versions(reference)]
    together = psnr_and_ssim_of_each(*map(np.stack, zip(*pairs, strict=True)))
    apart = [each for own in references for each in psnr_and_ssim_of(own, versions(own))]
    for (psnr, ssim), (other, one) in zip(together, apart, strict=True):
        assert psnr == pytest.approx(other, abs=1e-6)
        assert ssim == pytest.approx(one, abs=1e-12)
    assert together[2] == together[5] == (np.inf, 1)
