"""A metric of a user's own as a file: a network and heads that were trained together on people's votes.

A safetensors file, whose tensors are the network's ("network.features.0.weight") and the heads' by layer
("heads.conv1"); what it was trained on stands in its metadata, as in a file of heads (`own_heads`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from safetensors import SafetensorError, safe_open
from safetensors.torch import save
from torch import Tensor

from explorer.errors import WeightsError
from explorer.files import own_heads
from explorer.files.own_heads import Provenance
from explorer.files.tensors import UnfitFileError, read_tensors

KIND = "lpips-explorer metric 1"  # what such a file says it is
WAYS = ("tune", "scratch")  # from trained weights, or from random ones
NETWORK, HEADS = "network.", "heads."


@dataclass(frozen=True, eq=False)
class OwnMetric:
    """A network and heads.

    Attributes:
        way: One of `WAYS`.
        network: By the keys of the builder's module, on the CPU.
        heads: Layer -> float32 (C,), >= 0.
        provenance: What they were trained on.
    """

    way: str
    network: Mapping[str, Tensor]
    heads: Mapping[str, Tensor]
    provenance: Provenance

    def to_bytes(self) -> bytes:
        """The file."""
        tensors = {f"{NETWORK}{key}": each.detach().cpu().contiguous() for key, each in self.network.items()}
        tensors |= {f"{HEADS}{name}": each.detach().cpu().contiguous() for name, each in self.heads.items()}
        return save(tensors, self.provenance.to_metadata() | {"kind": KIND, "way": self.way})


def read_metric(path: Path) -> OwnMetric:
    """Read such a file.

    Raises:
        WeightsError: it cannot be read, or is none.
    """
    try:
        with safe_open(path, "pt") as file:
            told = file.metadata() or {}
        if told.get("kind") != KIND or told.get("way") not in WAYS:
            raise UnfitFileError("holds no metric that the explorer has trained")
        provenance = Provenance.from_metadata(told | {"kind": own_heads.KIND})
        tensors = read_tensors(path)
        heads = _below(HEADS, tensors)
        for layer, weights in heads.items():
            if weights.ndim != 1 or (weights < 0).any():
                raise UnfitFileError(f"holds heads that are no non-negative weights (in {layer})")
    except (OSError, SafetensorError, UnfitFileError) as error:
        why = str(error) if isinstance(error, UnfitFileError) else "is no safetensors file that can be read"
        raise WeightsError(
            f"The file {path} {why}; name one that lpips-explorer calibrate --tune or --scratch has written."
        ) from error
    return OwnMetric(told["way"], _below(NETWORK, tensors), heads, provenance)


def _below(start: str, tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    return {key.removeprefix(start): each for key, each in tensors.items() if key.startswith(start)}
