"""Keys of what is sent to a viewer, as short texts."""

import hashlib
from collections.abc import Hashable


def digest_of(key: Hashable) -> str:
    """A key as a short text; keys hold digests of pixels, steps and methods, and no arrays."""
    return hashlib.sha256(repr(key).encode()).hexdigest()[:20]
