"""A real server and a real Chromium. Where Chromium is missing the tests skip; in CI they must run."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from support import ROOT, App, Screen

CHROMIUM = "/usr/bin/chromium"


@pytest.fixture(scope="session")
def serve(tmp_path_factory) -> Iterator[Callable[..., App]]:
    """Start servers with their own options and environment; all end with the tests."""
    apps = []

    def start(*options: str, root: Path = ROOT, **environment: str) -> App:
        apps.append(App(tmp_path_factory.mktemp("server") / "log.txt", *options, root=root, **environment))
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
