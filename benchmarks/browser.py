"""Headless Chromium, the one that the tests take."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

from tests.browser.support import CHROMIUM, find_chromium


@contextmanager
def browsing() -> Iterator[Browser]:
    """Start it, and end it with the block; where there is none, say so and leave it to the other reports."""
    executable = find_chromium()
    if executable is None:
        print(
            f"{' and '.join(CHROMIUM)} are missing: install the package chromium-headless-shell, or chromium."
        )
        sys.exit()
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox"])
        yield chromium
        chromium.close()
