"""How a picture is drawn while it grows: pixel by pixel, smoothly, or as a sum of waves.

The gradient of a network with strides is a checkerboard, for pixels lie in unequally many windows of a filter
(Odena, Dumoulin, Olah, Deconvolution and Checkerboard Artifacts, Distill 2016). Drawn by other parameters the
same picture is met on another way, on which coarse structures come first.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar

import numpy as np
import torch
from torch import Tensor

from explorer.errors import SettingError
from explorer.synthesis.levels import HIGHEST

SMOOTH = 1.0  # weight of the variation beside the distance, as a share of what that is at the start
FLAT = 1e-4  # added under the root: a gradient also where nothing varies
END = 0.25  # levels from black and white that the waves begin at, which rounding takes for these

# Square root of the covariance of colours in natural pictures, of ImageNet, from Lucid's `color.py`; there
# and here divided by its longest column.
COLOURS = ((0.26, 0.09, 0.02), (0.27, 0.00, -0.05), (0.27, -0.09, 0.03))
CONTRAST = 4.0  # Lucid's divisor, in `spatial.py`


@dataclass(frozen=True)
class Parametrisation(ABC):
    """From parameters to a picture and back; pictures are float32 (1, 3, H, W) in grey levels.

    Attributes:
        LABEL: As users read it.
        RATE: A step of Adam, in units of the parameters.
        size: (height, width) of the picture.
    """

    LABEL: ClassVar[str]
    RATE: ClassVar[float]

    size: tuple[int, int]

    @abstractmethod
    def parameters(self, levels: Tensor) -> Tensor:
        """Those that draw a picture, to a quarter of a level."""

    @abstractmethod
    def picture(self, parameters: Tensor) -> Tensor:
        """What they draw, in 0..255; differentiable."""

    @abstractmethod
    def slope(self, parameters: Tensor, slope: Tensor) -> Tensor:
        """The gradient by the parameters, from that by the picture."""

    def stepped(self, parameters: Tensor, direction: Tensor) -> Tensor:
        """A step against a direction whose entries are about ±1."""
        return parameters - self.RATE * direction

    def penalty(self, levels: Tensor) -> Tensor | None:
        """The gradient of what is held down beside the distance, in shares of its start; None for nothing."""
        return None


@dataclass(frozen=True)
class Pixels(Parametrisation):
    """Each value of each pixel by itself."""

    LABEL: ClassVar[str] = "Pixels"
    RATE: ClassVar[float] = 0.05 * 127.5  # grey levels

    def parameters(self, levels: Tensor) -> Tensor:
        """The picture itself."""
        return levels

    def picture(self, parameters: Tensor) -> Tensor:
        """The parameters themselves."""
        return parameters

    def slope(self, parameters: Tensor, slope: Tensor) -> Tensor:
        """The same."""
        return slope

    def stepped(self, parameters: Tensor, direction: Tensor) -> Tensor:
        """A step, back into the box of grey levels."""
        return super().stepped(parameters, direction).clamp(0, HIGHEST)


@dataclass(frozen=True)
class Smooth(Pixels):
    """Pixels whose total variation is held down (Mahendran and Vedaldi, CVPR 2015, section 3, beta = 1)."""

    LABEL: ClassVar[str] = "Smooth"

    def penalty(self, levels: Tensor) -> Tensor:
        """The gradient of `SMOOTH` times the variation."""
        with torch.inference_mode(False), torch.enable_grad():
            levels = levels.detach().clone().requires_grad_()
            (slope,) = torch.autograd.grad(variation(levels), levels)
        return SMOOTH * slope


@dataclass(frozen=True)
class Fourier(Parametrisation):
    """Waves of all lengths, the long ones as strong as in photographs, on colours that vary independently.

    Source: Olah, Mordvintsev, Schubert, Feature Visualization, Distill 2017, "Preconditioning and
    parameterization"; constants and order of steps as in Lucid's `fft_image` and `to_valid_rgb`.
    """

    LABEL: ClassVar[str] = "Fourier"
    RATE: ClassVar[float] = 0.1

    def parameters(self, levels: Tensor) -> Tensor:
        """Real and imaginary parts, (1, 3, H, W // 2 + 1, 2)."""
        share = levels.clamp(END, HIGHEST - END) / HIGHEST
        plain = _mixed(torch.linalg.inv(_colours()), torch.logit(share))
        waves = torch.fft.rfft2(CONTRAST * plain) / _scale(*self.size, str(levels.device))
        return torch.view_as_real(waves).contiguous()

    def picture(self, parameters: Tensor) -> Tensor:
        """The sum of the waves, through a sigmoid into the box of grey levels."""
        waves = torch.view_as_complex(parameters) * _scale(*self.size, str(parameters.device))
        plain = torch.fft.irfft2(waves, s=self.size) / CONTRAST
        return HIGHEST * torch.sigmoid(_mixed(_colours(), plain))

    def slope(self, parameters: Tensor, slope: Tensor) -> Tensor:
        """Through the waves, by autograd."""
        with torch.inference_mode(False), torch.enable_grad():
            parameters = parameters.detach().clone().requires_grad_()
            (own,) = torch.autograd.grad(self.picture(parameters), parameters, slope)
        return own


PARAMETRISATIONS: Mapping[str, type[Parametrisation]] = {
    "pixels": Pixels,
    "fourier": Fourier,
    "smooth": Smooth,
}


def find_parametrisation(name: str, size: tuple[int, int]) -> Parametrisation:
    """By its name, for pictures of (height, width).

    Raises:
        SettingError: there is none of this name.
    """
    if name not in PARAMETRISATIONS:
        raise SettingError(f"Nothing is drawn by {name!r}; choose one of {', '.join(PARAMETRISATIONS)}.")
    return PARAMETRISATIONS[name](size)


def variation(levels: Tensor) -> Tensor:
    """Total variation: how much neighbours differ, in the mean over places and colours, of levels in 0..1.

    Args:
        levels: (1, 3, H, W) in grey levels.
    """
    values = levels / HIGHEST
    down = values[..., 1:, :-1] - values[..., :-1, :-1]
    across = values[..., :-1, 1:] - values[..., :-1, :-1]
    return (down.square() + across.square() + FLAT).sqrt().mean()


def _mixed(matrix: Tensor, planes: Tensor) -> Tensor:
    """Each place's three values times a matrix."""
    return torch.einsum("dc,nchw->ndhw", matrix.to(planes), planes)


@lru_cache(1)
def _colours() -> Tensor:
    with torch.inference_mode(False):
        matrix = torch.tensor(COLOURS)
        return matrix / matrix.norm(dim=0).max()


@lru_cache(4)
def _scale(height: int, width: int, device: str) -> Tensor:
    """What a wave is multiplied by: 1 over its frequency, as strong as such waves are in photographs."""
    frequency = np.hypot(np.fft.fftfreq(height)[:, None], np.fft.rfftfreq(width)[None])
    scale = np.sqrt(width * height) / np.maximum(frequency, 1 / max(width, height))
    with torch.inference_mode(False):
        return torch.tensor(scale, dtype=torch.float32, device=device)
