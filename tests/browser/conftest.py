"""A real server and a real Chromium. Where Chromium is missing the tests skip; in CI they must run.

What many files share is of this package's scope: it ends with the last of its tests, and so gives its memory
back before a process goes on with other tests.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from explorer.analysis.region import Box, Findings, investigate
from explorer.metrics import Method
from tests.browser.regions import pictures
from tests.browser.support import (
    CHROMIUM,
    ROOT,
    UPLOAD_MEGABYTES,
    App,
    Gallery,
    Screen,
    Viewer,
    find_chromium,
    fresh_page,
    new_page,
    shared_page,
    without_faults,
)


@contextmanager
def servers(factory: pytest.TempPathFactory) -> Iterator[Callable[..., App]]:
    """Start servers with their own script, options and environment; all end with the block."""
    apps = []

    def start(*options: str, **settings) -> App:
        apps.append(App(factory.mktemp("server") / "log.txt", *options, **settings))
        return apps[-1]

    try:
        yield start
    finally:
        for app in apps:
            app.stop()


@pytest.fixture(scope="package")
def serve_for_all(tmp_path_factory) -> Iterator[Callable[..., App]]:
    """Start servers for the tests of many files; each takes a gigabyte."""
    with servers(tmp_path_factory) as start:
        yield start


@pytest.fixture(scope="module")
def serve(tmp_path_factory) -> Iterator[Callable[..., App]]:
    """Start servers for the tests of one file."""
    with servers(tmp_path_factory) as start:
        yield start


@pytest.fixture(scope="package")
def weights_folder(tmp_path_factory) -> Path:
    """All places for weights of the served explorer but the bundled one: empty until a test fetches some."""
    return tmp_path_factory.mktemp("weights")


@pytest.fixture(scope="package")
def app(serve_for_all, weights_folder) -> App:
    """The explorer as `make run` serves it where nothing was fetched yet, its computations logged."""
    places = dict.fromkeys(("EXPLORER_CACHE", "TORCH_HOME", "EXPLORER_WEIGHTS"), str(weights_folder))
    return serve_for_all(f"--server.maxUploadSize={UPLOAD_MEGABYTES}", EXPLORER_LOG="debug", **places)


@pytest.fixture(scope="package")
def parts_app(serve_for_all) -> App:
    """The viewer and the gallery alone, each on a page of its own, fed with arrays that the tests know."""
    return serve_for_all(script="tests/browser/parts_page.py", PYTHONPATH=str(ROOT))


@pytest.fixture(scope="package")
def viewer_url(parts_app) -> str:
    """The viewer alone, fed by `viewer_page.py`."""
    return parts_app.url


@pytest.fixture(scope="package")
def gallery_url(parts_app) -> str:
    """The gallery alone, fed by `gallery_page.py`."""
    return f"{parts_app.url}/gallery"


@pytest.fixture(scope="package")
def browser():
    """Headless Chromium."""
    executable = find_chromium()
    if executable is None:
        message = (
            f"{' and '.join(CHROMIUM)} are missing: install the package chromium-headless-shell, or "
            "chromium, to run the browser tests"
        )
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=executable,
            args=[
                "--no-sandbox",
                "--disable-background-networking",
                "--use-fake-device-for-media-stream",
                "--use-fake-ui-for-media-stream",
            ],
        )
        yield chromium
        chromium.close()


@pytest.fixture(scope="package")
def tab(browser):
    """The tab of all tests of the explorer's own pages, to be used as `fresh_page`."""
    return new_page(browser)


@pytest.fixture
def screen(app, tab) -> Iterator[Screen]:
    """The explorer in a fresh session."""
    with fresh_page(tab) as page:
        yield Screen(page, app.url)


@pytest.fixture(scope="package")
def viewer_tab(viewer_url, browser):
    """The page with the viewer alone, loaded once."""
    page = new_page(browser)
    Viewer(page, viewer_url).open()
    return page


@pytest.fixture(scope="package")
def gallery_tab(gallery_url, browser):
    """The page with the gallery alone, loaded once."""
    page = new_page(browser)
    Gallery(page, gallery_url).open()
    return page


@pytest.fixture(scope="package")
def phone_tab(browser):
    """A page on a phone, which fingers touch."""
    return new_page(browser, viewport={"width": 390, "height": 844}, has_touch=True)


@pytest.fixture
def phone(phone_tab, viewer_url) -> Iterator[Viewer]:
    """The viewer alone on a phone, to be opened."""
    with without_faults(phone_tab) as page:
        yield Viewer(page, viewer_url)
    phone_tab.goto("about:blank")


@pytest.fixture
def viewer(viewer_tab, viewer_url) -> Iterator[Viewer]:
    """The viewer alone, as in a fresh session once it was opened."""
    with shared_page(viewer_tab) as page:
        yield Viewer(page, viewer_url)


@pytest.fixture
def gallery(gallery_tab, gallery_url) -> Iterator[Gallery]:
    """The gallery alone, as in a fresh session once it was opened."""
    with shared_page(gallery_tab) as page:
        yield Gallery(page, gallery_url)


@pytest.fixture
def region(app, tab) -> Iterator[Viewer]:
    """A fresh session in which the Region page is to be opened."""
    with fresh_page(tab) as page:
        yield Viewer(page, app.url)


@pytest.fixture(scope="package")
def found() -> Findings:
    """What Python finds of the two boxes of `regions.TWO`."""
    reference, distorted = pictures()
    method = Method(device="cpu")
    return investigate(reference, distorted, [Box(150, 90, 60, 70), Box(10, 180, 80, 60)], method)
