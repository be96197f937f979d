"""Many tabs at once on one real server, played by websockets without a browser."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest

import explorer
from benchmarks.streamlit_client import Server, Tab, serving
from explorer.distortions import distort
from explorer.samples import load_sample

SECONDS = 300  # for all that is asked of a server, on a busy machine
# A sample, a distortion and a seed for each tab; two differ in nothing but the seed.
TABS = (
    ("cat", "jpeg_local_blur", 1),
    ("cat", "jpeg_local_blur", 2),
    ("text", "contrast", 0),
)
SEVERITIES = (0.3, 0.0, 0.81)  # the link's, and two that the slider is moved to


@pytest.fixture(scope="module")
def server():
    with serving() as server:
        yield server


async def numbers_in_a_tab(server: Server, sample: str, distortion: str, seed: int) -> list[list[str]]:
    link = f"sample={sample}&distortion={distortion}&seed={seed}&severity={SEVERITIES[0]}"
    async with Tab(server.url, link) as tab:
        answers = [await tab.run()]
        answers += [await tab.slide("Severity", severity) for severity in SEVERITIES[1:]]
    assert not any(answer.faults for answer in answers)
    return [list(answer.numbers.values()) for answer in answers]


def expected_numbers(sample: str, distortion: str, seed: int) -> list[list[str]]:
    reference = load_sample(sample).pixels
    measurements = [
        explorer.measure(reference, distort(reference, distortion, severity, seed)) for severity in SEVERITIES
    ]
    return [
        [f"{each.score:.4f}", f"{each.psnr:.2f} dB".replace("inf", "∞"), f"{each.ssim:.4f}"]
        for each in measurements
    ]


def test_many_tabs_at_once_each_get_their_own_right_numbers(server):
    async def all_at_once() -> list[list[list[str]]]:
        async with asyncio.timeout(SECONDS):
            return await asyncio.gather(*(numbers_in_a_tab(server, *tab) for tab in TABS))

    # In a thread of its own: where a browser was started before, this one has an event loop already.
    with ThreadPoolExecutor() as other:
        answers = other.submit(asyncio.run, all_at_once()).result()
    assert answers == [expected_numbers(*tab) for tab in TABS]
