"""One number in a .npy file, as the paper's data set keeps what people said; nothing is unpickled."""

import io
import warnings
from functools import lru_cache
from pathlib import Path
from tokenize import TokenError

import numpy as np

MOST_BYTES = 64 << 10  # of a file that holds one number
KINDS = "fiub"  # of numbers on a line: floats, whole ones and truth values
ENDING = ".npy"
USUAL = ("float32", "float64")


def read_share(path: Path) -> tuple[float, str]:
    """A share of people, 0..1, and the type in which the file holds it, such as "float32".

    Raises:
        ValueError: with a clause that says why there is none, such as "it is 1.4, outside 0..1".
    """
    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise ValueError("it cannot be read") from error
    if len(data) > MOST_BYTES:
        raise ValueError("it holds more than one number")
    dtype, shape, body = _parsed(data)
    if dtype.kind not in KINDS:
        raise ValueError("it holds no number")
    if np.prod(shape, dtype=float) != 1:
        raise ValueError(f"it has the shape {shape}, and one number is needed")
    if len(body) < dtype.itemsize:
        raise ValueError("it is cut off")
    value = float(np.frombuffer(body, dtype, 1)[0])
    if np.isnan(value):
        raise ValueError("it is no number")
    if not 0 <= value <= 1:
        raise ValueError(f"it is {value:g}, outside 0..1")
    return value, dtype.name


def _parsed(data: bytes) -> tuple[np.dtype, tuple[int, ...], bytes]:
    file = io.BytesIO(data)
    try:
        major = np.lib.format.read_magic(file)[0]
    except ValueError as error:
        raise ValueError("it is no .npy file") from error
    width = 2 if major == 1 else 4
    length = int.from_bytes(data[file.tell() : file.tell() + width], "little")
    end = file.tell() + width + length
    dtype, shape = _header(data[:end])
    return dtype, shape, data[end:]


@lru_cache(64)  # tens of thousands of files begin alike
def _header(data: bytes) -> tuple[np.dtype, tuple[int, ...]]:
    file = io.BytesIO(data)
    version = np.lib.format.read_magic(file)
    read = np.lib.format.read_array_header_1_0 if version[0] == 1 else np.lib.format.read_array_header_2_0
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of numbers as Python 2 wrote them, which are read all the same
            shape, _, dtype = read(file)
    except (ValueError, SyntaxError, TypeError, TokenError, MemoryError, RecursionError) as error:
        raise ValueError("it is a damaged .npy file") from error
    return dtype, shape
