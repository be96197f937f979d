"""A class of 20 tabs that move sliders, without and with one greedy guest on the same server.

    python -m benchmarks.greedy            # --help tells of fewer tabs, a shorter time

The guest uploads 30 pictures of 12 megapixels to Candidates, measures another as given, and has causal maps
in five tabs. The others' numbers are checked as in `benchmarks.crowd`; a wrong one makes the exit code 1.
"""

import argparse
import asyncio
import io
import statistics
import sys
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress

import numpy as np
from PIL import Image
from websockets import WebSocketException

from benchmarks.compare import load, machine
from benchmarks.crowd import ARRIVAL, LONGEST, MOST_TOLD, Visit, print_times, problems, resident, visit
from benchmarks.streamlit_client import Server, Tab, serving
from explorer.sharing import SHARED

FILES, SIZE = 30, (4000, 3000)  # the guest's uploads
TOGETHER = 5  # of them at once
MAPS = 5  # tabs with a causal map of the guest
MOST = 2.0  # times that a change may take with the guest: the target
THINK = 6.0  # mean seconds before a change


def main() -> None:
    """Measure and print."""
    arguments = _arguments()
    print(machine())
    pictures = _photographs()
    with serving(**{SHARED: "1"}) as server:
        alone, _ = asyncio.run(_spell(server, arguments.sessions, arguments.seconds, 0))
        before = resident(server.pid)
        guest = _Greedy(server, pictures)
        beside, busy = asyncio.run(_spell(server, arguments.sessions, arguments.seconds, 1000, guest))
        after = resident(server.pid)
    wrong = 0
    p95 = {}
    for words, visits in (("without", alone), ("with", beside)):
        changes = [each.answer.seconds for each in visits if each.is_change]
        print_times(f"change {words} the guest, to the end", changes)
        p95[words] = statistics.quantiles(changes, n=20, method="inclusive")[-1]
        found = [problem for each in visits for problem in problems(each)]
        print("".join(f"    {problem}\n" for problem in found[:MOST_TOLD]), end="")
        wrong += len(found)
    print(f"    {busy}; the guest: {guest.done}")
    for refusal, count in guest.refusals.items():
        print(f"    the guest, {count} times: {refusal[:300]}")
    if before is not None and after is not None:
        print(f"    resident before the guest: {before:.0f} MB, after: {after:.0f} MB")
    print(f"    p95 with the guest: {p95['with'] / p95['without']:.2f} times that without (target: {MOST})")
    print(f"    wrong: {wrong} (target: 0)", flush=True)
    sys.exit(1 if wrong else 0)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sessions", type=int, default=20, help="tabs of the others (default 20)")
    parser.add_argument("--seconds", type=float, default=60, help="how long they stay, twice (default 60)")
    return parser.parse_args()


async def _spell(
    server: Server, sessions: int, seconds: float, first: int, guest: "_Greedy | None" = None
) -> tuple[list[Visit], str]:
    """Let a class stay for some seconds, with new pictures from seed `first` on; and how busy it was."""
    await visit(server.url, first - 1, THINK, delay=0, changes=1)  # what is asked for first loads packages
    greedy = asyncio.create_task(guest.stay()) if guest else None
    others = [
        visit(server.url, first + place, THINK, ARRIVAL * place / sessions, seconds)
        for place in range(sessions)
    ]
    visits = [each for own in await asyncio.gather(*others) for each in own]
    busy = load()
    if greedy:
        greedy.cancel()
        with suppress(asyncio.CancelledError):
            await greedy
    return visits, busy


class _Greedy:
    """One guest who asks for all that a page offers, again and again, until cancelled."""

    def __init__(self, server: Server, pictures: dict[str, bytes]):
        self._url, self._pictures = server.url, pictures
        self.refusals: Counter[str] = Counter()
        self.done = {"uploads": 0, "measured as given": 0, "causal maps": 0}

    async def stay(self) -> None:
        """Do everything at once."""
        maps = [self._again(lambda seed=seed: self._causal_map(seed)) for seed in range(MAPS)]
        await asyncio.gather(*maps, self._again(self._upload), self._again(self._measure_as_given))

    async def _again(self, act: Callable[[], Awaitable[None]]) -> None:
        while True:
            try:
                await act()
            except (LookupError, OSError, WebSocketException) as error:  # the server has refused something
                self.refusals[str(error)] += 1
                await asyncio.sleep(1)

    async def _upload(self) -> None:
        names = list(self._pictures)
        async with Tab(self._url, "", "candidates") as tab:
            await tab.run()
            for start in range(0, FILES, TOGETHER):
                some = {name: self._pictures[name] for name in names[start : start + TOGETHER]}
                await tab.upload("Candidates", some)
                self.done["uploads"] += len(some)
            await asyncio.sleep(LONGEST)

    async def _measure_as_given(self) -> None:
        async with Tab(self._url, "") as tab:
            await tab.run()
            await tab.choose("Reference", "Upload")
            await tab.upload("Reference image", {"0.jpg": self._pictures["0.jpg"]})
            await tab.press("as given")
            for step in range(100):
                answer = await tab.slide("Severity", (step * 37 % 100) / 100)
                self.done["measured as given"] += bool(answer.numbers)
                await asyncio.sleep(5)

    async def _causal_map(self, seed: int) -> None:
        async with Tab(
            self._url, f"sample=coffee&distortion=affine_warp&severity=0.{seed + 2}", "region"
        ) as tab:
            await tab.run()
            await tab.choose("Tiles a side", "16")
            await tab.press("Measure 16")
            self.done["causal maps"] += 1
            await asyncio.sleep(LONGEST)


def _photographs() -> dict[str, bytes]:
    """Pictures of 12 megapixels with detail at all scales, by name, as JPEG; no two of equal pixels."""
    random = np.random.default_rng(0)
    coarse, fine = (
        Image.fromarray(random.integers(0, 256, shape, dtype=np.uint8)).resize(SIZE)
        for shape in ((30, 40, 3), (750, 1000, 3))
    )
    picture, found = Image.blend(coarse, fine, 0.3), {}
    for number in range(FILES):
        picture.paste((8 * number, 0, 0), (0, 0, 64, 64))
        buffer = io.BytesIO()
        picture.save(buffer, "JPEG", quality=90)
        found[f"{number}.jpg"] = buffer.getvalue()
    return found


if __name__ == "__main__":
    main()
