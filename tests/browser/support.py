"""A Streamlit script served for a test, and a browser's page of the explorer or of the viewer alone."""

import io
import itertools
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np
from PIL import Image
from playwright.sync_api import expect

from explorer.places import PACKAGE
from explorer.viewer import Scene
from explorer.views.common.menu import GROUPS
from tests.browser.anew import LABEL

ROOT = Path(__file__).parents[2]
START_SECONDS = 120
# Milliseconds to wait for what must come, on a machine that does other things, too: it says nothing of speed.
PATIENCE = 180_000
expect.set_options(timeout=PATIENCE)
PAGES = sorted(path.parent.name for path in PACKAGE.glob("views/*/page.py"))
# The first one that is there. Chromium without windows is the same browser, and takes two thirds of the time.
CHROMIUM = ("/usr/bin/chromium-headless-shell", "/usr/bin/chromium")
_numbers = itertools.count(1)  # of starts of the tests' pages


class App:
    """A Streamlit script, by default the explorer, served on a free port of this machine."""

    def __init__(
        self, log: Path, *options: str, script: str = "app.py", root: Path = ROOT, **environment: str
    ):
        self.log = log
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        command = [sys.executable, "-m", "streamlit", "run", script, "--server.headless=true"]
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

    def log_from_now(self) -> Callable[[], str]:
        """What the server, which tests share, logs from now on, when called."""
        start = self.log.stat().st_size
        return lambda: self.log.read_bytes()[start:].decode()

    def stop(self) -> None:
        """End the server that this object started."""
        self._process.terminate()
        try:
            self._process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self._process.kill()


def find_chromium() -> str | None:
    """The browser's program; None where there is none."""
    return next(filter(shutil.which, CHROMIUM), None)


def open_by_menu(page, title: str) -> None:
    """Open another page as a user does: by its own word of the menu, or in its group's list."""
    group, pages = next((word, pages) for word, pages in GROUPS.items() if title in pages.values())
    menu = page.get_by_test_id("stTopNav")
    if len(pages) == 1:
        menu.get_by_role("link", name=title, exact=True).click()
        return
    menu.get_by_role("button", name=re.compile(f"^{group}")).click()
    page.get_by_role("menuitem", name=title, exact=True).click()


UPLOAD_MEGABYTES = 8  # more is refused by the tests' server
SCREEN = {"width": 1440, "height": 900}


def new_page(browser, **options):
    """A page in a context of its own, at 1440 x 900 where `options` say nothing else.

    It is for somebody whom things that move disturb.

    Whatever moves is painted again and again by the processor, which has other things to do. A condition is
    looked at every so many milliseconds: with each frame, as is usual, all would be painted for it as well.
    """
    defaults = {"viewport": SCREEN, "accept_downloads": True, "reduced_motion": "reduce"}
    page = browser.new_context(**defaults | options).new_page()
    page.set_default_timeout(PATIENCE)
    page.wait_for_function = partial(page.wait_for_function, polling=50)
    return page


@contextmanager
def without_faults(page) -> Iterator:
    """A traceback or a JavaScript error anywhere on the page fails the test."""
    faults = []

    def note(error: Exception) -> None:
        faults.append(str(error))

    page.on("pageerror", note)
    yield page
    page.remove_listener("pageerror", note)
    assert "Traceback" not in page.locator("body").inner_text()
    assert not faults


@contextmanager
def shared_page(page) -> Iterator:
    """A page that many tests use one after the other: mouse, keys, size and theme are as at first."""
    page.set_viewport_size(SCREEN)
    page.emulate_media(color_scheme="light")
    page.mouse.move(0, 0)
    page.mouse.up()
    for key in ("Control", "Shift", "f"):
        page.keyboard.up(key)
    page.keyboard.press("Escape")  # closes the list of keys
    with without_faults(page):
        yield page


@contextmanager
def fresh_page(tab) -> Iterator:
    """A shared page on which nothing is open, for a session of its own, which ends with the block.

    What the browser has compiled of the app for the test before is half of a page's load.
    """
    try:
        with shared_page(tab) as page:
            yield page
    finally:
        if tab.url.startswith("http"):
            tab.evaluate("localStorage.clear(); sessionStorage.clear()")
        tab.context.clear_cookies()  # a browser comes back to the class that it has asked
        tab.goto("about:blank")
        tab.request_gc()  # a tab grows to 600 MB without, of which 450 are nothing any more


def png(pixels: np.ndarray) -> bytes:
    """A picture as a file."""
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "PNG")
    return buffer.getvalue()


class Screen:
    """A page of the explorer, with what a test needs to say of it."""

    def __init__(self, page, url: str):
        self.page = page
        self._url = url

    def open(self, query: str = "") -> "Screen":
        """Open a link and wait until the first picture is painted."""
        start = self._url if urlsplit(self._url).path else f"{self._url}/"
        self.page.goto(f"{start}{query}")
        # Before its first run the script is not running either.
        self.page.locator('[data-testid="stMain"] [data-testid="stElementContainer"]').first.wait_for(
            state="attached"
        )
        self.settle()
        return self

    def settle(self) -> None:
        """Wait until the script has run and the viewer, if any, has painted what it was sent."""
        self.page.wait_for_selector(
            '[data-testid="stApp"][data-test-connection-state="CONNECTED"][data-test-script-state="notRunning"]',
        )

    def wait_for_entry(self) -> None:
        """Wait until the browser knows that the link is written: a change then makes another entry."""
        self.page.wait_for_function("() => window[Symbol.for('lpips-explorer.history')]?.isView")

    def start_anew(self, query: str) -> bool:
        """Give the page other settings without loading it again, where it can be (`tests.browser.anew`).

        On a small screen, and after it, the field for it is out of sight.
        """
        field = self.page.get_by_label(LABEL)
        if self.page.viewport_size["width"] < 1000 or not field.is_visible():
            return False
        # The viewer before stays for a moment, also where the new one will be: it is marked, and waited out.
        painted = self.page.locator("[data-painted]")
        painted.evaluate_all("viewers => viewers.forEach((viewer) => (viewer.dataset.before = ''))")
        field.fill(f"{next(_numbers)}{query}")
        field.press("Enter")
        expect(self.page.locator("[data-before]")).to_have_count(0)
        expect(painted).to_have_count(1)
        self.page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")
        return True

    def painted(self) -> str:
        """Wait for the viewer's picture; returns its key."""
        return self.page.locator("[data-painted]").first.get_attribute("data-painted")

    def number(self, label: str) -> str:
        """The text of a tile."""
        return self.page.locator(".tile", has_text=label).locator("strong").inner_text()

    def errors(self) -> list[str]:
        """The sentences shown at the top."""
        return self.page.get_by_test_id("stAlert").all_inner_texts()


class Viewer(Screen):
    """A page with the viewer on it."""

    def __init__(self, page, url: str):
        super().__init__(page, url)
        self.root = page.locator(".viewer")
        self._stage = page.locator(".stage")
        self._readout = page.locator(".readout")

    def open(self, query: str = "") -> "Viewer":
        """Open a link and wait until the first picture is painted."""
        if not self.start_anew(query):
            super().open(query)
            self.painted()
        self.settle()
        return self

    def canvas(self, panel: str):
        return self.page.locator(f'[data-panel="{panel}"] canvas')

    def chip(self, panel: str) -> str:
        """What a panel is said to show, in lower case."""
        return self.page.locator(f"[data-panel={panel}] figcaption").inner_text().lower()

    def wait_until(self, **attributes: str) -> None:
        """Wait until the viewer's data attributes are these."""
        wanted = "".join(f'[data-{name}="{value}"]' for name, value in attributes.items())
        self.page.locator(f".viewer{wanted}").wait_for()

    def view(self) -> list[float]:
        """Zoom, and the x and y in the middle, in image pixels."""
        return [float(number) for number in self.root.get_attribute("data-view").split()]

    def frame(self) -> None:
        """Let the browser paint what is pending."""
        self.page.evaluate(
            "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
        )

    def hover(self, panel: str, scene: Scene, x: int, y: int) -> dict[str, str]:
        """Point at the middle of an image pixel, with the whole image in view; returns the readout."""
        height, width = scene.reference.shape[:2]
        box = self.canvas(panel).bounding_box()
        scale = min(box["width"] / width, box["height"] / height)
        left = box["x"] + (box["width"] - width * scale) / 2
        top = box["y"] + (box["height"] - height * scale) / 2
        self.page.mouse.move(left + (x + 0.5) * scale, top + (y + 0.5) * scale)
        self.frame()
        return self.readings()

    def readings(self) -> dict[str, str]:
        """The readout, by name."""
        names, texts = (self._readout.locator(tag).all_inner_texts() for tag in ("dt", "dd"))
        return dict(zip(names, texts, strict=True))

    def pixel(self, panel: str) -> list[int]:
        """The colour in the middle of a panel, as it is drawn."""
        self.frame()
        return self.canvas(panel).evaluate(
            "c => [...c.getContext('2d').getImageData(c.width / 2, c.height / 2, 1, 1).data.slice(0, 3)]"
        )

    def press(self, *keys: str) -> None:
        """Press keys on the stage."""
        self._stage.focus()
        for key in keys:
            self.page.keyboard.press(key)
        self.frame()

    def reported(self, text: str) -> None:
        """Wait until Python prints a text about the settings."""
        expect(self.page.get_by_test_id("stText")).to_contain_text(text)


class Gallery(Viewer):
    """A page with the gallery on it: each panel has a heading, and says its own value."""

    def headings(self) -> list[str]:
        """The panels' titles with their numbers, in their order."""
        return [text.replace("\n", " ") for text in self.page.locator(".heading").all_inner_texts()]

    def readings(self) -> dict[str, str]:
        """The value that each panel says, by panel; without the place, which "place" holds."""
        values = {
            panel.get_attribute("data-panel"): panel.locator(".number").inner_text()
            for panel in self.page.locator(".panel[data-panel]").all()
        }
        return values | {"place": self.page.locator(".place").inner_text()}
