"""The explorer served for a test, and a browser's page of it."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).parents[2]
START_SECONDS = 60


class App:
    """The explorer, served on a free port of this machine."""

    def __init__(self, log: Path, *options: str, root: Path = ROOT, **environment: str):
        self.log = log
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.headless=true"]
        command += [f"--server.port={port}", "--server.address=127.0.0.1", *options]
        with log.open("wb") as stream:
            self._process = subprocess.Popen(
                command, cwd=root, stdout=stream, stderr=stream, env=os.environ | environment
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
