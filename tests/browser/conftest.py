"""A real server and a real Chromium. Where Chromium is missing the tests skip; in CI they must run."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CHROMIUM = "/usr/bin/chromium"
START_SECONDS = 60


class App:
    """The explorer, served on a free port of this machine."""

    def __init__(self, log: Path, *options: str, **environment: str):
        self.log = log
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.headless=true"]
        command += [f"--server.port={port}", "--server.address=127.0.0.1", *options]
        with log.open("wb") as stream:
            self._process = subprocess.Popen(
                command, cwd=ROOT, stdout=stream, stderr=stream, env=os.environ | environment
            )
        self._wait()

    def _wait(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            try:
                with urllib.request.urlopen(f"{self.url}/_stcore/health", timeout=1):
                    return
            except OSError:
                time.sleep(0.1)
        self.stop()
        raise RuntimeError(f"the server did not start:\n{self.log.read_text()}")

    def stop(self) -> None:
        """End the server that this object started."""
        self._process.terminate()
        self._process.wait(timeout=20)


@pytest.fixture(scope="session")
def serve(tmp_path_factory) -> Iterator[Callable[..., App]]:
    """Start servers with their own options and environment; all end with the tests."""
    apps = []

    def start(*options: str, **environment: str) -> App:
        apps.append(App(tmp_path_factory.mktemp("server") / "log.txt", *options, **environment))
        return apps[-1]

    yield start
    for app in apps:
        app.stop()


@pytest.fixture(scope="session")
def app(serve) -> App:
    """The explorer as `make run` serves it, its computations logged."""
    return serve(EXPLORER_LOG="debug")


@pytest.fixture(scope="session")
def browser():
    """Headless Chromium."""
    if not shutil.which(CHROMIUM):
        message = f"{CHROMIUM} is missing: install the package chromium to run the browser tests"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=[
                "--no-sandbox",
                "--disable-background-networking",
                "--use-fake-device-for-media-stream",
                "--use-fake-ui-for-media-stream",
            ],
        )
        yield chromium
        chromium.close()


class Screen:
    """A page of the explorer, with what a test needs to say of it."""

    def __init__(self, page, url: str):
        self.page = page
        self._url = url

    def open(self, query: str = "") -> "Screen":
        """Open a link and wait until the first picture is painted."""
        self.page.goto(f"{self._url}/{query}")
        self.settle()
        return self

    def settle(self) -> None:
        """Wait until the script has run and the viewer, if any, has painted what it was sent."""
        self.page.wait_for_selector(
            '[data-testid="stApp"][data-test-connection-state="CONNECTED"][data-test-script-state="notRunning"]',
            timeout=60_000,
        )

    def painted(self) -> str:
        """Wait for the viewer's picture; returns its key."""
        return self.page.locator("[data-painted]").first.get_attribute("data-painted", timeout=60_000)

    def number(self, label: str) -> str:
        """The text of a tile."""
        return self.page.locator(".tile", has_text=label).locator("strong").inner_text()

    def errors(self) -> list[str]:
        """The sentences shown at the top."""
        return self.page.get_by_test_id("stAlert").all_inner_texts()


@pytest.fixture
def screen(app, browser) -> Iterator[Screen]:
    """A fresh session at 1440 x 900; a JavaScript error anywhere on the page fails the test."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, accept_downloads=True)
    page = context.new_page()
    faults = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    yield Screen(page, app.url)
    assert "Traceback" not in page.locator("body").inner_text()
    context.close()
    assert not faults
