"""What a large pair takes with VGG16: the peak of resident memory above idle, and the time.

    python -m benchmarks.memory

Each contender runs alone, in a process of its own. Idle is what it held with its model loaded, before any
call. A call at a small size goes before, so that the time is not that of a first call. A report, not a test.
"""

import math

from benchmarks.compare import load, machine
from benchmarks.contenders import CONTENDERS, LARGE, PAIR, lacking
from benchmarks.worker import Worker
from explorer.backbones import find_backbone, graph_of
from explorer.metrics.perceptual import reference_cache

BACKBONE = "vgg16"
SMALL = (64, 64)  # (width, height)
OURS = ("explorer, cold", PAIR)
# (width, height): those beside it, and the target in MB above idle
SIZES = {
    (1920, 1080): ((("lpips", PAIR), ("lpips spatial", PAIR)), 2500),
    (4000, 3000): ((("whole layers", LARGE),), 2000),
}
SLOWEST = 1.15  # times the time of whole layers: the target


def main() -> None:
    """Measure each and print a table a size."""
    print(machine())
    row = find_backbone(BACKBONE)
    if sentence := lacking(BACKBONE):
        print(f"\n{sentence}")
        return
    for size, (others, most) in SIZES.items():
        print(f"\n{row.label}, {size[0]} x {size[1]}, one call; {load()}")
        print(f"    {'':18}{'peak MB':>9}{'seconds':>9}{'score':>10}{'kept MB':>9}")
        peak, seconds = measure(OURS, size)
        taken = {question: measure((name, question), size)[1] for name, question in others}
        needed, budget = reference_bytes(size) / 1e6, reference_cache.budget / 1e6
        fate = "passed in bands" if needed > budget else "kept"
        print(f"The reference's features take {needed:.0f} MB, the cache {budget:.0f}: they are {fate}.")
        if peak is not None:
            verdict = "met" if peak <= most else "missed"
            print(f"Target: {peak:.0f} MB above idle, wanted at most {most}   {verdict}")
        if LARGE in taken:
            ratio = seconds / taken[LARGE]
            verdict = "met" if ratio <= SLOWEST else "missed"
            print(f"Target: {ratio:.2f} times the time of whole layers, wanted at most {SLOWEST}   {verdict}")


def measure(contender: tuple[str, str], size: tuple[int, int]) -> tuple[float | None, float]:
    """Run one contender, by name and question, and print its row: (peak in MB or None, seconds)."""
    index = next(i for i, entry in enumerate(CONTENDERS) if (entry.name, entry.question) == contender)
    worker = Worker(index, BACKBONE)
    for each in (SMALL, size):
        worker.prepare(each)
        seconds, score = worker.turn(warm_ups=0)
    peak, kept = worker.peak(), worker.kept()
    worker.stop()
    told = "-" if peak is None else f"{peak:.0f}"
    print(f"    {contender[0]:18}{told:>9}{seconds:9.1f}{score:10.5f}{kept:9.0f}", flush=True)
    return peak, seconds


def reference_bytes(size: tuple[int, int]) -> int:
    """Bytes of one image's features in all layers at (width, height)."""
    graph = graph_of(find_backbone(BACKBONE))
    grids = graph.grids(size)
    return sum(
        4 * graph.channels(name) * math.prod(grids[name]) for name in find_backbone(BACKBONE).layer_names
    )


if __name__ == "__main__":
    main()
