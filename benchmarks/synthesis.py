"""Steps of a duel beside plain passes, what they hold in memory, and who waits for them.

    python -m benchmarks.synthesis
    python -m benchmarks.synthesis --memory    also the peaks at 1024 pixels, of up to 6 GB

A step is forward, backward and the way back onto the surface; the pass beside it is that of torch alone, of a
pair and of one picture, in turns in one process. A report, not a test.
"""

import argparse
import multiprocessing
import statistics
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor

import numpy as np
import torch
from PIL import Image

from benchmarks.compare import load, machine
from benchmarks.contenders import lacking
from benchmarks.worker import forget_peak, resident
from explorer.analysis.rulers import PSNR, SSIM, Ruler
from explorer.distortions import distort
from explorer.images import Picture, derive
from explorer.jobs import pool
from explorer.metrics import Method, compare
from explorer.samples import load_sample
from explorer.synthesis.competition import Competition
from explorer.synthesis.cost import step_bytes, step_seconds
from explorer.synthesis.journey import Journey
from explorer.synthesis.levels import levels_of, scaled
from explorer.synthesis.networks import module_of
from explorer.turns import pages

MOST = 2.2  # times the plain pass of a pair, for AlexNet at 256 pixels
LEAST_FRAMES = 2.0  # a second, of AlexNet at 256 pixels
SIDE, DECIBELS = 256, 24.0
NETWORKS = {"alexnet": ("trained", 21), "squeezenet1_1": ("trained", 11), "vgg16": ("trained", 5)}
NETWORKS |= {"resnet50": ("random", 5)}  # its trained weights come from a hub
HELD: dict[str, tuple[Ruler, float]] = {"SSIM": (SSIM, 0.6), "LPIPS": (Method(device="cpu"), 0.3)}
SIZES, LARGE = (256, 512), 1024
LOOKS, BETWEEN = 40, 0.25  # measurements of a page, and seconds between them


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--memory", action="store_true", help="also the peaks at 1024 pixels")
    asked = parser.parse_args()
    print(f"{machine()}; {load()}\n")
    tell_steps()
    tell_holding()
    tell_frames()
    tell_page()
    tell_memory((*SIZES, LARGE) if asked.memory else SIZES)


def photo(side: int) -> Picture:
    """A photograph of so many pixels a side."""
    sample = load_sample("astronaut")
    return derive(
        sample, np.array(Image.fromarray(sample.pixels).resize((side, side), Image.Resampling.LANCZOS))
    )


def competition(
    side: int, method: Method, hold: Ruler = PSNR, at: float = DECIBELS, seed: int = 0
) -> Competition:
    """Lower and raise a method; where that is held, PSNR."""
    moved = PSNR if hold == method else method
    return Competition(photo(side), hold, at, moved, "gaussian_noise", method, seed)


def stepping(asked: Competition) -> Callable[[], object]:
    """What makes the next step of the first run."""
    process = next(iter(asked.plan().make().values()))
    points = [process.begin()]

    def step() -> None:
        points[0] = process.advance(points[0])

    return step


def tell_steps() -> None:
    """Each network's step beside its plain pass."""
    print(f"A step at {SIDE} x {SIDE}, PSNR held; medians, ms, and times the plain pass; guessed before")
    print(f"    {'':16}{'step':>8}{'pair':>8}{'one':>8}{'/ pair':>8}{'/ one':>8}{'guess':>8}")
    for name in NETWORKS:
        if sentence := lacking(name):
            print(f"    {sentence}")
            continue
        step, pair, one, guess = times_of(name)
        times = "".join(f"{1000 * seconds:8.1f}" for seconds in (step, pair, one))
        print(f"    {name:16}{times}{step / pair:8.2f}{step / one:8.2f}{1000 * guess:8.0f}", flush=True)
        if name == "alexnet":
            tell(f"{step / pair:.2f} times the pass of a pair", step / pair <= MOST, f"at most {MOST:g}")


def times_of(name: str) -> tuple[float, float, float, float]:
    """Seconds of a step, of a plain pass of a pair and of one picture, and of a step as guessed before."""
    weights, rounds = NETWORKS[name]
    method, reference = Method(name, weights=weights, device="cpu"), photo(SIDE)
    module, noisy = module_of(method, "cpu"), distort(reference.pixels, "gaussian_noise", 0.5)
    a, b = (scaled(levels_of(each)) for each in (reference, derive(reference, noisy)))
    guess = step_seconds([method], reference.size)
    step = stepping(competition(SIDE, method))
    return *in_turns(rounds, step, lambda: module(a, b), lambda: module.features(b)), guess


def in_turns(rounds: int, step: Callable[[], object], *passes: Callable[[], object]) -> list[float]:
    """Medians of seconds; passes are made as a measurement would, without a way back."""
    taken: list[list[float]] = [[] for _ in range(1 + len(passes))]
    for turn in range(rounds + 1):
        taken[0].append(seconds_of(step))
        with torch.inference_mode():
            for place, each in enumerate(passes, start=1):
                taken[place].append(seconds_of(each))
        if turn == 0:  # to warm up
            for column in taken:
                column.clear()
    return [statistics.median(column) for column in taken]


def tell_holding() -> None:
    """What it costs to hold another metric than PSNR, whose surface must be looked for."""
    print(f"\nA step of AlexNet at {SIDE} x {SIDE} by what is held, ms")
    for name, (hold, at) in HELD.items():
        step = stepping(competition(SIDE, Method(device="cpu"), hold, at))
        (median,) = in_turns(11, step)
        print(f"    {name:16}{1000 * median:8.1f}", flush=True)


def tell_frames() -> None:
    """How often a page would see another picture."""
    journey = Journey(competition(SIDE, Method(device="cpu")).plan())
    job = pool.start(journey.task(60))
    seen: dict[str, set[int]] = {}
    start = time.perf_counter()
    while not job.wait(0.01):
        for name in journey.runs:
            seen.setdefault(name, set()).update(frame.step for frame in journey.frames(name)[-1:])
    seconds = time.perf_counter() - start
    steps = sum(point.step for point in journey.points.values())
    rate = min(map(len, seen.values())) / seconds
    print(f"\nTwo runs of AlexNet at {SIDE} x {SIDE}: {steps / seconds:.1f} steps a second, in all")
    tell(f"{rate:.1f} measured frames of each a second", rate >= LEAST_FRAMES, f"at least {LEAST_FRAMES:g}")


def tell_page() -> None:
    """A page that measures now and then, alone and while two duels run."""
    print(f"\nA pair measured every {BETWEEN:g} s, as Inspect does; {LOOKS} times, ms")
    alone = looks()
    journeys = [Journey(competition(SIDE, Method(device="cpu"), seed=seed).plan()) for seed in (1, 2)]
    jobs = [pool.start(journey.task(2000)) for journey in journeys]
    while not all(journey.runs for journey in journeys):
        time.sleep(0.05)
    steps = sum(journey.step for journey in journeys)
    start = time.perf_counter()
    beside = looks()
    rate = (sum(journey.step for journey in journeys) - steps) / (time.perf_counter() - start)
    for job in jobs:
        job.cancel()
    waits = [seconds_of(job.wait) for job in jobs]
    for name, found in (("alone", alone), ("beside two duels", beside)):
        p95 = statistics.quantiles(found, n=20)[-1]
        print(f"    {name:18}median {1000 * statistics.median(found):6.0f}, p95 {1000 * p95:6.0f}")
    print(f"    the duels made {rate:.1f} steps of both runs a second, and ended in {max(waits):.2f} s")


def looks() -> list[float]:
    """Seconds of each of the page's measurements: of a pair that nobody has measured before."""
    reference, found = photo(SIDE), []
    for seed in range(LOOKS):
        picture = derive(reference, distort(reference.pixels, "gaussian_noise", 0.3, seed=seed))
        time.sleep(BETWEEN)

        def measure(picture: Picture = picture) -> None:
            with pages:
                compare(reference, picture, Method(device="cpu"))

        found.append(seconds_of(measure))
    return found


def tell_memory(sizes: tuple[int, ...]) -> None:
    """The peak of resident memory of a step, in a process of its own, beside what is said before."""
    print("\nMemory of a step above idle, MB: at its peak, and as said before")
    for name, (weights, _) in NETWORKS.items():
        for side in () if lacking(name) else sizes:
            context = multiprocessing.get_context("spawn")
            with ProcessPoolExecutor(1, mp_context=context) as process:
                peak = process.submit(peak_of, name, weights, side).result()
            said = step_bytes([Method(name, weights=weights)], (side, side)) / 1e6
            told = "-" if peak is None else f"{peak:.0f}"
            print(f"    {name:16}{side:6}{told:>8}{said:8.0f}", flush=True)


def peak_of(name: str, weights: str, side: int) -> float | None:
    """Of a process that makes two steps, in MB above what it held after one on a small picture."""
    method = Method(name, weights=weights, device="cpu")
    stepping(competition(64, method))()
    idle = resident("VmRSS")
    forget_peak()
    step = stepping(competition(side, method))
    step()
    step()
    peak = resident("VmHWM")
    return None if peak is None or idle is None else peak - idle


def seconds_of(call: Callable[[], object]) -> float:
    """How long a call takes."""
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def tell(seen: str, is_met: bool, wanted: str) -> None:
    """A target."""
    print(f"    target: {seen}, wanted {wanted}   {'met' if is_met else 'missed'}")


if __name__ == "__main__":
    main()
