"""Networks that torchvision does not have in the form that is needed here, as plain modules.

Each can be traced, runs on images of any size that reaches its last layer, and has the keys that its
published weights have.
"""

from explorer.backbones.networks.dists import dists
from explorer.backbones.networks.shift_tolerant import alexnet_shift, vgg16_shift
from explorer.backbones.networks.vit import vit_b_16

__all__ = ["alexnet_shift", "dists", "vgg16_shift", "vit_b_16"]
