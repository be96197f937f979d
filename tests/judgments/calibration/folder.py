"""A small folder of votes in the paper's layout; its observer prefers the picture with less noise."""

from pathlib import Path

import numpy as np
from PIL import Image

from explorer.samples import load_sample

SIDE = 32


def votes_folder(root: Path, trials: int = 60) -> Path:
    """Write a subset of so many trials, each of a patch of its own; returns the folder to open."""
    subset = root / "2afc" / "train" / "made"
    for part in ("ref", "p0", "p1", "judge"):
        (subset / part).mkdir(parents=True)
    rng = np.random.default_rng(0)
    pixels = load_sample("coffee").pixels
    for number in range(trials):
        top, left = rng.integers(200, size=2)
        patch = pixels[top : top + SIDE, left : left + SIDE].astype(float)
        noise = rng.uniform(5, 60, 2)
        pictures = {"ref": patch}
        pictures |= {f"p{k}": patch + rng.normal(0, noise[k], patch.shape) for k in (0, 1)}
        for part, values in pictures.items():
            image = Image.fromarray(np.clip(values, 0, 255).astype(np.uint8))
            image.save(subset / part / f"{number:06d}.png")
        np.save(subset / "judge" / f"{number:06d}.npy", np.array([float(noise[1] < noise[0])], np.float32))
    return root / "2afc"
