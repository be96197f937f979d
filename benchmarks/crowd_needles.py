"""A class on Learn's chapter of needles: tabs that each move their own slider, as in `benchmarks.crowd`.

    python -m benchmarks.crowd --chapter       # its options hold here as well

A move is what the browser sends while a slider is dragged, which a fragment of the page answers. After it,
as where nothing has moved for a while, comes the run of the whole page that writes the link: that is no
answer, and a load like any. Amounts are drawn from so many that hardly two are the same.
"""

import asyncio
import math
import random
import sys
import time
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import explorer
from benchmarks.streamlit_client import Answer, Tab
from explorer.distortions import distort
from explorer.lessons.changes import CHANGES
from explorer.lessons.reading import bundled
from explorer.samples import load_sample

SAMPLE, SCENE = "cat", "needles"  # the lesson's own
LONGEST = 120.0  # seconds after which an answer counts as missing
REST = 0.7  # seconds without a move after which the browser lets the page write the link, as in needles.js
EQUAL = 0.25  # of the moves that are of the shift, with all at one PSNR
NUMBERS = 9  # on the screen: three metrics of three pictures
METRICS = ("psnr", "ssim", "score")


@dataclass(frozen=True)
class Move:
    """One answer: the first screen, or that to a move.

    Attributes:
        asked: The sliders that were moved, and where to.
        seen: What the component was sent: its sliders and its gauges.
    """

    asked: str
    began: float  # when it was asked for, by `time.monotonic`
    answer: Answer
    seen: dict[str, Any]
    is_change: bool


async def visit(
    url: str, seed: int, think: float, delay: float, seconds: float = math.inf, changes: int = sys.maxsize
) -> list[Move]:
    """Come after a delay, move sliders for so long or so many times, and go; as `crowd.visit`."""
    chance = random.Random(seed)
    await asyncio.sleep(delay)
    async with Tab(url, f"sample={SAMPLE}&chapter={chapter()}&changed=1", "learn") as tab:
        async with asyncio.timeout(LONGEST):
            began = time.monotonic()
            answer = await tab.run()
        moves = [Move("first", began, answer, tab.data_of(SCENE), is_change=False)]
        end = time.monotonic() + seconds
        while len(moves) <= changes:
            await asyncio.sleep(chance.expovariate(1 / think))
            if time.monotonic() > end:
                break
            said = wish(tab.data_of(SCENE), chance)
            async with asyncio.timeout(LONGEST):
                began = time.monotonic()
                answer = await tab.tell(SCENE, "moved", said)
                seen = tab.data_of(SCENE)
                moves.append(Move(str(said["amounts"]), began, answer, seen, is_change=True))
                await asyncio.sleep(REST)
                rested = said | {"serial": said["serial"] + 1, "rests": True, "held": held(seen)}
                await tab.tell(SCENE, "moved", rested | {"mode": seen["mode"], "amounts": amounts(seen)})
    # The numbers are in the component, whose end is the end of the run.
    return [
        replace(each, answer=replace(each.answer, seconds_to_numbers=each.answer.seconds)) for each in moves
    ]


def chapter() -> int:
    """Its number in the lesson."""
    scenes = [each.steps[0].sight.scene for each in bundled().chapters]
    return 1 + scenes.index(SCENE)


def wish(seen: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    """A move as the browser would send it."""
    is_equal = chance.random() < EQUAL
    moved = "shift" if is_equal else chance.choice(("blur", "noise"))
    ends = {each["key"]: each["end"] for each in seen["sliders"]}
    amount = chance.randint(1, int(ends["shift"])) if is_equal else round(chance.uniform(0.3, ends[moved]), 4)
    return {
        "serial": seen["answers"] + 1,
        "held": held(seen),
        "mode": "equal" if is_equal else "free",
        "map": seen["map"],
        "moved": moved,
        "amounts": amounts(seen) | {moved: amount},
        "rests": False,
    }


def held(seen: dict[str, Any]) -> list[str]:
    """The keys of the pictures that a browser has by then."""
    return [seen["reference"], *seen["pictures"]]


def amounts(seen: dict[str, Any]) -> dict[str, float]:
    """Where the sliders stand."""
    return {each["key"]: each["amount"] for each in seen["sliders"]}


def problems(move: Move) -> list[str]:
    """What is wrong with an answer: numbers other than those of `explorer.measure`, or faults on the page."""
    found = [f"{move.asked}: {fault}" for fault in move.answer.faults]
    for at, (change, amount) in enumerate(amounts(move.seen).items()):
        expected = measured(change, amount)
        for metric, gauge in zip(METRICS, move.seen["gauges"], strict=True):
            value = gauge["needles"][at]["value"]
            shown = math.inf if value is None else value
            if not math.isclose(shown, expected[metric], rel_tol=1e-6, abs_tol=1e-6):
                found.append(f"{change} {amount:g}: {metric} is {shown}, not {expected[metric]}")
    return found


@lru_cache(100_000)
def measured(change: str, amount: float) -> dict[str, float]:
    """What `explorer.measure` says of the sample under a change."""
    reference, own = load_sample(SAMPLE), CHANGES[change]
    pixels = reference.pixels
    if amount:
        value = 100 * amount / min(reference.size) if own.is_length else amount
        pixels = distort(pixels, own.distortion, **{own.parameter: value})
    measurement = explorer.measure(reference, pixels)
    return {metric: getattr(measurement, metric) for metric in METRICS}
