"""What a large pair takes: VGG16 on 1920 x 1080, the peak of resident memory above idle.

    python -m benchmarks.memory

Each contender runs alone, in a process of its own. Idle is what it held with its model loaded, before any
call. A call at a small size goes before, so that the time is not that of a first call. A report, not a test.
"""

import math

from benchmarks.compare import load, machine
from benchmarks.contenders import CONTENDERS, PAIR, lacking
from benchmarks.worker import Worker
from explorer.backbones import find_backbone, graph_of
from explorer.metrics.perceptual import reference_cache

BACKBONE = "vgg16"
SIZE, SMALL = (1920, 1080), (64, 64)  # (width, height)
OURS = "explorer, cold"
NAMES = (OURS, "lpips", "lpips spatial")
MOST = 2500  # MB above idle: the target


def main() -> None:
    """Measure each and print the table."""
    print(machine())
    row = find_backbone(BACKBONE)
    if sentence := lacking(BACKBONE):
        print(f"\n{sentence}")
        return
    print(f"\n{row.label}, {SIZE[0]} x {SIZE[1]}, one call; {load()}")
    print(f"    {'':18}{'peak MB':>9}{'seconds':>9}{'score':>10}{'kept MB':>9}")
    peak_of_ours = None
    for name in NAMES:
        index = next(i for i, entry in enumerate(CONTENDERS) if (entry.name, entry.question) == (name, PAIR))
        worker = Worker(index, BACKBONE)
        for size in (SMALL, SIZE):
            worker.prepare(size)
            seconds, score = worker.turn(warm_ups=0)
        peak, kept = worker.peak(), worker.kept()
        worker.stop()
        told = "-" if peak is None else f"{peak:.0f}"
        print(f"    {name:18}{told:>9}{seconds:9.1f}{score:10.5f}{kept:9.0f}", flush=True)
        if name == OURS:
            peak_of_ours = peak
    needed, budget = reference_bytes() / 1e6, reference_cache.budget / 1e6
    fate = "streamed" if needed > budget else "kept"
    print(f"\nThe reference's features take {needed:.0f} MB, the cache {budget:.0f}: they are {fate}.")
    if peak_of_ours is not None:
        verdict = "met" if peak_of_ours <= MOST else "missed"
        print(f"Target: {peak_of_ours:.0f} MB above idle, wanted at most {MOST}   {verdict}")


def reference_bytes() -> int:
    """Bytes of one image's features in all layers."""
    graph = graph_of(find_backbone(BACKBONE))
    grids = graph.grids(SIZE)
    return sum(
        4 * graph.channels(name) * math.prod(grids[name]) for name in find_backbone(BACKBONE).layer_names
    )


if __name__ == "__main__":
    main()
