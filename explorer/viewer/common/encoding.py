"""Pictures on their way to the browser, as PNG in base64; and how much what was encoded holds."""

import hashlib
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np

from explorer import render
from explorer.cache import ByteBudgetCache

# Compression leaves Python's lock, so that pictures are encoded side by side; shared by all users.
encoders = ThreadPoolExecutor(thread_name_prefix="encoder")
# Of all users: a class looks at one reference, and a slider that moves leaves it as it is.
_pictures: ByteBudgetCache[str] = ByteBudgetCache(32_000_000)


def picture(pixels: np.ndarray) -> str:
    """A picture, uint8 (H, W, 3), as a PNG in base64."""
    key = pixels.shape, hashlib.sha256(np.ascontiguousarray(pixels)).digest()
    encoded = _pictures.get(key)
    if encoded is None:
        encoded = render.text(render.png(pixels))
        _pictures.put(key, encoded, len(encoded))
    return encoded


def bytes_of(encoded: Any) -> int:
    """About how much memory what was encoded takes: that of its texts, in dictionaries and lists."""
    if isinstance(encoded, str):
        return len(encoded)
    parts = encoded.values() if isinstance(encoded, dict) else encoded if isinstance(encoded, list) else ()
    return sum(map(bytes_of, parts))
