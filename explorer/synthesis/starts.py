"""Pictures to start from that know nothing of the reference: weak noise, grey, another photograph."""

import numpy as np
from PIL import Image, ImageOps

from explorer.errors import SettingError
from explorer.images import Picture, derive
from explorer.samples import SAMPLES, load_sample

NOISE, GREY = "noise", "grey"
STARTS = (NOISE, GREY, *SAMPLES)
"""Names of starts; another picture has none."""

MIDDLE = 127.5  # levels: between black and white, and 0 in [-1, 1]
SPREAD = 8.0  # levels: the standard deviation of weak noise


def check_start(name: str) -> None:
    """Raise SettingError unless a start has this name."""
    if name not in STARTS:
        raise SettingError(f"There is no start {name!r}; choose one of {', '.join(STARTS)}, or a picture.")


def start_picture(reference: Picture, start: str | Picture, seed: int = 0) -> Picture:
    """A start of the reference's size.

    Args:
        reference: At the size that is measured; of it nothing but the size is used.
        start: A name of `STARTS`, or a picture, which is scaled and cropped about its centre.
        seed: Of the noise.

    Raises:
        SettingError: an unknown name, or a start that is the reference.
    """
    if isinstance(start, str):
        check_start(start)
    shape = (reference.height, reference.width, 3)
    if start == NOISE:
        noise = MIDDLE + SPREAD * np.random.default_rng(seed).standard_normal(shape)
        pixels = np.floor(noise + 0.5).clip(0, 255).astype(np.uint8)
    elif start == GREY:
        pixels = np.full(shape, np.floor(MIDDLE + 0.5), np.uint8)
    else:
        picture = load_sample(start) if isinstance(start, str) else start
        image = Image.fromarray(picture.pixels)
        pixels = np.array(ImageOps.fit(image, reference.size, Image.Resampling.LANCZOS))
    made = derive(reference, pixels)
    if made.digest == reference.digest:
        raise SettingError(
            "The start is the reference itself, of which nothing is left to be grown; start from noise, or "
            "from another picture."
        )
    return made
