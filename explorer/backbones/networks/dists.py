"""The network of DISTS: VGG16 that pools by a blurred root of squares, and hands on the picture itself.

Ding, Ma, Wang, Simoncelli, *Image Quality Assessment: Unifying Structure and Texture Similarity*, TPAMI 2020
(arXiv 2004.07728). Max pooling aliases and L2 pooling does not; the picture as a layer of its own keeps what
the convolutions lose. The keys are torchvision's `features.*`, so that VGG16's own file fits. What is made of
the layers stands in explorer.metrics.dists.
"""

from itertools import chain

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from explorer.backbones.networks.vgg import vgg16_stages

WINDOW = (0.25, 0.5, 0.25)  # Hanning's, without its zeros at both ends
UNDER_THE_ROOT = 1e-12  # keeps the root's slope finite, as the package has it
# ImageNet's mean and deviation of pictures in [0, 1]; the networks' input is scaled by them.
MEAN = (0.485, 0.456, 0.406)
DEVIATION = (0.229, 0.224, 0.225)


class L2Pool(nn.Module):
    """The root of the blurred squares, in place of VGG16's max pooling."""

    def forward(self, batch: Tensor) -> Tensor:
        """(N, C, h, w) -> (N, C, (h + 1) // 2, (w + 1) // 2), each channel by itself."""
        return l2_pooling(batch)


class DistsNetwork(nn.Module):
    """VGG16's convolutions with L2 pooling. Taps: `picture`, and `features.` 3, 8, 15, 22 and 29."""

    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(*chain(*vgg16_stages(lambda channels: [L2Pool()])))

    def forward(self, batch: Tensor) -> tuple[Tensor, Tensor]:
        """Return the picture in [0, 1] and the deepest activation, from input scaled as ImageNet's."""
        return picture(batch), self.features(batch)


def dists(weights: None = None) -> DistsNetwork:
    """Return the network of DISTS."""
    return DistsNetwork()


@torch.fx.wrap  # one node of the graph, since it makes a tensor on the batch's own device
def picture(batch: Tensor) -> Tensor:
    """Undo the input's scaling: (N, 3, H, W) -> the same in [0, 1], up to a rounding."""
    mean, deviation = (batch.new_tensor(values).view(3, 1, 1) for values in (MEAN, DEVIATION))
    return torch.addcmul(mean, batch, deviation)


@torch.fx.wrap  # one node of the graph, since it asks for the number of channels
def l2_pooling(batch: Tensor) -> Tensor:
    """Blur each channel's squares, keep every second place of every second row, and take the root."""
    taps = batch.new_tensor(WINDOW)
    channels = batch.shape[1]
    window = torch.outer(taps, taps).expand(channels, 1, -1, -1)
    blurred = F.conv2d(batch.square(), window, stride=2, padding=1, groups=channels)
    return blurred.add_(UNDER_THE_ROOT).sqrt_()
