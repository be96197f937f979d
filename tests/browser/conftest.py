"""A real server and a real Chromium. Where Chromium is missing the tests skip; in CI they must run."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from support import ROOT, App, Gallery, Screen, Viewer

CHROMIUM = "/usr/bin/chromium"


@pytest.fixture(scope="session")
def serve(tmp_path_factory) -> Iterator[Callable[..., App]]:
    """Start servers with their own script, options and environment; all end with the tests."""
    apps = []

    def start(*options: str, **settings) -> App:
        apps.append(App(tmp_path_factory.mktemp("server") / "log.txt", *options, **settings))
        return apps[-1]

    yield start
    for app in apps:
        app.stop()


@pytest.fixture(scope="session")
def app(serve) -> App:
    """The explorer as `make run` serves it, its computations logged."""
    return serve(EXPLORER_LOG="debug")


@pytest.fixture(scope="session")
def viewer_app(serve) -> App:
    """The viewer alone, fed by `viewer_page.py` with arrays that the tests know."""
    return serve(script="tests/browser/viewer_page.py", PYTHONPATH=str(ROOT))


@pytest.fixture(scope="session")
def gallery_app(serve) -> App:
    """The gallery alone, fed by `gallery_page.py` with arrays that the tests know."""
    return serve(script="tests/browser/gallery_page.py", PYTHONPATH=str(ROOT))


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


@contextmanager
def fresh_page(browser) -> Iterator:
    """A page of its own at 1440 x 900; a traceback or a JavaScript error anywhere on it fails the test."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, accept_downloads=True)
    page = context.new_page()
    faults = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    yield page
    text = page.locator("body").inner_text()
    context.close()
    assert "Traceback" not in text
    assert not faults


@pytest.fixture
def screen(app, browser) -> Iterator[Screen]:
    """The explorer in a fresh session."""
    with fresh_page(browser) as page:
        yield Screen(page, app.url)


@pytest.fixture
def viewer(viewer_app, browser) -> Iterator[Viewer]:
    """The viewer alone in a fresh session."""
    with fresh_page(browser) as page:
        yield Viewer(page, viewer_app.url)


@pytest.fixture
def gallery(gallery_app, browser) -> Iterator[Gallery]:
    """The gallery alone in a fresh session."""
    with fresh_page(browser) as page:
        yield Gallery(page, gallery_app.url)
