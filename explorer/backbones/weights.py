"""Find and verify weights files; nothing is ever fetched here.

A file is looked for in the folder named by the environment variable EXPLORER_WEIGHTS, then among the bundled
ones in assets/weights. A file whose checksum differs is never used.
"""

import hashlib
import os
from pathlib import Path

import torch
from safetensors.torch import load

from explorer.backbones.catalogue import WeightsFile
from explorer.errors import WeightsError

BUNDLED = Path(__file__).parents[2] / "assets" / "weights"


def folders() -> tuple[Path, ...]:
    """Where weights are looked for, in order."""
    named = os.environ.get("EXPLORER_WEIGHTS")
    return (Path(named), BUNDLED) if named else (BUNDLED,)


def load_weights(wanted: WeightsFile) -> dict[str, torch.Tensor]:
    """Read a safetensors file into CPU tensors by key, once its sha256 was found right.

    Raises:
        WeightsError: no folder holds the file, or those that do hold a damaged one.
    """
    faults = []
    for folder in folders():
        path = folder / wanted.file
        try:
            data = path.read_bytes()
        except FileNotFoundError:
            continue
        except OSError as error:
            faults.append(f"{path} cannot be read ({error.strerror})")
            continue
        if hashlib.sha256(data).hexdigest() == wanted.sha256:
            return load(data)
        faults.append(f"{path} is damaged (its checksum is wrong)")
    fault = faults[0] if faults else f"{BUNDLED / wanted.file} is missing"
    raise WeightsError(
        f"The weights file {fault}; expected is sha256 {wanted.sha256}. Restore it with "
        "`git checkout -- assets/weights` or make it again with `python assets/weights/convert.py`."
    )
