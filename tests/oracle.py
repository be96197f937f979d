"""The `lpips` package as an oracle, and the pairs of pictures that it is asked about."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import torch

from explorer.images import Picture


@dataclass(frozen=True)
class Pair:
    """A reference, one of its distortions, and what to call it in a failure."""

    label: str
    reference: Picture
    distorted: Picture


class Oracle:
    """The `lpips` package with one of our networks and heads."""

    def __init__(
        self, heads: str, backbone: str = "alexnet", state: Mapping[str, torch.Tensor] | None = None
    ):
        import lpips  # late: the tests that need no oracle run where only the explorer is installed

        from benchmarks.others import input_tensor, lpips_model

        self._normalize, self._tensor = lpips.normalize_tensor, input_tensor
        version = "0.0" if heads == "lpips-0.0" else "0.1"
        self._model = lpips_model(version, heads=heads.startswith("lpips"), backbone=backbone, state=state)
        self._features: list[torch.Tensor] = []
        # One slice a layer; lpips calls forward() of the whole itself.
        for part in self._model.net.children():
            part.register_forward_hook(lambda _module, _input, output: self._features.append(output))

    def __call__(self, pair: Pair) -> tuple[float, list[float], list[np.ndarray]]:
        """One live forward pass: score, layers' distances, and native maps built from the package's parts."""
        self._features.clear()
        with torch.inference_mode():
            reference, distorted = self._tensor(pair.reference), self._tensor(pair.distorted)
            score, distances = self._model(reference, distorted, retPerLayer=True)
            layers = len(distances)
            maps = []
            for layer, (first, second) in enumerate(
                zip(self._features[:layers], self._features[layers:], strict=True)
            ):
                squares = (self._normalize(first) - self._normalize(second)) ** 2
                terms = self._model.lins[layer](squares) if self._model.lpips else squares.sum(dim=1)
                maps.append(terms.reshape(terms.shape[-2:]).numpy())
        return float(score), [float(distance) for distance in distances], maps
