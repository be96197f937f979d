"""The causal map beside as many calls of lpips: AlexNet, 8 x 8 tiles, 256 x 256; same pictures, same weights.

    python -m benchmarks.causal

Each contender runs in a process of its own and they take turns, as in `benchmarks.compare`. A report, not a
test.
"""

import statistics
import time

from benchmarks.compare import PAUSE, load, machine
from benchmarks.contenders import CAUSAL, CONTENDERS, TILES, lacking
from benchmarks.worker import Worker
from explorer.backbones import find_backbone

BACKBONE = "alexnet"
SIDE = 256
ROUNDS = 9
OURS, THEIRS = "explorer, cold", "lpips"
MOST = 0.4  # of the time of the calls of lpips: the target


def main() -> None:
    """Measure both and print the table, the target, and how far they agree."""
    print(machine())
    row = find_backbone(BACKBONE)
    if sentence := lacking(BACKBONE):
        print(f"\n{sentence}")
        return
    contenders = {
        entry.name: (index, entry) for index, entry in enumerate(CONTENDERS) if entry.question == CAUSAL
    }
    workers = {name: Worker(index, BACKBONE) for name, (index, _) in contenders.items()}
    for worker in workers.values():
        worker.prepare((SIDE, SIDE))
    seconds: dict[str, list[float]] = {name: [] for name in workers}
    scores: dict[str, list[float]] = {}
    for _ in range(ROUNDS):
        for name, worker in workers.items():
            time.sleep(PAUSE)
            elapsed, scores[name] = worker.turn()
            seconds[name].append(elapsed)
    for worker in workers.values():
        worker.stop()

    print(f"\n{row.label}, {TILES} x {TILES} tiles, {SIDE} x {SIDE}, medians of {ROUNDS}; {load()}")
    print(f"    {'':18}{'ms':>8}{'fastest':>9}{'a tile':>9}   what it does")
    medians = {name: statistics.median(taken) for name, taken in seconds.items()}
    for name, (_, entry) in contenders.items():
        print(
            f"    {name:18}{1000 * medians[name]:8.0f}{1000 * min(seconds[name]):9.0f}"
            f"{1000 * medians[name] / TILES**2:9.2f}   {entry.does}"
        )
    apart = max(abs(ours - theirs) for ours, theirs in zip(scores[OURS], scores[THEIRS], strict=True))
    low, high = min(scores[THEIRS]), max(scores[THEIRS])
    print(f"\nThe {TILES**2} scores, {low:.5f} to {high:.5f}, differ by at most {apart:.1e}.")
    ratio = medians[OURS] / medians[THEIRS]
    verdict = "met" if ratio <= MOST else "missed"
    print(f"Target: {ratio:.2f} of the time of {TILES**2} calls of lpips, wanted at most {MOST}   {verdict}")


if __name__ == "__main__":
    main()
