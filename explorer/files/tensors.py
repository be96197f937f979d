"""Read a file of tensors, in either of two formats, without running any code in it."""

import pickle
import re
import zipfile
from collections.abc import Mapping
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load as parse_safetensors
from torch import Tensor

from explorer.errors import WeightsError


class UnfitFileError(Exception):
    """Why a file that is there cannot be used, as the rest of a sentence that begins with its path."""


def read_tensors(path: Path) -> dict[str, Tensor]:
    """Read a `.pth` file or a safetensors file.

    Returns:
        Float32 tensors on the CPU (whole numbers stay what they are), by key.

    Raises:
        UnfitFileError: the file cannot be read, holds something else, wants to run code, or holds a number
            that is not finite.
    """
    state = _read_pickle(path) if path.suffix == ".pth" else _read_safetensors(path)
    for key, tensor in state.items():
        if not tensor.isfinite().all():
            raise UnfitFileError(f"holds numbers that are not finite (in {key})")
    return {key: tensor.float() if tensor.is_floating_point() else tensor for key, tensor in state.items()}


def check_fit(state: Mapping[str, Tensor], expected: Mapping[str, torch.Size], label: str, file: str) -> None:
    """Check that a network's tensors are all there, in their shapes; more than those do no harm.

    Args:
        state: As load_state() returns it.
        expected: The shape of each tensor that the network needs.
        label: The network, as users read it.
        file: The weights file's name.

    Raises:
        WeightsError: names the first tensor that is missing or of another shape.
    """
    missing = [key for key in expected if key not in state]
    if missing:
        more = f" and {len(missing) - 1} more" if len(missing) > 1 else ""
        raise WeightsError(f"The weights file {file} does not fit {label}: it lacks {missing[0]}{more}.")
    for key, shape in expected.items():
        if state[key].shape != shape:
            raise WeightsError(
                f"The weights file {file} does not fit {label}: {key} is {_shape(state[key].shape)}, "
                f"expected is {_shape(shape)}."
            )


def _read_safetensors(path: Path) -> dict[str, Tensor]:
    try:
        return parse_safetensors(path.read_bytes())
    except OSError as error:
        raise UnfitFileError(f"cannot be read ({error.strerror})") from error
    except SafetensorError as error:
        raise UnfitFileError("is no safetensors file") from error


def _read_pickle(path: Path) -> dict[str, Tensor]:
    """Read a `.pth` file without running any code in it."""
    try:
        # Mapped, so that a classifier of 400 MB that no layer needs does not fill the memory. Only files in
        # torch's newer format, which are zip archives, can be.
        state = torch.load(path, map_location="cpu", weights_only=True, mmap=zipfile.is_zipfile(path))
    except pickle.UnpicklingError as error:
        asked = re.search(r"GLOBAL (\S+)", str(error))
        if asked:
            raise UnfitFileError(f"wants to run code ({asked[1]}), which is refused") from error
        raise UnfitFileError("is no file of tensors") from error
    except OSError as error:
        raise UnfitFileError(f"cannot be read ({error.strerror})") from error
    except Exception as error:  # what torch raises on rubbish is anything from IndexError to RuntimeError
        raise UnfitFileError("is no file of tensors") from error
    if not isinstance(state, Mapping) or not all(isinstance(value, Tensor) for value in state.values()):
        raise UnfitFileError("holds something other than tensors by name")
    return {str(key): tensor.detach() for key, tensor in state.items()}


def _shape(shape: torch.Size) -> str:
    return "×".join(str(length) for length in shape) or "a single number"
