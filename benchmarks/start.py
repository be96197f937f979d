"""What the first measurement costs in a new process, step by step, for a pair of 256 x 256.

    python -m benchmarks.start

A new process for each backbone, three times over; the fastest of each step is shown. A report, not a test.
"""

import json
import subprocess
import sys
import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

BACKBONES = ("alexnet", "vgg16", "squeezenet1_1", "resnet50")
TIMES = 3
SIDE = 256


def main() -> None:
    """Run the processes and print the table."""
    from benchmarks.compare import load, machine
    from benchmarks.contenders import lacking

    print(machine())
    print(f"\nFrom a new process to the first score, {SIDE} x {SIDE}, milliseconds; {load()}")
    for place, backbone in enumerate(BACKBONES):
        if sentence := lacking(backbone):
            print(f"    {sentence}")
            continue
        command = [sys.executable, "-m", "benchmarks.start", backbone]
        runs = [
            json.loads(subprocess.run(command, check=True, capture_output=True).stdout) for _ in range(TIMES)
        ]
        fastest = {step: min(run[step] for run in runs) for step in runs[0]}
        if place == 0:
            print(f"    {'':18}" + "".join(f"{step:>13}" for step in fastest))
        print(
            f"    {backbone:18}" + "".join(f"{1000 * value:13.1f}" for value in fastest.values()), flush=True
        )


def steps(backbone: str) -> dict[str, float]:
    """Seconds of each step in this process, which must be a new one."""
    seconds: dict[str, float] = {}

    def timed(step: str, act: Callable[[], T]) -> T:
        start = time.perf_counter()
        value = act()
        seconds[step] = time.perf_counter() - start
        return value

    # Imported here, since importing is the first step.
    timed("packages", lambda: __import__("benchmarks.worker"))
    from benchmarks.contenders import heads_of, trunk
    from benchmarks.worker import example_pair
    from explorer.backbones import find_backbone, graph_of
    from explorer.backbones.passes.fused import packed_weights
    from explorer.metrics.perceptual import layer_maps, reference_cache

    reference, distorted = example_pair((SIDE, SIDE))
    timed("trace", lambda: graph_of(find_backbone(backbone)))
    net = timed("weights", lambda: trunk(backbone))

    def call() -> None:
        reference_cache.clear()
        layer_maps(net, reference, [distorted], [heads_of(backbone)])

    timed("first call", call)
    timed("second call", call)
    packed_weights.clear()
    timed("packing anew", call)
    seconds["packing anew"] -= seconds["second call"]
    return seconds


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(json.dumps(steps(sys.argv[1])))
    else:
        main()
