"""PSNR and SSIM in torch: the numbers of the exact path, and gradients that are those of the numbers."""

import numpy as np
import pytest
import torch
from skimage.metrics import structural_similarity

from explorer.distortions import distort
from explorer.errors import ImageError
from explorer.metrics import classic, gradients
from explorer.samples import SAMPLES

DISTORTIONS = [("gaussian_noise", 0.5), ("gaussian_blur", 0.3), ("contrast", 0.4)]


def tensor(pixels, dtype=torch.float32):
    return torch.tensor(pixels).permute(2, 0, 1)[None].to(dtype)


@pytest.mark.parametrize("sample", SAMPLES)
def test_values_are_those_of_the_exact_path_and_of_scikit_image(sample, photo):
    reference = photo(sample, (72, 61)).pixels
    for name, severity in DISTORTIONS:
        other = distort(reference, name, severity, seed=1)
        own = gradients.ssim(tensor(reference), tensor(other))
        assert own.dtype == torch.float64
        assert own.item() == pytest.approx(classic.ssim(reference, other)[0], abs=1e-9), name
        how = {"channel_axis": 2, "data_range": 255, "gaussian_weights": True, "sigma": 1.5}
        theirs = structural_similarity(reference, other, use_sample_covariance=False, **how)
        assert own.item() == pytest.approx(theirs, abs=1e-6), name
        exact = classic.psnr(classic.squared_error(reference, other))
        assert gradients.psnr(tensor(reference), tensor(other)).item() == pytest.approx(exact, abs=1e-4), name


@pytest.mark.parametrize("metric", [gradients.psnr, gradients.ssim])
def test_the_gradient_is_that_of_the_value(metric):
    generator = torch.Generator().manual_seed(0)
    x0, x = (torch.rand(1, 3, 12, 13, generator=generator, dtype=torch.float64) * 255 for _ in range(2))
    assert torch.autograd.gradcheck(lambda each: metric(x0, each), x.requires_grad_(), eps=1e-3, atol=1e-7)


def test_pictures_of_a_batch_do_not_touch_each_other():
    generator = torch.Generator().manual_seed(0)
    x0, x = (torch.rand(3, 3, 20, 16, generator=generator) * 255 for _ in range(2))
    for metric in (gradients.psnr, gradients.ssim):
        alone = [metric(x0[i : i + 1], x[i : i + 1]).item() for i in range(3)]
        np.testing.assert_allclose(metric(x0, x).numpy(), alone, rtol=1e-6)


def test_identity_is_infinite_for_psnr_and_1_for_ssim(photo):
    x0 = tensor(photo("cat", (24, 16)).pixels)
    assert gradients.psnr(x0, x0).item() == np.inf
    assert gradients.ssim(x0, x0).item() == 1


def test_a_picture_below_the_window_is_refused_with_its_size():
    with pytest.raises(ImageError, match="at least 11 × 11 pixels, not 9 × 30"):
        gradients.ssim(torch.zeros(1, 3, 30, 9), torch.zeros(1, 3, 30, 9))
