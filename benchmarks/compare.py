"""This project beside lpips, torchmetrics and torchvision: times, ratios, memory; same pair, same weights.

    python -m benchmarks.compare

Every contender runs in a process of its own; they take turns, so that whatever else the machine does hits
all alike. A report, not a test: nothing fails when a target is missed.
"""

import os
import platform
import statistics
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import torch

from benchmarks.contenders import ANALYSIS, CAUSAL, CONTENDERS, PAIR, lacking
from benchmarks.worker import Worker
from explorer.backbones import find_backbone
from explorer.cores import usable

TRIALS = (  # backbone, side in pixels, turns of each contender
    ("alexnet", 256, 21),
    ("alexnet", 512, 9),
    ("vgg16", 256, 9),
    ("squeezenet1_1", 256, 15),
    ("resnet50", 256, 11),
)
PAUSE = 0.02  # seconds between turns: a process's idle threads spin a few milliseconds before they sleep
TARGETS = (  # at 256 x 256 on 2 cores: backbone, our row, the row it is held against, times as fast as that
    ("alexnet", (PAIR, "explorer, cached"), (PAIR, "lpips spatial"), 2.5),
    ("alexnet", (PAIR, "explorer, cold"), (PAIR, "lpips"), 1.2),
    ("alexnet", (ANALYSIS, "explorer, cached"), (PAIR, "lpips"), 1.0),
    ("vgg16", (PAIR, "explorer, cached"), (PAIR, "lpips spatial"), 2.0),
    ("vgg16", (PAIR, "explorer, cold"), (PAIR, "lpips"), 1.05),
)


@dataclass(frozen=True)
class Row:
    """What was seen of one contender in one trial."""

    does: str
    milliseconds: float  # median
    fastest: float  # milliseconds
    score: float
    megabytes: float | None  # peak above idle


Rows = dict[tuple[str, str], Row]  # (question, name) -> row


def main() -> None:
    """Run all trials and print their tables as they come."""
    print(machine())
    seen: dict[tuple[str, int], Rows] = {}
    for backbone in dict.fromkeys(backbone for backbone, _, _ in TRIALS):
        if sentence := lacking(backbone):
            print(f"\n{sentence}")
            continue
        # One process a contender, for all sizes of a backbone.
        workers = {
            index: Worker(index, backbone)
            for index, contender in enumerate(CONTENDERS)
            if backbone in contender.backbones and contender.question != CAUSAL
        }
        for name, side, rounds in TRIALS:
            if name == backbone:
                seen[backbone, side] = run(workers, side, rounds)
                print(f"\n{find_backbone(backbone).label}, {side} x {side}, medians of {rounds}; {load()}")
                print(table(seen[backbone, side]), flush=True)
        for worker in workers.values():
            worker.stop()
    print("\n" + targets({backbone: rows for (backbone, side), rows in seen.items() if side == 256}))


def run(workers: Mapping[int, Worker], side: int, rounds: int) -> Rows:
    """Let every contender take one turn a round; workers by their place in `CONTENDERS`."""
    for worker in workers.values():
        worker.prepare((side, side))
    seconds: dict[int, list[float]] = {index: [] for index in workers}
    scores: dict[int, float] = {}
    for _ in range(rounds):
        for index, worker in workers.items():
            time.sleep(PAUSE)
            elapsed, scores[index] = worker.turn()
            seconds[index].append(elapsed)
    rows = {}
    for index, worker in workers.items():
        contender, taken = CONTENDERS[index], seconds[index]
        rows[contender.question, contender.name] = Row(
            contender.does, 1000 * statistics.median(taken), 1000 * min(taken), scores[index], worker.peak()
        )
    return rows


def table(rows: Rows) -> str:
    """All rows as text; the ratios of medians say how many times as fast as the others' calls a row is."""
    against = [name for name in ("lpips", "lpips spatial", "torchvision") if (PAIR, name) in rows]
    lines = []
    for question in dict.fromkeys(question for question, _ in rows):
        titles = "".join(f"{'x ' + name.removeprefix('lpips '):>15}" for name in against)
        lines.append(
            f"  {question}\n"
            f"    {'':18}{'ms':>8}{'fastest':>9}{titles}{'peak MB':>9}{'score':>10}   what it does"
        )
        for (asked, name), row in rows.items():
            if asked != question:
                continue
            ratios = "".join(
                f"{rows[PAIR, other].milliseconds / row.milliseconds:15.2f}" for other in against
            )
            memory = "-" if row.megabytes is None else f"{row.megabytes:.0f}"
            lines.append(
                f"    {name:18}{row.milliseconds:8.1f}{row.fastest:9.1f}{ratios}{memory:>9}{row.score:10.5f}"
                f"   {row.does}"
            )
    return "\n".join(lines)


def targets(seen: Mapping[str, Rows]) -> str:
    """The targets, each met or missed; by backbone, the rows at 256 x 256."""
    lines = ["Targets at 256 x 256 on 2 cores"]
    for backbone, (question, name), against, wanted in TARGETS:
        if (rows := seen.get(backbone)) is None:
            continue
        ratio = rows[against].milliseconds / rows[question, name].milliseconds
        verdict = "met" if ratio >= wanted else "missed"
        what = f"{find_backbone(backbone).label}: {name}, {question.partition(':')[0]}"
        lines.append(f"  {what:42}{ratio:5.2f} x as fast as {against[1]:15}wanted {wanted:.2f}   {verdict}")
    return "\n".join(lines)


def load() -> str:
    """How busy the machine has been in the last minute, this run included."""
    return f"load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "load unknown"


def machine() -> str:
    """One line that says what the figures were taken on."""
    return (
        f"{_processor()}, {usable()} cores, {torch.get_num_threads()} threads, "
        f"torch {torch.__version__}, Python {platform.python_version()}, {sys.platform}"
    )


def _processor() -> str:
    """The processor's name, as far as the system tells it."""
    listing = Path("/proc/cpuinfo")
    lines = listing.read_text().splitlines() if listing.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()


if __name__ == "__main__":
    main()
