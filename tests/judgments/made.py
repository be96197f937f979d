"""Sets of judgments as their publishers lay them out, small, for the readers of such sets."""

from pathlib import Path

import numpy as np
from PIL import Image

PICTURES = {"judge": ("ref", "p0", "p1"), "same": ("p0", "p1")}


def picture(path: Path, seed: int) -> Path:
    """A little picture; equal seeds make equal files."""
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(np.random.default_rng(seed).integers(0, 256, (8, 8, 3), np.uint8)).save(path)
    return path


def trial(subset: Path, stem: str, share, answer: str = "judge", seed: int | None = None) -> None:
    """A trial of the paper's layout: pictures, and what people said as any array."""
    first = sum(map(ord, stem + subset.name)) * 10 if seed is None else seed
    for place, part in enumerate(PICTURES[answer]):
        picture(subset / part / f"{stem}.png", first if place == 0 else first + place + len(stem))
    (subset / answer).mkdir(exist_ok=True)
    np.save(subset / answer / f"{stem}.npy", np.asarray(share))


def layout(root: Path) -> Path:
    """A data set of the paper's with both kinds and both parts."""
    for subset, count in (("traditional", 3), ("cnn", 2), ("mine", 1)):
        for number in range(count):
            trial(root / "2afc" / "val" / subset, f"{number:06d}", np.array([number / 5], np.float32))
    trial(root / "2afc" / "train" / "cnn", "000000", np.array([1.0], np.float32))
    for number in range(2):
        trial(root / "jnd" / "val" / "cnn", f"{number:06d}", np.array([number / 3], np.float32), "same")
    return root
