"""The networks of shift-tolerant LPIPS: AlexNet and VGG16 that blur before they leave out pixels.

Ghildyal and Liu, *Shift-tolerant Perceptual Similarity Metric*, ECCV 2022 (arXiv 2207.13686). A stride makes
features jump when an image moves by a pixel. Here every stride of 2 is a blur of a dense activation (Zhang,
*Making Convolutional Networks Shift-Invariant Again*, ICML 2019), and the borders are mirrored far enough
for the blur never to see an edge. Modules and keys are those of the weights in PyPI's `stlpips-pytorch`:
`net.slice1.0.weight` and so on, numbered through all five slices. The input is scaled as for LPIPS 0.1.
"""

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from explorer.backbones.networks.vgg import vgg16_stages

BLUR = (1.0, 2.0, 1.0)  # binomial, along each axis


class BlurPool(nn.Module):
    """Mirror the borders, blur each channel by itself, keep every second place of every second row.

    (N, C, h, w) -> (N, C, (h + 1) // 2 + 1, (w + 1) // 2 + 1); sides below 3 cannot be mirrored.
    """

    def __init__(self, channels: int):
        super().__init__()
        self.channels = channels
        taps = torch.tensor(BLUR)
        window = torch.outer(taps, taps)
        # The published files hold these constants as well, once for each channel.
        self.register_buffer("filt", (window / window.sum()).repeat(channels, 1, 1, 1))

    def forward(self, batch: Tensor) -> Tensor:
        """Blur and halve."""
        border = len(BLUR) - 1  # twice what would keep the size
        mirrored = F.pad(batch, (border,) * 4, mode="reflect")
        return F.conv2d(mirrored, self.filt, stride=2, groups=self.channels)


class ShiftTolerantNetwork(nn.Module):
    """Five slices, each of which ends in a tapped activation after its ReLU."""

    def __init__(self, slices: Sequence[Sequence[nn.Module]]):
        super().__init__()
        self.net = nn.Sequential()
        number = 0
        for place, modules in enumerate(slices, start=1):
            part = nn.Sequential()
            for module in modules:
                part.add_module(str(number), module)
                number += 1
            self.net.add_module(f"slice{place}", part)

    def forward(self, batch: Tensor) -> Tensor:
        """Return the deepest activation."""
        return self.net(batch)


def alexnet_shift(weights: None = None) -> ShiftTolerantNetwork:
    """Return AlexNet without strides in its convolutions; taps `net.slice1.2`, 2.6, 3.10, 4.12 and 5.14.

    The blur behind the first convolution comes before its ReLU; the others follow a max pooling of stride 1.
    """
    return ShiftTolerantNetwork(
        (
            (nn.Conv2d(3, 64, kernel_size=11, padding=2), BlurPool(64), nn.ReLU(inplace=True)),
            (*_pooling(64, 3), nn.Conv2d(64, 192, kernel_size=5, padding=2), nn.ReLU(inplace=True)),
            (*_pooling(192, 3), nn.Conv2d(192, 384, kernel_size=3, padding=1), nn.ReLU(inplace=True)),
            (nn.Conv2d(384, 256, kernel_size=3, padding=1), nn.ReLU(inplace=True)),
            (nn.Conv2d(256, 256, kernel_size=3, padding=1), nn.ReLU(inplace=True)),
        )
    )


def vgg16_shift(weights: None = None) -> ShiftTolerantNetwork:
    """Return VGG16 with blurred pooling; taps `net.slice1.3`, 2.9, 3.17, 4.25 and 5.33."""
    return ShiftTolerantNetwork(vgg16_stages(lambda channels: _pooling(channels, 2)))


def _pooling(channels: int, kernel: int) -> tuple[nn.Module, nn.Module]:
    """A max pooling at every place, and the blur that halves its result."""
    return nn.MaxPool2d(kernel_size=kernel, stride=1), BlurPool(channels)
