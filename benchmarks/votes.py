"""A class that votes, and a server that is killed in the middle: is every acknowledged vote there, once?

    python -m benchmarks.votes            # --help tells of fewer participants and votes, another think time

Sixty participants open the page Vote by Streamlit's own websocket and answer 20 trials each, on SQLite and on
PostgreSQL. When half of all votes are in, the server is killed (SIGKILL) and started again; who was cut off
comes back with the token that a browser keeps, and says again what was not acknowledged. At the end what was
acknowledged is compared with what the store has; a vote that is missing or there twice makes the exit code 1.
"""

import argparse
import asyncio
import os
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import URL
from websockets.exceptions import WebSocketException

from benchmarks import postgres
from benchmarks.compare import load, machine
from benchmarks.crowd import print_times
from benchmarks.streamlit_client import Tab, free_port, serving
from explorer.judgments.asking.drawing import Setup, random_plan
from explorer.judgments.store import Store
from explorer.judgments.store.place import DATABASE, FILE, FOLDER
from explorer.samples import load_sample

ARRIVAL = 10.0  # seconds in which all participants come
LONGEST = 120.0  # seconds after which an answer counts as missing
MOST_P95 = 0.5  # seconds from a tap to the next trial: the target
RETRY = 0.3  # seconds between two attempts to reach a server that is away
SWAPPED = {"A": "B", "B": "A"}


@dataclass(frozen=True)
class Tap:
    """An answer that was acknowledged: by the next trial, or by the end.

    Attributes:
        number, trial: Who has answered what; the number is the store's.
        answer: As things lay on the screen.
        began: When it was tapped, by `time.monotonic`.
        seconds: Until the next trial was there.
        was_cut: Whether the server went away meanwhile.
    """

    token: str
    trial: int
    answer: str
    began: float
    seconds: float
    was_cut: bool


@dataclass
class Outage:
    """When all had come, the server was killed, and it was there again; by `time.monotonic`."""

    all_there: float = 0.0

    began: float = 0.0
    ended: float = 0.0
    taps: list[Tap] = field(default_factory=list)  # all of the class, as they come


def main() -> None:
    """Measure and print."""
    arguments = _arguments()
    print(machine())
    print(
        f"\n{arguments.participants} participants, {arguments.votes} votes each, {arguments.think:g} s of "
        "thought before one on average; the server is killed and started again in the middle"
    )
    wrong = 0
    with tempfile.TemporaryDirectory() as name:
        address = URL.create("sqlite", database=str(Path(name) / FILE))
        wrong += _measured("SQLite", address, {FOLDER: name}, arguments)
    try:
        with postgres.running() as address:
            text = address.render_as_string(hide_password=False)
            wrong += _measured("PostgreSQL", address, {DATABASE: text}, arguments)
    except LookupError as error:
        print(f"\nPostgreSQL: {error}")
    sys.exit(1 if wrong else 0)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--participants", type=int, default=60, help="at once (default 60)")
    parser.add_argument("--votes", type=int, default=20, help="of each (default 20)")
    parser.add_argument("--think", type=float, default=3, help="mean seconds before a vote (default 3)")
    return parser.parse_args()


def _measured(words: str, address: URL, variables: dict[str, str], arguments: argparse.Namespace) -> int:
    """Let a class vote on one database; returns how many votes are wrong."""
    store = Store(address)
    pictures = [load_sample(name) for name in ("cat", "coffee", "rocket")]
    plan, images = random_plan(pictures, count=2 * arguments.votes, setup=Setup(each=arguments.votes))
    code = store.create(plan, images).code
    outage = asyncio.run(gather(code, plan.each, variables, arguments))
    wrong = report(words, outage, store, code)
    store.release()
    return wrong


async def gather(code: str, each: int, variables: dict[str, str], arguments: argparse.Namespace) -> Outage:
    """Let a class vote, kill the server when half of its votes are in, and start it again."""
    outage, port = Outage(), free_port()
    with ExitStack() as servers:

        def serve() -> int:
            return servers.enter_context(serving(port=port, **variables)).pid

        first = await asyncio.to_thread(serve)
        url = f"http://127.0.0.1:{port}"
        await Voter(url, code, -1, outage).look()  # the server loads its packages when it is first asked
        voters = [
            Voter(url, code, seed, outage).vote(
                arguments.think, ARRIVAL * seed / arguments.participants, each
            )
            for seed in range(arguments.participants)
        ]
        killing = asyncio.create_task(
            _kill_in_the_middle(first, serve, outage, arguments.participants * each // 2)
        )
        await asyncio.gather(*voters)
        await killing
    return outage


async def _kill_in_the_middle(pid: int, serve: Callable[[], int], outage: Outage, votes: int) -> None:
    while len(outage.taps) < votes:
        await asyncio.sleep(0.01)
    outage.began = time.monotonic()
    os.kill(pid, signal.SIGKILL)
    await asyncio.to_thread(serve)
    outage.ended = time.monotonic()


class Voter:
    """One participant: what a browser keeps of it, and what it does on the page."""

    def __init__(self, url: str, code: str, seed: int, outage: Outage):
        self._url, self._code, self._outage = url, code, outage
        self._chance = random.Random(seed)
        self._token = ""
        self._held: set[str] = set()
        self._tab: Tab | None = None

    async def look(self) -> None:
        """Open the page and go."""
        async with Tab(self._url, f"code={self._code}", "vote") as tab:
            await tab.run()

    async def vote(self, think: float, delay: float, each: int) -> None:
        """Come after a delay, answer all trials, and go."""
        await asyncio.sleep(delay)
        shown = await self._said({"action": "start"}, lambda data: data["stage"] == "vote")
        self._outage.all_there = time.monotonic()  # of the last who comes
        while shown["stage"] == "vote":
            await asyncio.sleep(self._chance.expovariate(1 / think))
            trial, answer = shown["turns"][0]["trial"], self._chance.choice("AB")
            began, before = time.monotonic(), self._tab
            said = {"action": "vote", "trial": trial, "answer": answer, "milliseconds": 900}
            shown = await self._said(said, lambda data, trial=trial: _is_past(data, trial))
            seconds = time.monotonic() - began
            self._outage.taps.append(Tap(self._token, trial, answer, began, seconds, self._tab is not before))
        await self._close()

    async def _said(self, said: dict, is_taken: Callable[[dict], bool]) -> dict:
        """Say something, as the ballot does: again until it is taken, by whatever server is there."""
        end = time.monotonic() + LONGEST
        while time.monotonic() < end:
            try:
                async with asyncio.timeout(LONGEST):
                    shown = await self._opened()
                    if not is_taken(shown):
                        shown = await self._tell(said)
            except (OSError, WebSocketException):
                await self._close()
                await asyncio.sleep(RETRY)
                continue
            if is_taken(shown):
                return shown
            await asyncio.sleep(RETRY)
        raise TimeoutError(f"{said} was not taken in {LONGEST:g} s; shown is {shown}")

    async def _opened(self) -> dict:
        """What is shown on the page, which is opened if it is not, with who this is."""
        if self._tab is None:
            tab = Tab(self._url, f"code={self._code}", "vote")
            await tab.__aenter__()
            self._tab = tab
            self._held = set()
            await tab.run()
        shown = self._tab.data_of("ballot")
        return await self._tell({"action": "hello"}) if shown["stage"] == "hello" else shown

    async def _tell(self, said: dict) -> dict:
        answer = await self._tab.tell(
            "ballot", "said", {**said, "token": self._token, "held": sorted(self._held)}
        )
        if answer.faults:
            raise RuntimeError("; ".join(answer.faults))
        shown = self._tab.data_of("ballot")
        self._token = shown["token"] or self._token
        self._held |= shown["pictures"].keys()
        missing = {
            turn[part] for turn in shown["turns"] for part in ("reference", "first", "second")
        } - self._held
        if missing:
            raise RuntimeError(f"{len(missing)} pictures of the trials were not sent")
        return shown

    async def _close(self) -> None:
        if self._tab is not None:
            await self._tab.__aexit__()
        self._tab = None


def _is_past(shown: dict, trial: int) -> bool:
    """Whether the next trial is there, or the end: then the vote on this one is on the disk."""
    return shown["stage"] == "finished" or (shown["stage"] == "vote" and shown["turns"][0]["trial"] != trial)


def report(words: str, outage: Outage, store: Store, code: str) -> int:
    """Print what a class has seen; returns how many votes are missing, twice there, or not as said."""
    taps = outage.taps
    numbers = {token: store.resume(token).number for token in {tap.token for tap in taps}}
    kept = store.votes(code)
    times = Counter((vote.participant, vote.trial) for vote in kept)
    of = {(vote.participant, vote.trial): vote for vote in kept}
    missing = sum((numbers[tap.token], tap.trial) not in of for tap in taps)
    twice = sum(count > 1 for count in times.values())
    other = sum(
        vote.choice != (SWAPPED[tap.answer] if vote.was_swapped else tap.answer)
        for tap in taps
        if (vote := of.get((numbers[tap.token], tap.trial))) is not None
    )
    away = outage.ended - outage.began
    back = max((tap.began + tap.seconds for tap in taps if tap.was_cut), default=outage.ended)
    during = [tap for tap in taps if outage.began < tap.began + tap.seconds and tap.began < back]
    calm = [tap for tap in taps if not (outage.began < tap.began + tap.seconds and tap.began < back)]
    print(f"\n{words}:")
    print_times("from a tap to the next trial", [tap.seconds for tap in calm])
    print_times("the same, once all are there", [tap.seconds for tap in calm if tap.began > outage.all_there])
    print_times("the same, from the kill until all are back", [tap.seconds for tap in during])
    print(
        f"    {load()}; target: p95 {MOST_P95} s; away {away:.1f} s, all back in {back - outage.began:.1f} s"
    )
    print(
        f"    acknowledged: {len(taps)} votes of {len(numbers)} participants; kept: {len(kept)}; missing: "
        f"{missing}, twice: {twice}, other than said: {other} (target: 0)",
        flush=True,
    )
    return missing + twice + other + (len(taps) != len(kept))


if __name__ == "__main__":
    main()
