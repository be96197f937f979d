"""A set of made triplets by four metrics, beside a loop of lpips and scikit-image that decodes for each one.

    python -m benchmarks.evaluation [--trials N]

Both measure the same files, 256 x 256 brought to 64 x 64 as the paper does, with PSNR, SSIM, and AlexNet with
learned and with uniform heads. They take turns in one process, part by part, so that whatever else the
machine does hits both alike; the loop has one thread of torch or all, whichever serves it better. A report,
not a test.
"""

import argparse
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import torch
from PIL import Image
from skimage.metrics import peak_signal_noise_ratio, structural_similarity

from benchmarks.compare import load, machine
from benchmarks.others import lpips_model
from benchmarks.triplets import made_triplets, triplets_of
from explorer.judgments.running import Way, measure, read_way
from explorer.judgments.sets import Triplet

TRIALS, FILES, SIZE = 2000, 256, 64
PARTS = 8  # turns of each
METRICS = ("psnr", "ssim", "alexnet:lpips-0.1", "alexnet:uniform")
LEAST_RATIO = 3.0

Metric = Callable[[np.ndarray, np.ndarray], float]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--trials", type=int, default=TRIALS, help=f"how many triplets (default {TRIALS})")
    count = parser.parse_args().trials
    print(f"{machine()}; {load()}\n")
    with TemporaryDirectory() as folder:
        trials = triplets_of(made_triplets(Path(folder), count, FILES)).trials
        way, metrics = read_way(METRICS, SIZE), _metrics()
        _on_threads(1, lambda: _ours(trials[:24], way))
        threads = _better_threads(lambda: _theirs(trials[:4], metrics))
        seconds, apart = np.zeros(2), 0.0
        for part in np.array_split(np.arange(count), min(PARTS, count)):
            own = [trials[place] for place in part]
            # As `lpips-explorer evaluate` has it: one thread of torch for each of as many batches as cores.
            mine, first = _on_threads(1, lambda own=own: _ours(own, way))
            others, second = _on_threads(threads, lambda own=own: _theirs(own, metrics))
            seconds += mine, others
            apart = max(apart, float(np.abs(first - second).max()))
    ratio = seconds[1] / seconds[0]
    print(f"{count:,} triplets, {len(METRICS)} metrics ({', '.join(METRICS)}), {FILES} to {SIZE} pixels")
    for name, value in zip(("explorer", "loop of lpips and scikit-image"), seconds, strict=True):
        print(f"    {name:32} {value:7.1f} s, {1000 * value / count:6.1f} ms a triplet")
    print(f"    distances differ by {apart:.1e} at most")
    met = "met" if ratio >= LEAST_RATIO else "missed"
    print(f"    target: {ratio:.1f} x as fast, wanted at least {LEAST_RATIO:g} x   {met}")


def _ours(trials: list[Triplet], way: Way) -> np.ndarray:
    """As `lpips-explorer evaluate` does: (metrics, trials, 2)."""
    return np.array([each.distances for each in measure(trials, way)]).swapaxes(0, 1)


def _theirs(trials: list[Triplet], metrics: list[Metric]) -> np.ndarray:
    """Metric by metric, each file decoded anew: (metrics, trials, 2)."""
    found = []
    for metric in metrics:
        own = []
        for trial in trials:
            reference, *others = (_decoded(path) for path in (trial.reference, trial.p0, trial.p1))
            own.append([metric(reference, other) for other in others])
        found.append(own)
    return np.array(found)


def _decoded(path: Path) -> np.ndarray:
    with Image.open(path) as image:
        return np.asarray(image.convert("RGB").resize((SIZE, SIZE), Image.Resampling.LANCZOS))


def _metrics() -> list[Metric]:
    """In the order of `METRICS`."""

    def psnr(reference: np.ndarray, distorted: np.ndarray) -> float:
        return -peak_signal_noise_ratio(reference, distorted, data_range=255)

    def ssim(reference: np.ndarray, distorted: np.ndarray) -> float:
        return -structural_similarity(
            reference,
            distorted,
            channel_axis=2,
            data_range=255,
            gaussian_weights=True,
            sigma=1.5,
            use_sample_covariance=False,
        )

    def deep(heads: bool) -> Metric:
        model = lpips_model(heads=heads)

        def distance(reference: np.ndarray, distorted: np.ndarray) -> float:
            with torch.inference_mode():
                return float(model(*map(_tensor, (reference, distorted))))

        return distance

    return [psnr, ssim, deep(True), deep(False)]


def _tensor(pixels: np.ndarray) -> torch.Tensor:
    return torch.from_numpy(pixels.copy()).permute(2, 0, 1)[None].float() / 127.5 - 1


def _better_threads(call: Callable[[], np.ndarray]) -> int:
    """One, or as many as torch takes by itself: with which a call is faster once it is warm."""
    usual = torch.get_num_threads()
    seconds = {}
    for threads in (usual, 1):
        _on_threads(threads, call)
        seconds[threads] = _on_threads(threads, call)[0]
    return min(seconds, key=seconds.get)


def _on_threads(threads: int, call: Callable[[], np.ndarray]) -> tuple[float, np.ndarray]:
    """Seconds of a call while torch has so many threads, and what it gives."""
    before = torch.get_num_threads()
    torch.set_num_threads(threads)
    try:
        start = time.perf_counter()
        found = call()
        return time.perf_counter() - start, found
    finally:
        torch.set_num_threads(before)


if __name__ == "__main__":
    main()
