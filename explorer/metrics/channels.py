"""One layer, opened: which of its channels make the distance, and what they see.

A place's term is a sum over channels, weight * (y - y0)^2 of unit features (Zhang et al., CVPR 2018,
equation 1). Taken one channel at a time, and summed over places, it is the channel's part of the distance;
weights are not negative, so these parts are true shares.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from explorer.backbones import (
    HEADS,
    Network,
    Scaling,
    computing_with,
    scaling_of,
    stacked_weights,
)
from explorer.images import Picture
from explorer.metrics.measuring import crop_to_multiple
from explorer.metrics.memory import enough_memory, with_smaller_batches
from explorer.metrics.perceptual import (
    check_large_enough,
    input_batch,
    strips,
    turn,
    unit_difference,
    unit_features,
)


@dataclass(frozen=True, eq=False)
class ChannelPlanes:
    """One channel on the layer's own grid; all float32 (rows, columns).

    Attributes:
        reference, distorted: Unit features: the activation over the norm of all channels at its place.
        squared_difference: Of the two, before the weight.
    """

    reference: np.ndarray
    distorted: np.ndarray
    squared_difference: np.ndarray


class LayerFeatures:
    """Both pictures' activations of one layer, held until this object goes."""

    def __init__(
        self,
        network: Network,
        reference: Picture,
        distorted: Picture,
        heads: str,
        layer: str,
    ):
        """Run both pictures up to the layer.

        Args:
            network: The backbone on its device.
            reference, distorted: Of one size.
            heads: Those that have maps.
            layer: A layer, or with uniform heads a node.

        Raises:
            ImageError: a side is below the backbone's smallest, or the layer has no cells at this size.
        """
        row = network.backbone
        pictures = [crop_to_multiple(picture, row) for picture in (reference, distorted)]
        check_large_enough(network, pictures[0], (layer,))
        scaling = scaling_of(HEADS[heads], row)
        self.layer = layer
        self.weights: np.ndarray = stacked_weights(row, [heads], layer)[:, 0].numpy()

        def run(network: Network, _batch: int) -> list[Tensor]:
            exactly = computing_with(network.precision, network.device)
            found = []
            with turn(network.device, pictures[0].size) as give_way, torch.inference_mode(), exactly:
                for picture in pictures:
                    if found:
                        give_way()
                    found.append(_activation(network, picture, scaling, layer))
            return found

        with enough_memory(pictures[0].size):
            self._activations, _, _ = with_smaller_batches(run, network, batch=1)

    @property
    def bytes(self) -> int:
        """What it holds."""
        return sum(activation.nbytes for activation in self._activations)

    @property
    def grid(self) -> tuple[int, int]:
        """(rows, columns)."""
        return tuple(self._activations[0].shape[:2])

    def at(self, row: int, column: int) -> tuple[np.ndarray, np.ndarray]:
        """One place's activations of the reference and of the distorted picture: each float64 (C,)."""
        reference, distorted = (activation[row, column].double().numpy() for activation in self._activations)
        return reference, distorted

    def contributions(self, covered: np.ndarray) -> np.ndarray:
        """Each channel's part of the layer's distance in a region: float64 (C,), all >= 0.

        Args:
            covered: The covered part of each cell, (rows, columns), 0..1.
        """
        reference, distorted = self._activations
        total = torch.zeros(len(self.weights), dtype=torch.float64)
        part = torch.from_numpy(np.ascontiguousarray(covered, np.float64))
        with torch.inference_mode():
            for rows in strips(reference.shape):
                if not part[rows].any():
                    continue
                squares = unit_difference(unit_features(reference[rows]), distorted[rows]).square_()
                total += part[rows].flatten() @ squares.flatten(0, 1).double()
        return total.numpy() * self.weights / covered.size

    def planes(self, channels: Sequence[int]) -> list[ChannelPlanes]:
        """Chosen channels on the layer's grid."""
        wanted = list(channels)
        pieces: list[list[np.ndarray]] = [[], []]
        with torch.inference_mode():
            for rows in strips(self._activations[0].shape):
                for kept, activation in zip(pieces, self._activations, strict=True):
                    kept.append(unit_features(activation[rows])[..., wanted].numpy())
        reference, distorted = (np.concatenate(kept) for kept in pieces)
        return [
            ChannelPlanes(
                np.ascontiguousarray(reference[..., place]),
                np.ascontiguousarray(distorted[..., place]),
                (reference[..., place] - distorted[..., place]) ** 2,
            )
            for place in range(len(wanted))
        ]


def _activation(network: Network, picture: Picture, scaling: Scaling, layer: str) -> Tensor:
    """One layer's activations, (rows, columns, C), on the CPU: sums over them are float64."""
    batch = input_batch([picture], scaling, network.device)
    # Nothing runs behind the one layer, so that nothing overwrites what is lent here.
    ((_, activation),) = network.activations(batch, (layer,))
    return activation[0].cpu()
