"""Pictures on their way to the browser, as PNG in base64."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np

from explorer import render

# Compression leaves Python's lock, so that pictures are encoded side by side; shared by all users.
encoders = ThreadPoolExecutor(thread_name_prefix="encoder")


def picture(pixels: np.ndarray) -> str:
    """A picture, uint8 (H, W, 3), as a PNG in base64."""
    return render.text(render.png(pixels))
