"""ViT-B/16 (Dosovitskiy and others, 2020, arXiv 2010.11929) for images of any size in steps of 16 pixels.

torchvision's own takes 224 x 224 only, because each of its 14 x 14 patches has a learned position. Here the
positions are interpolated to the image's own grid, in the way in which torchvision itself adapts its weights
to another size (`interpolate_embeddings`: bicubic, corners on corners). Modules and keys are torchvision's.
"""

import math

import torch
from torch import Tensor
from torch.nn import functional as F
from torchvision.models import VisionTransformer


class AnySizeVisionTransformer(VisionTransformer):
    """torchvision's network behind positions that follow the image's grid.

    The values of `encoder.layers.encoder_layer_k.add_1` are the tokens after block k (from 0): (N, 1 + rows *
    columns, channels), the class token first and then the patches row by row.
    """

    def forward(self, x: Tensor) -> Tensor:
        """(N, 3, H, W) with sides that are multiples of the patch -> (N, classes)."""
        tokens = positioned_tokens(self.conv_proj(x), self.class_token, self.encoder.pos_embedding)
        tokens = self.encoder.ln(self.encoder.layers(self.encoder.dropout(tokens)))
        return self.heads(tokens[:, 0])


def vit_b_16(weights: None = None) -> AnySizeVisionTransformer:
    """Return ViT-B/16; its state dictionary is that of torchvision's `vit_b_16`."""
    return AnySizeVisionTransformer(
        image_size=224, patch_size=16, num_layers=12, num_heads=12, hidden_dim=768, mlp_dim=3072
    )


@torch.fx.wrap  # one node of the graph, since it depends on the image's size
def positioned_tokens(patches: Tensor, class_token: Tensor, positions: Tensor) -> Tensor:
    """Lay patches out as tokens behind the class token, and add to each its position.

    Args:
        patches: (N, C, rows, columns).
        class_token: (1, 1, C).
        positions: (1, 1 + n * n, C), learned for a square of n x n patches.

    Returns:
        (N, 1 + rows * columns, C).
    """
    tokens = torch.cat([class_token.expand(len(patches), -1, -1), patches.flatten(2).mT], dim=1)
    return tokens + positions_for(patches.shape[2:], positions)


def positions_for(grid: torch.Size, positions: Tensor) -> Tensor:
    """Interpolate learned positions to a grid of (rows, columns); the class token's stays as it is."""
    side = math.isqrt(positions.shape[1] - 1)
    if tuple(grid) == (side, side):
        return positions
    learned = positions[:, 1:].mT.unflatten(2, (side, side))
    fitted = F.interpolate(learned, size=tuple(grid), mode="bicubic", align_corners=True)
    return torch.cat([positions[:, :1], fitted.flatten(2).mT], dim=1)
