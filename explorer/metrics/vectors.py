"""The distance as a product: the heads times one vector a pair, so that heads are learned without a map.

Equation 1 of Zhang et al., CVPR 2018, with its two sums swapped:

    d(x, x0) = sum over layers l and channels c of  w[l, c] * v[l, c]
    v[l, c] = mean over places h, w of (y[l, h, w, c] - y0[l, h, w, c])^2

The vector v depends on the pictures and the network alone, so it is computed once; what the heads' weights
do to it is a product, whose gradient is v itself: the same as through the maps.
"""

from collections.abc import Callable, Sequence

import numpy as np
import torch
from torch import Tensor

from explorer.backbones import Network, computing_with
from explorer.images import Picture
from explorer.metrics.measuring import crop_to_multiple
from explorer.metrics.memory import LARGEST_BATCH, enough_memory, with_smaller_batches
from explorer.metrics.perceptual import check_large_enough, input_batch, turn, unit_features
from explorer.metrics.scores import together_on


def channel_vectors(
    network: Network,
    trials: Sequence[Sequence[Picture]],
    advance: Callable[[int], None] = lambda _trials: None,
) -> np.ndarray:
    """Each channel's mean squared difference from a reference, over the backbone's own layers.

    Args:
        network: The backbone on its device; its input is scaled as the backbone's own heads want it.
        trials: For each a reference, then as many distorted pictures as all others have. All pictures are of
            one size, that at which they are measured.
        advance: Told how many trials are finished; what it raises ends the work.

    Returns:
        float32 (trials, distorted pictures of each, channels), >= 0. The layers' channels stand one behind
        the other in the network's order. Such a vector times the heads' weights is the pair's score.

    Raises:
        ImageError: a side is below the backbone's smallest, or the pictures do not fit in memory.

    Source: Zhang et al., CVPR 2018, equation 1 and section 3 (*lin*).
    """
    row = network.backbone
    trials = [[crop_to_multiple(picture, row) for picture in trial] for trial in trials]
    if not trials:
        return np.empty((0, 0, channels_of(network)), np.float32)
    first = trials[0][0]
    check_large_enough(network, first, row.layer_names)
    pictures = len(trials[0])

    def run(network: Network, batch: int) -> np.ndarray:
        # On a CPU as many as give each picture the numbers that it has alone.
        batch = together_on(network, first.size) if network.device == "cpu" else batch
        step = max(1, batch // pictures)
        found = []
        for start in range(0, len(trials), step):
            exactly = computing_with(network.precision, network.device)
            with turn(network.device, first.size), torch.inference_mode(), exactly:
                found.append(_differences(network, trials[start : start + step]))
            advance(min(start + step, len(trials)))
        return np.concatenate(found)

    with enough_memory(first.size):
        return with_smaller_batches(run, network, LARGEST_BATCH * pictures)[0]


def channels_of(network: Network) -> int:
    """The length of a pair's vector: 1,152 for AlexNet."""
    return sum(network.graph.channels(name) for name in network.backbone.layer_names)


def _differences(network: Network, trials: Sequence[Sequence[Picture]]) -> np.ndarray:
    """Of trials that pass together: (trials, distorted pictures of each, channels)."""
    row, count = network.backbone, len(trials[0])
    batch = input_batch([picture for trial in trials for picture in trial], row.scaling, network.device)
    means: list[Tensor] = []
    for _, activation in network.activations(batch, row.layer_names):
        units = unit_features(activation).unflatten(0, (len(trials), count))
        means.append((units[:, 1:] - units[:, :1]).square_().mean(dim=(2, 3)))
    return torch.cat(means, dim=2).cpu().numpy()
