"""A sweep beside calls of lpips and scikit-image, then how long equal pictures take: AlexNet, 256 x 256.

    python -m benchmarks.laboratory

Both make the same pictures and take turns in one process: the sweep measures 21 severities with their layers,
PSNR and SSIM, the others call `lpips` and scikit-image once a picture. A report, not a test.
"""

import statistics
import time
from collections.abc import Callable

import torch
from skimage.metrics import peak_signal_noise_ratio, structural_similarity

from benchmarks.compare import load, machine
from benchmarks.others import input_tensor, lpips_model
from explorer.analysis.match import USUAL, matches
from explorer.analysis.rulers import PSNR, read_ruler
from explorer.analysis.sweep import measured, severity_axis
from explorer.distortions import CATALOGUE, Recipe, distorted
from explorer.images import resize
from explorer.metrics import Method
from explorer.metrics.perceptual import reference_cache
from explorer.metrics.scores import classic_scores, scores
from explorer.samples import load_sample

SIDE, ROUNDS = 256, 5
SWEPT = "gaussian_noise"
MOST_TUNED, MOST_GALLERY = 3.0, 5.0  # seconds
LEAST_RATIO = 3.0


def main() -> None:
    """Measure and print."""
    print(f"{machine()}; {load()}\n")
    reference = resize(load_sample("astronaut"), SIDE)
    method = Method()
    axis = severity_axis(SWEPT)
    model = lpips_model()

    def ours() -> list[float]:
        reference_cache.clear()
        return [point.scores[0] for point in measured(reference, axis, [method])]

    def theirs() -> list[float]:
        found = []
        for step in axis.steps:
            picture = distorted(reference, Recipe((step,)))
            with torch.inference_mode():
                found.append(float(model(input_tensor(reference), input_tensor(picture))))
            pixels = reference.pixels, picture.pixels
            peak_signal_noise_ratio(*pixels, data_range=255)
            structural_similarity(
                *pixels,
                channel_axis=2,
                data_range=255,
                gaussian_weights=True,
                sigma=1.5,
                use_sample_covariance=False,
            )
        return found

    apart = max(abs(one - other) for one, other in zip(ours(), theirs(), strict=True))
    both = [(_seconds(ours), _seconds(theirs)) for _ in range(ROUNDS)]
    mine, others = (statistics.median(column) for column in zip(*both, strict=True))
    print(f"A sweep of {len(axis.steps)} points, {SWEPT}, medians of {ROUNDS}; scores differ by {apart:.1e}")
    print(f"    explorer {1000 * mine:6.0f} ms, lpips and scikit-image {1000 * others:6.0f} ms")
    _tell(f"{others / mine:.2f} x as fast", others / mine >= LEAST_RATIO, f"at least {LEAST_RATIO:g} x")

    for target, ruler in ((26.0, PSNR), (0.2, read_ruler("lpips", method))):
        seconds = _seconds(lambda ruler=ruler, target=target: list(matches(reference, ruler, target, USUAL)))
        what = ruler if isinstance(ruler, str) else ruler.label
        print(f"\n{len(USUAL)} distortions tuned to {what} {target:g}: {seconds:.2f} s")
        if ruler == PSNR:
            _tell(f"{seconds:.2f} s", seconds <= MOST_TUNED, f"at most {MOST_TUNED:g} s")

    def gallery() -> None:
        for name, entry in CATALOGUE.items():
            if not entry.needs:
                picture = distorted(reference, Recipe.at(name, 0.5))
                scores(method, reference, [picture])
                classic_scores(reference, picture)

    seconds = _seconds(gallery)
    count = sum(not entry.needs for entry in CATALOGUE.values())
    print(
        f"\nAll {count} distortions that need nothing else, at severity 0.5, by every metric: {seconds:.2f} s"
    )
    _tell(f"{seconds:.2f} s", seconds <= MOST_GALLERY, f"at most {MOST_GALLERY:g} s")


def _seconds(call: Callable[[], object]) -> float:
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def _tell(seen: str, is_met: bool, wanted: str) -> None:
    print(f"    target: {seen}, wanted {wanted}   {'met' if is_met else 'missed'}")


if __name__ == "__main__":
    main()
