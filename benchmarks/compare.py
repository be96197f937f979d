"""This project beside `lpips` and torchmetrics: times, ratios and memory on the same pair and weights.

    python -m benchmarks.compare

Every contender runs in a process of its own; they take turns, so that whatever else the machine does hits
all alike. A report, not a test: nothing fails when a target is missed.
"""

import os
import platform
import statistics
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import torch

from benchmarks.contenders import ANALYSIS, CONTENDERS, PAIR
from benchmarks.worker import Worker

ROUNDS = {256: 21, 512: 9}  # side in pixels -> turns of each contender
PAUSE = 0.02  # seconds between turns: a process's idle threads spin a few milliseconds before they sleep
TARGETS = (  # at 256 x 256 on 2 cores: our row, the row it is held against, times as fast as that
    ((PAIR, "explorer, cached"), (PAIR, "lpips spatial"), 2.5),
    ((PAIR, "explorer, cold"), (PAIR, "lpips"), 1.2),
    ((ANALYSIS, "explorer, cached"), (PAIR, "lpips"), 1.0),
)


@dataclass(frozen=True)
class Row:
    """What was seen of one contender at one size."""

    milliseconds: float  # median
    score: float
    megabytes: float | None  # peak above idle


Rows = dict[tuple[str, str], Row]  # (question, name) -> row


def main() -> None:
    """Run all contenders at all sizes and print the tables."""
    print(machine())
    workers = [Worker(index) for index in range(len(CONTENDERS))]
    rows = {side: run(workers, side, rounds) for side, rounds in ROUNDS.items()}
    for worker in workers:
        worker.stop()
    for side, rows_of_size in rows.items():
        print(f"\nAlexNet, {side} x {side}, medians of {ROUNDS[side]}")
        print(table(rows_of_size))
    print("\n" + targets(rows[256]))


def run(workers: list[Worker], side: int, rounds: int) -> Rows:
    """Let every contender take one turn a round."""
    for worker in workers:
        worker.prepare(side)
    seconds = [[] for _ in workers]
    scores = [0.0 for _ in workers]
    for _ in range(rounds):
        for index, worker in enumerate(workers):
            time.sleep(PAUSE)
            elapsed, scores[index] = worker.turn()
            seconds[index].append(elapsed)
    return {
        (contender.question, contender.name): Row(
            1000 * statistics.median(seconds[i]), scores[i], workers[i].peak()
        )
        for i, contender in enumerate(CONTENDERS)
    }


def table(rows: Rows) -> str:
    """All rows as text; the ratios say how many times as fast as one call of lpips a row is."""
    lines = []
    for question in (PAIR, ANALYSIS):
        lines.append(
            f"  {question}\n"
            f"    {'':18}{'ms':>8}{'x lpips':>10}{'x spatial':>11}{'peak MB':>10}{'score':>10}   what it does"
        )
        for contender in CONTENDERS:
            if contender.question != question:
                continue
            row = rows[question, contender.name]
            ratios = [rows[PAIR, name].milliseconds / row.milliseconds for name in ("lpips", "lpips spatial")]
            memory = "-" if row.megabytes is None else f"{row.megabytes:.0f}"
            lines.append(
                f"    {contender.name:18}{row.milliseconds:8.1f}{ratios[0]:10.2f}{ratios[1]:11.2f}"
                f"{memory:>10}{row.score:10.5f}   {contender.does}"
            )
    return "\n".join(lines)


def targets(rows: Rows) -> str:
    """The three targets, each met or missed."""
    lines = ["Targets at 256 x 256 on 2 cores"]
    for (question, name), against, wanted in TARGETS:
        ratio = rows[against].milliseconds / rows[question, name].milliseconds
        verdict = "met" if ratio >= wanted else "missed"
        what = f"{name}, {question.partition(':')[0]}"
        lines.append(f"  {what:32}{ratio:5.2f} x as fast as {against[1]:15}wanted {wanted:.1f}   {verdict}")
    return "\n".join(lines)


def machine() -> str:
    """One line that says what the figures were taken on."""
    cpus = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return (
        f"{_processor()}, {cpus} cores, {torch.get_num_threads()} threads, "
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
