"""A class at once: 60 tabs that each move their own severity slider, and 300 that come and go.

    python -m benchmarks.crowd            # --help tells of fewer tabs, a shorter time, another think time
    python -m benchmarks.crowd --gc       # beside it: with Streamlit's collection of garbage after each run
    python -m benchmarks.crowd --chapter  # the same class on Learn's chapter of needles

Starts the app, opens the tabs by Streamlit's own websocket, and reads the numbers out of what the server
sends. Every number is checked in this process with `explorer.measure`; a wrong one makes the exit code 1.
"""

import argparse
import asyncio
import math
import random
import statistics
import sys
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import explorer
from benchmarks import crowd_needles
from benchmarks.compare import load, machine
from benchmarks.crowd_needles import Move
from benchmarks.streamlit_client import Answer, Server, Tab, serving
from explorer.distortions import distort
from explorer.samples import load_sample

SAMPLE, DISTORTION = "cat", "jpeg_local_blur"  # those of the first screen, which a class opens
ARRIVAL = 10.0  # seconds in which all tabs are opened
PASSING = 2  # changes that each later visitor makes
WAVES = 5  # of visitors in all, the first of which stays for --seconds
LONGEST = 120.0  # seconds after which an answer counts as missing
MOST_P95, MOST_GROWTH = 1.5, 300  # seconds, MB: the targets
MOST_TOLD = 10  # wrong numbers that are printed
DIGITS = {"LPIPS · AlexNet · v0.1": 4, "PSNR": 2, "SSIM": 4}


@dataclass(frozen=True)
class Visit:
    """One run of the page that a visitor asked for: the first one, or a change of the severity."""

    seed: int
    severity: float
    began: float  # when it was asked for, by `time.monotonic`
    answer: Answer
    is_change: bool


@dataclass(frozen=True)
class Crowd:
    """All visits to one server, and its resident memory in MB at some moments; None but on Linux."""

    stay: list[Visit | Move]  # of those who came first and stayed
    passing: list[Visit | Move]
    memory: dict[str, float | None]


def main() -> None:
    """Measure and print."""
    arguments = _arguments()
    print(machine())
    what = "moves a needle" if arguments.chapter else "changes its severity"
    print(
        f"\n{arguments.sessions} tabs for {arguments.seconds:.0f} s, each {what} "
        f"{arguments.think:g} s after the last answer on average; then {(WAVES - 1) * arguments.sessions} "
        "more come and go"
    )
    wrong = 0
    # The first server is as the project's own configuration makes it.
    for options in ((), ("--runner.postScriptGC=true",)) if arguments.gc else ((),):
        with serving(*options) as server:
            come = crowd_needles.visit if arguments.chapter else visit
            crowd = asyncio.run(gather(server, arguments.sessions, arguments.seconds, arguments.think, come))
            busy = load()
        print(f"\n{' '.join(options) or 'as configured'}:")
        if arguments.chapter:
            wrong += report(crowd, busy, crowd_needles.problems, crowd_needles.NUMBERS)
        else:
            wrong += report(crowd, busy, problems, len(DIGITS))
    sys.exit(1 if wrong else 0)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sessions", type=int, default=60, help="tabs at once (default 60)")
    parser.add_argument("--seconds", type=float, default=60, help="how long they stay (default 60)")
    parser.add_argument("--think", type=float, default=6, help="mean seconds before a change (default 6)")
    parser.add_argument("--gc", action="store_true", help="then once more with runner.postScriptGC")
    parser.add_argument(
        "--chapter", action="store_true", help="on Learn's chapter of needles, not on Inspect"
    )
    return parser.parse_args()


async def gather(
    server: Server, sessions: int, seconds: float, think: float, visit: Callable[..., Awaitable[list]]
) -> Crowd:
    """Let a class stay for some seconds, and then as many come and go four times more.

    Args:
        visit: What one of them does.
    """
    await visit(
        server.url, -1, think, delay=0, changes=1
    )  # the server loads its packages when it is first asked
    memory = {"at start": resident(server.pid)}
    first = [visit(server.url, seed, think, ARRIVAL * seed / sessions, seconds) for seed in range(sessions)]
    stay = [each for visits in await asyncio.gather(*first) for each in visits]
    memory[f"after {sessions} tabs"] = resident(server.pid)
    passing = []
    for wave in range(1, WAVES):
        seeds = range(wave * sessions, (wave + 1) * sessions)
        others = [
            visit(server.url, seed, think, ARRIVAL * place / sessions, changes=PASSING)
            for place, seed in enumerate(seeds)
        ]
        passing += [each for visits in await asyncio.gather(*others) for each in visits]
        memory[f"after {(wave + 1) * sessions} tabs"] = resident(server.pid)
    return Crowd(stay, passing, memory)


async def visit(
    url: str, seed: int, think: float, delay: float, seconds: float = math.inf, changes: int = sys.maxsize
) -> list[Visit]:
    """Come after a delay, change the severity for so long or so many times, and go.

    Args:
        seed: Of the picture, so that no two visitors share one, and of the severities and the times.
        think: Mean seconds between an answer and the next change, exponentially distributed.
    """
    chance = random.Random(seed)
    severities = _severities(chance)
    await asyncio.sleep(delay)
    severity = next(severities)
    link = f"sample={SAMPLE}&distortion={DISTORTION}&seed={seed}&severity={severity}"
    async with Tab(url, link) as tab:
        async with asyncio.timeout(LONGEST):
            visits = [Visit(seed, severity, time.monotonic(), await tab.run(), is_change=False)]
        end = time.monotonic() + seconds
        while len(visits) <= changes:
            await asyncio.sleep(chance.expovariate(1 / think))
            if time.monotonic() > end:
                break
            severity = next(severities)
            async with asyncio.timeout(LONGEST):
                began = time.monotonic()
                answer = await tab.slide("Severity", severity)
                visits.append(Visit(seed, severity, began, answer, is_change=True))
    return visits


def _severities(chance: random.Random) -> Iterator[float]:
    """Steps of the slider in a random order, none twice in a row."""
    while True:
        yield from (step / 100 for step in chance.sample(range(100), 100))


def report(crowd: Crowd, busy: str, problems: Callable[[Visit | Move], list[str]], numbers: int) -> int:
    """Print what a crowd has seen; returns how many numbers were wrong.

    Args:
        problems: Tells what is wrong with an answer.
        numbers: On a screen.
    """
    first = [each for each in crowd.stay if not each.is_change]
    changes = [each for each in crowd.stay if each.is_change]
    # While they arrive the server draws a first screen for each of them as well.
    all_there = max(each.began + each.answer.seconds for each in first)
    for words, visits in (
        ("first screen", first),
        ("change", changes),
        ("change once all are there", [each for each in changes if each.began > all_there]),
        ("change while others come and go", [each for each in crowd.passing if each.is_change]),
    ):
        print_times(f"{words}, to the numbers", [each.answer.seconds_to_numbers for each in visits])
        print_times(f"{words}, to the end", [each.answer.seconds for each in visits])
    print(f"    {busy}; target: p95 of a change {MOST_P95} s")
    for words, held in crowd.memory.items():
        print(f"    resident {words}: {'-' if held is None else f'{held:.0f} MB'}")
    print(f"    target: at most {MOST_GROWTH} MB more after all than after the first", flush=True)

    everyone = crowd.stay + crowd.passing
    wrong = [problem for each in everyone for problem in problems(each)]
    print("".join(f"    {problem}\n" for problem in wrong[:MOST_TOLD]), end="")
    print(f"    numbers checked: {numbers * len(everyone)}, wrong: {len(wrong)} (target: 0)", flush=True)
    return len(wrong)


def print_times(words: str, seconds: Sequence[float]) -> None:
    """Print a row of seconds: how many, and how they are spread."""
    if len(seconds) > 1:
        p95 = statistics.quantiles(seconds, n=20, method="inclusive")[-1]
        print(
            f"    {words:48}{len(seconds):5} times   median {statistics.median(seconds):6.3f} s"
            f"   p95 {p95:6.3f}   most {max(seconds):6.3f}"
        )


def problems(visit: Visit) -> list[str]:
    """What is wrong with an answer: numbers other than those of `explorer.measure`, or faults on the page."""
    reference = load_sample(SAMPLE)
    measurement = explorer.measure(
        reference, distort(reference.pixels, DISTORTION, visit.severity, visit.seed)
    )
    expected = dict(zip(DIGITS, (measurement.score, measurement.psnr, measurement.ssim), strict=True))
    place = f"seed {visit.seed}, severity {visit.severity}"
    found = [f"{place}: {fault}" for fault in visit.answer.faults]
    for label, digits in DIGITS.items():
        shown = visit.answer.numbers.get(label, "nothing")
        # Half of the last digit, and what another order of sums can move.
        if not math.isclose(number(shown), expected[label], rel_tol=0, abs_tol=0.5 * 10**-digits + 1e-6):
            found.append(f"{place}: {label} is {shown}, not {expected[label]:.{digits}f}")
    return found


def number(shown: str) -> float:
    """The number of a tile, NaN where it holds none."""
    text = shown.removesuffix(" dB").replace("∞", "inf")
    try:
        return float(text)
    except ValueError:
        return math.nan


def resident(pid: int) -> float | None:
    """Resident memory of a process in MB; None but on Linux."""
    status = Path(f"/proc/{pid}/status")
    if not status.exists():
        return None
    lines = dict(line.split(":", 1) for line in status.read_text().splitlines())
    return int(lines["VmRSS"].split()[0]) * 1024 / 1e6


if __name__ == "__main__":
    main()
