"""Small sets of judgments on disk, in the paper's layout: patches of the samples, noisy and blurred."""

from pathlib import Path

import numpy as np
from PIL import Image, ImageFilter

from explorer.judgments.sets import TrialSet, Triplet
from explorer.samples import load_sample

PARTS = ("ref", "p0", "p1", "judge")


def made_triplets(
    folder: Path, count: int, side: int = 64, subsets: tuple[str, ...] = ("cnn", "color")
) -> Path:
    """Write so many triplets below `folder`/2afc/val; returns that."""
    random = np.random.default_rng(0)
    photographs = [load_sample(name).pixels for name in ("cat", "coffee", "astronaut")]
    for number in range(count):
        subset = folder / "2afc" / "val" / subsets[number * len(subsets) // count]
        for part in PARTS:
            (subset / part).mkdir(parents=True, exist_ok=True)
        whole = photographs[number % len(photographs)]
        top, left = (random.integers(0, length - side + 1) for length in whole.shape[:2])
        patch = whole[top : top + side, left : left + side]
        noisy = np.clip(patch + random.normal(0, random.uniform(2, 40), patch.shape), 0, 255)
        blurred = Image.fromarray(patch).filter(ImageFilter.GaussianBlur(random.uniform(0.3, 3)))
        name = f"{number:06d}"
        for part, picture in zip(PARTS, (patch, noisy.astype(np.uint8), blurred), strict=False):
            Image.fromarray(np.asarray(picture)).save(subset / part / f"{name}.png", compress_level=1)
        np.save(subset / "judge" / f"{name}.npy", np.array([random.integers(0, 6) / 5], np.float32))
    return folder / "2afc" / "val"


def triplets_of(folder: Path) -> TrialSet:
    """The triplets of a folder as `made_triplets` wrote it."""
    trials = [
        Triplet(
            subset.name,
            path.stem,
            path,
            subset / "p0" / path.name,
            subset / "p1" / path.name,
            float(np.load(subset / "judge" / f"{path.stem}.npy")[0]),
        )
        for subset in sorted(folder.iterdir())
        for path in sorted((subset / "ref").iterdir())
    ]
    return TrialSet(folder.name, "2afc", tuple(trials))
